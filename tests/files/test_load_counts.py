"""manage.py load_counts: files into counts, all or nothing a file."""

import csv

import pytest
from django.core.management import CommandError, call_command

from pilots.models import Count, Upload, Version

ROWS = "place,year,agency,service_line,amount\ncoast,2010-11,E1,roads,5\nhills,2010-11,E9,roads,7\n"


@pytest.fixture
def load(register, tmp_path, capsys):
    """Loads text as a file and returns what was printed; what went wrong is raised after that."""

    def run(text, *, name="count.csv", **options):
        path = tmp_path / name
        path.write_text(text)
        call_command("load_counts", path, **options)
        return capsys.readouterr().out

    return run


def amounts(place):
    lines = Version.objects.filter(count__place=place, kind="working").values_list("lines__amount", flat=True)
    return [amount for amount in lines if amount is not None]


def test_one_file_holds_several_places(load, register):
    printed = load(ROWS)
    assert (amounts(register.place), amounts(register.other)) == ([5], [7])
    assert "coast 2010-11: 1 lines added" in printed
    assert "revenue £0.00 -> £5.00" in printed


def test_place_and_year_may_come_from_the_options(load, register):
    load("agency,service_line,amount\nE1,roads,5\n", place="coast", year="2010-11")
    assert amounts(register.place) == [5]


def test_an_error_in_one_place_stores_nothing_of_the_file(load, register, capsys, tmp_path):
    with pytest.raises(CommandError, match="Nothing of it was stored"):
        load(ROWS.replace("roads,7", "roads,nfp"), errors=True)
    assert amounts(register.place) == amounts(register.other) == []
    assert "row 3, column E (amount)" in capsys.readouterr().err
    (row,) = csv.DictReader((tmp_path / "count.csv.errors.csv").open(encoding="utf-8-sig"))
    assert (row["row"], row["column"], row["found"]) == ("3", "E", "nfp")


def test_only_the_first_50_errors_are_printed(load, register, capsys):
    with pytest.raises(CommandError):
        load(ROWS + "coast,2010-11,E1,older,x\n" * 60)
    printed = capsys.readouterr().err
    assert printed.count("column E (amount)") == 50
    assert "10 more errors" in printed


def test_a_check_changes_nothing(load, register):
    assert "would be added" in load(ROWS, check=True)
    assert amounts(register.place) == []
    assert not Count.objects.filter(place=register.other).exists()


def test_an_unknown_place_is_refused_with_near_names(load, register):
    with pytest.raises(CommandError, match='Did you mean "coast"'):
        load(ROWS, place="coats")


def test_an_unknown_year_is_refused_with_the_years_there_are(load, register):
    with pytest.raises(CommandError, match="Years: 2010-11"):
        load(ROWS, place="coast", year="1999-00")


def test_replacing_removes_what_the_file_lacks(load, register):
    load(ROWS)
    load("agency,service_line,amount\nE2,older,9\n", place="coast", year="2010-11", replace=True)
    assert amounts(register.place) == [9]


def test_publishing_makes_a_snapshot_of_each_count(load, register):
    load(ROWS, publish=True)
    counts = Count.objects.filter(place__in=[register.place, register.other])
    assert list(counts.values_list("published__number", flat=True)) == [1, 1]


def test_the_same_content_again_is_noticed_and_changes_nothing(load, register):
    load(ROWS)
    printed = load(ROWS, name="again.csv")
    assert "the same content was loaded before, as count.csv" in printed
    assert "0 lines added, 0 changed, 0 removed, 1 unchanged" in printed
    assert Upload.objects.filter(file_name="again.csv", state="done").exists()


def test_amounts_in_thousands_are_multiplied_where_that_is_said(load, register):
    text = ROWS.replace("amount", "Spend £000").replace("roads,5", "roads,12.5")
    with pytest.raises(CommandError):
        load(text)
    load(text, unit="thousands")
    assert (amounts(register.place), amounts(register.other)) == ([12500], [7000])


def test_a_heading_is_named_by_hand(load, register):
    load(ROWS.replace("amount", "quids"), column=["quids=amount"])
    assert amounts(register.place) == [5]


def test_a_file_that_is_not_there_is_said(register, tmp_path, capsys):
    with pytest.raises(CommandError):
        call_command("load_counts", tmp_path / "nowhere.csv")
    assert "No such file" in capsys.readouterr().err
