"""Outcomes as the page's script reads them: amounts as text."""

from typing import Any

from django.utils.timezone import localtime

from .edits import Outcome


def outcome_as_data(outcome: Outcome) -> dict[str, Any]:
    """An outcome with the names of its fields; what is empty is left out."""
    data: dict[str, Any] = {
        "key": f"{outcome.key[0]}-{outcome.key[1]}",
        "state": outcome.state.value,
        "shown": outcome.shown,
        "line": outcome.line,
        "row_version": outcome.row_version,
    }
    if outcome.message:
        data["message"] = outcome.message
    if outcome.suggestion:
        data["suggestion"] = outcome.suggestion
    if outcome.theirs:
        theirs = outcome.theirs
        data["theirs"] = {
            "shown": theirs.shown,
            "line": theirs.line,
            "row_version": theirs.row_version,
            "who": theirs.who,
            "when": f"{localtime(theirs.when):%-d %B, %H:%M}" if theirs.when else "",
        }
    return data
