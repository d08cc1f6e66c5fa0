"""The two servers that everything else needs, ours or somebody's."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .account import CannotRun
from .postgres import Postgres
from .processes import Part
from .valkey import start_valkey

NAMES = ("DATABASE_URL", "BROKER_URL")


@contextmanager
def servers(home: Path, *, ephemeral: bool = False) -> Iterator[tuple[list[Part], dict[str, str]]]:
    """PostgreSQL and Valkey while the block runs, as parts and as environment variables.

    What DATABASE_URL or BROKER_URL already names is used instead. Raises CannotRun.
    """
    logs = home / "log"
    logs.mkdir(parents=True, exist_ok=True)
    parts: list[Part] = []
    with only_one(home):
        addresses = {name: os.environ[name] for name in NAMES if os.environ.get(name)}
        try:
            if "DATABASE_URL" not in addresses:
                part, addresses["DATABASE_URL"] = Postgres(home, ephemeral=ephemeral).start(logs / "postgresql.log")
                parts.append(part)
            if "BROKER_URL" not in addresses:
                part, addresses["BROKER_URL"] = start_valkey(home, logs / "valkey.log")
                parts.append(part)
            _tell(home, addresses)
            yield parts, addresses
        finally:
            for part in reversed(parts):
                part.stop()
            (home / "addresses.json").unlink(missing_ok=True)


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Holds the home for one supervisor at a time. Raises CannotRun where another holds it."""
    with (home / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CannotRun(
                f"Total Place already runs in {home} (process {lock.read().strip()}). Stop it first, or set"
                " TOTALPLACE_HOME to another folder."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _tell(home: Path, addresses: dict[str, str]) -> None:
    """Leaves the addresses where manage.py finds them (totalplace.environment)."""
    path = home / "addresses.json"
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump({"database": addresses["DATABASE_URL"], "broker": addresses["BROKER_URL"]}, file)
