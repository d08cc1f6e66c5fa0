"""Which years have been counted."""

from django.db.models import Exists, OuterRef

from pilots.models import Count, FinancialYear, Programme


def default_year(programme: Programme) -> FinancialYear | None:
    """The newest year that has a complete published count of an active place; a partial one is never it."""
    complete = Count.objects.filter(
        year=OuterRef("pk"), place__retired_on=None, published__isnull=False, published__missing=[]
    )
    return FinancialYear.objects.filter(Exists(complete), programme=programme).order_by("-label").first()
