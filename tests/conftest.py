"""What every test needs."""

from collections.abc import Iterator
from contextlib import contextmanager
from os import environ
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """Static files by their plain names: the names with digests exist only after `collectstatic`."""
    storages = {**settings.STORAGES}
    storages["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = storages
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    if "PYTEST_XDIST_WORKER" in environ:
        _use_own_broker(int(environ["PYTEST_XDIST_WORKER"].removeprefix("gw")) + 1)


def _use_own_broker(number: int) -> None:
    """Gives tests that run beside others their own queues and cache, as pytest-django gives them a database."""
    address = urlsplit(settings.BROKER_URL)._replace(path=f"/{number}").geturl()
    environ["BROKER_URL"] = settings.BROKER_URL = settings.CELERY_BROKER_URL = address
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": address}}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The test database as a first start leaves it: register, shipped counts, assumption set 1, fresh maps.

    It is filled once. Tests with `db` or `@pytest.mark.django_db` start from it and are rolled back. Tests that
    commit (`transactional_db`, `live_server`, `@pytest.mark.django_db(transaction=True)`) start from a copy of
    it, see `_django_db_helper`.
    """
    from mapping.assumption_sets import load_assumption_sets
    from mapping.freshness import stale_versions
    from mapping.recompute import recompute_versions
    from pilots.register.counts import load_shipped_counts
    from pilots.register.load import default_programme, load_register

    with django_db_blocker.unblock():
        load_register()
        load_shipped_counts(default_programme())
        load_assumption_sets(default_programme())
        recompute_versions(stale_versions().values_list("pk", flat=True))
        connection.close()


@pytest.fixture
def _django_db_helper(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Gives a test that commits a copy of the test database, dropped afterwards.

    pytest-django would empty all tables after such a test; ours keep a history and refuse that, and the next
    test would find no data. So use its markers and fixtures as ever: a test that commits, looks from several
    connections or threads, or serves pages has the shipped data, and leaves nothing behind. Copying takes a
    fraction of a second: prefer plain `db`. Inside such a test the settings of the connection name the copy,
    for threads too; a process of its own is given `database_address()`.
    """
    marker = request.node.get_closest_marker("django_db")
    commits = bool(marker and marker.kwargs.get("transaction"))
    if commits or {"transactional_db", "live_server"} & set(request.fixturenames):
        with django_db_blocker.unblock(), own_database():
            yield
    else:
        request.getfixturevalue("_django_db_helper")
        yield


@contextmanager
def own_database() -> Iterator[None]:
    """Points every connection at a copy of the test database."""
    original = connection.settings_dict["NAME"]
    copy = f"{original}_copy"
    _run(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)', f'CREATE DATABASE "{copy}" TEMPLATE "{original}"')
    connection.settings_dict["NAME"] = copy
    _leave()
    try:
        yield
    finally:
        connection.settings_dict["NAME"] = original
        _run(f'DROP DATABASE "{copy}" WITH (FORCE)')


def _run(*statements: str) -> None:
    """Runs statements that want nobody connected, from the outside."""
    _leave()
    with connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _leave() -> None:
    """Closes the pool, which a request that ends late may have opened anew by the name of before."""
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's has one


def database_address() -> str:
    """DATABASE_URL of the database that tests use now, for other processes."""
    return urlsplit(environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
