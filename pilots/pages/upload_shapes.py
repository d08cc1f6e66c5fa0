"""What an upload's page shows of its report: totals before and after, conflicts cell by cell."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from pilots.models import Upload
from totalplace import money
from totalplace.money import listed

from .upload_forms import NAMES

# Problems and lines that a page lists; the files hold more.
SHOWN = 200
WHAT = ("added", "changed", "removed")
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
class ShownLine:
    """A line that changes: what it is, words that tell it from others, and its amount before and after in pounds."""

    name: str
    about: str
    before: Decimal | None
    after: Decimal | None

    @property
    def change(self) -> Decimal:
        return (self.after or NOTHING) - (self.before or NOTHING)


@dataclass(frozen=True)
class Change:
    """What a file does to a count: lines by what becomes of them, and totals that change.

    `groups` are the largest changes line by line, as (what becomes of them, lines): `listed` of `number`, of which
    the file of changes holds `kept`.
    """

    lines: Mapping[str, int]
    bodies: list[Total]
    totals: list[Total]
    groups: list[tuple[str, list[ShownLine]]]
    listed: int
    kept: int
    number: int

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
    changed = one.get("changes", [])[:SHOWN]
    groups = {what: [_line(line) for line in changed if line["what"] == what] for what in WHAT}
    number = sum(one["lines"][what] for what in WHAT)
    shown = [total for index, total in enumerate(totals) if not index or total.before or total.after]
    return Change(
        one["lines"],
        bodies,
        shown,
        [pair for pair in groups.items() if pair[1]],
        len(changed),
        len(one.get("changes", [])),
        number,
    )


def _line(one: Mapping[str, Any]) -> ShownLine:
    about = [] if one["spend_type"].lower() == "unspecified" else [one["spend_type"]]
    about += [KINDS[one["kind"]].lower()] if one["kind"] != "revenue" else []
    about += [f"{word} {one[name]}" for word, name in [("from", "funder"), ("to", "receiver")] if one[name]]
    about += [f"row {one['row']}"] if one["row"] else []
    about += [f"changes: {listed([NAMES[name].removesuffix(', £').lower() for name in one['fields']])}"] * bool(
        one["fields"]
    )
    before, after = (None if one[side] is None else Decimal(one[side]) for side in ("before", "after"))
    return ShownLine(f"{one['agency_name']}, {one['service_line_name']}", ", ".join(about), before, after)


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
