"""Contents as a workbook, and as Parquet."""

import tempfile
import zipfile
from collections.abc import Iterator
from typing import IO

from pilots.api.tables import Book, arrow_schema, write_parquet
from pilots.api.typed import columns_of

from .contents import Contents, Counting
from .readme import readme

SHEETS = {"service-lines": "Service lines"}


def write_book(contents: Contents, file: IO[bytes], counting: Counting) -> None:
    """A sheet for each table, and one that says what they are."""
    book = Book()
    lines: Iterator[dict[str, str]] = ({"about": line} for line in readme(contents).splitlines())
    book.add_sheet("About", ("about",), lines)
    for table in contents.tables():
        title = SHEETS.get(table.name, table.name.capitalize())
        book.add_sheet(title, columns_of(table.shape), counting(table))
    book.save(file)


def write_parquet_files(contents: Contents, file: IO[bytes], counting: Counting) -> None:
    """A file of Parquet for each table, in a zip that does not compress them again."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("README.md", readme(contents))
        for table in contents.tables():
            with tempfile.NamedTemporaryFile(prefix="export-") as written:
                write_parquet(arrow_schema(table.shape), counting(table), written)  # type: ignore[arg-type]
                written.flush()
                archive.write(written.name, f"{table.name}.parquet")
