"""Files of reports: made by the worker, kept, asked for once, and honest where they cannot be made."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from mapping.pages import report_views
from mapping.reports.asking import ask_for
from mapping.reports.files import CONTENT_TYPES, Wanted, kept_file, make_file, report_file
from mapping.reports.tasks import make_report
from pilots.acting import acting
from pilots.models import Place, Version
from totalplace.celery import app

from .conftest import ADDRESS


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


@pytest.fixture
def a_worker() -> Iterator[None]:
    """A worker that is at once: tasks run where they are asked for."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


@pytest.fixture
def no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody takes messages, and pages do not wait for long."""
    monkeypatch.setattr(report_views, "WAIT", 0.05)


@pytest.mark.parametrize("format", ["pdf", "xlsx"])
@pytest.mark.parametrize("page", ["/places/kent/report", "/report"])
def test_a_file_is_made_and_sent_under_a_name_that_says_what_it_is(
    client: Client, kent: Version, a_worker: None, page: str, format: str
) -> None:
    response = client.get(f"{page}.{format}")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == CONTENT_TYPES[format]
    assert f"-2010-11-central.{format}" in response.headers["Content-Disposition"]
    assert response.content[:4] in (b"%PDF", b"PK\x03\x04")


def test_while_nobody_makes_it_a_page_says_so_and_looks_again(client: Client, kent: Version, no_worker: None) -> None:
    response = client.get("/places/kent/report.pdf")
    assert response.status_code == 202
    assert response.headers["Refresh"] == "2"
    assert "is being made" in response.content.decode()


def test_the_worker_is_asked_once(kent: Version, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(make_report, "apply_async", lambda *given, **how: asked.append(given))
    for _ in range(3):
        ask_for(wanted(kent))
    assert len(asked) == 1


def test_what_the_worker_made_is_what_the_page_sends(client: Client, kent: Version, a_worker: None) -> None:
    first = client.get("/places/kent/report.xlsx").content
    assert client.get("/places/kent/report.xlsx").content == first


def test_a_file_that_cannot_be_made_says_why(kent: Version) -> None:
    from mapping.models import CurrentAssumptionSet, CurrentMap

    CurrentMap.objects.all().delete()
    CurrentAssumptionSet.objects.all().delete()
    made = make_file(wanted(kent, format="xlsx"))
    assert made.problem.startswith("There is no savings map yet")
    assert kept_file(wanted(kent, format="xlsx")) == made


def test_another_name_of_the_place_is_another_file(client: Client, kent: Version, a_worker: None) -> None:
    before = client.get("/places/kent/report.pdf").content
    with acting(None, "test"):
        place = Place.objects.get(slug="kent")
        place.name = "Kent and the Weald"
        place.save()
    after = client.get("/places/kent/report.pdf").content
    assert after != before


def test_a_job_of_anybodys_can_make_one_on_the_spot(kent: Version) -> None:
    assert report_file(wanted(kent)).startswith(b"%PDF")


def wanted(version: Version, format: str = "pdf") -> Wanted:
    return Wanted(format=format, scenario="central", address=ADDRESS, standing="", version=version.pk)
