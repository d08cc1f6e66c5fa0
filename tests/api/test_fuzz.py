"""Requests that nobody thought of: no failure of ours, and no answer outside the schema."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from pilots.models import ApiToken
from tests.conftest import database_address

SETTINGS = Path(__file__).with_name("schemathesis.toml")
PROGRAMS = Path(sys.executable).parent
# Requests for each operation and phase; on demand many, and some two thousand more at the edges of the schema:
# FUZZ_EXAMPLES=400 FUZZ_PHASES=examples,coverage,fuzzing,stateful
EXAMPLES = os.environ.get("FUZZ_EXAMPLES", "5")
PHASES = os.environ.get("FUZZ_PHASES", "examples,fuzzing,stateful")


@pytest.fixture
def address(transactional_db, tmp_path) -> Iterator[str]:
    """The address of a real server on a copy of the test database, without a limit of requests."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "DATABASE_URL": database_address(),
        "API_LIMIT_ANONYMOUS": "0",
        "API_LIMIT_PERSON": "0",
        "LOG_LEVEL": "ERROR",
    }
    server: list[str | Path] = [
        PROGRAMS / "granian",
        "--interface",
        "wsgi",
        "--port",
        str(port),
        "--log-level",
        "error",
    ]
    with (tmp_path / "server.log").open("w") as log:
        running = subprocess.Popen([*server, "totalplace.wsgi:application"], env=environment, stdout=log, stderr=log)
        try:
            yield _answering(f"http://127.0.0.1:{port}")
        finally:
            running.terminate()
            running.wait(20)


def _answering(address: str) -> str:
    """The address, once the server answers there."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            requests.get(f"{address}/api/v1/service-lines/", timeout=10).raise_for_status()
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return address
    raise AssertionError("the server did not begin to answer within a minute")


@pytest.mark.fuzz
@pytest.mark.apart
@pytest.mark.timeout(7200)
def test_every_operation_survives_whatever_is_sent(address, people, tmp_path):
    token = ApiToken.objects.create(user=people["place lead"], name="fuzz")[1]
    working = f"{address}/api/v1/places/kent/spend/?version=working"
    assert requests.get(working, headers={"Authorization": f"Token {token}"}, timeout=60).status_code == 200
    fuzz: list[str | Path] = [
        PROGRAMS / "schemathesis",
        "--no-color",
        "--config-file",
        SETTINGS,
        "run",
        "--checks",
        "all",
    ]
    fuzz += [
        "--phases",
        PHASES,
        "--max-examples",
        EXAMPLES,
        "--header",
        f"Authorization: Token {token}",
        "--url",
        address,
    ]
    fuzz += [arg for name in os.environ.get("FUZZ_ONLY", "").split() for arg in ("--include-operation-id", name)]
    fuzz += ["--warnings", "off", "--suppress-health-check", "all", "--continue-on-failure"]
    done = subprocess.run([*fuzz, f"{address}/api/schema/"], cwd=tmp_path, capture_output=True, text=True)
    # How many cases there were, and how long they took: seen with `pytest -s`.
    print(done.stdout[-3_000:])
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
