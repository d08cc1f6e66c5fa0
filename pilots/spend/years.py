"""Which financial year is meant when none is named: one rule for pages, API and files."""

from pilots.models import Count, FinancialYear, Programme


def newest_complete_year(programme: Programme) -> FinancialYear | None:
    """The newest year of which a complete count of an active place is published; a partial one is never it."""
    complete = Count.objects.filter(place__programme=programme, place__retired_on=None, published__missing=[])
    newest = complete.select_related("year").order_by("-year__label").first()
    return newest.year if newest else None


def default_year(programme: Programme) -> FinancialYear | None:
    """The same; for who records, where none is published yet, the newest year of the programme. None without years."""
    return newest_complete_year(programme) or programme.years.order_by("-label").first()
