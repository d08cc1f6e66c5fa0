"""What the project is made of: the same charts on both sides, and locks that name no registry."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from plotly.offline import get_plotlyjs_version

ROOT = Path(__file__).resolve().parents[2]
LOCKS = [*sorted((ROOT / "requirements").glob("*.txt")), ROOT / "package-lock.json"]


def test_the_plotly_js_that_was_installed_is_the_version_that_plotly_of_python_was_made_for() -> None:
    installed = json.loads((ROOT / "node_modules/plotly.js/package.json").read_text())
    assert installed["version"] == get_plotlyjs_version()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_locks_carry_hashes_and_no_addresses_of_registries(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in re.sub(r'"(url|funding|homepage)": "[^"]*"', "", text)
    assert "sha256:" in text or "sha512-" in text


def test_every_python_package_is_locked_to_one_version_with_hashes() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        for entry in re.split(r"\n(?=\S)", lock.read_text().strip()):
            assert re.match(r"[A-Za-z0-9._\[\],-]+==\S+", entry), f"{lock.name}: {entry[:80]}"
            assert "--hash=sha256:" in entry, f"{lock.name}: {entry[:80]}"


def test_npm_packages_are_exact_and_their_engine_is_enforced() -> None:
    packages = json.loads((ROOT / "package.json").read_text())
    for version in (packages["dependencies"] | packages["devDependencies"]).values():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    assert "engine-strict=true" in (ROOT / ".npmrc").read_text()


def test_the_engine_knows_nothing_of_django_or_of_us() -> None:
    code = (
        "import sys; before = set(sys.modules); import mapping.engine;"
        "print(*sorted({name.partition('.')[0] for name in set(sys.modules) - before}))"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {"django", "pilots", "totalplace", "rest_framework"}.isdisjoint(said.stdout.split())


def test_what_is_never_reads_what_follows() -> None:
    importing = re.compile(r"^\s*(from|import) mapping\b", re.MULTILINE)
    offending = [str(path) for path in (ROOT / "pilots").rglob("*.py") if importing.search(path.read_text())]
    assert offending == []
