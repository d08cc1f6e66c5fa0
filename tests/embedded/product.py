"""The whole product as a person starts it, as one process tree on a port of its own."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
OURS = ("DATABASE_URL", "BROKER_URL", "TOTALPLACE_EMBEDDED", "TOTALPLACE_HOME", "SECRET_KEY", "DJANGO_SETTINGS_MODULE")


def clean_environment(**more: str) -> dict[str, str]:
    """The environment without what the tests' own servers are told by."""
    return {**{name: value for name, value in os.environ.items() if name not in OURS}, **more}


@dataclass
class Product:
    """One installation under a home of its own."""

    home: Path
    port: int
    process: subprocess.Popen | None = None
    seconds_to_serve: float = 0
    tree: list[psutil.Process] = field(default_factory=list)

    def start(self, patience: float = 150) -> None:
        """Starts everything and waits until the web answers; remembers the whole tree."""
        begun = time.monotonic()
        with (self.home.parent / f"{self.home.name}.out").open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "totalplace.embedded", "--home", str(self.home), "serve"],
                cwd=ROOT,
                env=clean_environment(PORT=str(self.port)),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # A shell that runs the tests in its background has them ignore Ctrl-C, and so would this.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )
        while self.get("/healthz") != 200:
            assert self.process.poll() is None, self.output()
            assert time.monotonic() - begun < patience, f"It does not answer after {patience} s:\n{self.output()}"
            time.sleep(0.1)
        self.seconds_to_serve = time.monotonic() - begun
        self.remember_tree()

    def remember_tree(self) -> list[psutil.Process]:
        assert self.process
        ours = psutil.Process(self.process.pid)
        self.tree = [ours, *ours.children(recursive=True)]
        return self.tree

    def get(self, path: str) -> int | None:
        """The status of an address; none where nothing answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as response:
                return response.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return None

    def wait_for(self, path: str, status: int, patience: float = 30) -> None:
        end = time.monotonic() + patience
        while (found := self.get(path)) != status:
            assert time.monotonic() < end, f"{path} answers {found}, not {status}"
            time.sleep(0.2)

    def part(self, words: str) -> psutil.Process:
        """The topmost process of the tree whose command says `words`."""
        for process in self.remember_tree():
            if re.search(words, " ".join(process.cmdline())) and "die_with_parent" not in process.cmdline()[0:4][-1]:
                return process
        raise LookupError(words)

    def stop(self, number: int = signal.SIGTERM, patience: float = 40) -> int:
        """Sends the whole a signal and waits for its end; the exit code."""
        assert self.process
        self.remember_tree()
        self.process.send_signal(number)
        return self.process.wait(patience)

    def left_running(self, patience: float = 25) -> list[str]:
        """What of the tree still runs after a while."""
        _, alive = psutil.wait_procs(self.tree, timeout=patience)
        return [" ".join(process.cmdline()) for process in alive if process.status() != psutil.STATUS_ZOMBIE]

    def manage(self, *arguments: str) -> subprocess.CompletedProcess:
        """manage.py beside the running product."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=clean_environment(TOTALPLACE_HOME=str(self.home)),
            capture_output=True,
            text=True,
            timeout=120,
        )

    def output(self) -> str:
        return (self.home.parent / f"{self.home.name}.out").read_text(errors="replace")
