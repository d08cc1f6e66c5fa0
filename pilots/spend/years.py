"""Which financial year is meant when none is named."""

from pilots.models import Count, FinancialYear, Programme


def default_year(programme: Programme) -> FinancialYear | None:
    """The newest complete published year; where none is, the newest year of the programme. None without years."""
    years = FinancialYear.objects.filter(programme=programme)
    complete = Count.objects.filter(year__programme=programme, place__retired_on=None, published__missing=[])
    return years.filter(pk__in=complete.values("year")).order_by("label").last() or years.order_by("label").last()
