"""Doing to shipped counts what people do."""

from decimal import Decimal

from django.contrib.auth import get_user_model

from pilots.models import Count, Person, Role, Version
from pilots.spend.publish import publish_count
from pilots.spend.versions import open_working_version
from pilots.spend.write import change_line
from tests.review.approved import approved


def count_of(slug: str) -> Count:
    return Count.objects.select_related("place").get(place__slug=slug, year__label="2010-11")


def working_version(slug: str) -> Version:
    return open_working_version(count_of(slug))


def add_to_a_line(version: Version, pounds: int | Decimal) -> None:
    """Raises the amount of one line of a working version."""
    line = version.lines.filter(is_transfer=False, is_capital=False).order_by("pk")[0]
    change_line(version, line.pk, {"amount": str(line.amount + pounds)}, line.row_version, None, "test")


def publish(slug: str) -> Version:
    """Publishes a count's working version, submitted and approved, as the Leadership Centre does."""
    person, _ = get_user_model().objects.get_or_create(username="centre")
    assert isinstance(person, Person)
    Role.objects.get_or_create(person=person, kind=Role.Kind.LEADERSHIP_CENTRE)
    return publish_count(approved(count_of(slug)), person)
