"""Saying in words what became of a return: placed, passed on, left out, not understood."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from pilots.outturn import Column, Problem, Return, Use
from totalplace.money import counted, headline, listed

from .counts import Published

SHOWN = 12


def report_lines(name: str, returned: Return, published: Published) -> Iterator[str]:
    """The report of one return that was published, line by line; amounts are of all bodies of the return."""
    yield f"{name}: {returned.title}, {counted(len(returned.amounts), 'body', 'bodies')}."
    for heading, use in (("Placed", Use.SPEND), ("Passed on", Use.TRANSFER), ("Left out", Use.LEFT_OUT)):
        yield from _totals(heading, returned.totals(use))
    for heading, amount in returned.not_understood:
        yield f'  Not understood and left out: "{heading}", {headline(amount)}.'
    yield from _rounded([problem for problem in returned.problems if problem.column and problem.row])
    if published.absent:
        yield f"  Bodies of the register that the return has no row of: {_some(published.absent)}."
    if published.outside:
        yield (
            f"  {counted(len(published.outside), 'body', 'bodies').capitalize()} of the return serve no place "
            f"here and are counted nowhere."
        )
    yield from _places(published)


def _totals(heading: str, totals: Sequence[tuple[Column, Decimal]]) -> Iterator[str]:
    yield f"  {heading}: {headline(sum((amount for _, amount in totals), Decimal(0)))} over all bodies"
    for column, amount in totals:
        yield f"    {headline(amount):>9}  {column.heading}"


def _rounded(problems: Sequence[Problem]) -> Iterator[str]:
    rounded = [problem for problem in problems if "rounding" in problem.advice]
    if rounded:
        yield f"  {counted(len(rounded), 'printed total').capitalize()} differ from their parts by a thousand:"
        yield from (f"    {problem}" for problem in rounded[:SHOWN])
        if len(rounded) > SHOWN:
            yield f"    and {len(rounded) - SHOWN} more"


def _places(published: Published) -> Iterator[str]:
    total = sum((count.total for count in published.counts), Decimal(0))
    yield (
        f"  {published.year}: published {counted(len(published.counts), 'count')}, {published.lines:,} spend lines, "
        f"{headline(total)} without transfers."
    )
    if published.missing:
        yield f"  A partial year: it lacks {listed(published.missing)}."
    if published.unchanged:
        yield f"  {counted(len(published.unchanged), 'count').capitalize()} held the same lines already."
    if published.own:
        yield f"  Left alone, since a later count was published there: {_some(published.own)}."


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
