"""Writing spend lines in bulk, by COPY."""

from collections.abc import Iterable

from django.db import connection

from pilots.models import SpendLine

from .columns import COLUMNS, LineColumns


def copy_lines(lines: Iterable[tuple[int, LineColumns]]) -> int:
    """Stores new spend lines, each with the id of its version, and returns how many.

    One statement, so that the triggers that check and record lines run once over all of them. Raises
    IntegrityError where the database refuses a line; call it inside a transaction.
    """
    columns = ", ".join(("version_id", *COLUMNS))
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY {SpendLine._meta.db_table} ({columns}) FROM STDIN") as copy:
            for version, line in lines:
                copy.write_row((version, *line))
        return cursor.rowcount
