"""Runs the whole product as one process tree: database, broker, web, worker and scheduler, together or not at all."""

import hashlib
import json
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from .account import CannotRun
from .processes import Part, start, wait_until
from .servers import servers

ROOT = Path(__file__).resolve().parents[2]
SET_UP_FROM = [
    ROOT / folder
    for folder in ("pilots/migrations", "mapping/migrations", "pilots/register", "mapping/assumptions", "static/dist")
]
HOST = "127.0.0.1"
WEB_WORKERS, WEB_THREADS = 2, 4
WORKER = (
    *("celery", "-A", "totalplace", "worker", "--concurrency", "2", "--loglevel", "INFO"),
    *("--without-gossip", "--without-mingle"),
)
POLL_SECONDS = 0.5
PATIENCE = 10
"""Seconds that web, worker and scheduler have to end what they are doing."""


def serve(home: Path) -> int:
    """Runs everything under `home` until a signal or until a part ends; returns the exit code.

    Nothing is started again: a part that ends takes the others with it, and its last words are shown. Raises
    CannotRun.
    """
    port = _port()
    is_embedded = not os.environ.get("DATABASE_URL")
    with servers(home) as (parts, addresses), _stopped_together() as running:
        environment = {**addresses, "TOTALPLACE_HOME": str(home), "TOTALPLACE_EMBEDDED": str(is_embedded).lower()}
        _set_up(home, environment, is_embedded)
        run = partial(_start_part, home, environment, running)
        web = run("Web server", _web(port))
        _wait_for_web(web, port)
        # Only now: the web is what somebody waits for, and starting all at once takes longer.
        started = [*parts, web, run("Worker", WORKER), run("Scheduler", _scheduler(home))]
        _say_where(home, port, is_embedded)
        return _watch(started)


@contextmanager
def _stopped_together() -> Iterator[list[Part]]:
    """Parts that are added here all end with the block, side by side."""
    running: list[Part] = []
    try:
        yield running
    finally:
        for part in running:
            part.ask_to_stop()
        for part in running:
            part.stop(PATIENCE)


def _port() -> int:
    said = os.environ.get("PORT") or "8000"
    if not said.isdigit() or not 0 < int(said) < 65536:
        raise CannotRun(f"PORT is {said!r}, which is no port. Give a number from 1 to 65535, such as 8000.")
    port = int(said)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise CannotRun(f"Port {port} needs more rights. Choose one above 1023: PORT=8000.") from None
        except OSError:
            raise CannotRun(
                f"Port {port} is in use by another program. Stop that one, or choose another: PORT={port + 1}."
            ) from None
    return port


def _set_up(home: Path, environment: Mapping[str, str], is_embedded: bool) -> None:
    """Brings database and static files up to date; on the first run loads what the product ships with.

    A database of ours that was set up by this very code needs none of it, which a stamp beside it says.
    """
    stamp, code = home / "set-up", _fingerprint()
    if is_embedded and stamp.exists() and stamp.read_text() == code:
        return
    command = [sys.executable, "manage.py", "set_up"]
    part = start("Setting up", command, environment=environment)
    try:
        failed = part.process.wait()
    finally:
        part.stop()
    if failed:
        raise CannotRun("Setting up failed; what it says above is why. Nothing was started.")
    stamp.write_text(code)


def _fingerprint() -> str:
    """What setting up depends on, by name, size and time: migrations, shipped data and built files."""
    files = sorted(file for folder in SET_UP_FROM for file in folder.rglob("*") if _counts(file))
    states = ((str(file.relative_to(ROOT)), file.stat().st_size, file.stat().st_mtime_ns) for file in files)
    return hashlib.sha256(repr(list(states)).encode()).hexdigest()


def _counts(file: Path) -> bool:
    return file.is_file() and file.suffix != ".pyc"


def _web(port: int) -> list[str]:
    return [
        *("granian", "--interface", "wsgi", "--host", HOST, "--port", str(port), "--no-ws"),
        *("--workers", str(WEB_WORKERS), "--blocking-threads", str(WEB_THREADS), "--workers-kill-timeout", "5"),
        "totalplace.wsgi:application",
    ]


def _scheduler(home: Path) -> list[str]:
    schedule = ("--schedule", str(home / "schedule"), "--pidfile=")
    return ["celery", "-A", "totalplace", "beat", "--loglevel", "WARNING", *schedule]


def _start_part(
    home: Path, environment: Mapping[str, str], running: list[Part], name: str, command: Sequence[str]
) -> Part:
    """Starts a part whose program is one of our environment's, and adds it to those that run."""
    program = Path(sys.executable).parent / command[0]
    log = home / "log" / f"{name.lower().replace(' ', '-')}.log"
    part = start(name, [str(program), *command[1:]], environment=environment, log=log)
    running.append(part)
    return part


def _wait_for_web(web: Part, port: int) -> None:
    if not wait_until(lambda: _answers(port), web, 120):
        raise CannotRun(f"The web server did not start. Its log ends:\n{web.last_words()}")


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=2) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def _say_where(home: Path, port: int, is_embedded: bool) -> None:
    print(f"\nTotal Place runs at http://{HOST}:{port}/", flush=True)
    if is_embedded:
        for sign_in in _sign_ins(home):
            password = sign_in["password"] or "(changed since)"
            print(f"  sign in as {sign_in['username']:<18} {password:<18} {sign_in['what']}")
    print(f"Data and logs are in {home}. Ctrl-C stops everything.", flush=True)


def _sign_ins(home: Path) -> list[dict[str, str]]:
    """The example sign-ins that setting up has left for an installation on one machine."""
    try:
        return json.loads((home / "sign-ins.json").read_text())
    except (OSError, ValueError):
        return []


def _watch(parts: list[Part]) -> int:
    """Waits until a part ends by itself, which is a failure: says which, with its last words."""
    while True:
        for part in parts:
            if part.process.poll() is not None:
                code = part.process.returncode
                words = signal.Signals(-code).name if code < 0 else f"exit code {code}"
                print(f"{part.name} has ended ({words}), so everything stops.\n{part.last_words()}", file=sys.stderr)
                return 1
        time.sleep(POLL_SECONDS)
