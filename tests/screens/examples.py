"""What the pages need that shipped data lacks: a quality measure, an invitation, a count that waits for review,
programmes without a place and without a count.

Made through the product's own actions, in the home that script/screenshots throws away.
"""

from datetime import date
from decimal import Decimal

from pilots.acting import acting
from pilots.grid.pasting import Paste
from pilots.grid.slice import Slice
from pilots.models import Agency, Count, Person, Place, Programme, Role, SpendLine, Version
from pilots.people.invitations import invite
from pilots.people.keeping import make_reset
from pilots.quality.measures import MeasureGiven, add_measure, add_reading, ways_to_save_of
from pilots.register.beginning import begin_programme
from pilots.register.editing import save_place
from pilots.review.checklist import questions
from pilots.review.transitions import submit_count
from pilots.spend.files.uploads import process_upload, receive_upload
from pilots.spend.versions import open_working_version
from pilots.spend.write import change_line
from tests.screens.pages import BEGUN, EMPTY

SUBMITTED, YEAR = "birmingham", "2010-11"


def make_examples() -> dict[str, str]:
    """Makes what is missing and returns what the addresses are filled in with."""
    kent = Place.objects.get(slug="kent", programme__is_default=True)
    lead, administrator = (Person.objects.get(username=name) for name in ("kent-lead", "administrator"))
    measure = _measure(kent, lead)
    invited = invite("new.lead@example.org", Role.Kind.PLACE_LEAD, administrator, place=kent)
    working = open_working_version(Count.objects.get(place=kent, year__label=YEAR), lead)
    _correct(working, lead)
    line = SpendLine.objects.filter(version=working).order_by("pk")[0]
    _submit()
    _begin(administrator)
    return {
        "year": YEAR,
        "submitted": SUBMITTED,
        "agency": Agency.objects.filter(places=kent).order_by("name")[0].code,
        "line": str(line.pk),
        "cell": f"agency={line.agency_id}&service_line={line.service_line_id}",
        "block": _block(working, lead),
        "measure": str(measure.pk),
        "invitation": invited.token,
        "password": make_reset(lead, administrator),
        "checked": _upload(working, lead, f"body,service line,amount\nDover,{line.service_line.name},7102000\n"),
        "refused": _upload(working, lead, REFUSED),
    }


def _measure(place: Place, lead: Person):
    given = MeasureGiven(
        indicator="Visits to homes within a day of a call",
        unit="per cent",
        direction="higher",
        baseline=Decimal(82),
        baseline_on=date(2010, 4, 1),
        target=Decimal(90),
        target_on=date(2012, 4, 1),
        lever_codes=[code for code, _ in list(ways_to_save_of(place).items())[:1]],
    )
    measure = add_measure(place, given, lead)
    for month, value in ((7, 84), (10, 81), (12, 86)):
        add_reading(measure, date(2010, month, 1), Decimal(value), lead)
    return measure


def _block(working: Version, lead: Person) -> str:
    """A pasted block of two bodies that was saved, one cell of which was changed since."""
    cultural = SpendLine.objects.filter(version=working, service_line__code="cultural", is_transfer=False)
    bodies = cultural.exclude(pk=_largest(working).pk).select_related("agency").order_by("agency__name")[:2]
    rows = [["", *(line.agency.code for line in bodies)], ["cultural", "1234567", "2345678"]]
    saved = Paste(working, Slice(), rows, lead).write().saved
    assert saved
    changed = SpendLine.objects.get(pk=bodies[0].pk)
    change_line(working, changed.pk, {"amount": "2345000"}, changed.row_version, lead, "screenshots")
    return saved.token


# Somebody who is not there, an amount in words, one that is short for another.
REFUSED = "body,service line,amount\nAtlantis,Central services,about 5m\nDover,Central services,£3.2m\n"


def _upload(working: Version, person: Person, lines: str) -> str:
    """A file that was sent and checked; its number."""
    upload = receive_upload(working, "returns-of-dover.csv", [lines.encode()], person, "screenshots")
    process_upload(upload)
    return str(upload.pk)


def _begin(person: Person) -> None:
    """A programme without a place, and one whose only place has no count."""
    like = Programme.objects.get(is_default=True)
    begin_programme("An empty programme", EMPTY, ["2026-27"], None, person)
    begun = begin_programme("A programme begun", BEGUN, ["2026-27"], like, person)
    place = Place(programme=begun, name="New Town", short_name="New Town", slug="new-town")
    place.kind, place.participation = Place.Kind.PARALLEL, Place.Participation.CONFIRMED
    save_place(place, [], None, person)


def _submit() -> None:
    """A count that waits for the Leadership Centre, with one amount that differs from what is published."""
    place = Place.objects.get(slug=SUBMITTED, programme__is_default=True)
    with acting(None, "screenshots"):
        person = Person.objects.create_user("birmingham-lead", first_name="Birmingham lead (example)")
        Role.objects.create(person=person, kind=Role.Kind.PLACE_LEAD, place=place)
    count = Count.objects.get(place=place, year__label=YEAR)
    _correct(open_working_version(count, person), person)
    submit_count(
        count, {question.code: ("yes", "") for question in questions()}, person, "First half of the year checked."
    )


def _correct(working: Version, person: Person) -> None:
    """The largest amount that a body reported itself becomes another one."""
    line = _largest(working)
    changed = {"amount": line.amount + Decimal("1250000.00"), "note": "Corrected after the audit"}
    change_line(working, line.pk, changed, line.row_version, person, "screenshots")


def _largest(working: Version) -> SpendLine:
    whole = SpendLine.objects.filter(version=working, basis="actual").exclude(share__lt=1)
    return whole.filter(is_transfer=False).order_by("-amount")[0]
