"""The pages of review, progress, quality and people, as each role meets them."""

import csv
import io

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from pilots.models import Invitation, Person, QualityMeasure, Question, ReviewComment, Role, WarningAnswer
from pilots.people.keeping import make_reset
from pilots.review.sense import unanswered, warnings_of
from pilots.review.transitions import return_count, submit_count
from pilots.spend.publish import publish_count

from .approved import ANSWERS, approved
from .world import World

pytestmark = pytest.mark.django_db
ROLES = ("anonymous", "nobody", "contributor", "lead", "other_lead", "centre", "administrator")
OK, NO, IN = 200, 403, 302
YEAR = "/places/dunshire/spend/2010-11"


def signed_in(world: World, role: str) -> Client:
    client = Client()
    if role != "anonymous":
        client.force_login(world.people[role])
    return client


# What each role is answered, in the order of ROLES.
PAGES = {
    "/review/?programme=reviewed": (NO, NO, NO, NO, NO, OK, NO),
    "/review/dunshire/2010-11/": (NO, NO, NO, OK, NO, OK, OK),
    "/review/dunshire/2010-11/changes.csv": (NO, NO, NO, OK, NO, OK, OK),
    f"{YEAR}/submit/": (NO, NO, NO, OK, NO, NO, NO),
    "/progress/?programme=reviewed": (OK, OK, OK, OK, OK, OK, OK),
    "/places/dunshire/progress/": (OK, OK, OK, OK, OK, OK, OK),
    "/places/dunshire/ask/": (OK, OK, OK, OK, OK, OK, OK),
    "/places/dunshire/quality/": (OK, OK, OK, OK, OK, OK, OK),
    "/places/dunshire/quality/new/": (NO, NO, NO, OK, NO, NO, NO),
    "/places/dunshire/hand-over/": (IN, NO, NO, NO, NO, OK, OK),
    "/questions/": (IN, NO, NO, OK, OK, OK, NO),
    "/accounts/people/": (IN, NO, NO, OK, OK, OK, OK),
    "/accounts/people/invite/?programme=reviewed": (IN, NO, NO, OK, OK, OK, OK),
    "/accounts/reset/": (OK, OK, OK, OK, OK, OK, OK),
}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_open_to_those_whom_it_concerns(world: World, path: str) -> None:
    submit_count(world.count, ANSWERS, world.people["lead"])
    answered = tuple(signed_in(world, role).get(path).status_code for role in ROLES)
    assert answered == PAGES[path]


POSTS = {
    "/review/dunshire/2010-11/decide/": (NO, NO, NO, NO, NO, OK, NO),
    "/places/dunshire/progress/update/": (NO, NO, NO, OK, NO, OK, NO),
    "/places/dunshire/progress/milestones/": (NO, NO, NO, OK, NO, OK, NO),
    "/places/dunshire/progress/judgement/": (NO, NO, NO, NO, NO, OK, NO),
    "/places/dunshire/quality/new/": (NO, NO, NO, OK, NO, NO, NO),
}


@pytest.mark.parametrize("path", POSTS)
def test_nobody_else_may_send_a_form(world: World, path: str) -> None:
    submit_count(world.count, ANSWERS, world.people["lead"])
    answered = tuple(signed_in(world, role).post(path, {}).status_code for role in ROLES)
    assert tuple(NO if status == NO else OK for status in answered) == POSTS[path]


def checklist(world: World, **changes: str) -> dict[str, str]:
    """The submit form, filled in by somebody who has the page of now before them."""
    return {f"answer_{code}": "yes" for code in ANSWERS} | {"seen": str(world.working.revision)} | changes


def test_a_comment_on_a_cell_longer_than_is_kept_is_refused_and_stays_as_typed(world: World) -> None:
    lead, centre = signed_in(world, "lead"), signed_in(world, "centre")
    lead.post(f"{YEAR}/submit/", checklist(world))
    decision = {"decision": "return", "number": "1", "comment": "One cell.", "cell:E1:schools": "x" * 10_001}
    refused = centre.post("/review/dunshire/2010-11/decide/", decision)
    assert refused.status_code == 422
    html = refused.content.decode()
    assert "The comment on E1, schools has 10,001 characters; 10,000 are kept at most." in html
    assert "x" * 10_001 in html
    assert not ReviewComment.objects.exists()


def test_a_count_goes_its_whole_way_through_the_pages(world: World) -> None:
    lead, centre = signed_in(world, "lead"), signed_in(world, "centre")
    refused = lead.post(f"{YEAR}/submit/", checklist(world, answer_units="no"))
    assert refused.status_code == 422
    assert "Say in the note why not" in refused.content.decode()
    assert lead.post(f"{YEAR}/submit/", checklist(world)).status_code == 302
    assert "One count waits" in centre.get("/review/?programme=reviewed").content.decode()
    decision = {"decision": "return", "number": "1", "comment": "One cell.", "cell:E1:schools": "In thousands?"}
    assert centre.post("/review/dunshire/2010-11/decide/", decision).status_code == 302
    assert ReviewComment.objects.get().text == "In thousands?"
    assert "In thousands?" in lead.get("/review/dunshire/2010-11/").content.decode()
    world.change(world.working.lines.get(service_line__code="schools"), amount="2000.10")
    lead.post(f"{YEAR}/submit/", checklist(world))
    shown = centre.get("/review/dunshire/2010-11/").content.decode()
    assert "+£1,000.00" in shown
    assert centre.post("/review/dunshire/2010-11/decide/", {**decision, "number": "1"}).status_code == 422
    published = centre.post("/review/dunshire/2010-11/decide/", {"decision": "approve-and-publish", "number": "2"})
    assert published.status_code == 302
    assert world.count.published is not None
    assert world.count.published.number == 2


@pytest.mark.parametrize("decision", ["approve", "approve-and-publish", "return"])
def test_what_is_said_of_cells_is_kept_with_every_decision(world: World, decision: str) -> None:
    submit_count(world.count, ANSWERS, world.people["lead"])
    given = {"number": "1", "comment": "Nearly.", "cell:E1:schools": "In thousands?"}
    centre = signed_in(world, "centre")
    assert centre.post("/review/dunshire/2010-11/decide/", given | {"decision": decision}).status_code == 302
    assert ReviewComment.objects.get().text == "In thousands?"
    shown = signed_in(world, "lead").get("/review/dunshire/2010-11/").content.decode()
    assert "Nearly." in shown
    assert "In thousands?" in shown


def test_the_comment_of_a_publication_reaches_the_place(world: World) -> None:
    approved(world.count)
    given = {"number": "1", "decision": "publish", "comment": "Thank you.", "cell:E1:schools": "As in the accounts."}
    assert signed_in(world, "centre").post("/review/dunshire/2010-11/decide/", given).status_code == 302
    shown = signed_in(world, "lead").get("/review/dunshire/2010-11/").content.decode()
    assert "Thank you." in shown
    assert "As in the accounts." in shown


def test_what_publishing_does_to_the_published_total_is_said_however_often_a_count_was_submitted(world: World) -> None:
    lead, centre = signed_in(world, "lead"), signed_in(world, "centre")
    publish_count(approved(world.count), world.people["centre"])
    schools = world.working.lines.get(service_line__code="schools")
    world.change(schools, amount="2471000.00")
    submit_count(world.count, ANSWERS, world.people["lead"])
    return_count(world.count, "In thousands?", world.people["centre"])
    world.change(schools, amount="1001000.08")
    assert "+£999,999.98" in lead.get(f"{YEAR}/submit/").content.decode()
    submit_count(world.count, ANSWERS, world.people["lead"])
    (waits,) = centre.get("/review/?programme=reviewed").context["waiting"]
    assert str(waits.publishing_moves) == "999999.98"
    assert "+£999,999.98" in centre.get("/review/?programme=reviewed").content.decode()
    shown = centre.get("/review/dunshire/2010-11/").content.decode()
    assert "+£999,999.98" in shown
    assert "£1,469,999.92" in shown  # what it falls by since the last submission
    centre.post("/review/dunshire/2010-11/decide/", {"decision": "approve-and-publish", "number": "3"})
    assert "moved the published total by" in centre.get("/review/dunshire/2010-11/").content.decode()


def test_the_first_publication_moves_the_published_total_by_the_whole(world: World) -> None:
    submit_count(world.count, ANSWERS, world.people["lead"])
    shown = signed_in(world, "centre").get("/review/dunshire/2010-11/").content.decode()
    assert "+£1,500.10" in shown
    assert "Nothing was published before it" in shown


def test_a_return_without_a_word_is_refused_on_the_page(world: World) -> None:
    submit_count(world.count, ANSWERS, world.people["lead"])
    answer = signed_in(world, "centre").post("/review/dunshire/2010-11/decide/", {"decision": "return", "number": "1"})
    assert answer.status_code == 422
    assert "Say what is to be changed" in answer.content.decode()


def test_a_decision_that_comes_too_late_is_refused_in_words_of_its_own(world: World) -> None:
    submit_count(world.count, ANSWERS, world.people["lead"])
    decide = "/review/dunshire/2010-11/decide/"
    centre = signed_in(world, "centre")
    for given, words in (
        ({"decision": "approve"}, "The count was submitted again since you opened it"),
        ({"decision": "approve", "number": "7"}, "The count was submitted again since you opened it"),
        ({"number": "1"}, "Choose what to do with the count"),
    ):
        form = centre.post(decide, given).context["form"]
        assert "comment" not in form.errors
        assert words in form.non_field_errors()[0]
    return_count(world.count, "Check.", world.people["centre"])
    late = centre.post(decide, {"decision": "approve", "number": "1"})
    assert late.status_code == 422
    assert "This count cannot be approved: it was returned to its place" in late.content.decode()


def test_who_submitted_a_count_is_told_who_else_decides(world: World) -> None:
    Role.objects.create(person=world.people["centre"], kind=Role.Kind.PLACE_LEAD, place=world.place)
    submit_count(world.count, ANSWERS, Person.objects.get(username="centre"))
    shown = signed_in(world, "centre").get("/review/dunshire/2010-11/").content.decode()
    assert "nobody else may yet, so an administrator invites a second reviewer" in shown
    assert 'value="return"' in shown
    assert 'value="approve"' not in shown
    assert 'value="publish"' not in shown


def test_one_warning_to_check_is_said_as_one(world: World) -> None:
    world.record("E1", "roads", "10", is_transfer="yes", receiver="E3")
    submit_count(world.count, ANSWERS, world.people["lead"])
    queue = signed_in(world, "centre").get("/review/?programme=reviewed")
    assert queue.context["waiting"][0].to_check == 1
    assert "one warning without an answer" in queue.content.decode()


def test_the_file_of_changes_holds_every_line_and_defuses_formulas(world: World) -> None:
    world.programme.agencies.filter(code="E1").update(name="=cmd|' /C calc'!A0")
    submit_count(world.count, ANSWERS, world.people["lead"])
    text = signed_in(world, "centre").get("/review/dunshire/2010-11/changes.csv").content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {(row["change"], row["service_line"], row["after"]) for row in rows} == {
        ("added", "schools", "1000.10"),
        ("added", "police", "500.00"),
    }
    assert rows[0]["agency_name"].startswith("'=")


def test_a_warning_is_shown_with_its_answer_to_place_and_reviewer(world: World) -> None:
    world.record("E1", "roads", "10", is_transfer="yes", receiver="E3")
    lead = signed_in(world, "lead")
    assert "Not answered" in lead.get(f"{YEAR}/submit/").content.decode()
    answer = {"check": "not-received", "subject": "E1 roads E3", "note": "They report next year"}
    lead.post(f"{YEAR}/warnings/", answer)
    submit_count(world.count, ANSWERS, world.people["lead"])
    waits = signed_in(world, "centre").get("/review/?programme=reviewed").context["waiting"][0]
    assert waits.to_check == len(warnings_of(world.working)) - 1
    shown = signed_in(world, "centre").get("/review/dunshire/2010-11/").content.decode()
    assert "£10 is passed on to Otherton Council, which reports nothing here." in shown
    assert "They report next year" in shown


def test_what_was_answered_does_not_change_under_the_reviewer(world: World) -> None:
    world.record("E1", "roads", "10", is_transfer="yes", receiver="E3")
    lead, answer = signed_in(world, "lead"), {"check": "not-received", "subject": "E1 roads E3", "note": "Next year."}
    lead.post(f"{YEAR}/warnings/", answer)
    submit_count(world.count, ANSWERS, world.people["lead"])
    refused = lead.post(f"{YEAR}/warnings/", {**answer, "note": "Never mind."}, follow=True).content.decode()
    assert "The count is submitted" in refused
    WarningAnswer.objects.update(note="Never mind.")
    shown = signed_in(world, "centre").get("/review/dunshire/2010-11/").content.decode()
    assert "Next year." in shown
    assert "Never mind." not in shown


def test_an_answer_to_what_a_warning_no_longer_says_does_not_count(world: World) -> None:
    line = world.record("E1", "roads", "10", is_transfer="yes", receiver="E3")
    lead, answer = signed_in(world, "lead"), {"check": "not-received", "subject": "E1 roads E3", "note": "Next year."}
    lead.post(f"{YEAR}/warnings/", answer)
    asked = len(signed_in(world, "lead").get(f"{YEAR}/checks/").context["unanswered"])
    world.change(line, amount="8930000")
    checks = lead.get(f"{YEAR}/checks/")
    assert len(checks.context["unanswered"]) == asked + 1
    assert "Given when it said: Dunshire County Council" in checks.content.decode()
    submission = submit_count(world.count, ANSWERS, world.people["lead"])
    assert unanswered(submission) == asked + 1
    shown = signed_in(world, "centre").get("/review/dunshire/2010-11/").content.decode()
    assert "Given when it said: Dunshire County Council" in shown


def question(world: World) -> str:
    """Makes a sense check ask, and returns the field of its answer."""
    world.record("E1", "roads", "10", is_transfer="yes", receiver="E3")
    return "warning:not-received:E1 roads E3"


def test_saving_an_answer_to_a_warning_keeps_what_else_was_typed(world: World) -> None:
    warning, lead = question(world), signed_in(world, "lead")
    given = checklist(world, answer_units="no", note_units="In thousands.", message="First count.")
    answer = lead.post(f"{YEAR}/submit/", given | {warning: "They report next year", "save": "answers"})
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert world.working.status == "draft"
    assert "They report next year" in shown
    assert 'value="In thousands."' in shown
    assert "First count." in shown
    assert "There is a problem" not in shown
    assert WarningAnswer.objects.get().note == "They report next year"


def test_an_answer_to_a_warning_that_was_typed_goes_with_the_submission(world: World) -> None:
    warning, lead = question(world), signed_in(world, "lead")
    assert lead.post(f"{YEAR}/submit/", checklist(world) | {warning: "They report next year"}).status_code == 302
    assert WarningAnswer.objects.get().note == "They report next year"


def test_an_answer_that_cannot_be_kept_stays_where_it_was_typed(world: World) -> None:
    warning, lead = question(world), signed_in(world, "lead")
    answer = lead.post(f"{YEAR}/submit/", checklist(world) | {warning: "x" * 2_001})
    assert answer.status_code == 422
    assert "x" * 2_001 in answer.content.decode()
    assert "2,000 are kept at most" in answer.content.decode()
    assert world.working.status == "draft"


def test_nobody_submits_what_is_not_on_their_page(world: World) -> None:
    lead = signed_in(world, "lead")
    given = checklist(world, note_units="As in the accounts.")
    world.change(world.working.lines.get(service_line__code="police"), amount="90000000")
    for button in ({}, {"save": "answers"}):
        answer = lead.post(f"{YEAR}/submit/", given | button)
        shown = answer.content.decode()
        assert answer.status_code == (422 if button else 409)
        assert "Somebody changed this count since you opened this page" in shown
        assert "90,000,000" in shown
        assert 'value="As in the accounts."' in shown
        assert world.working.status == "draft"
    assert lead.post(f"{YEAR}/submit/", checklist(world)).status_code == 302


def test_an_invitation_is_passed_on_by_hand_where_no_mail_leaves(world: World, settings) -> None:
    settings.MAILERS = {}
    given = {"email": "new@example.org", "kind": "contributor", "place": "dunshire", "agency": "E2"}
    shown = signed_in(world, "lead").post("/accounts/people/invite/?programme=reviewed", given)
    link = shown.context["address"]
    assert link in shown.content.decode()
    visitor = Client()
    assert visitor.get(link).status_code == 200
    taken = {"name": "Ada Example", "password": "seven quiet herons", "again": "seven quiet herons"}
    assert visitor.post(link, taken).status_code == 302
    assert visitor.get("/accounts/").status_code == 200
    again = Client().get(link)
    assert again.status_code == 410
    assert "used already" in again.content.decode()


def test_an_invitation_goes_by_mail_where_mail_leaves(world: World, settings) -> None:
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    mail.outbox = []
    given = {"email": "new@example.org", "kind": "place_lead", "place": "dunshire"}
    answer = signed_in(world, "centre").post("/accounts/people/invite/?programme=reviewed", given)
    assert answer.status_code == 302
    (sent,) = mail.outbox
    assert sent.to == ["new@example.org"]
    link = next(line for line in sent.body.splitlines() if "/accounts/invitations/" in line)
    assert Client().get(link).status_code == 200


def test_a_form_never_gives_what_its_sender_may_not_give(world: World) -> None:
    given = {"email": "new@example.org", "kind": "leadership_centre", "place": "dunshire"}
    assert signed_in(world, "lead").post("/accounts/people/invite/?programme=reviewed", given).status_code == 422
    assert not Invitation.objects.exists()


def test_a_forgotten_password_tells_nobody_who_has_an_account(world: World, settings) -> None:
    cache.clear()
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    mail.outbox = []
    answers = [Client().post("/accounts/reset/", {"who": who}, follow=True) for who in ("lead", "no-such-person")]
    said = [[str(message) for message in answer.context["messages"]] for answer in answers]
    assert said[0] == said[1]
    assert len(mail.outbox) == 1


def test_a_new_password_by_a_link(world: World) -> None:
    link = f"/accounts/reset/{make_reset(world.people['contributor'], world.people['lead'])}/"
    client = Client()
    assert client.post(link, {"password": "seven quiet herons", "again": "seven quiet heron"}).status_code == 422
    assert client.post(link, {"password": "seven quiet herons", "again": "seven quiet herons"}).status_code == 302
    assert Person.objects.get(username="contributor").check_password("seven quiet herons")
    assert client.get(link).status_code == 410


@pytest.mark.parametrize(
    ("page", "kept"), [("/places/dunshire/", "/places/dunshire/"), ("//evil.example", ""), ("https://evil.example", "")]
)
def test_a_question_is_kept_and_leads_nowhere_else(world: World, page: str, kept: str) -> None:
    cache.clear()
    given = {"text": "Why?", "email": "ada@example.org", "page": page}
    answer = Client().post("/places/dunshire/ask/", given)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/places/dunshire/")
    assert Question.objects.get().page == kept


def test_a_measure_is_recorded_read_and_shown(world: World) -> None:
    lead = signed_in(world, "lead")
    given = {
        "indicator": "Pupils who stay",
        "unit": "%",
        "direction": "higher",
        "baseline": "90",
        "baseline_on": "2010-04-01",
        "service_lines": "schools",
    }
    assert lead.post("/places/dunshire/quality/new/", {**given, "service_lines": []}).status_code == 422
    assert lead.post("/places/dunshire/quality/new/", given).status_code == 302
    assert lead.post("/places/dunshire/quality/new/", given).status_code == 422
    measure = QualityMeasure.objects.get()
    reading = {"measured_on": "2011-04-01", "value": "80"}
    assert lead.post(f"/places/dunshire/quality/{measure.pk}/readings/", reading).status_code == 302
    assert "The one measure of quality went the wrong way" in Client().get("/places/dunshire/quality/").content.decode()


def test_the_programme_moves_by_exactly_what_was_published(world: World) -> None:
    first = publish_count(approved(world.count), world.people["centre"])
    before = sum(first.lines.values_list("amount", flat=True))
    world.change(world.working.lines.get(service_line__code="police"), amount="500.01")
    assert publish_count(approved(world.count), world.people["centre"]).lines.count() == 2
    assert world.count.published is not None
    assert float(sum(world.count.published.lines.values_list("amount", flat=True)) - before) == 0.01
