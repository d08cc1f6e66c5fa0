"""Recording the numbers that spending is shared out by."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from pilots.apportion.recording import GivenInput, InputRefused, load_inputs, record_input
from pilots.models import ApportionmentInput, History, Person, Programme
from pilots.permissions import NotAllowed
from pilots.spend.files import FileRefused, read_table

GOOD = {"measure": "pupils", "place": "kent", "agency": "", "year": "2010-11", "value": "210,000", "source": "Census"}
HEADINGS = "measure,place,agency,year,value,source\n"


def test_a_number_takes_the_place_of_the_one_before_and_both_are_in_the_history(
    programme: Programme, centre: Person
) -> None:
    record_input(programme, GivenInput(**GOOD), centre, "page")
    record_input(programme, GivenInput(**{**GOOD, "place": "Kent", "value": "220,000"}), centre, "page")
    assert ApportionmentInput.objects.get().value == Decimal("220000.00")
    rows = History.objects.filter(table_name="pilots_apportionmentinput", actor_id=centre.pk).order_by("id")
    assert [row.after["value"] for row in rows if row.after] == [210000, 220000]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"measure": "sheep"}, "measure"),
        ({"place": "Atlantis"}, "place"),
        ({"place": "", "agency": "Atlantis"}, "agency"),
        ({"place": ""}, "place"),
        ({"agency": "DWP"}, "place"),
        ({"year": "2010"}, "year"),
        ({"year": "2010-12"}, "year"),
        ({"value": "0"}, "value"),
        ({"value": "many"}, "value"),
        ({"source": " "}, "source"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    programme: Programme, centre: Person, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(InputRefused) as refused:
        record_input(programme, GivenInput(**{**GOOD, **wrong}), centre, "page")
    assert field in refused.value.errors
    assert not ApportionmentInput.objects.exists()


def test_only_those_who_keep_the_register_record_numbers(programme: Programme, lead: Person) -> None:
    with pytest.raises(NotAllowed):
        record_input(programme, GivenInput(**GOOD), lead, "page")


def table(rows: str) -> Any:
    return read_table((HEADINGS + rows).encode(), "inputs.csv")


def test_a_file_is_recorded_whole(programme: Programme, centre: Person) -> None:
    rows = "pupils,kent,,2010-11,210000,Census\nPupils,,DWP,2010-11,630000,Census\n"
    assert load_inputs(programme, table(rows), centre, "page") == 2
    assert ApportionmentInput.objects.filter(place__slug="kent").exists()


def test_a_file_with_anything_wrong_records_nothing_and_names_every_row(programme: Programme, centre: Person) -> None:
    rows = (
        "pupils,kent,,2010-11,210000,Census\n"
        "sheep,kent,,2010-11,1,Census\n"
        "pupils,kent,,2010-11,5,Census\n"
        "pupils,Atlantis,,2010-11,=1+1,Census\n"
    )
    with pytest.raises(FileRefused) as refused:
        load_inputs(programme, table(rows), centre, "page")
    assert [problem.row for problem in refused.value.problems] == [3, 4, 5, 5]
    assert not ApportionmentInput.objects.exists()


def test_a_file_without_its_columns_says_which(programme: Programme, centre: Person) -> None:
    with pytest.raises(FileRefused, match="no column measure, year"):
        load_inputs(programme, read_table(b"place,agency,value,source\nkent,,1,x\n", "inputs.csv"), centre, "page")


class TestPages:
    def test_the_leadership_centre_records_and_everybody_reads(
        self, client: Any, programme: Programme, centre: Person
    ) -> None:
        address = f"/programmes/{programme.slug}/inputs/"
        client.force_login(centre)
        answer = client.post(f"{address}record/", GOOD, follow=True)
        assert "Pupils of Kent, 2010-11, was recorded." in answer.content.decode()
        client.logout()
        page = client.get(address).content.decode()
        assert "210,000" in page
        assert "Record a number" not in page
        assert client.post(f"{address}record/", GOOD).status_code == 403

    def test_a_number_is_removed_by_those_who_keep_the_register_and_the_history_keeps_it(
        self, client: Any, programme: Programme, centre: Person, lead: Person
    ) -> None:
        number = record_input(programme, GivenInput(**GOOD), centre, "page")
        address = f"/programmes/{programme.slug}/inputs/{ApportionmentInput.objects.get().pk}/remove/"
        client.force_login(lead)
        assert client.post(address).status_code == 403
        assert "Remove" not in client.get(f"/programmes/{programme.slug}/inputs/").content.decode()
        client.force_login(centre)
        assert address in client.get(f"/programmes/{programme.slug}/inputs/").content.decode()
        page = client.post(address, follow=True).content.decode()
        assert "Pupils of Kent, 2010-11, was removed" in page
        assert not ApportionmentInput.objects.exists()
        removed = History.objects.filter(table_name="pilots_apportionmentinput").latest("id")
        assert (removed.operation, removed.before["value"]) == ("delete", number.value)
        assert client.post(address).status_code == 404

    def test_a_files_problems_are_listed(self, client: Any, programme: Programme, centre: Person) -> None:
        client.force_login(centre)
        file = SimpleUploadedFile("inputs.csv", (HEADINGS + "sheep,kent,,2010-11,1,Census\n").encode())
        answer = client.post(f"/programmes/{programme.slug}/inputs/upload/", {"file": file})
        assert answer.status_code == 422
        assert "row 2: &quot;sheep&quot; is no measure" in answer.content.decode()

    def test_a_lead_shares_out_sees_what_would_move_and_applies_it(
        self, client: Any, programme: Programme, centre: Person, lead: Person, pupils: None
    ) -> None:
        address = "/places/kent/spend/2010-11/apportion/"
        client.force_login(lead)
        sent = {
            "agency": programme.agencies.get(code="DWP").pk,
            "service_line": programme.service_lines.get(code="employment-skills").pk,
            "spend_type": "unspecified",
            "whole_amount": "630",
            "method": "pupils",
        }
        page = client.post(address, sent, follow=True).content.decode()
        assert "£210.00 counts in Kent, 33.33% of the whole amount." in page
        assert "Pupils 2010-11: 210,000 of 630,000 (School census)" in page
        record_input(programme, GivenInput(**{**GOOD, "value": "315000", "source": "School census"}), centre, "page")
        shown = client.get(address)
        assert "Inputs changed: one line would move by £105.00" in shown.content.decode()
        applied = client.post(f"{address}apply/", {"seen": shown.context["plan"].digest}, follow=True)
        assert "One line moved by £105.00 in all." in applied.content.decode()
        assert client.post(address, {**sent, "whole_amount": "12k"}).status_code == 422

    def test_who_may_not_change_spending_does_not_share_it_out(self, client: Any, centre: Person, lead: Person) -> None:
        client.force_login(centre)
        assert client.get("/places/kent/spend/2010-11/apportion/").status_code == 403
