"""What the cube is made of: the dimensions one can ask by, the measures one can ask for, and which go together.

Everything that reaches a statement is written here; a request only ever names it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Fact(StrEnum):
    """Where a measure is kept: in the roll-up of spend lines, or in the stored cells of savings maps."""

    SPEND = "spend"
    SAVING = "saving"


BOTH = frozenset(Fact)
SPEND, SAVING = frozenset({Fact.SPEND}), frozenset({Fact.SAVING})


@dataclass(frozen=True, slots=True)
class Dimension:
    """Something to drill down to or to cut by.

    `columns` are what facts are summed to before `joins` find its `key` and `label`; `f` is the summed facts.
    Where a member has no label of its own in the database, `words` has it.
    """

    name: str
    about: str
    facts: frozenset[Fact]
    columns: tuple[str, ...]
    joins: tuple[str, ...]
    key: str
    label: str
    words: Mapping[str, str] | None = None
    has_levels: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure to ask for: a sum of one column of one kind of fact."""

    name: str
    about: str
    fact: Fact
    column: str
    unit: str = "GBP"

    @property
    def is_money(self) -> bool:
        return self.unit == "GBP"


# The joins that dimensions share, by name, in the order in which a statement may need them.
JOINS: Mapping[str, str] = {
    "count": "JOIN pilots_version v ON v.id = f.version_id JOIN pilots_count n ON n.id = v.count_id",
    "place": "JOIN pilots_place p ON p.id = n.place_id",
    "year": "JOIN pilots_financialyear y ON y.id = n.year_id",
    "agency": "JOIN pilots_agency a ON a.id = f.agency_id",
    "agency_type": "JOIN pilots_agencytype k ON k.id = a.type_id",
    "funder": "LEFT JOIN pilots_agency u ON u.id = f.funder_id",
    "service_line": "JOIN pilots_serviceline s ON s.id = f.service_line_id",
    # A line that lies less deep than the level asked for stands for itself.
    "service_level": """
        JOIN (
            SELECT DISTINCT ON (service_line_id) service_line_id, ancestor_id FROM pilots_servicelineancestor
            WHERE level <= %(level)s ORDER BY service_line_id, level DESC
        ) b ON b.service_line_id = f.service_line_id
        JOIN pilots_serviceline s ON s.id = b.ancestor_id
    """,
    "spend_type": "JOIN pilots_spendtype t ON t.id = f.spend_type_id",
    "lever": "JOIN mapping_lever l ON l.id = f.lever_id",
    # A theme that names a branch takes what lies below it; the deepest branch it names counts.
    "theme": """
        JOIN (
            SELECT DISTINCT ON (l.theme_id, d.service_line_id) l.theme_id, d.service_line_id, l.share
            FROM pilots_themeline l JOIN pilots_servicelineancestor d ON d.ancestor_id = l.service_line_id
            ORDER BY l.theme_id, d.service_line_id, d.level DESC
        ) h ON h.service_line_id = f.service_line_id
        JOIN pilots_theme e ON e.id = h.theme_id AND e.programme_id = %(programme)s
            AND (e.place_id IS NULL OR e.place_id = n.place_id)
        LEFT JOIN pilots_place o ON o.id = e.place_id
    """,
}
# A place's own theme is told from another's of the same name by the place.
THEME_KEY = "concat(o.slug || '/', e.name)"
NOT_STATED = "not-stated"
TRUE_FALSE = {"true": "yes", "false": "no"}

DIMENSIONS: Mapping[str, Dimension] = {
    dimension.name: dimension
    for dimension in (
        Dimension(
            "place", "The place where money is spent.", BOTH, ("version_id",), ("count", "place"), "p.slug", "p.name"
        ),
        Dimension(
            "kind",
            "Pilots and parallel places.",
            BOTH,
            ("version_id",),
            ("count", "place"),
            "p.kind",
            "p.kind",
            {"pilot": "Pilot", "parallel": "Parallel place"},
        ),
        Dimension("region", "The region.", BOTH, ("version_id",), ("count", "place"), "p.region", "p.region"),
        Dimension("agency", "The body that delivers.", BOTH, ("agency_id",), ("agency",), "a.code", "a.name"),
        Dimension(
            "agency_type",
            "The kind of body that delivers.",
            BOTH,
            ("agency_id",),
            ("agency", "agency_type"),
            "k.code",
            "k.code",
        ),
        Dimension(
            "funder",
            "The body whose money it is.",
            SPEND,
            ("funder_id",),
            ("funder",),
            f"coalesce(u.code, '{NOT_STATED}')",
            "coalesce(u.name, 'Not stated')",
        ),
        Dimension(
            "service_line",
            "The service; with a level the branch that holds it, at that depth below the root.",
            BOTH,
            ("service_line_id",),
            ("service_line",),
            "s.code",
            "s.name",
            has_levels=True,
        ),
        Dimension("spend_type", "What it is spent on.", SPEND, ("spend_type_id",), ("spend_type",), "t.code", "t.name"),
        Dimension(
            "theme",
            "A theme across services. Themes overlap and are never added up.",
            BOTH,
            ("version_id", "service_line_id"),
            ("count", "theme"),
            THEME_KEY,
            "concat(e.name, ' (' || o.name || ')')",
        ),
        Dimension("year", "The financial year.", BOTH, ("version_id",), ("count", "year"), "y.label", "y.label"),
        Dimension(
            "basis",
            "What the amount is.",
            SPEND,
            ("basis",),
            (),
            "f.basis",
            "f.basis",
            {
                "actual": "Actual: a body’s own return",
                "budget": "Budget",
                "estimate": "Estimate",
                "apportioned": "Apportioned: shared out from a wider figure",
            },
        ),
        Dimension("lever", "The way to save.", SAVING, ("lever_id",), ("lever",), "l.code", "l.name"),
        Dimension(
            "case",
            "The case of the assumptions.",
            SAVING,
            ("scenario",),
            (),
            "f.scenario",
            "f.scenario",
            {"low": "Low", "central": "Central", "high": "High"},
        ),
        Dimension(
            "is_capital",
            "Capital, which stands beside the totals. Left out unless asked for.",
            SPEND,
            ("is_capital",),
            (),
            "f.is_capital::text",
            "f.is_capital::text",
            TRUE_FALSE,
        ),
        Dimension(
            "is_transfer",
            "Money passed on to another public body. Left out unless asked for.",
            SPEND,
            ("is_transfer",),
            (),
            "f.is_transfer::text",
            "f.is_transfer::text",
            TRUE_FALSE,
        ),
    )
}

MEASURES: Mapping[str, Measure] = {
    measure.name: measure
    for measure in (
        Measure("amount.sum", "Spend: revenue without transfers, unless cut otherwise.", Fact.SPEND, "amount"),
        Measure("lines.count", "How many spend lines the amount is the sum of.", Fact.SPEND, "lines", "lines"),
        Measure("saving.sum", "The full-year saving.", Fact.SAVING, "saving"),
        Measure("joined.sum", "The part of the saving that comes from joining up.", Fact.SAVING, "joined"),
        Measure(
            "addressable.sum",
            "The spend that a lever can address. Levers address the same pounds, so only by lever or of one lever.",
            Fact.SAVING,
            "addressable",
        ),
        *(
            Measure(
                f"rests_on_{basis}.sum",
                f"The part of the saving that rests on {words}.",
                Fact.SAVING,
                f"rests_on_{basis}",
            )
            for basis, words in (
                ("actual", "bodies' own returns"),
                ("budget", "budgets"),
                ("estimate", "estimates"),
                ("apportioned", "spend shared out from a wider figure"),
            )
        ),
    )
}
# What is taken where a question names no aggregates, as far as its dimensions allow.
USUAL = ("amount.sum", "saving.sum")
# Left out of amounts unless a question asks for them, and never added to the rest.
BESIDE = ("is_capital", "is_transfer")
# Those that say where and when, and so which versions are read.
OF_VERSION = ("place", "kind", "region", "year")


def goes_with(measure: Measure, dimension: Dimension) -> bool:
    """Whether a measure can be asked for by a dimension."""
    return measure.fact in dimension.facts
