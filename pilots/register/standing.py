"""How the register stands now, as the plain values that a return is shared out by."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from pilots import outturn
from pilots.models import Agency, Coverage, Membership, Place, Population, Programme

from .facts import facts

BY_POPULATION = "population"
COUNTED, LEFT_OUT, CHECK = "counted", "left out", "check"


@dataclass(frozen=True, slots=True)
class Standing:
    """A programme's active places with their members, its bodies by code, and who receives levies."""

    places: tuple[tuple[Place, outturn.Place], ...]
    agencies: dict[str, Agency]
    receivers: outturn.Receivers


def standing(programme: Programme, year: str) -> Standing:
    """The register of a programme as it stands now, with people counted by the end of the financial year."""
    agencies = {row.code: row for row in Agency.objects.filter(programme=programme).select_related("type")}
    codes = {row.pk: code for code, row in agencies.items()}
    people = populations(programme, year)
    members = defaultdict(list)
    for row in Membership.objects.filter(place__programme=programme).order_by("agency__code"):
        members[row.place_id].append(outturn.Member(codes[row.agency_id], row.share, row.share_basis))
    places = Place.objects.filter(programme=programme, retired_on=None).order_by("slug")
    return Standing(
        tuple(
            (place, outturn.Place(place.slug, people.get((place.pk, None), 0), tuple(members[place.pk])))
            for place in places
        ),
        agencies,
        _receivers(agencies, codes),
    )


def populations(programme: Programme, year: str) -> dict[tuple[int | None, int | None], int]:
    """People by (place id, agency id): last counted by the end of the financial year, or first after it."""
    last_calendar_year = int(year[:4]) + 1
    found: dict[tuple[int | None, int | None], int] = {}
    taken: dict[tuple[int | None, int | None], int] = {}
    for row in Population.objects.filter(programme=programme).order_by("year"):
        key = (row.place_id, row.agency_id)
        if key not in taken or row.year <= last_calendar_year:
            found[key], taken[key] = row.people, row.year
    return found


def _receivers(agencies: dict[str, Agency], codes: dict[int, str]) -> outturn.Receivers:
    covering: dict[tuple[str, str], set[str]] = defaultdict(set)
    for body_id, area_id in Coverage.objects.filter(agency_id__in=codes).values_list("agency_id", "area_id"):
        body = codes[body_id]
        covering[codes[area_id], agencies[body].type.code].add(body)
    return outturn.Receivers(
        {key: frozenset(bodies) for key, bodies in covering.items()},
        {code: codes[row.successor_id] for code, row in agencies.items() if row.successor_id in codes},
    )


@dataclass(frozen=True, slots=True)
class NationalSpending:
    """What is known of national bodies' spending in a year: figures counted, and left out with why."""

    counted: tuple[outturn.NationalFigure, ...]
    left_out: tuple[outturn.NationalFigure, ...]
    # Whole kinds of body without any figure in the year.
    missing: tuple[str, ...]


def national_spending(programme: Programme, year: str) -> NationalSpending:
    """The shipped national figures of a financial year, for the national bodies of a programme."""
    served = populations(programme, year)
    bodies = {row.code: row for row in Agency.objects.filter(programme=programme, apportioned_by=BY_POPULATION)}
    by_use: dict[str, list[outturn.NationalFigure]] = {COUNTED: [], LEFT_OUT: [], CHECK: []}
    for row in facts("national_figures"):
        if row["year"] != year or row["agency"] not in bodies:
            continue
        people = served[None, bodies[row["agency"]].pk]
        whole = Decimal(row["whole_gbp"]) if row["whole_gbp"] else Decimal(row["per_head_gbp"]) * people
        by_use[row["use"]].append(
            outturn.NationalFigure(
                agency=row["agency"],
                figure=row["figure"],
                service_line=row["service_line"],
                spend_type=row["spend_type"],
                whole=whole,
                population=people,
                source=row["source"],
                note=row["note"] if row["use"] != COUNTED else _a_head(row),
            )
        )
    present = {figure.agency for figure in by_use[COUNTED]}
    return NationalSpending(
        tuple(by_use[COUNTED]),
        (*by_use[LEFT_OUT], *_unnamed(by_use)),
        tuple(what for code, what in kinds_of_national_body(bodies).items() if code not in present),
    )


def kinds_of_national_body(bodies: Mapping[str, Agency]) -> dict[str, str]:
    """What a count lacks where a national body has no figures: "NHS", "benefits", or the body's name."""
    named = {row["code"]: row["stands_for"] for row in facts("national_bodies") if row["code"] in bodies}
    return named | {code: body.name for code, body in bodies.items() if code not in named}


def _a_head(row: dict[str, str]) -> str:
    return f"£{int(row['per_head_gbp']):,} a head." if row["per_head_gbp"] else ""


def _unnamed(by_use: dict[str, list[outturn.NationalFigure]]) -> list[outturn.NationalFigure]:
    """What a published total holds beyond the figures that are named, left out as well."""
    rest = []
    for total in by_use[CHECK]:
        named = (figure for use in (COUNTED, LEFT_OUT) for figure in by_use[use] if figure.agency == total.agency)
        whole = total.whole - sum((figure.whole for figure in named), Decimal(0))
        rest.append(
            outturn.NationalFigure(
                agency=total.agency,
                figure=f"{total.figure}: not named",
                service_line="",
                spend_type="",
                whole=whole,
                population=total.population,
                source=total.source,
                note=total.note,
            )
        )
    return rest
