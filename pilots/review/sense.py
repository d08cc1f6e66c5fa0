"""Warnings of sense checks and the answers to them. A warning never blocks; an answer stays."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pilots.acting import acting
from pilots.models import Person, Version, WarningAnswer
from pilots.permissions import Action, NotAllowed, reach, refusal


@dataclass(frozen=True)
class Warned:
    """One warning: which check gave it, what it is about (as the check names it), and what it says."""

    check: str
    subject: str
    text: str


@dataclass(frozen=True)
class Answered:
    """A warning with the answer it got, if any."""

    warning: Warned
    answer: WarningAnswer | None


Check = Callable[[Version], Iterable[Warned]]
CHECKS: list[Check] = []


def add_check(check: Check) -> Check:
    """Makes a sense check known: what it gives for a version is shown to its place and to the reviewer."""
    if check not in CHECKS:
        CHECKS.append(check)
    return check


def warnings_of(working: Version, of: Version | None = None) -> list[Answered]:
    """The warnings about a version (`of`, else the working version itself) with the answers, unanswered first."""
    answers = {(row.check_code, row.subject): row for row in working.warning_answers.select_related("person")}
    given = [warning for check in CHECKS for warning in check(of or working)]
    paired = [Answered(warning, answers.get((warning.check, warning.subject))) for warning in given]
    return sorted(paired, key=lambda row: row.answer is not None)


def answer_warning(
    working: Version, check: str, subject: str, note: str, person: Person, via: str = "page"
) -> WarningAnswer:
    """Keeps what somebody says about a warning; a later answer takes the place of an earlier one.

    Raises NotAllowed, and ValueError where nothing is said.
    """
    place = working.count.place
    if not reach(person, Action.EDIT_SPEND).touches(place):
        raise NotAllowed(refusal(Action.EDIT_SPEND, place))
    if not note.strip():
        raise ValueError("Say why the warning does not matter, or what was done.")
    with acting(person, via):
        answer, _ = WarningAnswer.objects.update_or_create(
            version=working, check_code=check, subject=subject, defaults={"note": note.strip(), "person": person}
        )
    return answer
