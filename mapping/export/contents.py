"""What an export holds: tables with typed columns, whose rows are read while they are written."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mapping.summary import all_savings_cells, programme_summary, savings_cells
from mapping.summary import shapes as summary_shapes
from mapping.summary.cells import CellRows
from mapping.summary.mapped import Mapped, mapped_places
from pilots.api.formats import plain
from pilots.models import Agency, FinancialYear, Programme, ServiceLine, SpendLine, Version
from pilots.register.listing import list_places
from pilots.spend.files.exporting import lines_of_versions

from . import shapes

Row = Mapping[str, Any]
# The tables whose rows are counted beforehand.
LARGE = ("spend", "savings")


@dataclass(frozen=True)
class Table:
    """A table: its name, what it is, the shape of a row, and its rows, which can be read once more each time."""

    name: str
    about: str
    shape: Any
    rows: Callable[[], Iterator[Row]]


@dataclass
class Contents:
    """Everything that is published of a year: of a place, of the places of a kind, or of all."""

    programme: Programme
    year: FinancialYear
    scenario: str
    place: str | None
    kind: str | None
    versions: list[Mapped] = field(init=False)

    def __post_init__(self) -> None:
        published = mapped_places(self.programme, self.year, self.kind)
        self.versions = [one for one in published if self.place in (None, one.slug)]

    @classmethod
    def of(cls, request: Mapping[str, Any]) -> "Contents":
        """What a job's request asks for."""
        programme = Programme.objects.get(slug=request["programme"])
        year = FinancialYear.objects.get(programme=programme, label=request["year"])
        return cls(programme, year, request["scenario"], request["place"], request["kind"])

    @property
    def name(self) -> str:
        """The name of its file, without an ending."""
        of_kind = f"-{self.kind}" if self.kind else ""
        return f"{self.place or self.programme.slug}{of_kind}-{self.year.label}"

    @property
    def title(self) -> str:
        place = self.versions[0].name if self.place else self.programme.name
        return f"Public spending and savings: {place}, {self.year.label}"

    @property
    def is_illustrative(self) -> bool:
        return self.programme.is_illustrative

    @property
    def missing(self) -> list[str]:
        """Whole kinds of body that any of its counts lacks."""
        return sorted({kind for one in self.versions for kind in one.missing})

    def size(self) -> int:
        """How many spend lines and savings cells there are."""
        return SpendLine.objects.filter(version__in=self._version_ids).count() + self._cells().count()

    def tables(self) -> list[Table]:
        """Its tables, the small ones first."""
        return [
            Table("summary", "What each place comes to.", shapes.SummaryRow, self._summary),
            Table("spend", "Every spend line that is published.", shapes.SpendRow, self._spend),
            Table("savings", "What each lever saves, cell by cell.", summary_shapes.CellRow, self._savings),
            Table("agencies", "Public bodies, by code.", shapes.AgencyRow, self._agencies),
            Table("service-lines", "The service tree, by code.", shapes.ServiceLineRow, self._service_lines),
            Table("places", "The places.", shapes.PlaceRow, self._places),
        ]

    @property
    def _version_ids(self) -> list[int]:
        return [one.version_id for one in self.versions]

    def _summary(self) -> Iterator[Row]:
        counted = {one.slug: one for one in self.versions}
        for row in programme_summary(self.programme, self.year, self.scenario, self.kind).by_place:
            if row.slug in counted:
                yield {
                    "place": row.slug,
                    "name": row.name,
                    "kind": row.kind,
                    "region": row.region,
                    "year": self.year.label,
                    "scenario": self.scenario,
                    "is_partial": bool(counted[row.slug].missing),
                    "spend_total": row.spend,
                    "full_year": row.saving,
                    "joined": row.joined,
                    "map_id": row.map_id,
                    "assumption_set": counted[row.slug].set_number,
                }

    def _spend(self) -> Iterator[Row]:
        for line in lines_of_versions(self._version_ids):
            row = {name: None if value == "" else value for name, value in line._asdict().items()}
            yield {**row, "share": plain(line.share)}  # type: ignore[arg-type]

    def _cells(self) -> CellRows:
        if self.place:
            return savings_cells(Version.objects.get(pk=self._version_ids[0]), self.scenario)
        return all_savings_cells(self.programme, self.year, self.scenario, kind=self.kind)

    def _savings(self) -> Iterator[Row]:
        return self._cells().all()

    def _agencies(self) -> Iterator[Row]:
        agencies = Agency.objects.filter(programme=self.programme).order_by("code")
        for code, name, kind, region in agencies.values_list("code", "name", "type__code", "region"):
            yield {"code": code, "name": name, "type": kind, "region": region or None}

    def _service_lines(self) -> Iterator[Row]:
        lines = ServiceLine.objects.filter(programme=self.programme).order_by("position", "code")
        for code, name, parent, cofog in lines.values_list("code", "name", "parent__code", "cofog"):
            yield {"code": code, "name": name, "parent": parent, "cofog": cofog or None}

    def _places(self) -> Iterator[Row]:
        slugs = {one.slug for one in self.versions}
        for place in list_places(self.programme, self.year):
            if place.slug in slugs:
                yield {name: getattr(place, name) for name in shapes.PlaceRow.__annotations__}


class Counting:
    """Counts the rows of tables while they are written, and tells how far the whole is."""

    TOLD_EVERY = 5_000

    def __init__(self, tell: Callable[[int, int | None], None], total: int) -> None:
        self._tell, self.total, self.done = tell, total, 0
        self.rows: dict[str, int] = {}

    def __call__(self, table: Table) -> Iterator[Row]:
        """The rows of a table, counted."""
        self.rows[table.name] = 0
        for row in table.rows():
            self.rows[table.name] += 1
            if table.name in LARGE:
                self.done += 1
                if self.done % self.TOLD_EVERY == 0:
                    self._tell(self.done, self.total)
            yield row
