"""Warnings of sense checks and the answers to them. A warning never blocks; an answer stays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from pilots import sense
from pilots.acting import acting
from pilots.caching import kept_or_found
from pilots.models import Person, Version, WarningAnswer
from pilots.permissions import Action, Anyone, NotAllowed, reach, refusal
from pilots.sense import Warned

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
    return sorted(paired, key=lambda row: row.answer is not None)


def to_check(working: Version, person: Anyone) -> list[Answered]:
    """What a person should look at in a working version: warnings that nobody answered."""
    rows = with_answers(working, visible(sense.warnings_of(working), working, person))
    return [row for row in rows if row.answer is None]


def unanswered(snapshots: Sequence[Version]) -> dict[int, int]:
    """How many warnings about each snapshot nobody answered, by its id.

    What the checks say of a snapshot is kept until somebody publishes; the answers are read anew.
    """
    counts = [snapshot.count_id for snapshot in snapshots]
    answers = WarningAnswer.objects.filter(version__count__in=counts)
    answered = set(answers.values_list("version__count", "check_code", "subject"))
    newest = Version.objects.aggregate(at=Max("published_at"))["at"]
    said = {snapshot.pk: _said_of(snapshot, newest) for snapshot in snapshots}
    return {
        snapshot.pk: sum((snapshot.count_id, *subject) not in answered for subject in said[snapshot.pk])
        for snapshot in snapshots
    }


def _said_of(snapshot: Version, newest: datetime | None) -> list[tuple[str, str]]:
    """(Check, subject) of the warnings about a snapshot."""
    key = f"warned:{snapshot.pk}:{snapshot.created_at.timestamp()}:{newest.timestamp() if newest else 0}"
    return kept_or_found(key, lambda: [(warning.check, warning.subject) for warning in sense.warnings_of(snapshot)])


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

    Returns why a note could not be kept, where nothing is said or there is no such warning. Raises NotAllowed, and
    then keeps nothing.
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
    refused = {subject: words for subject, note in notes.items() if (words := _unkept(warnings.get(subject), note))}
    with acting(person, via):
        for (check, subject), note in notes.items():
            if (check, subject) not in refused:
                WarningAnswer.objects.update_or_create(
                    version=working,
                    check_code=check,
                    subject=subject,
                    defaults={"note": note.strip(), "person": person},
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
