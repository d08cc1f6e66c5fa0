"""What the tests of summaries ask of the shipped data."""

from dataclasses import replace

from pilots.models import Count, FinancialYear, Programme, Version
from pilots.register.counts import Published, publish_return, read_shipped
from pilots.register.load import default_programme

YEAR = "2010-11"
CASES = ("low", "central", "high")


def year(label: str = YEAR) -> FinancialYear:
    """A financial year of the shipped programme."""
    return FinancialYear.objects.get(programme=default_programme(), label=label)


def count_of(slug: str, label: str = YEAR) -> Count:
    """A place's count."""
    return Count.objects.select_related("published", "place", "year").get(place__slug=slug, year__label=label)


def published(slug: str, label: str = YEAR) -> Version:
    """A place's published count."""
    version = count_of(slug, label).published
    assert version is not None
    return version


def all_published(label: str = YEAR) -> dict[str, Version]:
    """Every published count of the shipped programme, by place."""
    versions = Version.objects.filter(published_for__year__label=label, count__place__programme=default_programme())
    return {version.count.place.slug: version for version in versions.select_related("count__place")}


def publish_councils_only(programme: Programme, slug: str, label: str) -> Published:
    """Publishes a place's returns of councils for a year of which no NHS or benefit figures are known."""
    returned = replace(read_shipped(programme), year=label)
    return publish_return(programme, returned, [count_of(slug).place_id])
