"""Sums of a large count by each dimension and by pairs of them, against one sum of the lines themselves."""

from collections.abc import Iterable
from itertools import combinations
from statistics import median

from django.core.management import call_command
from django.db import connection

from mapping.cube import Cells, Which, choose, read_question
from mapping.cube.dimensions import DIMENSIONS, Fact
from mapping.freshness import stale_versions
from mapping.recompute import recompute_versions
from mapping.tasks import BATCH
from pilots.api.parameters import Asked
from pilots.models import Programme

from .measure import Result, seconds

DEMO = "demo"
TIMES = 5
GOAL = "goal: under 0.15 s"
MEASURED = {Fact.SPEND: "amount.sum", Fact.SAVING: "saving.sum"}
# The sum by spend type, as whoever has only the lines would ask for it.
OF_LINES = """
    SELECT l.spend_type_id, sum(l.amount) FROM pilots_spendline l
        JOIN pilots_count c ON c.published_id = l.version_id JOIN pilots_financialyear y ON y.id = c.year_id
        JOIN pilots_programme m ON m.id = y.programme_id
    WHERE m.slug = %s AND NOT l.is_capital AND NOT l.is_transfer GROUP BY 1
"""


def run(lines: int) -> list[Result]:
    call_command("seed_demo", places=93, lines=lines, verbosity=0)
    programme = Programme.objects.get(slug=DEMO)
    stale = list(stale_versions(programme).values_list("pk", flat=True))
    for start in range(0, len(stale), BATCH):
        recompute_versions(stale[start : start + BATCH])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    by_lines = median(seconds(_sum_of_lines) for _ in range(TIMES))
    return [
        _slowest(f"any dimension of {lines:,} lines", _questions(1), programme, by_lines),
        _slowest("any two of them", _questions(2), programme, by_lines),
    ]


def _questions(number: int) -> Iterable[tuple[str, str]]:
    """Drilldowns of so many dimensions, each with a measure that goes with all of them."""
    for some in combinations(DIMENSIONS.values(), number):
        for fact, measure in MEASURED.items():
            if all(fact in dimension.facts for dimension in some):
                yield "|".join(dimension.name for dimension in some), measure


def _slowest(name: str, questions: Iterable[tuple[str, str]], programme: Programme, by_lines: float) -> Result:
    """The slowest question, by the median of its times."""

    def took(drilldown: str, measure: str) -> float:
        return median(seconds(lambda: _ask(drilldown, measure, programme)) for _ in range(TIMES))

    times = {(drilldown, measure): took(drilldown, measure) for drilldown, measure in questions}
    (drilldown, measure), slowest = max(times.items(), key=lambda one: one[1])
    said = f"{GOAL}; the slowest of {len(times)}: {measure} by {drilldown}; median {median(times.values()):.3f} s"
    return Result(f"a sum by {name}", slowest, "a sum of the lines", by_lines, note=said)


def _ask(drilldown: str, measure: str, programme: Programme) -> None:
    """All that an answer takes of the database: what the question is about, and its first thousand cells."""
    question = read_question(Asked({"drilldown": drilldown, "aggregates": measure}), None)
    Cells(question, choose(question, programme, Which())).page(0, 1000)


def _sum_of_lines() -> None:
    with connection.cursor() as cursor:
        cursor.execute(OF_LINES, [DEMO])
        cursor.fetchall()
