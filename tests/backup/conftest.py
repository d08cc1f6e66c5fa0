"""The small programme that the tests of files use."""

from ..files.conftest import register

__all__ = ["register"]
