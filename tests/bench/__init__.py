"""Benchmarks: how long the product takes, as ratios to what the same work costs elsewhere in the same run."""

from collections.abc import Callable

from django.core.management import call_command

from .measure import Result


def prepare() -> None:
    """The shipped places with their counts and maps."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("set_up", verbosity=0)


def _recompute(lines: int) -> list[Result]:
    from . import recomputing

    return recomputing.run(lines)


def _import(lines: int) -> list[Result]:
    from . import importing

    return importing.run(lines)


def _edit(lines: int) -> list[Result]:
    from . import editing

    return editing.run()


def _aggregate(lines: int) -> list[Result]:
    from . import aggregating

    return aggregating.run(lines)


def _summary(lines: int) -> list[Result]:
    from . import serving

    return serving.run()


BENCHMARKS: dict[str, Callable[[int], list[Result]]] = {
    "recompute": _recompute,
    "import": _import,
    "edit": _edit,
    "aggregate": _aggregate,
    "summary": _summary,
}
