"""Page, CSV, workbook, Parquet, Arrow and package of one place, added up again, give one number."""

import io
import json
import re
import subprocess
import sys
import zipfile
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path

import openpyxl
import pandas
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pilots.jobs import run_job
from pilots.models import Job
from totalplace.money import exact, headline

from .asking import Api

YEAR = "2010-11"
SPEND, SAVINGS = f"places/kent/spend/?year={YEAR}", f"places/kent/savings/?year={YEAR}"


def of_csv(body: bytes) -> list[dict]:
    return pandas.read_csv(io.BytesIO(body), dtype=str, keep_default_na=False).to_dict("records")


def of_workbook(body: bytes, sheet: str | None = None) -> list[dict]:
    book = openpyxl.load_workbook(io.BytesIO(body), read_only=True)
    headings, *rows = (book[sheet] if sheet else book.worksheets[0]).iter_rows(values_only=True)
    # Empty cells at the end of a row are not in the file.
    return [dict(zip_longest(headings, row)) for row in rows]


def of_parquet(body: bytes) -> list[dict]:
    return pq.read_table(io.BytesIO(body)).to_pylist()


def of_arrow(body: bytes) -> list[dict]:
    return pa.ipc.open_stream(body).read_all().to_pylist()


READERS = {"csv": of_csv, "xlsx": of_workbook, "parquet": of_parquet, "arrow": of_arrow}


def revenue(rows: list[dict]) -> Decimal:
    """The sum of the amounts of lines that are neither capital nor transfers."""
    counted = [row for row in rows if str(row["is_capital"]).lower() == str(row["is_transfer"]).lower() == "false"]
    return total(counted, "amount")


def total(rows: list[dict], name: str) -> Decimal:
    # A number of a workbook is the nearest one of floating point: its shortest text is what was written.
    return sum((Decimal(str(row[name])) for row in rows), Decimal(0))


@pytest.fixture
def summary(anybody):
    return anybody.get(f"places/kent/summary/?year={YEAR}").data


@pytest.mark.parametrize("format", READERS)
def test_a_list_in_every_format_adds_up_to_the_summary(anybody, summary, format):
    spend = READERS[format](anybody.get(f"{SPEND}&format={format}").body)
    savings = READERS[format](anybody.get(f"{SAVINGS}&format={format}").body)
    assert revenue(spend) == Decimal(summary["spend_total"])
    assert total(savings, "saving") == Decimal(summary["savings"]["full_year"])
    assert total(savings, "joined") == Decimal(summary["savings"]["joined"])


def exported(api: Api, format: str) -> bytes:
    answer = api.post("exports/", {"format": format, "place": "kent", "year": YEAR})
    run_job(Job.objects.get(key=answer.data["id"]).pk)
    job = api.get(answer.headers["Location"].removeprefix("/api/v1/")).data
    assert job["state"] == "finished", job["problem"]
    return api.get(job["file"].removeprefix("/api/v1/")).body


def tables_of(format: str, body: bytes) -> tuple[list[dict], list[dict]]:
    """Spend lines and savings cells of an export."""
    if format == "xlsx":
        return of_workbook(body, "Spend"), of_workbook(body, "Savings")
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        if format == "parquet":
            return of_parquet(archive.read("spend.parquet")), of_parquet(archive.read("savings.parquet"))
        return of_csv(archive.read("data/spend.csv")), of_csv(archive.read("data/savings.csv"))


@pytest.mark.parametrize("format", ["package", "xlsx", "parquet"])
def test_an_export_in_every_format_adds_up_to_the_summary(anybody, summary, format):
    spend, savings = tables_of(format, exported(anybody, format))
    assert revenue(spend) == Decimal(summary["spend_total"])
    assert total(savings, "saving") == Decimal(summary["savings"]["full_year"])


def test_the_page_shows_the_same_number(client, summary):
    page = client.get(f"/places/kent/?year={YEAR}").content.decode()
    assert headline(Decimal(summary["savings"]["full_year"])) in re.sub(r"<[^>]+>", "", page).replace("&nbsp;", " ")


def test_pounds_are_decimals_in_columns_and_numbers_in_workbooks(anybody):
    table = pq.read_table(io.BytesIO(anybody.get(f"{SPEND}&format=parquet").body))
    assert (table.schema.field("amount").type, table.schema.field("is_capital").type) == (
        pa.decimal128(20, 2),
        pa.bool_(),
    )
    rows = of_workbook(anybody.get(f"{SPEND}&format=xlsx").body)
    assert all(isinstance(row["amount"], int | float) for row in rows)


def test_every_format_has_the_rows_of_json(anybody):
    rows = anybody.get(SPEND).rows
    table = of_parquet(anybody.get(f"{SPEND}&format=parquet").body)
    assert [(row["id"], str(row["amount"]), row["note"]) for row in table] == [
        (row["id"], row["amount"], row["note"]) for row in rows
    ]
    assert of_arrow(anybody.get(f"{SPEND}&format=arrow").body) == table


def test_a_browser_gets_a_csv_that_excel_reads_as_unicode_and_a_program_one_without_a_mark(anybody):
    for_browser = anybody.get(f"{SPEND}&format=csv", accept="text/html,application/xhtml+xml,*/*;q=0.8")
    for_program = anybody.get(f"{SPEND}&format=csv")
    assert for_browser.body == "\ufeff".encode() + for_program.body
    assert for_browser.etag != for_program.etag
    assert "Accept" in for_browser.headers["Vary"]
    assert for_program.body.startswith(b"id,")


@pytest.mark.parametrize("format", READERS)
def test_a_page_in_every_format_leads_on_to_the_next(anybody, format):
    page = anybody.get(f"{SPEND}&format={format}&page=1&page_size=7")
    assert len(READERS[format](page.body)) == 7
    assert 'rel="next"' in page.headers["Link"]


@pytest.mark.django_db(transaction=True)
def test_a_notebook_rebuilds_the_programme_pages_numbers(live_server, client):
    script = Path(__file__).with_name("notebook.py")
    done = subprocess.run([sys.executable, script, live_server.url], capture_output=True, text=True, timeout=170)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    summary = Api().get(f"summary/?year={YEAR}").data
    assert found["spend_total"] == summary["spend_total"]
    assert (found["full_year"], found["joined"]) == (summary["savings"]["full_year"], summary["savings"]["joined"])
    page = re.sub(r"<[^>]+>", "", client.get(f"/?year={YEAR}&kind=all").content.decode()).replace("&nbsp;", " ")
    assert headline(Decimal(found["full_year"])) in page
    assert found["by_place"] == {row["name"]: row["saving"] for row in summary["by_place"]}
    assert found["by_lever"] == {row["name"]: row["saving"] for row in summary["savings"]["by_lever"]}
    assert exact(Decimal(found["spend_total"])).startswith("£")
