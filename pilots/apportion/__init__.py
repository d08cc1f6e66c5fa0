"""Sharing out what wider bodies spend: by people, claimants, pupils or a given share.

apportion_line(version, agency, service_line, whole, method, person, via, given_share=None, ...) -> SharedOut
reapplying(version) -> Reapplying                      what would move where inputs have changed; nothing written
reapply(version, person, via, seen)                    writes exactly what was shown
record_input(programme, given, person, via), load_inputs(programme, table, person, via)
remove_input(number, person, via)
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
from .recording import GivenInput, InputRefused, load_inputs, record_input, remove_input

__all__ = [
    "Apportioned",
    "CannotApportion",
    "GivenInput",
    "InputRefused",
    "Inputs",
    "MovesChanged",
    "Ratio",
    "Reapplying",
    "SharedOut",
    "apportion_line",
    "apportioned_lines",
    "load_inputs",
    "reapply",
    "reapplying",
    "record_input",
    "remove_input",
]
