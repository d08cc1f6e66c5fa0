"""Official returns into published snapshots, one for each place, all or nothing."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import Max
from django.utils import timezone

from pilots import outturn
from pilots.acting import acting
from pilots.models import Count, FinancialYear, Place, Programme, ServiceLine, SpendType, Version
from pilots.outturn import LeftOut, Line, Return
from pilots.spend.columns import LineColumns
from pilots.spend.copying import copy_lines

from .facts import OUTTURN_COLUMNS, SHIPPED_OUTTURN
from .standing import NationalSpending, Standing, national_spending, standing

OFFICIAL_RETURN = "official return"


@dataclass(frozen=True)
class CountOfPlace:
    """What a return and the national figures come to in one place."""

    place: Place
    lines: tuple[Line, ...]
    left_out: tuple[LeftOut, ...]
    missing: tuple[str, ...]

    @property
    def total(self) -> Decimal:
        """Revenue without transfers, in pounds."""
        return sum((line.amount for line in self.lines if not line.is_transfer), Decimal(0))

    @cached_property
    def digest(self) -> str:
        """A fingerprint of the lines, by which an unchanged count is recognised."""
        text = "\n".join("\t".join(str(value) for value in asdict(line).values()) for line in self.lines)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing a return did, by place."""

    year: str
    counts: tuple[CountOfPlace, ...]
    # Places whose published snapshot holds the same lines already.
    unchanged: tuple[str, ...]
    # Places that published a later count of their own.
    own: tuple[str, ...]
    # Bodies of the return that serve no active place.
    outside: tuple[str, ...]
    # Bodies of the register, in the year, that the return has no row of.
    absent: tuple[str, ...]

    @property
    def lines(self) -> int:
        return sum(len(count.lines) for count in self.counts)

    @property
    def missing(self) -> tuple[str, ...]:
        """Whole kinds of body that any of the counts lacks."""
        return tuple(dict.fromkeys(what for count in self.counts for what in count.missing))


def read_shipped(programme: Programme) -> Return:
    """The return of 2010-11 that the product ships, read and checked like a workbook."""
    return outturn.read_return(outturn.read_csv(SHIPPED_OUTTURN), columns(), _codes(programme))


def columns() -> dict[str, outturn.Column]:
    """The shipped lookup of headings."""
    return outturn.read_columns(OUTTURN_COLUMNS)


def _codes(programme: Programme) -> set[str]:
    return set(programme.agencies.values_list("code", flat=True))


def count_places(register: Standing, returned: Return, national: NationalSpending) -> Iterator[CountOfPlace]:
    """The count of each active place; without people a place has no part of national figures."""
    for row, place in register.places:
        served = {member.code for member in place.members} if place.population else set()
        lines = [
            *outturn.lines_of_place(returned, place, register.receivers),
            *outturn.national_lines((f for f in national.counted if f.agency in served), place),
        ]
        left_out = [
            *outturn.left_out_of_place(returned, place, register.receivers.successors),
            *outturn.national_left_out((f for f in national.left_out if f.agency in served), place),
        ]
        if lines:
            yield CountOfPlace(row, tuple(line for line in lines if line.amount), tuple(left_out), national.missing)


def publish_return(
    programme: Programme, returned: Return, only: Collection[int] | None = None, via: str = "command load_outturn"
) -> Published:
    """Publishes a return as a snapshot of each active place's count of its year.

    A count whose published snapshot holds the same lines is left as it is, and so is one that people
    published after an official return. `only` limits it to places by id. Everything is stored, or nothing.
    """
    with acting(None, via):
        return _publish(programme, returned, only)


def _publish(programme: Programme, returned: Return, only: Collection[int] | None) -> Published:
    register = standing(programme, returned.year)
    counted = list(count_places(register, returned, national_spending(programme, returned.year)))
    wanted = [count for count in counted if only is None or count.place.pk in only]
    year, _ = FinancialYear.objects.get_or_create(programme=programme, label=returned.year)
    counts = _counts_of(wanted, year)
    unchanged, own, fresh = [], [], []
    for count in wanted:
        published = counts[count.place.pk].published
        if published and published.digest == count.digest:
            unchanged.append(count.place.slug)
        elif published and published.published_by_id:
            own.append(count.place.slug)
        else:
            fresh.append(count)
    _store(fresh, counts, register, programme)
    serving = {
        code
        for _, place in register.places
        for member in place.members
        for code in outturn.succession(member.code, register.receivers.successors)
    }
    return Published(
        returned.year,
        tuple(fresh),
        tuple(unchanged),
        tuple(own),
        tuple(sorted(set(returned.amounts) - serving)),
        tuple(sorted(_expected(register, returned.year) - set(returned.amounts))),
    )


def _counts_of(wanted: Iterable[CountOfPlace], year: FinancialYear) -> dict[int, Count]:
    """The counts of the places in the year, made where there is none, locked, by place id."""
    places = [count.place.pk for count in wanted]
    Count.objects.bulk_create([Count(place_id=place, year=year) for place in places], ignore_conflicts=True)
    counts = Count.objects.filter(year=year, place__in=places).select_for_update(of=("self",))
    return {count.place_id: count for count in counts.select_related("published")}


def _store(fresh: list[CountOfPlace], counts: dict[int, Count], register: Standing, programme: Programme) -> None:
    """Writes the snapshots, fills them with one COPY, seals them and makes them the published ones."""
    now = timezone.now()
    newest = dict(
        Version.objects.filter(count__in=[counts[count.place.pk].pk for count in fresh])
        .values_list("count")
        .annotate(Max("number"))
        .order_by()
    )
    versions = {
        count.place.pk: Version(
            count=counts[count.place.pk],
            kind=Version.Kind.SNAPSHOT,
            number=newest.get(counts[count.place.pk].pk, 0) + 1,
            status=Version.Status.PUBLISHED,
            label=OFFICIAL_RETURN,
            missing=list(count.missing),
            left_out=[{**asdict(item), "amount": str(item.amount)} for item in count.left_out],
            digest=count.digest,
            published_at=now,
        )
        for count in fresh
    }
    Version.objects.bulk_create(versions.values())
    # All rows are made before the first goes out: while a COPY runs the connection takes no query.
    copy_lines(list(_rows(fresh, versions, register, programme)))
    Version.objects.filter(pk__in=[version.pk for version in versions.values()]).update(sealed_at=now)
    for place, version in versions.items():
        counts[place].published = version
    Count.objects.bulk_update([counts[place] for place in versions], ["published"])


def _rows(
    fresh: Sequence[CountOfPlace], versions: dict[int, Version], register: Standing, programme: Programme
) -> Iterator[tuple[int, LineColumns]]:
    leaves = dict(ServiceLine.objects.filter(programme=programme).values_list("code", "pk"))
    types = dict(SpendType.objects.values_list("code", "pk"))
    _refuse_unknown(fresh, leaves, types)
    agencies = register.agencies
    for count in fresh:
        version = versions[count.place.pk].pk
        for line in count.lines:
            yield (
                version,
                LineColumns(
                    agency_id=agencies[line.agency].pk,
                    funder_id=None,
                    service_line_id=leaves[line.service_line],
                    spend_type_id=types[line.spend_type],
                    is_capital=False,
                    is_transfer=line.is_transfer,
                    receiver_id=agencies[line.receiver].pk if line.receiver else None,
                    amount=line.amount,
                    whole_amount=line.whole_amount,
                    share=line.share,
                    basis=line.basis,
                    method=line.method,
                    source=line.source,
                    note=line.note,
                ),
            )


def _refuse_unknown(fresh: Iterable[CountOfPlace], leaves: Collection[str], types: Collection[str]) -> None:
    lines = [line for count in fresh for line in count.lines]
    unknown = {
        *(f'service line "{line.service_line}"' for line in lines if line.service_line not in leaves),
        *(f'spend type "{line.spend_type}"' for line in lines if line.spend_type not in types),
    }
    if unknown:
        raise outturn.ReturnRefused(
            outturn.Problem(
                f"The programme has no {what}.",
                "Add it, or run manage.py load_register, and load the return again.",
            )
            for what in sorted(unknown)
        )


def _expected(register: Standing, year: str) -> set[str]:
    """Bodies that exist in the year and report a return of their own."""
    return {
        code
        for code, row in register.agencies.items()
        if not row.apportioned_by
        and not row.retired_on
        and (not row.first_year or row.first_year <= year)
        and (not row.last_year or year <= row.last_year)
    }


def load_shipped_counts(programme: Programme) -> Published | None:
    """Publishes the shipped return for places that have no count of its year yet; none if all have one."""
    year = SHIPPED_OUTTURN.stem.removeprefix("outturn-")
    places = Place.objects.filter(programme=programme, retired_on=None)
    without = set(places.exclude(counts__year__label=year).values_list("pk", flat=True))
    if not without:
        return None
    return publish_return(programme, read_shipped(programme), without, "command load_shipped_counts")
