"""The questions that a place answers when it submits its count. They are data: checklist.csv."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("checklist.csv")
YES, NO = "yes", "no"
LONGEST_NOTE = 2000


@dataclass(frozen=True)
class ChecklistQuestion:
    """A question that is answered with yes, or with no and a note that says why."""

    code: str
    question: str
    help: str


class ChecklistUnanswered(Exception):
    """A checklist is not answered in full: `errors` has a message by question code."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = errors


@cache
def questions() -> tuple[ChecklistQuestion, ...]:
    """The questions in the order in which they are asked."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(ChecklistQuestion(**row) for row in csv.DictReader(file))


def answered(given: Mapping[str, tuple[str, str]]) -> list[dict[str, str]]:
    """Answers, (yes or no, note) by question code, as they are kept with a submission.

    Each is kept with its question as it was asked. Raises ChecklistUnanswered.
    """
    errors = {}
    kept = []
    for question in questions():
        answer, note = given.get(question.code, ("", ""))
        note = note.strip()
        if answer not in (YES, NO):
            errors[question.code] = "Answer yes or no."
        elif answer == NO and not note:
            errors[question.code] = "Say in the note why not; the reviewer reads it."
        elif len(note) > LONGEST_NOTE:
            errors[question.code] = f"The note has {len(note):,} characters; {LONGEST_NOTE:,} are kept at most."
        kept.append({"code": question.code, "question": question.question, "answer": answer, "note": note})
    if errors:
        raise ChecklistUnanswered(errors)
    return kept
