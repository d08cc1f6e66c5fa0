"""Forms of the review: the checklist, and a decision."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.html import format_html

from pilots.review.checklist import LONGEST_NOTE, NO, YES, ChecklistUnanswered, questions
from pilots.review.transitions import CellRemark

CELL = "cell:"
WARNING = "warning:"


class SubmitForm(forms.Form):
    """The checklist as questions, each with a note, and a message to the reviewer; and which revision was looked at.

    Answers to warnings stand beside the warnings (`warning_answers`).
    """

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    message = forms.CharField(
        required=False,
        max_length=4000,
        label="Message to the Leadership Centre",
        help_text="What the reviewer should know: what changed, what is an estimate.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        asked: dict[str, forms.Field] = {}
        for question in questions():
            asked[f"answer_{question.code}"] = forms.ChoiceField(
                required=False,
                label=question.question,
                help_text=question.help,
                choices=[(YES, "Yes"), (NO, "No")],
                widget=forms.RadioSelect(attrs={"class": "govuk-radios--small"}),
            )
            asked[f"note_{question.code}"] = forms.CharField(
                required=False,
                max_length=LONGEST_NOTE,
                label=format_html('Note<span class="govuk-visually-hidden"> on “{}”</span>', question.question),
            )
        self.fields = asked | self.fields

    def answers(self) -> dict[str, tuple[str, str]]:
        """(Answer, note) by question code, for `submit_count`."""
        given = self.cleaned_data
        return {
            question.code: (given.get(f"answer_{question.code}", ""), given.get(f"note_{question.code}", ""))
            for question in questions()
        }

    def refuse(self, refused: ChecklistUnanswered) -> None:
        """Puts what is missing beside its field."""
        for code, message in refused.errors.items():
            is_answered = bool(self.cleaned_data.get(f"answer_{code}"))
            self.add_error(f"note_{code}" if is_answered else f"answer_{code}", message)

    def pairs(self) -> list[tuple[Any, Any]]:
        """The field of each question with that of its note."""
        return [(self[f"answer_{question.code}"], self[f"note_{question.code}"]) for question in questions()]


class DecisionForm(forms.Form):
    """A comment, and what is decided; comments on single cells stand in the table of what differs."""

    comment = forms.CharField(
        required=False,
        max_length=4000,
        label="Comment to the place",
        help_text="Needed when you return the count. Comments on single cells go with it.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def warning_answers(posted: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """What was typed about warnings, by check and subject: fields named warning:CHECK:SUBJECT."""
    typed = {}
    for name, text in posted.items():
        if name.startswith(WARNING) and text.strip():
            check, _, subject = name.removeprefix(WARNING).partition(":")
            typed[check, subject] = text
    return typed


def cell_comments(posted: Mapping[str, str]) -> list[CellRemark]:
    """What was said of single cells: fields named cell:BODY:SERVICE by code."""
    comments = []
    for name, text in posted.items():
        if name.startswith(CELL) and text.strip():
            agency, _, service = name.removeprefix(CELL).rpartition(":")
            comments.append(CellRemark(agency, service, text))
    return comments
