"""Exports of Kent and of all places, made as the worker makes them."""

import pytest

from mapping.export.making import make_export
from pilots.jobs import Telling
from pilots.jobs.files import exports
from pilots.models import Job


@pytest.fixture(autouse=True)
def exports_folder(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "exports": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "exports"), "base_url": None},
        },
    }
    return tmp_path / "exports"


@pytest.fixture
def export(db):
    """Makes an export and returns its path and its result."""

    def made(format, place="kent", year="2010-11", **more):
        request = {"format": format, "place": place, "year": year, "scenario": "central", "kind": None}
        job = Job.objects.create(kind="export", request=request | {"programme": "total-place"} | more)
        result = make_export(job, Telling(job.pk))
        return exports().path(job.file), result

    return made
