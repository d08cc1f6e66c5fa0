"""Reading the folder of an assumption set: every rule that it breaks is named, with file and row.

A folder is named by the set's number and holds `assumptions.csv` (name, value, why), `levers.csv` (one row a
lever) and `rules.csv` (one row a rule; a blank field fits any).
"""

import csv
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import cast

from mapping import engine

FOLDER = Path(__file__).resolve().parent.parent / "assumptions"

# What holds for the whole set: the decimal places its column keeps.
SETTINGS = {
    "horizon_years": 0,
    "discount_rate": 5,
    "min_option_saving": 2,
    "min_participant_saving": 2,
    "draws": 0,
    "seed": 0,
    "error_actual": 5,
    "error_budget": 5,
    "error_estimate": 5,
    "error_apportioned": 5,
}
CASES = engine.SCENARIOS
YEARS = (1, 2, 3)
RATES = (
    *(f"{name}_{case}" for name in ("beta", "own") for case in CASES),
    "cap",
    *(f"ramp_{year}" for year in YEARS),
    "cost_multiple",
    *(f"{name}_year_{year}" for name in ("cost", "effort") for year in YEARS),
)
MONTHS = ("effort_fixed_months", "effort_months_per_agency")
LEVER_TEXTS = ("code", "name", "pool", "quality", "evidence")
RULE_TEXTS = ("lever", "service_line", "spend_type", "agency_type", "why")
RATE_PLACES, MONTH_PLACES = 6, 2


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a set, and where; `row` counts from 1 as a spreadsheet does, 0 for no row."""

    file: str
    row: int
    message: str

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.file, f"row {self.row}" if self.row else "") if part)
        return f"{where}: {self.message}" if where else self.message


class AssumptionsRefused(ValueError):
    """An assumption set that breaks a rule; `problems` says everything that is wrong with it."""

    def __init__(self, number: int, problems: Iterable[Problem]) -> None:
        self.number = number
        self.problems = tuple(problems)
        super().__init__(f"Assumption set {number}:\n" + "\n".join(f"  {problem}" for problem in self.problems))


@dataclass(frozen=True, slots=True)
class Known:
    """The codes of a programme that rules may speak of; `parents` is the service tree."""

    parents: Mapping[str, str | None]
    spend_types: Collection[str]
    agency_types: Collection[str]


@dataclass(frozen=True, slots=True)
class SetFile:
    """A set as its folder has it. `why` gives the reason of a rule by lever and place in its list of rules."""

    number: int
    title: str
    source: str
    settings: Mapping[str, Decimal]
    reasons: Mapping[str, str]
    assumptions: engine.Assumptions
    evidence: Mapping[str, str]
    why: Mapping[str, tuple[str, ...]]


@dataclass(slots=True)
class _Reader:
    """One folder being read; problems are gathered, so that all of them can be said at once."""

    folder: Path
    known: Known
    problems: list[Problem] = field(default_factory=list)

    def rows(self, name: str, texts: Iterable[str], numbers: Mapping[str, int]) -> Iterator[dict[str, object]]:
        """The rows of a file with its numbers read; `numbers` gives the decimal places each may have."""
        wanted = [*texts, *numbers]
        try:
            with (self.folder / name).open(encoding="utf-8-sig", newline="") as file:
                table = csv.DictReader(file)
                missing = [column for column in wanted if column not in (table.fieldnames or ())]
                rows = list(table)
        except (OSError, UnicodeDecodeError) as error:
            self.problems.append(Problem(name, 0, f"cannot be read: {error}"))
            return
        if missing:
            self.problems.append(Problem(name, 1, f"has no column {', '.join(missing)}"))
            return
        for number, row in enumerate(rows, 2):
            if None in row or None in row.values():
                self.problems.append(Problem(name, number, "has more or fewer fields than the heading"))
                continue
            values: dict[str, object] = {column: row[column].strip() for column in wanted if column not in numbers}
            values |= {column: self.number(name, number, column, row[column], numbers[column]) for column in numbers}
            yield {"row": number, **values}

    def number(self, file: str, row: int, column: str, text: str, places: int) -> Decimal:
        """A number as it is stored; what is none is noted and read as 0."""
        try:
            value = Decimal(text.strip())
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite():
            self.problems.append(Problem(file, row, f'{column} is "{text}", which is no number'))
            return Decimal(0)
        if value != round(value, places):
            self.problems.append(Problem(file, row, f"{column} has more than {places} decimal places: {text}"))
        return value

    def known_code(self, row: int, what: str, code: str, codes: Collection[str]) -> str | None:
        """A code of a rule, None where it is blank; an unknown one is noted."""
        if code and code not in codes:
            self.problems.append(Problem("rules.csv", row, f'there is no {what} "{code}"'))
        return code or None


def read_set(folder: Path, known: Known) -> SetFile:
    """Reads and checks the set in a folder named by its number. Raises AssumptionsRefused with every problem."""
    reader = _Reader(folder, known)
    number = int(folder.name)
    settings, reasons = _settings(reader)
    levers = list(reader.rows("levers.csv", LEVER_TEXTS, {**dict.fromkeys(RATES, 6), **dict.fromkeys(MONTHS, 2)}))
    rules, why = _rules(reader, {str(row["code"]) for row in levers})
    if reader.problems:
        raise AssumptionsRefused(number, reader.problems)
    assumptions = engine.Assumptions(
        levers=tuple(_lever(row, rules.get(str(row["code"]), [])) for row in levers),
        parents=known.parents,
        horizon_years=int(settings["horizon_years"]),
        discount_rate=settings["discount_rate"],
    )
    rows = {str(row["code"]): cast(int, row["row"]) for row in levers}
    broken = [
        Problem("levers.csv" if problem.lever else "assumptions.csv", rows.get(problem.lever, 0), str(problem))
        for problem in engine.problems_of(assumptions)
    ]
    if broken:
        raise AssumptionsRefused(number, broken)
    title, source = _words(folder, number)
    evidence = {str(row["code"]): str(row["evidence"]) for row in levers}
    return SetFile(number, title, source, settings, reasons, assumptions, evidence, why)


def _settings(reader: _Reader) -> tuple[dict[str, Decimal], dict[str, str]]:
    file = "assumptions.csv"
    settings: dict[str, Decimal] = {}
    reasons: dict[str, str] = {}
    for line in reader.rows(file, ("name", "value", "why"), {}):
        row, name = cast(int, line["row"]), str(line["name"])
        if name not in SETTINGS:
            reader.problems.append(Problem(file, row, f'there is no assumption "{name}"'))
        elif name in settings:
            reader.problems.append(Problem(file, row, f"{name} stands here twice"))
        else:
            settings[name] = reader.number(file, row, name, str(line["value"]), SETTINGS[name])
            reasons[name] = str(line["why"])
            if settings[name] < 0:
                reader.problems.append(Problem(file, row, f"{name} is not below 0"))
    for name in SETTINGS:
        if name not in settings:
            reader.problems.append(Problem(file, 0, f"says nothing of {name}"))
    return settings, reasons


def _rules(reader: _Reader, levers: Collection[str]) -> tuple[dict[str, list[engine.Rule]], dict[str, tuple[str, ...]]]:
    rules: dict[str, list[engine.Rule]] = {}
    why: dict[str, tuple[str, ...]] = {}
    known = reader.known
    for line in reader.rows("rules.csv", RULE_TEXTS, {"share": RATE_PLACES}):
        row, lever = cast(int, line["row"]), str(line["lever"])
        if lever not in levers:
            reader.problems.append(Problem("rules.csv", row, f'there is no lever "{lever}"'))
        rule = engine.Rule(
            reader.known_code(row, "service line", str(line["service_line"]), known.parents),
            reader.known_code(row, "spend type", str(line["spend_type"]), known.spend_types),
            reader.known_code(row, "agency type", str(line["agency_type"]), known.agency_types),
            cast(Decimal, line["share"]),
        )
        rules.setdefault(lever, []).append(rule)
        why[lever] = (*why.get(lever, ()), str(line["why"]))
    return rules, why


def _lever(row: Mapping[str, object], rules: Iterable[engine.Rule]) -> engine.Lever:
    value = cast(Mapping[str, Decimal], row)

    def years(name: str) -> tuple[Decimal, Decimal, Decimal]:
        first, second, third = (value[f"{name}_{year}"] for year in YEARS)
        return first, second, third

    return engine.Lever(
        code=str(row["code"]),
        name=str(row["name"]),
        pool=row["pool"],  # type: ignore[arg-type]  # an unknown one is a problem of the set
        beta=engine.Cases(*(value[f"beta_{case}"] for case in CASES)),
        own=engine.Cases(*(value[f"own_{case}"] for case in CASES)),
        cap=value["cap"],
        ramp=years("ramp"),
        cost_multiple=value["cost_multiple"],
        cost_profile=years("cost_year"),
        effort_fixed_months=value["effort_fixed_months"],
        effort_months_per_agency=value["effort_months_per_agency"],
        effort_profile=years("effort_year"),
        quality=str(row["quality"]),
        rules=tuple(rules),
    )


def _words(folder: Path, number: int) -> tuple[str, str]:
    """The set's title and its sources: the heading and the last paragraph of its README.md, if it has one."""
    try:
        paragraphs = (folder / "README.md").read_text(encoding="utf-8").strip().split("\n\n")
    except OSError:
        return f"Assumption set {number}", ""
    return paragraphs[0].lstrip("# "), " ".join(paragraphs[-1].split())
