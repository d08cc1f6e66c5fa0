"""Forms of a place's progress."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.http import url_has_allowed_host_and_scheme

from pilots.days import refuse_day_to_come, refuse_odd_day
from pilots.models import Judgement, Milestone
from pilots.progress.telling import DateChange, DatesChanged


def day_field(label: str, is_past: bool = False) -> forms.DateField:
    """A day that may be left open, picked or typed; `is_past` where it says when something happened."""
    return forms.DateField(
        required=False,
        label=label,
        validators=[refuse_day_to_come if is_past else refuse_odd_day],
        widget=forms.DateInput(attrs={"type": "date", "class": "govuk-input--width-10"}, format="%Y-%m-%d"),
    )


class MilestonesForm(forms.Form):
    """When each milestone is due and when it was reached.

    The form carries along what it showed, so that only what its sender changed is changed.
    """

    def __init__(self, data: Any, milestones: Mapping[str, Milestone]) -> None:
        super().__init__(data)
        for kind, words in Milestone.Kind.choices:
            row = milestones.get(kind)
            due, reached = day_field(f"{words} due on"), day_field(f"{words} reached on", is_past=True)
            due.initial, reached.initial = (row.due_on, row.reached_on) if row else (None, None)
            due.show_hidden_initial = reached.show_hidden_initial = True
            self.fields[f"{kind}_due_on"], self.fields[f"{kind}_reached_on"] = due, reached

    def rows(self) -> list[tuple[str, Any, Any]]:
        """Each milestone in words with its two fields."""
        return [
            (str(words), self[f"{kind}_due_on"], self[f"{kind}_reached_on"]) for kind, words in Milestone.Kind.choices
        ]

    def changes(self) -> list[DateChange]:
        """What the sender changed."""
        return [
            DateChange(kind, field, self._shown(f"{kind}_{field}"), self.cleaned_data[f"{kind}_{field}"])
            for kind in Milestone.Kind.values
            for field in ("due_on", "reached_on")
            if f"{kind}_{field}" in self.changed_data
        ]

    def refuse(self, changed: DatesChanged) -> "MilestonesForm":
        """The form with what others set meanwhile beside what was given; sent again, it sets what was given."""
        data = dict(self.data.items())
        again = MilestonesForm(data, {})
        for change, now in changed.now:
            name = f"{change.kind}_{change.field}"
            data[again.add_initial_prefix(name)] = now or ""
            said = f"{now:%-d %B %Y}" if now else "no date"
            again.add_error(
                name, f"Somebody set this to {said} meanwhile. Give that date, or save again to keep your own."
            )
        return again

    def _shown(self, name: str) -> date | None:
        """What the form showed as a field's date when it was opened."""
        try:
            return self.fields[name].to_python(self.data.get(self.add_initial_prefix(name)))  # type: ignore[attr-defined]
        except forms.ValidationError:
            return None


class UpdateForm(forms.Form):
    text = forms.CharField(
        label="How is it going?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Everybody who reads this programme sees it, with your name.",
    )


class JudgementForm(forms.Form):
    """How a place stands, with a reason; or as its dates say."""

    standing = forms.ChoiceField(
        required=False,
        label="How it stands",
        choices=[("", "As its dates and stage say"), *Judgement.Standing.choices],
    )
    reason = forms.CharField(
        required=False, max_length=300, label="Reason", help_text="Everybody reads it on the board."
    )


class QuestionForm(forms.Form):
    """A question about figures."""

    text = forms.CharField(
        label="What would you like to know?", max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )
    email = forms.EmailField(
        required=False,
        label="Your e-mail address",
        help_text="For the answer. Only the place’s lead and the Leadership Centre see it.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    page = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)

    def clean_page(self) -> str:
        """An address on this site, or none."""
        page = self.cleaned_data["page"]
        is_here = page.startswith("/") and url_has_allowed_host_and_scheme(page, allowed_hosts=None)
        return page if is_here else ""
