"""What narrows and orders the progress board."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from pilots.models import Judgement
from pilots.progress.board import STAGES, BoardRow

GROUPS = {"pilot": "Pilot", "confirmed": "Parallel, confirmed", "candidate": "Parallel, candidate"}
PRESSING = {standing: rank for rank, standing in enumerate(("stuck", "check", "on_course"))}
CHANGED = {
    "": "At any time",
    "week": "In the last week",
    "month": "In the last month",
    "older": "Longer ago",
    "never": "Not yet",
}
LATE = "9999-12-31"

SORTS: dict[str, tuple[str, Callable[[BoardRow], Any]]] = {
    "pressing": ("Most pressing first", lambda row: PRESSING[row.stands.standing]),
    "name": ("Name", lambda row: row.place.name),
    "stage": ("Stage", lambda row: list(STAGES).index(row.stage)),
    "services": ("Services reported, fewest first", lambda row: row.services),
    "bodies": ("Returns missing, most first", lambda row: row.bodies - row.all_bodies),
    "change": ("Last change, newest first", lambda row: -row.last_change.timestamp() if row.last_change else 0),
    "due": ("Next date, nearest first", lambda row: str(row.next_due.due_on) if row.next_due else LATE),
}


def _boxes() -> forms.CheckboxSelectMultiple:
    return forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"})


class BoardFilter(forms.Form):
    """Name, how it stands, kind, region, stage, last change; and the order."""

    q = forms.CharField(required=False, label="Find a place", max_length=80)
    stands = forms.MultipleChoiceField(
        required=False, label="How it stands", widget=_boxes(), choices=Judgement.Standing.choices
    )
    kind = forms.MultipleChoiceField(required=False, label="Kind", widget=_boxes(), choices=list(GROUPS.items()))
    region = forms.ChoiceField(required=False, label="Region")
    stage = forms.ChoiceField(required=False, label="Stage", choices=[("", "All stages"), *STAGES.items()])
    changed = forms.ChoiceField(required=False, label="Last change", choices=list(CHANGED.items()))
    sort = forms.ChoiceField(
        required=False, label="Order", choices=[(code, words) for code, (words, _) in SORTS.items()]
    )
    programme = forms.CharField(required=False, widget=forms.HiddenInput)
    year = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, rows: list[BoardRow]) -> None:
        super().__init__(data)
        regions = sorted({row.place.region for row in rows if row.place.region})
        self.fields["region"].choices = [("", "All regions"), *((name, name) for name in regions)]  # type: ignore[attr-defined]
        self._count("stands", rows, lambda row: row.stands.standing, reverse=True)
        self._count("kind", rows, lambda row: row.group)
        self.is_valid()

    @property
    def order(self) -> str:
        """The order that was asked for, by its code."""
        return self.cleaned_data.get("sort") or "pressing"

    @property
    def order_words(self) -> str:
        """The order in words."""
        return SORTS[self.order][0]

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the order and the year was asked for."""
        return any(value for name, value in self.cleaned_data.items() if name not in ("sort", "programme", "year"))

    def narrow(self, rows: list[BoardRow]) -> list[BoardRow]:
        """The rows that fit, in order."""
        given = self.cleaned_data
        tests: list[Callable[[BoardRow], bool]] = []
        if q := given.get("q", "").casefold():
            tests.append(lambda row: q in f"{row.place.name} {row.place.short_name} {row.place.slug}".casefold())
        if wanted := given.get("stands"):
            tests.append(lambda row: row.stands.standing in wanted)
        if kinds := given.get("kind"):
            tests.append(lambda row: row.group in kinds)
        if region := given.get("region"):
            tests.append(lambda row: row.place.region == region)
        if stage := given.get("stage"):
            tests.append(lambda row: row.stage == stage)
        if changed := given.get("changed"):
            tests.append(lambda row: _is_changed(row.last_change, changed))
        fitting = [row for row in rows if all(test(row) for test in tests)]
        return sorted(fitting, key=SORTS[self.order][1])

    def _count(self, name: str, rows: list[BoardRow], of: Callable[[BoardRow], str], reverse: bool = False) -> None:
        """Says beside each choice how many places it holds."""
        field = self.fields[name]
        choices = list(field.choices)  # type: ignore[attr-defined]
        counted = [(code, f"{words} ({sum(of(row) == code for row in rows)})") for code, words in choices]
        field.choices = counted[::-1] if reverse else counted  # type: ignore[attr-defined]


def _is_changed(at: datetime | None, when: str) -> bool:
    if at is None or when == "never":
        return at is None and when == "never"
    age = timezone.now() - at
    return {
        "week": age <= timedelta(days=7),
        "month": age <= timedelta(days=31),
        "older": age > timedelta(days=31),
    }[when]
