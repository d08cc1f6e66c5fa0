"""The sense checks on the shipped returns, and what they ask when somebody mistypes."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pilots.acting import acting
from pilots.models import Count, Membership, Person, SpendLine, Version, WarningAnswer
from pilots.permissions import NotAllowed
from pilots.review.sense import answer_warning, to_check, warnings_of, without_warning
from pilots.sense import facts_of, matrix_of
from pilots.sense import warnings_of as said_of
from pilots.sense.coverage import State
from pilots.spend.versions import open_working_version
from pilots.spend.write import change_line
from tests.people_of_kent import contributor_for, lead_of, person
from tests.spend.kent import COUNTY, DOVER, working_version_of_kent

pytestmark = pytest.mark.django_db
CULTURE = f"{DOVER} cultural"


@pytest.fixture
def lead() -> Person:
    return lead_of("kent")


def typed(version: Version, amount: str, who: Person, agency: str = DOVER, service: str = "cultural") -> SpendLine:
    line = version.lines.get(agency__code=agency, service_line__code=service, is_transfer=False)
    return change_line(version, line.pk, {"amount": amount}, line.row_version, who, "page")


def subjects(version: Version, check: str) -> list[str]:
    return [warning.subject for warning in said_of(version) if warning.check == check]


def test_the_shipped_return_raises_only_the_levies_to_nobody(lead: Person) -> None:
    assert {warning.check for warning in said_of(working_version_of_kent())} == {"receiver-unnamed"}


def test_thousands_typed_as_pounds_are_asked_about_with_both_figures(lead: Person) -> None:
    version = working_version_of_kent()
    line = version.lines.get(agency__code=DOVER, service_line__code="cultural", is_transfer=False)
    typed(version, str(line.amount / 1000), lead)
    warning = next(row for row in said_of(version) if row.check == "units")
    assert warning.subject == CULTURE
    assert f"£{line.amount:,.0f}" in warning.text
    assert warning.where.endswith(f"#c-{line.agency_id}-{line.service_line_id}")


def test_in_a_place_that_published_nothing_the_other_places_tell(lead: Person) -> None:
    version = working_version_of_kent()
    Count.objects.filter(pk=version.count_id).update(published=None)
    typed(version, "2955.00", lead)
    assert subjects(version, "units") == [CULTURE]


def test_a_body_that_loses_its_lines_is_missed_and_so_is_its_service(lead: Person) -> None:
    version = working_version_of_kent()
    with acting(lead, "test"):
        version.lines.filter(service_line__code="police").delete()
    assert subjects(version, "missing-service") == ["police"]
    with acting(lead, "test"):
        version.lines.filter(agency__code=DOVER).delete()
    assert subjects(version, "missing-body") == sorted({*subjects(version, "missing-body"), DOVER})


def test_counting_a_shared_body_in_full_exceeds_its_whole_over_all_places(lead: Person) -> None:
    shared = Membership.objects.filter(place__slug="birmingham", share__lt=1, agency__apportioned_by="").first()
    assert shared is not None
    version = open_working_version(Count.objects.get(place=shared.place, year__label="2010-11"))
    line = version.lines.filter(agency=shared.agency, is_transfer=False, amount__gt=0).order_by("-amount").first()
    assert line is not None
    with acting(None, "test"):
        SpendLine.objects.filter(pk=line.pk).update(amount=line.whole_amount, whole_amount=None, share=None)
    assert subjects(version, "more-than-whole") == [f"{line.agency.code} {line.service_line.code}"]


def test_every_council_of_kent_has_recorded_something_in_the_matrix() -> None:
    matrix = matrix_of(facts_of(working_version_of_kent()))
    assert matrix.number(State.MISSING) == 0
    assert {body.code: State.RECORDED in states for body, states in matrix.rows}[COUNTY]


def test_the_number_of_queries_does_not_depend_on_the_count(lead: Person) -> None:
    version = Version.objects.select_related("count__place", "count__year").get(pk=working_version_of_kent().pk)
    said_of(version)
    with CaptureQueriesContext(
        connection,
    ) as of_all:
        said_of(version)
    # One line that is shared out by each method stays: what it rests on is read only where there is one.
    shared = version.lines.filter(whole_amount__isnull=False).order_by("method", "pk").distinct("method")
    with acting(lead, "test"):
        version.lines.exclude(agency__code=DOVER).exclude(pk__in=list(shared.values_list("pk", flat=True))).delete()
    said_of(version)
    with CaptureQueriesContext(connection) as of_few:
        said_of(version)
    assert len(of_all) == len(of_few) <= 11


class TestAnswers:
    @pytest.fixture
    def version(self, lead: Person) -> Version:
        version = working_version_of_kent()
        typed(version, "2955.00", lead)
        return version

    def test_an_answer_stays_with_who_and_when(self, version: Version, lead: Person) -> None:
        before = len(to_check(version, lead))
        answer_warning(version, "units", CULTURE, "The museum closed.", lead)
        row = next(row for row in warnings_of(version) if row.warning.check == "units")
        assert row.answer is not None
        assert (row.answer.note, row.answer.person) == ("The museum closed.", lead)
        assert len(to_check(version, lead)) == before - 1
        typed(version, "2956.00", lead)
        assert next(row for row in warnings_of(version) if row.warning.check == "units").answer == row.answer

    def test_an_answer_outlives_its_warning(self, version: Version, lead: Person) -> None:
        answer_warning(version, "units", CULTURE, "The museum closed.", lead)
        typed(version, "2955000.00", lead)
        (kept,) = without_warning(version, said_of(version))
        assert kept.note == "The museum closed."

    @pytest.mark.parametrize("note", ["", "  ", "x" * 2_001])
    def test_an_answer_says_something_and_not_too_much(self, version: Version, lead: Person, note: str) -> None:
        with pytest.raises(ValueError, match=r"Say why|characters"):
            answer_warning(version, "units", CULTURE, note, lead)

    def test_what_is_not_warned_about_cannot_be_answered(self, version: Version, lead: Person) -> None:
        with pytest.raises(ValueError, match="no such warning"):
            answer_warning(version, "units", f"{COUNTY} cultural", "Why not", lead)

    def test_a_contributor_reads_and_answers_only_what_is_said_of_their_body(self, version: Version) -> None:
        of_dover, of_county = contributor_for(DOVER, "kent"), contributor_for(COUNTY, "kent")
        assert [row.warning.subject for row in to_check(version, of_dover)] == [CULTURE]
        assert to_check(version, of_county) == []
        answer_warning(version, "units", CULTURE, "The museum closed.", of_dover)
        with pytest.raises(NotAllowed):
            answer_warning(version, "units", CULTURE, "Never mind.", of_county)
        with pytest.raises(NotAllowed):
            answer_warning(version, "units", CULTURE, "Never mind.", person("nobody"))
        assert WarningAnswer.objects.get().note == "The museum closed."


class TestPages:
    CHECKS = "/places/kent/spend/2010-11/checks/"

    def test_the_grid_says_what_to_check_above_it(self, client: Any, lead: Person) -> None:
        typed(working_version_of_kent(), "2955.00", lead)
        client.force_login(lead)
        page = client.get("/places/kent/spend/2010-11/").content.decode()
        assert "Two figures to check" in page
        assert "Dover, Cultural and related services: £2,955 is" in page

    def test_an_answer_is_given_without_script(self, client: Any, lead: Person) -> None:
        typed(working_version_of_kent(), "2955.00", lead)
        client.force_login(lead)
        form = {"check": "units", "subject": CULTURE, "note": "The museum closed.", "back": "checks"}
        answer = client.post("/places/kent/spend/2010-11/warnings/", form, follow=True)
        assert answer.redirect_chain == [(self.CHECKS, 302)]
        page = answer.content.decode()
        assert "The museum closed." in page
        assert "One figure to check" in page

    def test_the_matrix_shows_every_body(self, client: Any, lead: Person) -> None:
        client.force_login(lead)
        page = client.get(self.CHECKS)
        assert len(page.context["matrix"].rows) == Membership.objects.filter(place__slug="kent").count()
        assert "another body delivers it" not in page.content.decode()

    def test_a_contributor_sees_the_row_of_their_body(self, client: Any) -> None:
        client.force_login(contributor_for(DOVER, "kent"))
        assert [body.code for body, _ in client.get(self.CHECKS).context["matrix"].rows] == [DOVER]

    def test_strangers_see_nothing(self, client: Any) -> None:
        assert client.get(self.CHECKS).status_code == 302
        client.force_login(person("nobody"))
        assert client.get(self.CHECKS).status_code == 403

    def test_the_line_above_the_grid_can_be_asked_for_alone(self, client: Any, lead: Person) -> None:
        client.force_login(lead)
        part = client.get(self.CHECKS, headers={"X-Part": "checks"}).content.decode()
        assert "<html" not in part
        assert "One figure to check" in part
