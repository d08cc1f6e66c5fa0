"""Kent's count of 2010-11, as the tests of recording change it."""

from typing import Any

from pilots.models import Count, Person, SpendLine, Version
from pilots.spend.versions import open_working_version
from pilots.spend.write import add_line

COUNTY, DOVER, ASHFORD = "E2221", "E2234", "E2231"
YEAR = "2010-11"


def count_of_kent() -> Count:
    """The shipped count."""
    return Count.objects.select_related("place", "published", "year").get(place__slug="kent", year__label=YEAR)


def published_version() -> Version:
    """The snapshot of it that the public sees."""
    published = count_of_kent().published
    assert published is not None
    return published


def working_version_of_kent() -> Version:
    """Its working version, begun from the official return."""
    return open_working_version(count_of_kent())


def line(**changes: Any) -> dict[str, Any]:
    """A line of Dover that the official return does not have."""
    return {
        "agency": DOVER,
        "service_line": "central-services",
        "spend_type": "employees",
        "amount": "1,234.50",
        **changes,
    }


def added(version: Version, who: Person | None = None, **changes: Any) -> SpendLine:
    """A line recorded as a page does."""
    return add_line(version, line(**changes), who, "page")
