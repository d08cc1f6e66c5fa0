"""manage.py load_counts: spend lines from files into working versions, all or nothing a file."""

import csv
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from pilots.permissions import NotAllowed
from pilots.spend.files import (
    LOADED,
    AnyCount,
    FileProblem,
    FileRefused,
    Mode,
    NotFound,
    Plan,
    import_table,
    mapping_of,
    read_table,
)
from pilots.spend.files.units import Unit
from pilots.spend.files.uploads import already_loaded, record_load
from pilots.spend.publish import CannotPublish, publish_count
from pilots.spend.write import VersionLocked
from totalplace.money import counted, exact

VIA = "command load_counts"
PRINTED = 50
COLUMNS = ("file", "sheet", "row", "column", "heading", "found", "code", "message")


class Command(BaseCommand):
    help = (
        "Loads spend lines from CSV, XLSX, ODS, XLS or Fiscal Data Packages into working versions. A file with an "
        "error in any row changes nothing. Place and year come from columns of the file or from --place and --year."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument("--place", metavar="SLUG", default="", help="the place of rows that name none")
        parser.add_argument("--year", metavar="YYYY-YY", default="", help="the year of rows that name none")
        parser.add_argument("--sheet", default="", help="the sheet of a workbook, or the resource of a package")
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="HEADING=FIELD",
            help="which field a column is, where its heading does not say so; may be repeated",
        )
        parser.add_argument(
            "--unit",
            choices=list(Unit),
            default=Unit.POUNDS,
            help="what the amounts count: thousands and millions are multiplied, exactly",
        )
        parser.add_argument("--check", action="store_true", help="say what would change, and change nothing")
        parser.add_argument("--replace", action="store_true", help="remove lines of these counts that the file lacks")
        parser.add_argument("--publish", action="store_true", help="publish each count that changed")
        parser.add_argument("--errors", action="store_true", help="write all errors to FILE.errors.csv")

    def handle(self, *args: Any, files: list[Path], **options: Any) -> None:
        self._refuse_unknown(options["place"], options["year"])
        failed = [file for file in files if not self._load(file, options)]
        if failed:
            raise CommandError(f"Not loaded: {', '.join(str(file) for file in failed)}. Nothing of it was stored.")

    def _refuse_unknown(self, place: str, year: str) -> None:
        """An unknown place or year is said before any file is read."""
        counts = AnyCount(None, VIA)
        try:
            if place:
                found = counts.place(place)
                if year:
                    counts.year(found, year)
        except NotFound as error:
            raise CommandError(str(error)) from error

    def _load(self, file: Path, options: dict[str, Any]) -> bool:
        """One file: whether it could be used."""
        mode = Mode.REPLACE if options["replace"] else Mode.ADD_OR_CHANGE
        try:
            table = replace(read_table(file, limits=LOADED, sheet=options["sheet"]), unit=Unit(options["unit"]))
            if earlier := already_loaded(file):
                self.stdout.write(f"{file}: the same content was loaded before, {earlier}.")
            mapping = mapping_of(table, _columns(options["column"]))
            counts = AnyCount(None, VIA, options["place"], options["year"])
            plan = import_table(table, mapping, counts, None, VIA, mode, only_check=options["check"])
        except OSError as error:
            self.stderr.write(f"{file}: {error.strerror or error}")
            return False
        except (VersionLocked, NotAllowed) as error:
            self.stderr.write(f"{file}: {error}")
            return False
        except FileRefused as error:
            self._tell_problems(file, error, options["errors"])
            return False
        self._tell(file, plan, options["check"])
        if not options["check"]:
            record_load(file, plan)
            if options["publish"]:
                self._publish(plan)
        return True

    def _tell_problems(self, file: Path, error: FileRefused, to_file: bool) -> None:
        problems = error.problems
        for problem in problems.kept[:PRINTED]:
            self.stderr.write(f"{file}: {problem}")
        if len(problems) > PRINTED:
            self.stderr.write(f"{file}: {len(problems) - PRINTED:,} more errors.")
        if to_file:
            written = _write_errors(file, problems)
            self.stderr.write(f"{file}: the errors are in {written}.")

    def _tell(self, file: Path, plan: Plan, only_check: bool) -> None:
        for notice in (*plan.notices, *plan.warnings):
            self.stdout.write(f"{file}: {notice}")
        would = "would be " if only_check else ""
        for difference in plan.differences:
            count, lines = difference.version.count, difference.lines
            before, after = difference.before["revenue"], difference.after["revenue"]
            self.stdout.write(
                f"{count.place.slug} {count.year}: {lines.added:,} lines {would}added, {lines.changed:,} changed, "
                f"{lines.removed:,} removed, {lines.unchanged:,} unchanged; revenue {exact(before)} -> {exact(after)}."
            )
        self.stdout.write(f"{file}: {counted(plan.rows, 'row')} {'checked' if only_check else 'loaded'}.")

    def _publish(self, plan: Plan) -> None:
        for difference in plan.differences:
            count = difference.version.count
            try:
                snapshot = publish_count(count, None, via=VIA)
                self.stdout.write(f"{count}: published as snapshot {snapshot.number}.")
            except CannotPublish as error:
                self.stdout.write(f"{count}: not published. {error}")


def _columns(given: Iterable[str]) -> dict[str, str]:
    """HEADING=FIELD as a correction of the mapping."""
    pairs = [text.rpartition("=") for text in given]
    if wrong := [text for text, (_, sign, _) in zip(given, pairs, strict=True) if not sign]:
        raise CommandError(f"--column is HEADING=FIELD, not {wrong[0]}.")
    return {heading.strip(): field.strip() for heading, _, field in pairs}


def _write_errors(file: Path, problems: Iterable[FileProblem]) -> Path:
    path = file.with_name(f"{file.name}.errors.csv")
    with path.open("w", encoding="utf-8-sig", newline="") as opened:
        writer = csv.DictWriter(opened, COLUMNS)
        writer.writeheader()
        writer.writerows({"file": file.name, **problem.as_data()} for problem in problems)
    return path
