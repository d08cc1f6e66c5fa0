"""States that the shipped register and counts do not have by themselves, for tests of the pages."""

from decimal import Decimal

from django.utils import timezone

from mapping.models import CurrentMap
from pilots.acting import acting
from pilots.models import Count, FinancialYear, Person, Place, Role, SpendLine, Version

COUNCILS_ONLY = ("health", "benefits paid by the state")


def published(slug: str, year: str = "2010-11") -> Version:
    """The published version of a place's year."""
    return Version.objects.get(published_for__place__slug=slug, published_for__year__label=year)


def without_map(slug: str) -> Version:
    """A place whose savings are being computed."""
    version = published(slug)
    CurrentMap.objects.filter(version=version).delete()
    return version


def with_changed_register(slug: str) -> None:
    """A place one of whose bodies has another name now, so that all maps are older than the register."""
    body = Place.objects.get(slug=slug).agencies.order_by("code")[0]
    with acting(None, "test"):
        body.name = f"{body.name} renamed"
        body.save()


def with_partial_year(slug: str, year: str = "2011-12") -> Version:
    """A place with a published count of councils alone for another year."""
    place = Place.objects.get(slug=slug)
    line = SpendLine.objects.filter(version=published(slug), agency__type__code="district council").first()
    assert line is not None
    with acting(None, "test"):
        count = Count.objects.create(place=place, year=FinancialYear.objects.get(label=year, programme=place.programme))
        version = Version.objects.create(
            count=count,
            kind=Version.Kind.SNAPSHOT,
            number=1,
            status=Version.Status.PUBLISHED,
            label="official return",
            missing=list(COUNCILS_ONLY),
        )
        line.pk, line.version, line.amount, line.whole_amount = None, version, Decimal("1000000.00"), Decimal("1000000")
        line.save(force_insert=True)
        version.sealed_at = version.published_at = timezone.now()
        version.save()
        count.published = version
        count.save()
    return version


def lead_of(slug: str) -> Person:
    """Somebody who leads a place."""
    person = Person.objects.create(username=f"lead-of-{slug}", first_name="Lena", last_name="Lead")
    Role.objects.create(person=person, kind=Role.Kind.PLACE_LEAD, place=Place.objects.get(slug=slug))
    return person
