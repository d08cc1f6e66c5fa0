"""The demonstration: made up, marked as such, the same from the same seed, and replaced as a whole."""

from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum

from mapping.models import AssumptionSet
from pilots.demo.names import place_name
from pilots.models import Count, Membership, Milestone, Place, Programme, ServiceLine, SpendLine, Version

pytestmark = pytest.mark.django_db


def demo(**options):
    call_command("seed_demo", **{"places": 4, "lines": 2_000, **options})
    return Programme.objects.get(slug="demo")


def published(programme):
    return SpendLine.objects.filter(version__published_for__place__programme=programme)


def keys_and_amounts(programme):
    lines = published(programme).order_by(
        "version__count__place__name",
        "version__count__year__label",
        "agency__code",
        "funder__code",
        "service_line__code",
        "spend_type__code",
    )
    return list(lines.values_list("agency__code", "funder__code", "service_line__code", "spend_type__code", "amount"))


def test_it_stands_in_a_programme_of_its_own_that_is_marked():
    others = set(Programme.objects.values_list("pk", flat=True))
    before = SpendLine.objects.count()
    programme = demo()
    assert programme.is_illustrative
    assert not programme.is_default
    assert programme.pk not in others
    assert SpendLine.objects.count() - before > 2_000


def test_it_has_as_many_places_and_published_lines_as_asked():
    programme = demo(places=5, lines=1_234)
    assert programme.places.count() == 5
    assert published(programme).count() == 1_234
    assert Count.objects.filter(place__programme=programme, published__sealed_at__isnull=False).count() == 10


def test_the_tree_has_as_many_leaves_as_asked_and_spend_on_leaves_only():
    programme = demo(leaves=400)
    lines = ServiceLine.objects.filter(programme=programme)
    assert lines.filter(children=None).count() == 400
    assert not published(programme).filter(service_line__children__isnull=False).exists()


def test_no_body_is_counted_more_than_once():
    programme = demo(places=7)
    shares = Membership.objects.filter(place__programme=programme).values("agency").annotate(all=Sum("share"))
    assert all(Decimal("0.999") < row["all"] <= 1 for row in shares)


def test_the_same_seed_makes_the_same_figures_and_another_one_others():
    first = keys_and_amounts(demo())
    assert keys_and_amounts(demo(replace=True)) == first
    assert keys_and_amounts(demo(replace=True, seed=7)) != first


def test_it_has_levers_drafts_and_milestones_to_show():
    programme = demo()
    assert AssumptionSet.objects.filter(programme=programme, published_at__isnull=False).exists()
    assert Version.objects.filter(count__place__programme=programme, kind="working", status="draft").exists()
    assert Milestone.objects.filter(place__programme=programme).count() == 4 * len(Milestone.Kind)


def test_a_second_time_it_says_what_is_there_and_changes_nothing(capsys):
    demo()
    demo(places=9)
    assert "with 4 places and 2,000 published spend lines" in capsys.readouterr().out
    assert Place.objects.filter(programme__slug="demo").count() == 4


def test_replacing_it_leaves_other_programmes_alone():
    others = SpendLine.objects.exclude(version__count__place__programme__slug="demo")
    before = others.count(), others.aggregate(all=Sum("amount"))
    demo()
    demo(places=2, replace=True)
    assert Place.objects.filter(programme__slug="demo").count() == 2
    assert (others.count(), others.aggregate(all=Sum("amount"))) == before


def test_more_lines_than_there_can_be_are_refused():
    with pytest.raises(CommandError, match="at most"):
        demo(places=1, lines=10_000_000)
    assert not Programme.objects.filter(slug="demo").exists()


def test_a_thousand_places_have_a_thousand_names():
    assert len({place_name(index) for index in range(1_000)}) == 1_000
