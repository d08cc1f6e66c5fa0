"""Who loads what exports are made with: the worker when it starts, and the web only once a file is asked for."""

import subprocess
import sys

START = "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'totalplace.settings'; django.setup(); import sys; "
ADDRESSES = "from django.urls import get_resolver; get_resolver().url_patterns; "
WORKER = "from totalplace.celery import app; app.loader.import_default_modules(); "


def said_by(program: str) -> str:
    """What a Python of its own prints."""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_command_loads_none_of_it():
    assert said_by(f"{START} print({{'openpyxl', 'pyarrow', 'odf'}} & sys.modules.keys())") == "set()"


def test_the_web_answers_without_what_writes_columns():
    assert said_by(f"{START} {ADDRESSES} print({{'pyarrow', 'mapping.export.making'}} & sys.modules.keys())") == "set()"


def test_the_worker_knows_how_each_kind_of_job_is_done():
    kinds = "from pilots.jobs.running import RUNNERS; from pilots.models import Job; "
    assert said_by(f"{START} {WORKER} {kinds} print(set(RUNNERS) == set(Job.Kind))") == "True"
