"""The REST API of what follows: summaries, savings, levers and maps."""

from . import words  # noqa: F401 - what the members of its answers mean
