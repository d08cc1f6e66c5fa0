"""Requests that nobody thought of: no failure of ours, and no answer outside the schema."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pilots.models import ApiToken

SETTINGS = Path(__file__).with_name("schemathesis.toml")
# Requests for each operation and phase; set FUZZ_EXAMPLES for more.
EXAMPLES = os.environ.get("FUZZ_EXAMPLES", "3")


@pytest.mark.fuzz
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("who", ["anonymous", "place lead"])
def test_every_operation_survives_whatever_is_sent(who, people, live_server, tmp_path):
    fuzz = [Path(sys.executable).with_name("schemathesis"), "--config-file", SETTINGS, "run", "--checks", "all"]
    fuzz += ["--url", live_server.url, "--max-examples", EXAMPLES, "--warnings", "off", "--no-color"]
    fuzz += ["--suppress-health-check", "all", "--continue-on-failure"]
    if who != "anonymous":
        token = ApiToken.objects.create(user=people[who], name="fuzz")[1]
        fuzz += ["--header", f"Authorization: Token {token}"]
    done = subprocess.run([*fuzz, f"{live_server.url}/api/schema/"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
