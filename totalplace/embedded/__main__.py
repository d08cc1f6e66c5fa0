"""python -m totalplace.embedded [--home DIR] serve | exec [--ephemeral] -- COMMAND..."""

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path

from .account import CannotRun
from .processes import start_in_front
from .servers import servers


def main() -> int:
    """Runs what the command line asks for and returns its exit code."""
    chosen = _arguments()
    home = chosen.home.resolve()
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup stays nohup
            signal.signal(number, _interrupt)
    try:
        if chosen.action == "serve":
            from .supervisor import serve

            return serve(home)
        return execute(home, [part for part in chosen.command if part != "--"], ephemeral=chosen.ephemeral)
    except CannotRun as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m totalplace.embedded", description=__doc__)
    home = os.environ.get("TOTALPLACE_HOME") or ".local"
    parser.add_argument("--home", type=Path, default=Path(home), help="where data lives (default .local)")
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("serve", help="run everything until stopped")
    run = actions.add_parser("exec", help="run one command beside PostgreSQL and Valkey")
    run.add_argument("--ephemeral", action="store_true", help="fast, and not durable: for tests")
    run.add_argument("command", nargs="+")
    return parser.parse_args()


def execute(home: Path, command: list[str], *, ephemeral: bool) -> int:
    """Runs a command beside the two servers and returns its exit code."""
    with servers(home, ephemeral=ephemeral) as (_, addresses):
        part = start_in_front(command, {**_for_commands(home), **addresses})
        try:
            return part.process.wait()
        except KeyboardInterrupt:
            _let_finish(part.process)
            raise
        finally:
            part.stop()


def _for_commands(home: Path) -> dict[str, str]:
    """What tells a command that it stands beside embedded servers, if the database is one."""
    is_embedded = not os.environ.get("DATABASE_URL")
    return {"TOTALPLACE_HOME": str(home), "TOTALPLACE_EMBEDDED": str(is_embedded).lower()}


def _let_finish(process: subprocess.Popen) -> None:
    """At a terminal Ctrl-C has reached the command as well; it may need a moment to say what it has to."""
    if os.isatty(0):
        try:
            process.wait(10)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            return


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
