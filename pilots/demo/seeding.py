"""Making the demonstration: its register, a published count for each place and year, and some at work."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from django.utils import timezone

from pilots.acting import acting
from pilots.models import Count, FinancialYear, Milestone, Programme, SpendLine, Version
from pilots.signals import count_changed
from pilots.spend.columns import LineColumns
from pilots.spend.copying import copy_lines
from pilots.spend.publish import digest_of
from pilots.spend.versions import open_working_version
from pilots.spend.write import change_line

from .register import SOURCE, DemoPlace, make_places, make_services, make_spend_types, make_years
from .removing import remove_programme
from .spending import Leaf, made_up_lines, most_lines

DEMO, NAME = "demo", "Demonstration (made-up figures)"
VIA = "command seed_demo"
LABEL = "made up for demonstration"
# Of so many places one has a draft under way, up to a few.
DRAFT_EVERY, MOST_DRAFTS, CHANGED_LINES = 4, 5, 3
SEED = 2010


class AlreadyThere(Exception):
    """There is a demonstration; the message says how large."""


class TooMany(ValueError):
    """More lines than there can be different ones; the message says how many there can be."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many places, spend lines in all of them, and leaves of the service tree (None: the shipped ones)."""

    places: int = 12
    lines: int = 20_000
    leaves: int | None = None


@dataclass(frozen=True, slots=True)
class Seeded:
    programme: Programme
    places: int
    lines: int
    leaves: int
    drafts: int


def seed_demo(size: Size, *, replace: bool = False, seed: int = SEED, prepare: Callable[[Programme], None]) -> Seeded:
    """Makes the demonstration, all of it or nothing; the same for the same size and seed.

    `prepare` is called when there is a service tree: for assumption sets, which this app knows nothing of. Raises
    AlreadyThere unless `replace`, and TooMany.
    """
    with acting(None, VIA):
        standing = Programme.objects.filter(slug=DEMO).first()
        if standing and not replace:
            raise AlreadyThere(_described(standing))
        if standing:
            remove_programme(standing)
        programme = Programme.objects.create(slug=DEMO, name=NAME, is_illustrative=True)
        years, types = make_years(programme), make_spend_types()
        leaves = make_services(programme, size.leaves)
        prepare(programme)
        places = make_places(programme, size.places, seed)
        versions = _make_versions(places, years)
        _refuse_too_many(size, places, leaves, len(versions))
        # Numbers alone: the connection takes no query while a COPY runs.
        lines = copy_lines(_rows(versions, leaves, types, size.lines, seed))
        _publish(versions)
        _make_milestones(places, seed)
        drafts = _make_drafts(versions[-1 :: -len(years) * DRAFT_EVERY][:MOST_DRAFTS])
        count_changed.send(sender=Version, version_ids=[version.pk for version, _ in versions])
    return Seeded(programme, len(places), lines, len(leaves), drafts)


def _described(programme: Programme) -> str:
    places = programme.places.count()
    lines = SpendLine.objects.filter(version__published_for__place__programme=programme).count()
    return f"The demonstration is there, with {places:,} places and {lines:,} published spend lines."


def _refuse_too_many(size: Size, places: Sequence[DemoPlace], leaves: Sequence[Leaf], counts: int) -> None:
    most = min(most_lines(len(place.bodies), len(leaves)) for place in places) * counts
    if size.lines > most:
        raise TooMany(
            f"So many places and leaves make {most:,} different lines at most: ask for more places or leaves."
        )


def _make_versions(places: Sequence[DemoPlace], years: Sequence[FinancialYear]) -> list[tuple[Version, DemoPlace]]:
    """A snapshot to fill for each place and year, year after year of each place."""
    counts = Count.objects.bulk_create(Count(place=place.place, year=year) for place in places for year in years)
    versions = Version.objects.bulk_create(
        Version(
            count=count,
            kind=Version.Kind.SNAPSHOT,
            number=1,
            status=Version.Status.PUBLISHED,
            label=LABEL,
            published_at=timezone.now(),
        )
        for count in counts
    )
    repeated = [place for place in places for _ in years]
    return list(zip(versions, repeated, strict=True))


def _rows(
    versions: Sequence[tuple[Version, DemoPlace]],
    leaves: Sequence[Leaf],
    types: dict[str, int],
    number: int,
    seed: int,
) -> Iterator[tuple[int, LineColumns]]:
    each, more = divmod(number, len(versions))
    for index, (version, place) in enumerate(versions):
        wanted = each + (index < more)
        for line in made_up_lines(place.bodies, leaves, types, place.people, wanted, (seed, index)):
            yield (
                version.pk,
                LineColumns(
                    agency_id=line.agency,
                    funder_id=line.funder,
                    service_line_id=line.service_line,
                    spend_type_id=line.spend_type,
                    is_capital=False,
                    is_transfer=False,
                    receiver_id=None,
                    amount=line.amount,
                    whole_amount=line.whole_amount,
                    share=line.share,
                    basis=line.basis,
                    method=line.method,
                    source=SOURCE,
                    note="",
                ),
            )


def _publish(versions: Sequence[tuple[Version, DemoPlace]]) -> None:
    """Seals the snapshots and makes them the published ones."""
    now = timezone.now()
    for version, _ in versions:
        version.digest, version.sealed_at = digest_of(version), now
        version.count.published = version
    Version.objects.bulk_update([version for version, _ in versions], ["digest", "sealed_at"], batch_size=500)
    Count.objects.bulk_update([version.count for version, _ in versions], ["published"], batch_size=500)


def _make_drafts(versions: Sequence[tuple[Version, DemoPlace]]) -> int:
    """Working versions with a few changed lines, of some places."""
    for version, _ in versions:
        working = open_working_version(version.count, None, VIA)
        for line in working.lines.order_by("-amount")[:CHANGED_LINES]:
            changes = {"amount": str(line.amount + 1_000), "note": "A made-up correction"}
            change_line(working, line.pk, changes, line.row_version, None, VIA)
    return len(versions)


def _make_milestones(places: Sequence[DemoPlace], seed: int) -> None:
    """Some reached, some due: the first kinds first."""
    random, start = Random(seed), date(2009, 9, 1)  # noqa: S311
    Milestone.objects.bulk_create(
        Milestone(
            place=place.place,
            kind=kind,
            due_on=start + timedelta(days=60 * number),
            reached_on=start + timedelta(days=60 * number + random.randrange(-10, 30)) if number < reached else None,
            note=SOURCE,
        )
        for place in places
        for reached in [random.randrange(len(Milestone.Kind) + 1)]
        for number, kind in enumerate(Milestone.Kind)
    )
