"""Child processes that never outlive this one."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

WRAPPER = Path(__file__).parent / "die_with_parent.py"


@dataclass
class Part:
    """One running part: its name for people, its process, and the signal that ends it cleanly."""

    name: str
    process: subprocess.Popen
    stop_signal: int = signal.SIGTERM
    log: Path | None = None

    def ask_to_stop(self) -> None:
        """Sends the signal that ends the part cleanly, and does not wait."""
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)

    def stop(self, patience: float = 20) -> None:
        """Ends the part and all it started; forces what has not ended after `patience` seconds."""
        if self.process.poll() is None:
            self.ask_to_stop()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
        if os.getpgid(0) != self.process.pid:
            _kill_group(self.process.pid)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def last_words(self, lines: int = 15) -> str:
        """The end of the part's log, for a message."""
        if self.log is None or not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def start(
    name: str,
    command: Sequence[str],
    *,
    account: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    log: Path | None = None,
    stop_signal: int = signal.SIGTERM,
) -> Part:
    """Starts a part in a process group of its own; it gets its stop signal when this process dies.

    `account` is the command prefix under which it runs (account.Account). Without a log it writes where this
    process writes.
    """
    output = log.open("ab") if log else None
    try:
        process = subprocess.Popen(  # noqa: S603 - our own commands
            [*account, *_dying_with_us(stop_signal), *command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if log else None,
            env={**os.environ, **(environment or {})},
            process_group=0,
        )
    finally:
        if output:
            output.close()
    return Part(name, process, stop_signal, log)


def start_in_front(command: Sequence[str], environment: Mapping[str, str]) -> Part:
    """Starts a command that people talk to: it keeps the terminal, and Ctrl-C reaches it directly."""
    process = subprocess.Popen(  # noqa: S603 - what the person asked for
        [*_dying_with_us(signal.SIGINT), *command], env={**os.environ, **environment}
    )
    return Part(command[0], process, signal.SIGINT)


def _dying_with_us(stop_signal: int) -> list[str]:
    return [sys.executable, "-S", "-E", str(WRAPPER), str(int(stop_signal)), str(os.getpid())]


def _kill_group(group: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def wait_until(ready: Callable[[], bool], part: Part, patience: float) -> bool:
    """Whether a part became ready within `patience` seconds and is still running."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if part.process.poll() is not None:
            return False
        if ready():
            return True
        time.sleep(0.02)
    return False
