"""Forms of a place's progress."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.http import url_has_allowed_host_and_scheme

from pilots.days import refuse_day_to_come, refuse_odd_day
from pilots.models import Judgement, Milestone


def day_field(label: str, is_past: bool = False) -> forms.DateField:
    """A day that may be left open, picked or typed; `is_past` where it says when something happened."""
    return forms.DateField(
        required=False,
        label=label,
        validators=[refuse_day_to_come if is_past else refuse_odd_day],
        widget=forms.DateInput(attrs={"type": "date", "class": "govuk-input--width-10"}, format="%Y-%m-%d"),
    )


class MilestonesForm(forms.Form):
    """When each milestone is due and when it was reached."""

    def __init__(self, data: Any, milestones: Mapping[str, Milestone]) -> None:
        super().__init__(data)
        for kind, words in Milestone.Kind.choices:
            row = milestones.get(kind)
            due, reached = day_field(f"{words} due on"), day_field(f"{words} reached on", is_past=True)
            due.initial, reached.initial = (row.due_on, row.reached_on) if row else (None, None)
            self.fields[f"{kind}_due"], self.fields[f"{kind}_reached"] = due, reached

    def rows(self) -> list[tuple[str, Any, Any]]:
        """Each milestone in words with its two fields."""
        return [(str(words), self[f"{kind}_due"], self[f"{kind}_reached"]) for kind, words in Milestone.Kind.choices]


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
