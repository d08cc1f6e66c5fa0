"""Whether an installation is in order: one finding for each thing looked at, with what to do about it."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.core.checks import Tags, run_checks
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from kombu import Connection

from totalplace.celery import app

PATIENCE = 2
LEAST_SECRET = 50
# Free disk in GB below which the database may soon have no room.
LITTLE_DISK = 2
NEWEST_POSTGRES = 180_000
BUILT_BY = "script/server builds and collects them; else run npm run build and manage.py collectstatic"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is in order, what was found, and what to do where it is not."""

    name: str
    is_good: bool
    found: str
    advice: str = ""

    def __str__(self) -> str:
        mark = "ok  " if self.is_good else "FAIL"
        return f"{mark}  {self.name}: {self.found}" + ("" if self.is_good else f" -> {self.advice}")


class Failed(Exception):
    """Something is not in order: what was found, and what to do."""

    def __init__(self, found: str, advice: str) -> None:
        super().__init__(found)
        self.found, self.advice = found, advice


def examine() -> Iterator[Finding]:
    """Looks at everything, one after another; nothing that fails stops the rest."""
    for name, look in LOOKS.items():
        try:
            yield Finding(name, True, look())
        except Failed as failed:
            yield Finding(name, False, failed.found, failed.advice)
        except Exception as problem:
            yield Finding(name, False, f"not reachable ({type(problem).__name__}: {problem})".strip(), ADVICE[name])


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, current_setting('server_version')")
        number, version = cursor.fetchone()
    if number < NEWEST_POSTGRES:
        raise Failed(f"PostgreSQL {version}", "use PostgreSQL 18 or newer")
    return f"PostgreSQL {version}"


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _ in waiting)
        raise Failed(f"not applied: {names}", "run manage.py migrate")
    return "all applied"


def _broker() -> str:
    with Connection(settings.BROKER_URL, connect_timeout=PATIENCE) as broker:
        broker.ensure_connection(max_retries=1, timeout=PATIENCE)
    cache.set("doctor", "was here", 10)
    if cache.get("doctor") != "was here":
        raise Failed("the cache forgets", "give BROKER_URL a Valkey or Redis with memory to spare")
    return "reachable, and keeps what it is given"


def _worker() -> str:
    answers = app.control.inspect(timeout=PATIENCE).ping() or {}
    if not answers:
        raise Failed("no worker answers", "start one: script/server does, else celery -A totalplace worker")
    return f"{len(answers)} answering: {', '.join(sorted(answers))}"


def _static_files() -> str:
    if not settings.STATICFILES_DIRS:
        raise Failed("not built", BUILT_BY)
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    if not manifest.is_file():
        raise Failed("not collected", BUILT_BY)
    newest = max(path.stat().st_mtime for folder in settings.STATICFILES_DIRS for path in folder.rglob("*"))
    if manifest.stat().st_mtime < newest:
        raise Failed("built anew since they were collected", "run manage.py collectstatic")
    return "built and collected"


def _secret_key() -> str:
    if len(settings.SECRET_KEY) < LEAST_SECRET or len(set(settings.SECRET_KEY)) < 5:
        raise Failed(
            f"SECRET_KEY has {len(settings.SECRET_KEY)} characters", f"make one of {LEAST_SECRET} or more, at random"
        )
    return f"SECRET_KEY has {len(settings.SECRET_KEY)} characters"


def _debug() -> str:
    if settings.DEBUG:
        raise Failed("DEBUG is on and shows settings to everybody", "switch it off")
    return "DEBUG is off"


def _hosts() -> str:
    hosts = settings.ALLOWED_HOSTS
    if "*" in hosts or not hosts:
        raise Failed(f"ALLOWED_HOSTS is {', '.join(hosts) or 'empty'}", "name the hosts that this is served under")
    return f"ALLOWED_HOSTS: {', '.join(hosts)}"


def _site_address() -> str:
    said = settings.SITE_ADDRESS
    if said and not (urlsplit(said).scheme in ("http", "https") and urlsplit(said).hostname):
        raise Failed(f"SITE_ADDRESS is {said}", "give the whole address, such as https://totalplace.example.org")
    if settings.MAILERS and not said and not settings.EMBEDDED:
        raise Failed("mail leaves, and SITE_ADDRESS is not set", "set it: links in mails begin with it")
    return f"links in mails begin with {said}" if said else "no mail leaves"


def _https() -> str:
    if settings.EMBEDDED:
        return "plain HTTP, on loopback only (embedded)"
    problems = run_checks(tags=[Tags.security], include_deployment_checks=True)
    if not settings.HTTPS:
        raise Failed("HTTPS is off", "serve behind HTTPS and leave HTTPS at its default; BEHIND_PROXY=true for a proxy")
    if problems:
        raise Failed("; ".join(str(problem.msg) for problem in problems), "run manage.py check --deploy")
    return "required, with strict transport security and secure cookies"


def _disk() -> str:
    home = settings.TOTALPLACE_HOME
    while not home.exists():
        home = home.parent
    free = shutil.disk_usage(home).free / 1e9
    if free < LITTLE_DISK:
        raise Failed(f"{free:.1f} GB free under {home}", f"make room: at least {LITTLE_DISK} GB")
    return f"{free:,.0f} GB free under {home}"


LOOKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "migrations": _migrations,
    "broker": _broker,
    "worker": _worker,
    "static files": _static_files,
    "secret key": _secret_key,
    "debug": _debug,
    "hosts": _hosts,
    "site address": _site_address,
    "HTTPS": _https,
    "disk": _disk,
}
ADVICE = {
    **dict.fromkeys(LOOKS, "see the message"),
    "database": "start it, or correct DATABASE_URL",
    "migrations": "mend the database first",
    "broker": "start it, or correct BROKER_URL",
    "worker": "mend the broker first, then start a worker",
}
