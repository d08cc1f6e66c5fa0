"""What is made up says so in every answer and in the name of every file."""

import pytest
from django.test import Client

from mapping.assumption_sets import load_assumption_sets
from pilots.api.finding import ILLUSTRATIVE
from pilots.demo import Size, seed_demo
from pilots.models import Place, Programme

pytestmark = pytest.mark.django_db


def _with_ways_to_save(programme: Programme) -> None:
    load_assumption_sets(programme)


@pytest.fixture
def made_up() -> Place:
    seed_demo(Size(2, 200, None), prepare=_with_ways_to_save)
    place = Place.objects.filter(programme__slug="demo", counts__published__isnull=False).first()
    assert place is not None
    return place


@pytest.mark.parametrize("what", ["summary", "savings"])
def test_an_answer_about_a_made_up_place_says_so(made_up: Place, what: str) -> None:
    assert ILLUSTRATIVE in Client().get(f"/api/v1/places/{made_up.slug}/{what}/").json()["messages"]


@pytest.mark.parametrize("extension", ["csv", "xlsx", "parquet"])
def test_a_file_about_a_made_up_place_is_known_by_its_name(made_up: Place, extension: str) -> None:
    answer = Client().get(f"/api/v1/places/{made_up.slug}/spend/?format={extension}")
    assert answer.status_code == 200
    assert f'filename="illustrative-spend-{made_up.slug}' in answer["Content-Disposition"]


def test_what_is_real_is_not_called_made_up() -> None:
    assert "llustrative" not in Client().get("/api/v1/places/kent/summary/").content.decode()
    assert "illustrative" not in Client().get("/api/v1/places/kent/spend/?format=csv")["Content-Disposition"]
