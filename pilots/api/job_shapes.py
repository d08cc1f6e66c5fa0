"""The typed shapes of jobs: what was asked for, how far it came, and what it came to."""

from datetime import datetime
from typing import Annotated, Literal, NotRequired, TypedDict

from .shapes import Code, ProblemDocument
from .typed import Pounds, Year

type Key = Annotated[str, {"format": "uuid"}]
type ExportFormat = Literal["package", "xlsx", "parquet"]
type Case = Literal["low", "central", "high"]
type KindOfPlace = Literal["pilot", "parallel"]


class JobProgress(TypedDict):
    """How far a job came; `total` is null while nobody knows."""

    done: int
    total: int | None
    unit: str


class JobRequest(TypedDict):
    """What was asked for, with what was taken by default."""

    place: NotRequired[str | None]
    year: NotRequired[Year]
    file_name: NotRequired[str]
    size: NotRequired[int]
    mode: NotRequired[str]
    format: NotRequired[ExportFormat]
    scenario: NotRequired[Case]
    kind: NotRequired[KindOfPlace | None]
    programme: NotRequired[str]


class ReadColumn(TypedDict):
    """A column of a file, and the field that it was read as."""

    field: str
    heading: str


class LineChanges(TypedDict):
    """Spend lines that a file adds, changes, leaves alone and removes."""

    added: int
    changed: int
    unchanged: int
    removed: int


class CountTotals(TypedDict):
    """What a count comes to. Revenue is the total; capital and transfers stand beside it."""

    revenue: Pounds
    capital: Pounds
    transfers: Pounds


class BodyChange(TypedDict):
    """A body's total that changes."""

    code: str
    name: str
    kind: Literal["revenue", "capital", "transfers"]
    before: Pounds
    after: Pounds


class UploadResult(TypedDict):
    """What taking a file in came to, or would come to."""

    place: str
    year: Year
    rows: int
    columns: list[ReadColumn]
    notices: list[str]
    lines: LineChanges
    before: CountTotals
    after: CountTotals
    bodies: list[BodyChange]


class ExportedTable(TypedDict):
    """A table of an export."""

    name: str
    rows: int


class ExportResult(TypedDict):
    """The file that was made."""

    file_name: str
    media_type: str
    size: int
    sha256: str
    tables: list[ExportedTable]


class Job(TypedDict):
    """A job: it is finished, or it failed with a problem that says what to do. Kept for 30 days after its end."""

    id: Key
    kind: Literal["upload", "export"]
    state: Literal["queued", "running", "finished", "failed"]
    progress: JobProgress
    created_by: str | None
    created_at: datetime
    begun_at: datetime | None
    finished_at: datetime | None
    request: JobRequest
    result: UploadResult | ExportResult | None
    problem: ProblemDocument | None
    file: str | None


class NewExport(TypedDict):
    """A file to be made: of a place, or without one of all places."""

    format: ExportFormat
    place: NotRequired[Code | None]
    year: NotRequired[Year | None]
    scenario: NotRequired[Case | None]
    kind: NotRequired[KindOfPlace | None]
    programme: NotRequired[Code | None]
