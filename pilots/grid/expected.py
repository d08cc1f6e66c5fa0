"""What a started year leaves to be filled in: the cells that the last one had, and what a line of one is like."""

from collections.abc import Mapping
from functools import cached_property

from pilots.models import Agency, SpendType, Version
from pilots.progress.start_year import ExpectedCell, structure_of

from .cells import Key
from .slice import NOT_STATED, Kind, Slice


class Expected:
    """The cells of last year's structure within a slice; none in a version that was not started from another year."""

    def __init__(self, version: Version, chosen: Slice) -> None:
        self.chosen = chosen
        self.programme = version.count.place.programme_id
        self.lines: dict[Key, list[ExpectedCell]] = {}
        for cell in structure_of(version):
            if self._is_within(cell):
                self.lines.setdefault((cell.agency_id, cell.service_line_id), []).append(cell)

    @property
    def bodies(self) -> set[int]:
        return {agency for agency, _ in self.lines}

    @property
    def services(self) -> set[int]:
        return {service for _, service in self.lines}

    def values(self, key: Key) -> dict[str, object]:
        """What a new line of a cell says of itself: as last year's, where there was one line and not several."""
        lines = self.lines.get(key, [])
        if len(lines) != 1:
            return {}
        (line,) = lines
        return {
            "spend_type": self._types.get(line.spend_type_id),
            "funder": self._agencies.get(line.funder_id or 0),
            "receiver": self._agencies.get(line.receiver_id or 0),
        }

    def _is_within(self, cell: ExpectedCell) -> bool:
        kind = Kind.PASSED_ON if cell.is_transfer else Kind.CAPITAL if cell.is_capital else Kind.REVENUE
        if kind is not self.chosen.kind:
            return False
        if self.chosen.spend_type and self._types.get(cell.spend_type_id) != self.chosen.spend_type:
            return False
        if self.chosen.funder == NOT_STATED:
            return cell.funder_id is None
        return not self.chosen.funder or self._agencies.get(cell.funder_id or 0) == self.chosen.funder

    @cached_property
    def _types(self) -> Mapping[int, str]:
        return dict(SpendType.objects.values_list("id", "code"))

    @cached_property
    def _agencies(self) -> Mapping[int, str]:
        """Codes of bodies that pay or receive, by id."""
        return dict(Agency.objects.filter(programme=self.programme).values_list("id", "code"))
