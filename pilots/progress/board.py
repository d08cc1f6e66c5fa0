"""The board: every place of a programme with its stage, coverage, milestones and how it stands.

A number of queries that does not grow with the places.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Max
from django.utils import timezone

from pilots.models import (
    ControlTotal,
    Count,
    FinancialYear,
    History,
    Judgement,
    Membership,
    Milestone,
    Place,
    Programme,
    ProgressUpdate,
    ServiceLine,
    Submission,
    Version,
)
from pilots.permissions import Action, Anyone, Reach, reach, require
from pilots.spend.versions import with_status

from .counted import counted_on, counts_of
from .coverage import Coverage, coverage_of
from .standing import NOT_STARTED, Due, Facts, Stands, next_due, stands
from .years import worked_year

STAGES = {NOT_STARTED: "Not started", **dict(Version.Status.choices)}


@dataclass(frozen=True)
class BoardRow:
    """A place on the board."""

    place: Place
    stage: str
    services: int
    all_services: int
    bodies: int
    all_bodies: int
    last_change: datetime | None
    milestones: tuple[Due, ...]
    next_due: Due | None
    stands: Stands
    has_submission: bool = False

    @property
    def services_percent(self) -> int:
        """Services reported in per cent, for a bar."""
        return round(100 * self.services / self.all_services) if self.all_services else 0

    @property
    def stage_word(self) -> str:
        return STAGES[self.stage]

    @property
    def group(self) -> str:
        """Pilot, parallel and confirmed, or parallel and candidate."""
        return "pilot" if self.place.kind == Place.Kind.PILOT else self.place.participation


def board(
    programme: Programme, person: Anyone, today: date | None = None, year: FinancialYear | None = None
) -> list[BoardRow]:
    """Every active place, by name, in a year; the newest that any place works on, where none is given.

    What is not published yet counts only for those who may read it. Raises NotAllowed.
    """
    require(person, Action.READ_PUBLISHED)
    places = Place.objects.filter(programme=programme, retired_on=None)
    return board_rows(programme, places, year or worked_year(programme), reach(person, Action.READ_WORKING), today)


def board_rows(
    programme: Programme, places: Iterable[Place], year: FinancialYear | None, readable: Reach, today: date | None
) -> list[BoardRow]:
    """The rows of some places of a programme, by name."""
    queried = Place.objects.filter(pk__in=[place.pk for place in places])
    listed = list(with_status(queried, year).order_by("name", "slug"))
    known = _Known(programme, listed, year, readable, today or timezone.localdate())
    return [known.row(place) for place in listed]


class _Known:
    """Everything the rows need, read once."""

    def __init__(
        self, programme: Programme, places: list[Place], year: FinancialYear | None, readable: Reach, today: date
    ) -> None:
        self.today = today
        self.counts = counts_of(places, year.label if year else "")
        shown = [count for counts in self.counts.values() for count in counts if count.year == year]
        self.published = {count.place_id: count.published for count in shown if count.published}
        self.versions = _shown_versions(places, shown, self.published, readable)
        self.coverage = coverage_of(self.versions.values())
        self.all_services = ServiceLine.objects.filter(programme=programme, children__isnull=True).count()
        self.members = _members(places)
        self.milestones = _milestones(places)
        self.submitted = _submissions(places, year)
        self.judgements = {row.place_id: row for row in Judgement.objects.filter(place__in=places)}
        self.controls = _control_totals(places)
        self.year = year.label if year else ""
        self.changed = _last_changes(places, self.versions, self.submitted)

    def row(self, place: Place) -> BoardRow:
        version = self.versions.get(place.pk)
        covered = self.coverage.get(version.pk, Coverage()) if version else Coverage()
        members = self.members.get(place.pk, set())
        submission = self.submitted.get(place.pk)
        facts = Facts(
            today=self.today,
            stage=place.status,  # type: ignore[attr-defined]
            stage_since=_since(submission),
            milestones=_with_published(self.milestones.get(place.pk, ()), self.counts.get(place.pk, ())),
            participation=place.participation,
            counted=covered.total,
            year=self.year,
            published_elsewhere=self.controls.get(place.pk, ()),
        )
        return BoardRow(
            place,
            facts.stage,
            covered.services,
            self.all_services,
            len(members & covered.bodies),
            len(members),
            self.changed.get(place.pk),
            tuple(facts.milestones),
            next_due(facts),
            stands(facts, self.judgements.get(place.pk)),
            submission is not None,
        )


def _shown_versions(
    places: list[Place], counts: Iterable[Count], published: Mapping[int, Version], readable: Reach
) -> dict[int, Version]:
    """The version that is shown of each place: its working one for those who may read it, else what is published."""
    shown = dict(published)
    working = Version.objects.filter(count__in=[count.pk for count in counts], kind=Version.Kind.WORKING)
    by_id = {place.pk: place for place in places}
    for version in working.select_related("count"):
        if readable.covers(by_id[version.count.place_id], None):
            shown[version.count.place_id] = version
    return shown


def _members(places: list[Place]) -> dict[int, set[int]]:
    members: dict[int, set[int]] = defaultdict(set)
    for place, agency in Membership.objects.filter(place__in=places).values_list("place_id", "agency_id"):
        members[place].add(agency)
    return members


def _milestones(places: Iterable[Place]) -> dict[int, tuple[Due, ...]]:
    """Each place's milestones in the order in which they come."""
    order = {kind: position for position, kind in enumerate(Milestone.Kind.values)}
    found: dict[int, list[Due]] = defaultdict(list)
    for row in Milestone.objects.filter(place__in=list(places)):
        found[row.place_id].append(Due(row.kind, row.due_on, row.reached_on))
    return {place: tuple(sorted(rows, key=lambda due: order[due.kind])) for place, rows in found.items()}


def _with_published(dues: Iterable[Due], counts: Iterable[Count]) -> tuple[Due, ...]:
    """The same, the count reached once it is published, whatever was noted."""
    return tuple(
        replace(due, reached_on=counted_on(due.due_on, counts))
        if due.kind == Milestone.Kind.COUNT and due.reached_on is None
        else due
        for due in dues
    )


def _submissions(places: list[Place], year: FinancialYear | None) -> dict[int, Submission]:
    """The newest submission of each place's count."""
    newest = Submission.objects.filter(snapshot__count__place__in=places, snapshot__count__year=year)
    place = "snapshot__count__place_id"
    ordered = newest.order_by(place, "-snapshot__number").distinct(place)
    return {row.snapshot.count.place_id: row for row in ordered.select_related("snapshot__count")}


def _since(submission: Submission | None) -> date | None:
    if submission is None:
        return None
    return timezone.localdate(submission.decided_at or submission.submitted_at)


def _control_totals(places: list[Place]) -> dict[int, list[tuple[Decimal, str]]]:
    """What others published as the total of each place, with its year."""
    totals: dict[int, list[tuple[Decimal, str]]] = defaultdict(list)
    for row in ControlTotal.objects.filter(place__in=places, is_total=True, amount__isnull=False):
        if row.place_id is not None and row.amount is not None:
            totals[row.place_id].append((row.amount, row.financial_year))
    return totals


def _last_changes(
    places: list[Place], versions: Mapping[int, Version], submitted: Mapping[int, Submission]
) -> dict[int, datetime]:
    """When anything about each place's count or progress changed last."""
    changes: dict[int, list[datetime]] = defaultdict(list)
    revisions = {version.revision: place for place, version in versions.items() if version.revision}
    for pk, at in History.objects.filter(pk__in=revisions).values_list("pk", "at"):
        changes[revisions[pk]].append(at)
    for place, version in versions.items():
        if version.published_at:
            changes[place].append(version.published_at)
    for place, submission in submitted.items():
        changes[place] += [at for at in (submission.submitted_at, submission.decided_at) if at]
    updates = ProgressUpdate.objects.filter(place__in=places).values_list("place_id").annotate(at=Max("at"))
    for place, at in updates.order_by():
        changes[place].append(at)
    return {place: max(times) for place, times in changes.items()}
