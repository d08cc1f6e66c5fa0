"""Every amount from £0.01 to £10,000.00 comes back exactly through parser, file and database.

By default a share of them with a fixed seed; all of them with `-m full`.
"""

import csv
import random
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice, product
from pathlib import Path
from time import monotonic

import openpyxl
import pytest
from django.db import connection

from pilots.models import Agency, Place, ServiceLine, SpendType, Version
from pilots.spend.checking import Recordable
from pilots.spend.files import LOADED, Mode, apply_plan, plan_import, read_table
from pilots.spend.versions import open_working_version

ALL = 1_000_000
SHARE = 10_000
HEADINGS = ("agency", "service_line", "spend_type", "funder", "amount", "note")
DIFFERENT = """
    SELECT count(*), count(*) FILTER (WHERE amount * 100 <> note::numeric), sum(amount)
    FROM pilots_spendline WHERE version_id = %s
"""


@pytest.fixture
def kent(db: None) -> Version:
    """The working version of Kent, with room for millions of lines."""
    return open_working_version(Place.objects.get(slug="kent").counts.get(year__label="2010-11"))


def rows(version: Version, amounts: list[int]) -> Iterator[tuple[str, ...]]:
    """A row for each amount of pence, each of another key; the note holds the pence."""
    place = version.count.place
    recordable = Recordable(place)
    codes = [
        Agency.objects.filter(programme=place.programme_id).values_list("code", flat=True),
        Agency.objects.filter(pk__in=recordable.members).values_list("code", flat=True),
        ServiceLine.objects.filter(programme=place.programme_id)
        .exclude(pk__in=recordable.branches)
        .values_list("code", flat=True),
        SpendType.objects.values_list("code", flat=True),
    ]
    keys = islice(product(*map(list, codes)), len(amounts))
    for (funder, agency, service, kind), pence in zip(keys, amounts, strict=True):
        yield agency, service, kind, funder, f"{Decimal(pence).scaleb(-2):.2f}", str(pence)


def as_csv(path: Path, lines: Iterator[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADINGS, *lines])


def as_workbook(path: Path, lines: Iterator[tuple[str, ...]]) -> None:
    """Amounts as a spreadsheet holds them: binary fractions."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Spend")
    sheet.append(HEADINGS)
    for *key, amount, pence in lines:
        sheet.append([*key, float(amount), pence])
    book.save(path)


@pytest.mark.parametrize(
    ("write", "name", "number", "seconds"),
    [
        (as_csv, "c.csv", SHARE, 60),
        (as_workbook, "c.xlsx", SHARE, 60),
        pytest.param(as_csv, "c.csv", ALL, 900, marks=[pytest.mark.full, pytest.mark.timeout(1_800)]),
        pytest.param(as_workbook, "c.xlsx", ALL, 1_200, marks=[pytest.mark.full, pytest.mark.timeout(2_400)]),
    ],
)
def test_every_amount_comes_back_to_the_penny(kent, tmp_path, write, name, number, seconds):
    amounts = random.Random(2010).sample(range(1, ALL + 1), number)
    write(tmp_path / name, rows(kent, amounts))
    began = monotonic()
    plan = plan_import(kent, read_table(tmp_path / name, limits=LOADED), mode=Mode.REPLACE)
    assert plan.is_good, str(plan.problems.kept[:3])
    apply_plan(plan, None, "test")
    taken = monotonic() - began
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENT, [kent.pk])
        assert cursor.fetchone() == (number, 0, Decimal(sum(amounts)).scaleb(-2))
    assert taken < seconds, f"{number:,} amounts took {taken:.0f} seconds"
