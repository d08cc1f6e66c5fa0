"""Which financial year is meant when none is named, and what a year lacks: one rule for pages, API and files.

A count is complete where no whole kind of body is missing. A year is whole where every active place that has a
complete published count of it or of an earlier year has one of it: so totals of two whole years are of the same places.
"""

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.db.models.expressions import RawSQL

from pilots.models import Count, FinancialYear, Programme
from totalplace.money import counted

# Ids of the whole years of a programme, the newest first.
WHOLE_YEARS = """
    WITH complete AS (
        SELECT c.place_id, c.year_id, y.label FROM pilots_count c
            JOIN pilots_financialyear y ON y.id = c.year_id
            JOIN pilots_place p ON p.id = c.place_id AND p.retired_on IS NULL AND p.programme_id = {programme}
            JOIN pilots_version v ON v.id = c.published_id AND cardinality(v.missing) = 0
    ), firsts AS (SELECT min(label) AS first FROM complete GROUP BY place_id)
    SELECT year_id FROM complete GROUP BY year_id, label
        HAVING count(*) = (SELECT count(*) FROM firsts WHERE first <= label) ORDER BY label DESC
"""
NEWEST = f"({WHOLE_YEARS} LIMIT 1)"
NEWEST_WHOLE_YEAR = NEWEST.format(programme="%s")
NEWEST_WHOLE_YEAR_OF_PLACE = NEWEST.format(programme="(SELECT programme_id FROM pilots_place WHERE slug = %s)")


def newest_complete_year(programme: Programme) -> FinancialYear | None:
    """The newest whole year; a partial one is never it."""
    return FinancialYear.objects.filter(pk=RawSQL(NEWEST_WHOLE_YEAR, [programme.pk])).first()  # noqa: S611


def default_year(programme: Programme) -> FinancialYear | None:
    """The same; for who records, where none is published yet, the newest year of the programme. None without years."""
    return newest_complete_year(programme) or programme.years.order_by("-label").first()


def usual_first(counts: QuerySet[Count], slug: str) -> QuerySet[Count]:
    """A place's complete published counts: that of the programme's newest whole year, then the others, newest first."""
    usual = RawSQL(NEWEST_WHOLE_YEAR_OF_PLACE, [slug])  # noqa: S611 - our own statement
    is_usual = ExpressionWrapper(Q(year=usual), BooleanField())
    complete = counts.filter(place__slug=slug, published__missing=[]).annotate(is_usual=is_usual)
    return complete.order_by("-is_usual", "-year__label")


def lagging_places(programme: Programme, year: FinancialYear, kind: str | None = None) -> list[str]:
    """What a year lacks of places, in words: those with a published count of an earlier year and none of it."""
    places = programme.places.filter(retired_on=None, **({"kind": kind} if kind else {}))
    before = places.filter(counts__published__isnull=False, counts__year__label__lt=year.label)
    lagging = before.exclude(counts__in=Count.objects.filter(year=year, published__isnull=False))
    number = lagging.distinct().count()
    return [f"the counts of {counted(number, 'place')}"] if number else []
