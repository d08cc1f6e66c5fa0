"""What publishing a submission does to the published total: revenue without what is passed on, in pounds."""

from decimal import Decimal

from django.db.models import DecimalField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from pilots.models import SpendLine, Submission, Version

POUNDS = DecimalField(max_digits=18, decimal_places=2)
NOTHING = Decimal(0)


def with_effect(submissions: QuerySet[Submission]) -> QuerySet[Submission]:
    """Submissions that know what was published of their count before them: `published_total`, `published_number`.

    A count that waits is locked, so what is published does not change while somebody decides.
    """
    published = Version.objects.filter(
        count=OuterRef("snapshot__count"), published_at__isnull=False, number__lt=OuterRef("snapshot__number")
    ).order_by("-number")
    total = (
        _revenue()
        .filter(version=OuterRef("published_before"))
        .order_by()
        .values("version")
        .annotate(total=Sum("amount"))
        .values("total")
    )
    found = submissions.annotate(published_before=Subquery(published.values("pk")[:1]))
    return found.annotate(  # type: ignore[no-redef]
        published_number=Subquery(published.values("number")[:1]),
        published_total=Coalesce(Subquery(total), NOTHING, output_field=POUNDS),
    )


def revenue_of(version: Version | None) -> Decimal:
    """The revenue of a version without what is passed on; nothing where there is no version."""
    if version is None:
        return NOTHING
    return _revenue().filter(version=version).aggregate(total=Sum("amount"))["total"] or NOTHING


def _revenue() -> QuerySet[SpendLine]:
    return SpendLine.objects.filter(is_capital=False, is_transfer=False)
