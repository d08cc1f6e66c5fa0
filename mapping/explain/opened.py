"""A map with what it was made from, as far as that still is what it was."""

from dataclasses import dataclass
from functools import cached_property

from mapping.engine.explain import Working, explain_map
from mapping.inputs import CountedSpend, Menu, counted_spend, digest_of, menu_of
from mapping.models import LeverRule, SavingsMap

CHANGED = (
    "What this map was made from has changed since: the stored figures and the rates of its assumption set stand, and "
    "the way between them can no longer be shown."
)


@dataclass(frozen=True)
class Opened:
    """A savings map in a case with its inputs. `is_whole` is whether they are still those that it was made from."""

    map: SavingsMap
    scenario: str
    menu: Menu
    counted: CountedSpend
    is_whole: bool

    @cached_property
    def working(self) -> Working:
        """Every number between its spend and its cells."""
        return explain_map(self.counted.spend, self.menu.assumptions, self.scenario)

    @cached_property
    def cell_at(self) -> dict[tuple[int, int], list[int]]:
        """The places in the spend of each (agency id, service line id): one for each spend type."""
        places: dict[tuple[int, int], list[int]] = {}
        spend = self.counted.spend
        for at, (agency, line) in enumerate(zip(spend.agency.tolist(), spend.service_line.tolist(), strict=True)):
            key = int(self.counted.agency_ids[agency]), int(self.counted.service_line_ids[line])
            places.setdefault(key, []).append(at)
        return places

    @cached_property
    def reasons(self) -> dict[tuple[str, str | None, str | None, str | None], str]:
        """Why each rule of the set has its share, by lever, service line, spend type and kind of body."""
        rules = LeverRule.objects.filter(lever__assumption_set=self.map.assumption_set_id)
        names = ("lever__code", "service_line__code", "spend_type__code", "agency_type__code", "why")
        return {tuple(key): why for *key, why in rules.values_list(*names)}  # type: ignore[misc]


def open_map(savings_map: SavingsMap, scenario: str) -> Opened:
    """Reads what a map was made from and tells by its digest whether that has changed."""
    menu = menu_of(savings_map.assumption_set_id)
    counted = counted_spend([savings_map.version_id])[savings_map.version_id]
    try:
        is_whole = digest_of(counted, menu) == savings_map.inputs_digest
    except KeyError:
        # A service line that the tree no longer has.
        is_whole = False
    return Opened(savings_map, scenario, menu, counted, is_whole)
