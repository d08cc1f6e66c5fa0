"""What an upload's page shows of its report: totals before and after, conflicts cell by cell."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from pilots.models import Upload
from totalplace import money

from .upload_forms import NAMES

KINDS = {"revenue": "Revenue", "capital": "Capital", "transfers": "Passed on"}
MONEY = {"amount", "whole_amount", ""}
CHOICE = "choice-"
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Total:
    """A total before and after, in pounds."""

    name: str
    kind: str
    before: Decimal
    after: Decimal

    @property
    def change(self) -> Decimal:
        return self.after - self.before


@dataclass(frozen=True)
class Change:
    """What a file does to a count: lines by what becomes of them, and totals that change."""

    lines: Mapping[str, int]
    bodies: list[Total]
    totals: list[Total]

    @property
    def is_empty(self) -> bool:
        return not (self.lines["added"] or self.lines["changed"] or self.lines["removed"])


@dataclass(frozen=True)
class ShownConflict:
    """A cell with two values to choose from, in words; `chosen` is "file", "ours" or nothing yet."""

    name: str
    where: str
    field: str
    row: int
    base: str
    file: str
    ours: str
    who: str
    at: datetime | None
    chosen: str


def change_of(upload: Upload) -> Change | None:
    """The difference that a checked or written upload makes; None where there is none yet."""
    differences = upload.report.get("differences")
    if not differences:
        return None
    (one,) = differences
    bodies = [
        Total(body["name"], KINDS[body["kind"]], Decimal(body["before"]), Decimal(body["after"]))
        for body in one["bodies"]
    ]
    totals = [
        Total(words, "", Decimal(one["before"][kind]), Decimal(one["after"][kind])) for kind, words in KINDS.items()
    ]
    shown = [total for index, total in enumerate(totals) if not index or total.before or total.after]
    return Change(one["lines"], bodies, shown)


def conflicts_of(upload: Upload, choices: Mapping[str, str]) -> Iterator[ShownConflict]:
    """The conflicts of a filled copy, with what is chosen so far."""
    merge = upload.report.get("merge") or {}
    for one in merge.get("conflicts", []):
        kind = "" if one["spend_type"].lower() == "unspecified" else f", {one['spend_type'].lower()}"
        yield ShownConflict(
            name=f"{CHOICE}{one['id']}",
            where=f"{one['agency']}, {one['service_line']}{kind}",
            field=NAMES[one["field"]].removesuffix(", £") if one["field"] else "The whole line",
            row=one["row"],
            **{side: _in_words(one["field"], one[side]) for side in ("base", "file", "ours")},
            who=one["who"],
            at=datetime.fromisoformat(one["at"]) if one["at"] else None,
            chosen=choices.get(one["id"]) or choices.get("all", ""),
        )


def _in_words(field: str, value: str) -> str:
    if not value:
        return "blank" if field else "no line"
    return money.exact(Decimal(value)) if field in MONEY else value


def chosen_in(posted: Mapping[str, str]) -> dict[str, str]:
    """Choices by the id of the conflict, or one for all."""
    sides = ("file", "ours")
    if posted.get("all") in sides:
        return {"all": posted["all"]}
    return {
        name.removeprefix(CHOICE): value for name, value in posted.items() if name.startswith(CHOICE) and value in sides
    }
