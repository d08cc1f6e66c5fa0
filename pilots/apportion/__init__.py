"""Sharing out what wider bodies spend: by people, claimants, pupils or a given share.

apportion_line(version, agency, service_line, whole, method, person, via, given_share=None, ...) -> SharedOut
reapplying(version) -> Reapplying                      what would move where inputs have changed; nothing written
reapply(version, person, via, seen)                    writes exactly what was shown

What lines are shared out by is recorded with `pilots.apportion.recording`, which reads files and so stands apart.
"""

from pilots.spend.ratios import Ratio

from .inputs import CannotApportion, Inputs
from .lines import (
    Apportioned,
    MovesChanged,
    Reapplying,
    SharedOut,
    apportion_line,
    apportioned_lines,
    reapply,
    reapplying,
)

__all__ = [
    "Apportioned",
    "CannotApportion",
    "Inputs",
    "MovesChanged",
    "Ratio",
    "Reapplying",
    "SharedOut",
    "apportion_line",
    "apportioned_lines",
    "reapply",
    "reapplying",
]
