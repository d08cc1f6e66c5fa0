"""Warnings of sense checks and the answers to them. A warning never blocks; an answer stays."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects

from pilots import sense
from pilots.acting import acting
from pilots.models import Person, Submission, Version, WarningAnswer
from pilots.permissions import Action, Anyone, NotAllowed, reach, refusal
from pilots.sense import Warned
from pilots.spend.write import why_locked

LONGEST_NOTE = 2_000
# What a warning is named by: its check and its subject.
Subject = tuple[str, str]


@dataclass(frozen=True)
class Answered:
    """A warning with the answer it got, if any; `typed` is what was typed about it and could not be kept."""

    warning: Warned
    answer: WarningAnswer | None
    typed: str = ""

    @property
    def is_answered(self) -> bool:
        """Whether the answer was given to what the warning says now."""
        return self.answer is not None and not self.said_before

    @property
    def said_before(self) -> str:
        """What the warning said when it was answered, where it says something else now."""
        said = self.answer.said if self.answer else ""
        return "" if said == self.warning.text else said

    @property
    def name(self) -> str:
        """By which a form calls it."""
        return f"{self.warning.check}:{self.warning.subject}"


def warnings_of(working: Version, of: Version | None = None) -> list[Answered]:
    """The warnings about a version (`of`, else the working version itself) with the answers, unanswered first."""
    return with_answers(working, sense.warnings_of(of or working))


def with_answers(working: Version, warnings: Iterable[Warned]) -> list[Answered]:
    """Warnings with the answers that their count has, unanswered first."""
    answers = {(row.check_code, row.subject): row for row in working.warning_answers.select_related("person")}
    paired = [Answered(warning, answers.get((warning.check, warning.subject))) for warning in warnings]
    return sorted(paired, key=lambda row: row.is_answered)


def to_check(working: Version, person: Anyone) -> list[Answered]:
    """What a person should look at in a working version: warnings that nobody answered as they stand now."""
    rows = with_answers(working, visible(sense.warnings_of(working), working, person))
    return [row for row in rows if not row.is_answered]


def as_submitted(rows: Iterable[Answered]) -> list[dict[str, Any]]:
    """Warnings and answers as a submission keeps them: nobody changes them under the reviewer."""
    return [{"warning": asdict(row.warning), "answer": _answer_as_data(row.answer)} for row in rows]


def submitted_warnings(submission: Submission) -> list[Answered]:
    """The warnings and answers that a count was submitted with."""
    rows = _kept(submission)
    prefetch_related_objects([row.answer for row in rows if row.answer], "person")
    return rows


def unanswered(submission: Submission) -> int:
    """How many warnings nobody had answered when a count was submitted."""
    return sum(not row.is_answered for row in _kept(submission))


def _kept(submission: Submission) -> list[Answered]:
    """What a submission kept; those of before that was kept show what is said now."""
    if submission.warnings is None:
        count = submission.snapshot.count
        return warnings_of(Version.objects.get(count=count, kind=Version.Kind.WORKING), submission.snapshot)
    return [
        Answered(Warned(**row["warning"]), _answer_from_data(row["answer"]) if row["answer"] else None)
        for row in submission.warnings
    ]


def _answer_as_data(answer: WarningAnswer | None) -> dict[str, Any] | None:
    if answer is None:
        return None
    return {"note": answer.note, "said": answer.said, "person": answer.person_id, "at": answer.at.isoformat()}


def _answer_from_data(kept: Mapping[str, Any]) -> WarningAnswer:
    at = datetime.fromisoformat(kept["at"])
    return WarningAnswer(note=kept["note"], said=kept["said"], person_id=kept["person"], at=at)


def without_warning(working: Version, warnings: Iterable[Warned]) -> list[WarningAnswer]:
    """Answers to what is no longer warned about, the newest first."""
    given = {(warning.check, warning.subject) for warning in warnings}
    answers = working.warning_answers.select_related("person").order_by("-at", "-pk")
    return [row for row in answers if (row.check_code, row.subject) not in given]


def visible(warnings: Iterable[Warned], working: Version, person: Anyone) -> list[Warned]:
    """Of some warnings those that a person may read: who reads single bodies sees what is said of their cells."""
    reached, place = reach(person, Action.READ_WORKING), working.count.place
    if reached.covers(place, None):
        return list(warnings)
    bodies = reached.bodies_in(place)
    return [warning for warning in warnings if warning.agency in bodies]


def answer_warning(
    working: Version, check: str, subject: str, note: str, person: Person, via: str = "page"
) -> WarningAnswer:
    """Keeps what somebody says about one warning. Raises NotAllowed, and ValueError where it cannot be kept."""
    refused = answer_warnings(working, {(check, subject): note}, person, via)
    for words in refused.values():
        raise ValueError(words)
    return working.warning_answers.get(check_code=check, subject=subject)


def answer_warnings(
    working: Version, notes: Mapping[Subject, str], person: Person, via: str = "page"
) -> dict[Subject, str]:
    """Keeps what somebody says about warnings, by check and subject; a later answer replaces an earlier one.

    Returns why a note could not be kept: the count is locked, nothing is said, or there is no such warning. Raises
    NotAllowed, and then keeps nothing.
    """
    place = working.count.place
    reached = reach(person, Action.EDIT_SPEND)
    if not reached.touches(place):
        raise NotAllowed(refusal(Action.EDIT_SPEND, place))
    warnings = {(warning.check, warning.subject): warning for warning in sense.warnings_of(working)}
    if not reached.covers(place, None):
        bodies = reached.bodies_in(place)
        if any(warnings[subject].agency not in bodies for subject in notes if subject in warnings):
            raise NotAllowed(refusal(Action.EDIT_SPEND, place))
    locked = why_locked(working) if working.is_locked else ""
    refused = {
        subject: words for subject, note in notes.items() if (words := locked or _unkept(warnings.get(subject), note))
    }
    with acting(person, via):
        for (check, subject), note in notes.items():
            if (check, subject) not in refused:
                WarningAnswer.objects.update_or_create(
                    version=working,
                    check_code=check,
                    subject=subject,
                    defaults={
                        "note": note.strip(),
                        "said": warnings[check, subject].text,
                        "person": person,
                    },
                )
    return refused


def _unkept(warning: Warned | None, note: str) -> str:
    """Why a note on a warning cannot be kept, if it cannot."""
    if warning is None:
        return "There is no such warning any more: the figures have changed since you opened the page."
    if not note.strip():
        return "Say why the warning does not matter, or what was done."
    if len(note) > LONGEST_NOTE:
        return f"This has {len(note):,} characters; {LONGEST_NOTE:,} are kept at most."
    return ""
