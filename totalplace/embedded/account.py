"""As whom the embedded servers run: PostgreSQL refuses to run as root."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")


class CannotRun(Exception):
    """Something cannot run here; the message says why and what to do."""


@dataclass(frozen=True)
class Account:
    """The command prefix under which a server runs, and the owner that its files need, if another."""

    prefix: tuple[str, ...] = ()
    owner: int | None = None

    def give(self, path: Path) -> None:
        """Makes a file or folder of ours the account's own."""
        if self.owner is not None:
            os.chown(path, self.owner, -1)


def unprivileged(home: Path, program: Path) -> Account:
    """The account that runs `program` with its files under `home`: for an ordinary user itself.

    As root, a user namespace, in which root's own folders stay readable under another number; where the
    kernel forbids that, the account `nobody`, if it can write to the folder and run the program. Changes no
    mode and adds no user. Raises CannotRun with what to do.
    """
    if os.geteuid() != 0:
        return Account()
    if shutil.which("unshare") and _runs([*NAMESPACE, str(program), "--version"]):
        return Account(NAMESPACE)
    nobody = pwd.getpwnam("nobody").pw_uid
    as_nobody = ("setpriv", f"--reuid={nobody}", "--clear-groups")
    reaches = ([*as_nobody, "test", "-w", str(home)], [*as_nobody, str(program), "--version"])
    if shutil.which("setpriv") and all(map(_runs, reaches)):
        return Account(as_nobody, nobody)
    raise CannotRun(
        "PostgreSQL refuses to run as root. This kernel forbids user namespaces, and the account nobody"
        f" cannot write to {home} or run {program}. Run Total Place as an ordinary user, set TOTALPLACE_HOME"
        " to a folder that belongs to nobody, or set DATABASE_URL and BROKER_URL to servers of your own."
    )


def _runs(command: Sequence[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603
