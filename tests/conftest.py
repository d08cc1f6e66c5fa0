"""What every test needs."""

import pytest
from django.conf import settings


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """Static files by their plain names: the names with digests exist only after `collectstatic`."""
    storages = {**settings.STORAGES}
    storages["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = storages
