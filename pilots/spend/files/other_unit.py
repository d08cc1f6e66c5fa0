"""Whether a file's amounts look as if they were in another unit than they are read in, by what is recorded."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from pilots.models import Agency, ServiceLine, Version
from pilots.sense.reading import last_published
from pilots.sense.units import STEPS, step_between
from totalplace.money import counted, exact, starting

from .staging import KIND, NOT_STAGED, REACHED, Scope, rows_of
from .units import Unit


@dataclass(frozen=True, slots=True)
class OtherUnit:
    """The unit that a file seems to be in, empty where none that can be read would fit, and why in words."""

    unit: str
    words: str


def other_unit(version: Version, scope: Scope, unit: Unit) -> OtherUnit | None:
    """What most of the figures that are a thousandth or a thousand times of the recorded ones speak of, if any are.

    Figures are revenue by body and service line; where none is recorded yet, the last published one counts. The
    staged lines should be matched.
    """
    last = last_published(version)
    found: list[tuple[int, int, int, Decimal, Decimal]] = []
    for agency, service, recorded, after in _figures(scope):
        before = recorded or last.get((agency, service), Decimal(0))
        if step := step_between(after, before):
            found.append((step, agency, service, before, after))
    if not found:
        return None
    ((step, number),) = Counter(one[0] for one in found).most_common(1)
    first = next(one for one in found if one[0] == step)
    return OtherUnit(_unit_after(unit, step), _words(number, *first) + _question(unit, step))


def _figures(scope: Scope) -> list[tuple[int, int, Decimal, Decimal]]:
    """Figures with staged lines that change: (body, service line, now, with the file), the largest first."""
    stays = f"NOT %(replace)s AND {NOT_STAGED}"
    return list(
        rows_of(
            f"""
            SELECT agency_id, service_line_id, sum(before), sum(after) FROM (
                SELECT l.agency_id, l.service_line_id, l.amount AS before,
                    CASE WHEN {stays} THEN l.amount ELSE 0 END AS after, false AS is_staged
                FROM pilots_spendline l WHERE {REACHED} AND {KIND.format("l")} = 'revenue'
                UNION ALL
                SELECT s.agency_id, s.service_line_id, 0, s.amount, true FROM staged_lines s
                WHERE {KIND.format("s")} = 'revenue'
            ) f GROUP BY 1, 2 HAVING bool_or(is_staged) AND sum(before) <> sum(after)
            ORDER BY greatest(abs(sum(before)), abs(sum(after))) DESC, 1, 2
            """,  # noqa: S608 - our own names
            scope.parameters(),
        )
    )


def _words(number: int, step: int, agency: int, service: int, before: Decimal, after: Decimal) -> str:
    body, line = Agency.objects.get(pk=agency), ServiceLine.objects.get(pk=service)
    are = "figure is" if number == 1 else "figures are"
    such = "" if number == 1 else "such as "
    return (
        f"{starting(counted(number, are, are))} about {STEPS[step][0]} what is recorded or was last published "
        f"({such}{body.name}, {line.name}: {exact(after)} in place of {exact(before)}). "
    )


def _unit_after(unit: Unit, step: int) -> str:
    """The unit that multiplies amounts by `step` more than `unit` does, or divides where it is below zero."""
    places = unit.places + (len(str(abs(step))) - 1) * (1 if step > 0 else -1)
    return next((one.value for one in Unit if one.places == places), "")


def _question(unit: Unit, step: int) -> str:
    other = _unit_after(unit, step)
    return f"Is the file in {Unit(other).words}?" if other else "Do its amounts have too many noughts?"
