"""The plain rows that checks look at. Amounts are pounds: revenue, without what is passed on, unless said otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

NOTHING = Decimal(0)
Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Body:
    """A body of the place. `people` are those of it who count in the place: its population times its share."""

    id: int
    code: str
    name: str
    type: str
    people: float | None = None
    is_member: bool = True
    # A body of this place that followed it and may report in its stead.
    successor: int | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """A leaf of the service tree. `group` stands just below its branch and holds it, or is the leaf itself."""

    id: int
    code: str
    name: str
    branch: str
    branch_name: str
    group: int
    group_code: str
    group_name: str


@dataclass(frozen=True, slots=True)
class Figure:
    """What a body spends on a service line. `is_national` where it is only a national average shared out."""

    amount: Decimal
    is_national: bool = False


@dataclass(frozen=True, slots=True)
class Transfer:
    """What a body passes on, under one service line to one receiver; `receiver` is none where it is not named."""

    agency: int
    service: int
    receiver: int | None
    receiver_code: str
    receiver_name: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Usual:
    """What bodies of one kind elsewhere publish for one service line, in natural logarithms of pounds a head.

    `middle` is the median of those above zero, `spread` the median distance from it; `reporting` of `bodies` have
    the line at all.
    """

    bodies: int
    reporting: int
    above_zero: int
    below_zero: int
    middle: float | None
    spread: float | None


@dataclass(frozen=True, slots=True)
class Control:
    """A published total to reconcile with: of the place, of a body in the place, or of a body as a whole."""

    id: int
    agency: int | None
    is_of_place: bool
    subject: str
    measure: str
    amount: Decimal
    year: str
    source: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A body's spend on a service line over all places of the year, and its whole amount where one is stated."""

    agency: int
    service: int
    everywhere: Decimal
    places: int
    whole: Decimal | None


@dataclass(frozen=True)
class Facts:
    """All that is known of one version when it is checked."""

    place: str
    year: str
    bodies: Mapping[int, Body]
    services: Mapping[int, Service]
    figures: Mapping[Key, Figure]
    # Bodies with any line at all, transfers and capital included.
    reporting: frozenset[int] = frozenset()
    transfers: Sequence[Transfer] = ()
    # The last published figures, and what they are in words: "published for 2009-10".
    last: Mapping[Key, Decimal] = field(default_factory=dict)
    last_label: str = ""
    # By kind of body and service line.
    usual: Mapping[tuple[str, int], Usual] = field(default_factory=dict)
    # How many other places published a count, and how many of them have anything in a group of services.
    places: int = 0
    places_with: Mapping[int, int] = field(default_factory=dict)
    controls: Sequence[Control] = ()
    counted: Sequence[Counted] = ()
    # By how much each line that is shared out would move by the inputs as they stand now; those that would not are
    # left out.
    moves: Sequence[Decimal] = ()

    @cached_property
    def total(self) -> Decimal:
        """Revenue without what is passed on."""
        return sum((figure.amount for figure in self.figures.values()), NOTHING)

    def total_of(self, agency: int) -> Decimal:
        """The same of one body."""
        return sum((figure.amount for (body, _), figure in self.figures.items() if body == agency), NOTHING)

    def usual_of(self, key: Key) -> Usual | None:
        """What bodies of the same kind elsewhere publish for a cell's service line."""
        return self.usual.get((self.bodies[key[0]].type, key[1]))

    def pounds_a_head(self, key: Key) -> float | None:
        """A cell's pounds for each person whom the body serves in the place."""
        people = self.bodies[key[0]].people
        return float(self.figures[key].amount) / people if people else None
