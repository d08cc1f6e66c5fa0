"""Files that were downloaded here as CSV or package: which of their rows would write over what was recorded since."""

from collections.abc import Collection, Iterator

from django.db import connection

from totalplace.money import counted, starting

from .staging import differs, rows_of
from .table import Cell, Table

# The columns of our own exports that say which line a row was, and how often it had been changed.
ID, ROW_VERSION = "id", "row_version"
LARGEST = 2**63


def written_over(table: Table, changing: Collection[str]) -> Iterator[str]:
    """In words, how many matched rows differ from lines that changed since they were downloaded, and the first."""
    if not {ID, ROW_VERSION} <= set(table.headings):
        return
    _stage_versions(table)
    found = list(
        rows_of(
            f"""
            SELECT s.row_number, a.name, v.name, count(*) OVER ()
            FROM downloaded_rows d JOIN staged_lines s ON s.row_number = d.row_number
                JOIN pilots_spendline l ON l.id = s.line_id AND l.id = d.line_id AND l.row_version > d.row_version
                JOIN pilots_agency a ON a.id = l.agency_id JOIN pilots_serviceline v ON v.id = l.service_line_id
            WHERE {differs(changing)} ORDER BY s.row_number LIMIT 1
            """,  # noqa: S608 - our own names
            {},
        )
    )
    for row, agency, service, number in found:
        rows = starting(counted(number, "row"))
        holds = "holds" if number == 1 else "hold"
        which = f"row {row}" if number == 1 else f"the first is row {row}"
        yield (
            f"{rows} {holds} something else than what was recorded here after the file was downloaded ({which}: "
            f"{agency}, {service}). Writing the file puts its values in the place of the newer ones."
        )


def _stage_versions(table: Table) -> None:
    line, version = table.headings.index(ID), table.headings.index(ROW_VERSION)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.downloaded_rows")
        cursor.execute(
            "CREATE TEMPORARY TABLE downloaded_rows (row_number bigint, line_id bigint, row_version bigint)"
            " ON COMMIT DROP"
        )
        with cursor.copy("COPY downloaded_rows FROM STDIN") as copy:
            for number, row in table.read():
                numbers = [_number(row[index]) if index < len(row) else None for index in (line, version)]
                if None not in numbers:
                    copy.write_row((number, *numbers))
        cursor.execute("ANALYZE downloaded_rows")


def _number(cell: Cell) -> int | None:
    text = str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell).strip()
    return int(text) if text.isascii() and text.isdigit() and int(text) < LARGEST else None
