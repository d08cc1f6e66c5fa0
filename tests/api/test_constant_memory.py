"""Large answers and files take no more memory than small ones: ten times the rows, and the process does not grow."""

import subprocess
import sys

import pytest

# Rows of a list are written away in each format, first some and then ten times as many, by a process of its own.
PROGRAM = """
import os, resource, sys, tempfile
os.environ["DJANGO_SETTINGS_MODULE"] = "totalplace.settings"
import django
django.setup()
from datetime import UTC, datetime
from decimal import Decimal
from pilots.api.formats import csv_pieces, json_pieces
from pilots.api.shapes import SpendLine
from pilots.api.tables import Book, arrow_pieces, arrow_schema, plain_type, write_parquet
from pilots.api.typed import Part, columns_of, members_of

format, few, many = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
columns, schema = columns_of(SpendLine), arrow_schema(SpendLine)

def value(kind, number):
    kind = plain_type(kind)
    if kind in (Decimal, Part):
        return Decimal(number) / 100
    return {int: number, bool: number % 2 == 0}.get(kind, f"text {number}")

def rows(number):
    kinds = members_of(SpendLine)
    for at in range(number):
        yield {name: value(kind, at) for name, kind in kinds.items()}

def write(number):
    with tempfile.TemporaryFile() as file:
        if format == "csv":
            file.writelines(csv_pieces(columns, rows(number)))
        elif format == "json":
            file.writelines(json_pieces({"count": number}, rows(number)))
        elif format == "arrow":
            file.writelines(arrow_pieces(schema, rows(number)))
        elif format == "parquet":
            write_parquet(schema, rows(number), file)
        else:
            book = Book()
            book.add_sheet("Spend", columns, rows(number))
            book.save(file)
        return file.tell()

def most():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

small, before = write(few), most()
large = write(many)
assert large > 8 * small, (small, large)
print(large, most() - before)
"""
FEW = {"xlsx": 1_500}


@pytest.mark.parametrize("format", ["csv", "json", "arrow", "parquet", "xlsx"])
def test_ten_times_the_rows_take_no_more_memory(format):
    few = FEW.get(format, 5_000)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, format, str(few), str(10 * few)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    written, grown = map(int, done.stdout.split())
    # Buffers and the allocator's rounding; holding the rows would take some hundred megabytes.
    assert grown < 12 << 20, f"{grown / 1e6:.0f} MB more for {written / 1e6:.0f} MB"
