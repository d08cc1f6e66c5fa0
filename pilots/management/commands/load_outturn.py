"""manage.py load_outturn: official revenue outturn workbooks into published snapshots."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from pilots import outturn
from pilots.models import Programme
from pilots.register.counts import columns, publish_return
from pilots.register.load import default_programme
from pilots.register.report import report_lines

SHOWN = 40


class Command(BaseCommand):
    help = (
        "Reads revenue outturn workbooks as published and publishes what they say of every place as an official "
        "return, with a report of what was placed, passed on, left out and not understood. All files, or none."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--columns", type=Path, help="another lookup of headings than the shipped one")
        parser.add_argument("--check", action="store_true", help="read and report, store nothing")
        parser.add_argument(
            "--export", type=Path, metavar="CSV", help="keep the part that is read as text, and store nothing"
        )

    def handle(self, *args: Any, files: list[Path], **options: Any) -> None:
        programme = default_programme()
        lookup = outturn.read_columns(options["columns"]) if options["columns"] else columns()
        known = set(programme.agencies.values_list("code", flat=True))
        if options["export"]:
            self._export(files, options["export"], lookup, known)
            return
        returns = [self._read(path, lookup, known) for path in files]
        self._publish(programme, files, returns, check_only=options["check"])

    def _export(self, files: list[Path], target: Path, lookup: dict[str, outturn.Column], known: set[str]) -> None:
        if len(files) != 1:
            raise CommandError("--export takes one file.")
        self._read(files[0], lookup, known)
        outturn.write_csv(outturn.kept_part(_sheet(files[0]), lookup, known), target)
        self.stdout.write(f"{target}: the part of {files[0].name} that is counted or checked.")

    def _read(self, path: Path, lookup: dict[str, outturn.Column], known: set[str]) -> outturn.Return:
        try:
            return outturn.read_return(_sheet(path), lookup, known)
        except outturn.ReturnRefused as error:
            problems = [problem for problem in error.problems if problem.refuses]
            shown = "\n".join(f"  {problem}" for problem in problems[:SHOWN])
            more = f"\n  and {len(problems) - SHOWN} more" if len(problems) > SHOWN else ""
            raise CommandError(f"{path.name} cannot be used, and nothing was changed.\n{shown}{more}") from error

    def _publish(
        self, programme: Programme, files: list[Path], returns: list[outturn.Return], *, check_only: bool
    ) -> None:
        try:
            with transaction.atomic():
                for path, returned in zip(files, returns, strict=True):
                    published = publish_return(programme, returned)
                    for line in report_lines(path.name, returned, published):
                        self.stdout.write(line)
                transaction.set_rollback(check_only)
        except outturn.ReturnRefused as error:
            raise CommandError(f"Nothing was changed.\n{error}") from error
        if check_only:
            self.stdout.write("Checked only: nothing was stored.")


def _sheet(path: Path) -> outturn.Sheet:
    return outturn.read_csv(path) if path.suffix.lower() == ".csv" else outturn.read_workbook(path)
