"""Reading the environment, and what embedded mode keeps under TOTALPLACE_HOME."""

import json
import os
import secrets
from pathlib import Path
from typing import Any

import dj_email_url
from environs import FileAwareEnv


def environment() -> FileAwareEnv:
    """The environment; NAME_FILE names a file that holds NAME, as container secrets do."""
    return FileAwareEnv()


def embedded_addresses(home: Path) -> tuple[str, str]:
    """Database and broker addresses that the supervisor last wrote to `addresses.json` under home."""
    try:
        addresses = json.loads((home / "addresses.json").read_text())
        return addresses["database"], addresses["broker"]
    except (OSError, ValueError, KeyError):
        # Nothing was ever started here: commands that need no database still work.
        return "postgresql://totalplace@127.0.0.1:1/totalplace", "redis://127.0.0.1:1/0"


def embedded_secret_key(home: Path) -> str:
    """The secret key of an embedded installation, made at first use and readable by its owner alone."""
    path = home / "secret_key"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        home.mkdir(parents=True, exist_ok=True)
        key = secrets.token_urlsafe(50)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(key)
        except FileExistsError:
            return path.read_text().strip()
        return key


def mailer(url: str) -> dict[str, Any]:
    """How mail leaves, as MAILERS want it: smtp://user:password@host:587/?tls=True."""
    said = dj_email_url.parse(url)
    if not said["EMAIL_HOST"]:
        return {"BACKEND": said["EMAIL_BACKEND"]}
    options = {
        "host": said["EMAIL_HOST"],
        "port": said["EMAIL_PORT"],
        "username": said["EMAIL_HOST_USER"],
        "password": said["EMAIL_HOST_PASSWORD"],
        "use_tls": said["EMAIL_USE_TLS"],
        "use_ssl": said["EMAIL_USE_SSL"],
        "timeout": said["EMAIL_TIMEOUT"] or 10,
    }
    return {"BACKEND": said["EMAIL_BACKEND"], "OPTIONS": options}
