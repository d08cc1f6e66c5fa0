"""A question to the cube, read from a request: what to drill down to, what to cut, what to add up.

Reading needs no database. What cannot be asked is refused by name, with what to ask instead.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pilots.api.parameters import Asked
from totalplace.problems import BAD_PARAMETER, Problem, nearest

from .dimensions import BESIDE, DIMENSIONS, MEASURES, USUAL, Dimension, Fact, Measure, goes_with

DESCENDING = {"asc": False, "desc": True}
LEVELS = range(20)


@dataclass(frozen=True, slots=True)
class Drill:
    """A dimension to drill down to; `level` is a depth of the service tree, None the leaves."""

    dimension: Dimension
    level: int | None = None

    def __str__(self) -> str:
        return self.dimension.name if self.level is None else f"{self.dimension.name}:{self.level}"


@dataclass(frozen=True, slots=True)
class Order:
    """A drilled dimension or an aggregate to order cells by."""

    name: str
    is_descending: bool

    def __str__(self) -> str:
        return f"{self.name}:{'desc' if self.is_descending else 'asc'}"


@dataclass(frozen=True, slots=True)
class Question:
    """What a request asks of the cube. `cuts` are members by dimension; several of one are alternatives."""

    drilldown: tuple[Drill, ...]
    cuts: Mapping[str, tuple[str, ...]]
    measures: tuple[Measure, ...]
    order: tuple[Order, ...]
    has_summary: bool = True
    messages: list[str] = field(default_factory=list)

    def drills(self, name: str) -> bool:
        return any(drill.dimension.name == name for drill in self.drilldown)

    def names(self, name: str) -> bool:
        """Whether a dimension is asked for in either way."""
        return name in self.cuts or self.drills(name)

    def asks_for(self, fact: Fact) -> bool:
        return any(measure.fact is fact for measure in self.measures)

    @property
    def cases(self) -> tuple[str, ...]:
        """The cases of the saving that are read."""
        if "case" in self.cuts:
            return self.cuts["case"]
        return ("low", "central", "high") if self.drills("case") else ("central",)

    @property
    def level(self) -> int | None:
        return next((drill.level for drill in self.drilldown if drill.level is not None), None)


def refuse(parameter: str, detail: str, near: Sequence[str] = ()) -> Problem:
    """The problem of a question that cannot be asked."""
    fault: dict[str, Any] = {"parameter": parameter, "detail": detail, **({"nearest": list(near)} if near else {})}
    return Problem(BAD_PARAMETER, detail, [fault])


def refuse_name(parameter: str, what: str, said: str, known: Iterable[str], listed_at: str = "") -> Problem:
    """The same of a name that stands for nothing, with those that are near it."""
    names = list(known)
    near = nearest(said, names)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    where = f" {listed_at} lists them." if listed_at else f" There are: {', '.join(names)}."
    return refuse(parameter, f'There is no {what} "{said}".{hint}{where}', near or ([] if listed_at else names))


def read_question(asked: Asked, scenario: str | None = None) -> Question:
    """The question that a request asks; `scenario` is the case asked for beside the cuts."""
    drilldown = _drilldown(asked.get("drilldown"))
    cuts = read_cuts(asked.get("cut"))
    drilled = [drill.dimension for drill in drilldown]
    named = {dimension.name: dimension for dimension in [*drilled, *(DIMENSIONS[name] for name in cuts)]}
    measures = _measures(asked.get("aggregates"), list(named.values()), asked.messages)
    _refuse_pairs(measures, list(named.values()))
    _refuse_levers_added(measures, drilled, cuts)
    cuts = _with_case(cuts, scenario, drilled, measures, asked.messages)
    _refuse_mixing(drilled, cuts)
    order = _order(asked.get("order"), drilldown, measures)
    return Question(drilldown, cuts, measures, order, asked.get("summary") != "false", asked.messages)


def _parts(said: str | None, marks: str = "|") -> list[str]:
    """What stands between bars, and where nothing else can hold one between commas."""
    text = said or ""
    for mark in marks[1:]:
        text = text.replace(mark, marks[0])
    return [part.strip() for part in text.split(marks[0]) if part.strip()]


def _drilldown(said: str | None) -> tuple[Drill, ...]:
    drills = [_drill(part) for part in _parts(said, "|,")]
    names = [drill.dimension.name for drill in drills]
    for name in names:
        if names.count(name) > 1:
            raise refuse("drilldown", f'"{name}" is drilled down to twice; ask for one level of it.')
    return tuple(drills)


def _drill(said: str) -> Drill:
    name, _, level = said.partition(":")
    dimension = dimension_named("drilldown", name)
    if not level:
        return Drill(dimension)
    if not dimension.has_levels:
        having = ", ".join(known.name for known in DIMENSIONS.values() if known.has_levels)
        raise refuse("drilldown", f'"{name}" has no levels; {having} has.', [name])
    if not (level.isascii() and level.isdigit() and int(level[:3]) in LEVELS):
        raise refuse("drilldown", f'A level of "{name}" is a depth below the root, such as {name}:2, not "{level}".')
    return Drill(dimension, int(level))


def dimension_named(parameter: str, name: str) -> Dimension:
    """A dimension by its name. Raises Problem with the names that are near."""
    if name not in DIMENSIONS:
        raise refuse_name(parameter, "dimension", name, DIMENSIONS)
    return DIMENSIONS[name]


def read_cuts(said: str | None) -> dict[str, tuple[str, ...]]:
    """Members by dimension, from `dimension:member;member|dimension:member`. Members are always text."""
    cuts: dict[str, tuple[str, ...]] = {}
    for part in _parts(said):
        name, mark, members = part.partition(":")
        dimension_named("cut", name)
        chosen = tuple(dict.fromkeys(member.strip() for member in members.split(";") if member.strip()))
        if not mark or not chosen:
            raise refuse("cut", f'"{part}" names no member: a cut is written like {name}:member;member.')
        if name in cuts:
            raise refuse("cut", f'"{name}" is cut twice; name several members at once as {name}:one;other.')
        cuts[name] = chosen
    return cuts


def _measures(said: str | None, named: Sequence[Dimension], messages: list[str]) -> tuple[Measure, ...]:
    names = list(dict.fromkeys(_parts(said, "|,")))
    for name in names:
        if name not in MEASURES:
            raise refuse_name("aggregates", "measure", name, MEASURES)
    if names:
        return tuple(MEASURES[name] for name in names)
    taken = tuple(
        measure
        for measure in (MEASURES[name] for name in USUAL)
        if all(goes_with(measure, dimension) for dimension in named)
    )
    if not taken:
        raise _nothing_in_common(named)
    messages.append(f"Aggregates {' and '.join(measure.name for measure in taken)} were taken.")
    return taken


def _nothing_in_common(named: Sequence[Dimension]) -> Problem:
    spend = [dimension.name for dimension in named if Fact.SAVING not in dimension.facts]
    saving = [dimension.name for dimension in named if Fact.SPEND not in dimension.facts]
    return refuse(
        "drilldown",
        f"A saving has no {' or '.join(spend)} and an amount has no {' or '.join(saving)}: nothing can be asked by "
        "both. Ask two questions.",
    )


WHY_NOT = {
    Fact.SAVING: "a saving is found over all the money that a body spends on a service",
    Fact.SPEND: "an amount is what was counted, before any way to save it",
}


def _refuse_pairs(measures: Sequence[Measure], named: Sequence[Dimension]) -> None:
    """Refuses a measure by a dimension that it has not."""
    for measure in measures:
        for dimension in named:
            if goes_with(measure, dimension):
                continue
            fitting = [known.name for known in MEASURES.values() if goes_with(known, dimension)]
            instead = "amount.sum" if "amount.sum" in fitting else "saving.sum"
            case = " For another case beside amounts ask with scenario=." if dimension.name == "case" else ""
            raise refuse(
                "aggregates",
                f"{measure.name} has no {dimension.name}: {WHY_NOT[measure.fact]}. Ask for {instead} by "
                f"{dimension.name}, or for {measure.name} without {dimension.name}.{case}",
                fitting,
            )


def _refuse_levers_added(
    measures: Sequence[Measure], drilled: Sequence[Dimension], cuts: Mapping[str, Sequence[str]]
) -> None:
    by_lever = DIMENSIONS["lever"] in drilled or len(cuts.get("lever", ())) == 1
    if MEASURES["addressable.sum"] in measures and not by_lever:
        raise refuse(
            "aggregates",
            "addressable.sum is never added up over levers, which address the same pounds. Add lever to the drilldown, "
            "or cut one lever.",
            ["drilldown=lever"],
        )


def _with_case(
    cuts: dict[str, tuple[str, ...]],
    scenario: str | None,
    drilled: Sequence[Dimension],
    measures: Sequence[Measure],
    messages: list[str],
) -> dict[str, tuple[str, ...]]:
    """The cuts with the case that `scenario` names, or the central one, which is then said."""
    by_case = "case" in cuts or DIMENSIONS["case"] in drilled
    if scenario and by_case:
        raise refuse("scenario", "The case is in the drilldown or the cut already: leave scenario out.")
    if len(cuts.get("case", ())) > 1 and DIMENSIONS["case"] not in drilled:
        raise refuse("cut", "Cases are alternatives and are never added up. Cut one, or add case to the drilldown.")
    if scenario:
        return {**cuts, "case": (scenario,)}
    if not by_case and any(measure.fact is Fact.SAVING for measure in measures):
        messages.append("Scenario central was taken.")
    return cuts


def _refuse_mixing(drilled: Sequence[Dimension], cuts: Mapping[str, Sequence[str]]) -> None:
    """Refuses totals over what is never added up."""
    if len(cuts.get("theme", ())) > 1 and DIMENSIONS["theme"] not in drilled:
        raise refuse("cut", "Themes overlap and are never added up. Cut one, or add theme to the drilldown.")
    for name in BESIDE:
        if len(cuts.get(name, ())) > 1 and DIMENSIONS[name] not in drilled:
            raise refuse("cut", f"What {name} tells apart is never added up. Cut one, or add {name} to the drilldown.")


def _order(said: str | None, drilldown: Sequence[Drill], measures: Sequence[Measure]) -> tuple[Order, ...]:
    known = [*(drill.dimension.name for drill in drilldown), *(measure.name for measure in measures)]
    order = []
    for part in _parts(said, "|,"):
        name, _, direction = part.partition(":")
        if name not in known:
            raise refuse_name("order", "drilled dimension or aggregate", name, known)
        if direction not in ("", *DESCENDING):
            raise refuse("order", f'"{name}" is ordered asc or desc, not "{direction}".', list(DESCENDING))
        order.append(Order(name, DESCENDING.get(direction, False)))
    return tuple(order)
