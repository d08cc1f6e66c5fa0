"""Reports as files: made by the worker, kept for a day under a digest of what they were made from.

`report_file(wanted)` makes one on the spot, for whoever has a worker of its own to make it in (a job, a command).
`kept_file` is for pages: the file if it is there; if not the worker is asked for it (mapping.reports.asking).
"""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from functools import cache
from pathlib import Path

from django.core.cache import cache as kept

from mapping.reports import place_report, programme_report
from mapping.reports.blocks import CannotBeMade
from pilots.models import FinancialYear, Programme, Version

logger = logging.getLogger(__name__)

PDF, XLSX = "pdf", "xlsx"
CONTENT_TYPES: Mapping[str, str] = {
    PDF: "application/pdf",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
A_DAY, A_MINUTE = 24 * 3600, 60


@dataclass(frozen=True)
class Wanted:
    """A file of a report: of a version of a place's count, or of a programme's places of a kind in a year.

    `address` stands on it for good; `standing` is a digest of what its figures are made from.
    """

    format: str
    scenario: str
    address: str
    standing: str
    version: int | None = None
    programme: int | None = None
    year: str = ""
    kind: str = ""

    @property
    def key(self) -> str:
        return f"report-{hashlib.sha256(repr((_edition(), *astuple(self))).encode()).hexdigest()}"

    @property
    def asked_key(self) -> str:
        """Is kept while the worker has been asked for it."""
        return f"{self.key}-asked"


@dataclass(frozen=True)
class Made:
    """A file, or why it could not be made."""

    content: bytes = b""
    problem: str = ""


def report_file(wanted: Wanted) -> bytes:
    """Makes a report's file. Raises CannotBeMade."""
    if wanted.version is not None:
        version = Version.objects.get(pk=wanted.version)
        if wanted.format == XLSX:
            from .workbook import write_place_workbook

            return write_place_workbook(version, wanted.scenario, wanted.address)
        from .pdf import write_pdf

        return write_pdf(place_report(version, wanted.scenario, wanted.address))
    assert wanted.programme is not None
    programme = Programme.objects.get(pk=wanted.programme)
    year = FinancialYear.objects.get(programme=programme, label=wanted.year)
    asked = programme, year, wanted.scenario, wanted.kind, wanted.address
    if wanted.format == XLSX:
        from .workbook import write_programme_workbook

        return write_programme_workbook(*asked)
    from .pdf import write_pdf

    return write_pdf(programme_report(*asked))


def make_file(wanted: Wanted) -> Made:
    """Makes a file and keeps it; where it cannot be made the reason is kept for a minute, for a page to say."""
    try:
        made = Made(report_file(wanted))
    except CannotBeMade as error:
        made = Made(problem=str(error))
    except Exception:
        logger.exception("A report could not be made: %s", wanted)
        made = Made(problem="The file could not be made. The page has the same figures and can be printed.")
    kept.set(wanted.key, made, A_MINUTE if made.problem else A_DAY)
    kept.delete(wanted.asked_key)
    return made


def kept_file(wanted: Wanted) -> Made | None:
    """What was made of it, None where nothing was yet."""
    return kept.get(wanted.key)


@cache
def _edition() -> str:
    """A digest of this folder: another edition of the product makes other files."""
    folder = Path(__file__).parent
    files = sorted([*folder.rglob("*.py"), *folder.rglob("*.typ")])
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
