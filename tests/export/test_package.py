"""A Fiscal Data Package: machines accept it without a network, and it imports back to the penny."""

import csv
import io
import json
import shutil
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import jsonschema_rs
import pytest
from django.conf import settings

from pilots.models import Place, Version
from pilots.spend.files import Mode, OneCount, import_table, read_table
from pilots.spend.publish import publish_count
from pilots.spend.versions import open_working_version
from pilots.spend.write import change_line

# The fiscal profile as the authors of the specification publish it; frictionless would fetch it from their host.
FISCAL = settings.BASE_DIR / "node_modules" / "datapackage" / "lib" / "profiles" / "fiscal-data-package.json"
FRICTIONLESS = Path(sys.executable).parent / "frictionless"


def described(path) -> dict:
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("datapackage.json"))


def rows_of(path, name) -> list[dict[str, str]]:
    with zipfile.ZipFile(path) as archive:
        return list(csv.DictReader(io.StringIO(archive.read(f"data/{name}.csv").decode(), newline="")))


def validate(path, tmp_path) -> subprocess.CompletedProcess:
    """What frictionless says of a package, with no way out to a network."""
    folder = tmp_path / "unpacked"
    shutil.rmtree(folder, ignore_errors=True)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    nowhere = {f"{name}_proxy": "http://127.0.0.1:1" for name in ("http", "https")}
    return subprocess.run(
        [FRICTIONLESS, "validate", "datapackage.json"], cwd=folder, env=nowhere, capture_output=True, text=True
    )


@pytest.fixture
def package(export):
    return export("package")[0]


def test_frictionless_accepts_it(package, tmp_path):
    checked = validate(package, tmp_path)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "INVALID" not in checked.stdout


BREAKS = {
    "a cell that is no number": lambda name, content: content.replace(b",apportioned,", b",apportioned,").replace(
        b"false,false,,", b"false,perhaps,,", 1
    ),
    "a body that is in no register": lambda name, content: content.replace(b"E2221,", b"E0000,", 1),
    "a row twice": lambda name, content: content + content.splitlines(keepends=True)[1],
    "a column too many": lambda name, content: content.replace(b"\r\n", b",surplus\r\n", 2),
}


@pytest.mark.parametrize("what", BREAKS)
def test_frictionless_refuses_a_package_with(package, tmp_path, what):
    broken = tmp_path / "broken.zip"
    with zipfile.ZipFile(package) as whole, zipfile.ZipFile(broken, "w") as archive:
        for member in whole.namelist():
            content = whole.read(member)
            changed = BREAKS[what](member, content) if member == "data/spend.csv" else content
            assert (changed != content) == (member == "data/spend.csv")
            archive.writestr(member, changed)
    checked = validate(broken, tmp_path)
    assert checked.returncode != 0
    assert "INVALID" in checked.stdout


def test_its_fiscal_members_name_columns_that_there_are(package):
    package = described(package)
    assert package["profile"] == "tabular-data-package"
    columns = {
        resource["name"]: {field["name"] for field in resource["schema"]["fields"]} for resource in package["resources"]
    }
    assert columns.keys() == {"summary", "spend", "savings", "agencies", "service-lines", "places"}
    for measure in package["model"]["measures"].values():
        assert measure["currency"] == "GBP"
        assert measure["source"] in columns[measure["resource"]]
    for dimension in package["model"]["dimensions"].values():
        assert dimension["primaryKey"] in dimension["attributes"]
        for attribute in dimension["attributes"].values():
            assert attribute["source"] in columns[attribute["resource"]]
            assert attribute.get("labelfor", dimension["primaryKey"]) in dimension["attributes"]
    assert package["fiscalPeriod"] == {"start": "2010-04-01", "end": "2011-03-31"}
    assert package["licenses"][0]["name"] == "OGL-UK-3.0"


def fiscal_faults(package: dict) -> list[str]:
    """What the fiscal profile has against a package."""
    profile = jsonschema_rs.Draft4Validator(json.loads(FISCAL.read_text()))
    return [f"{list(error.instance_path)}: {error.message[:200]}" for error in profile.iter_errors(package)]


@pytest.mark.parametrize("place", ["kent", None])
def test_the_fiscal_profile_accepts_its_members(export, place):
    assert fiscal_faults(described(export("package", place=place)[0])) == []


FISCAL_BREAKS = {
    "no model": lambda package: package.pop("model"),
    "a measure without its column": lambda package: package["model"]["measures"]["amount"].pop("source"),
    "a dimension without its key": lambda package: package["model"]["dimensions"]["agency"].pop("primaryKey"),
    "a kind of dimension that there is not": lambda package: package["model"]["dimensions"]["agency"].update(
        dimensionType="body"
    ),
    "a currency that is none": lambda package: package["model"]["measures"]["amount"].update(currency="pounds"),
    "a year without an end": lambda package: package.update(fiscalPeriod={"end": "2011-03-31"}),
}


@pytest.mark.parametrize("what", FISCAL_BREAKS)
def test_the_fiscal_profile_refuses_a_package_with(package, what):
    broken = described(package)
    FISCAL_BREAKS[what](broken)
    assert fiscal_faults(broken)


def test_every_column_says_what_it_is(package):
    silent = [
        f"{resource['name']}.{field['name']}"
        for resource in described(package)["resources"]
        for field in resource["schema"]["fields"]
        if not field.get("description")
    ]
    assert silent == []


def test_it_imports_back_to_the_same_lines_and_totals(package):
    kent = Place.objects.get(slug="kent")
    published = Version.objects.get(published_for__place=kent, published_for__year__label="2010-11")
    version = open_working_version(published.count)
    version.lines.all().delete()
    table = read_table(Path(package), "kent.zip")
    import_table(table, None, OneCount(version, None), None, "test", Mode.REPLACE)
    names = "agency__code funder service_line__code spend_type__code is_capital is_transfer receiver amount"
    fields = f"{names} whole_amount share basis method source note".split()
    assert sorted(map(str, version.lines.values_list(*fields))) == sorted(
        map(str, published.lines.values_list(*fields))
    )


def test_its_tables_add_up_to_its_summary(package):
    [summary] = rows_of(package, "summary")
    counted = [row for row in rows_of(package, "spend") if (row["is_capital"], row["is_transfer"]) == ("false",) * 2]
    assert sum(Decimal(row["amount"]) for row in counted) == Decimal(summary["spend_total"])
    savings = rows_of(package, "savings")
    assert sum(Decimal(row["saving"]) for row in savings) == Decimal(summary["full_year"])
    assert sum(Decimal(row["joined"]) for row in savings) == Decimal(summary["joined"])


def test_a_formula_in_a_note_is_only_text_and_comes_back_as_it_was(export, db):
    kent = Place.objects.get(slug="kent")
    published = Version.objects.get(published_for__place=kent, published_for__year__label="2010-11")
    version = open_working_version(published.count)
    line = version.lines.order_by("pk")[0]
    change_line(version, line.pk, {"note": "=1+1"}, line.row_version, None, "test")
    publish_count(published.count, None)
    path, _ = export("package")
    [row] = [row for row in rows_of(path, "spend") if row["note"].endswith("=1+1")]
    assert row["note"] == "'=1+1"
    version = open_working_version(published.count)
    version.lines.all().delete()
    import_table(read_table(Path(path), "kent.zip"), None, OneCount(version, None), None, "test", Mode.REPLACE)
    assert version.lines.filter(note="=1+1").count() == 1
