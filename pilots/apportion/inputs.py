"""Finding the ratio by which a body's spending is shared out in a place, from the inputs as they stand now."""

from collections import defaultdict
from decimal import Decimal
from functools import cached_property

from pilots.models import Agency, ApportionmentInput, Membership, Place, SpendLine
from pilots.outturn.apportion import succession
from pilots.register.standing import BY_POPULATION, populations
from pilots.spend.amounts import AmountRefused, parse_share
from pilots.spend.ratios import GIVEN, POPULATION, Ratio

Method = SpendLine.Method
BY_PEOPLE = (Method.POPULATION_SHARE, Method.NATIONAL_AVERAGE)
MEASURES = {Method.CLAIMANTS: "claimants", Method.PUPILS: "pupils"}


class CannotApportion(Exception):
    """An amount cannot be shared out so: `field` is what is wrong, the message says what to do."""

    def __init__(self, message: str, field: str = "method") -> None:
        super().__init__(message)
        self.field = field


class Inputs:
    """What a place's part of wider bodies follows from in one year: people, shares, measures. Read once."""

    def __init__(self, place: Place, year: str) -> None:
        self.place, self.year = place, year

    def ratio(self, agency: Agency, method: str, given_share: object = None) -> Ratio:
        """The ratio for a body by a method. Raises CannotApportion where an input is missing."""
        if method == Method.GIVEN_SHARE:
            return _given(given_share)
        if method in BY_PEOPLE:
            return self._people(agency) if agency.apportioned_by == BY_POPULATION else self._share(agency)
        if method in MEASURES:
            return self._measured(agency, MEASURES[Method(method)])
        raise CannotApportion("Say how it is shared out.")

    @cached_property
    def _populations(self) -> dict[tuple[int | None, int | None], int]:
        return populations(self.place.programme, self.year)

    @cached_property
    def _shares(self) -> dict[int, tuple[Decimal, str]]:
        """Shares in the register by body; who followed a member has its share."""
        followed = Agency.objects.filter(programme=self.place.programme_id, successor__isnull=False)
        successors = {str(pk): str(successor) for pk, successor in followed.values_list("pk", "successor_id")}
        found: dict[int, tuple[Decimal, str]] = {}
        members = Membership.objects.filter(place=self.place).values_list("agency_id", "share", "share_basis")
        for agency, share, basis in members:
            for body in succession(str(agency), successors):
                found.setdefault(int(body), (share, basis))
        return found

    @cached_property
    def _measures(self) -> dict[tuple[str, str], dict[int | None, tuple[Decimal, str]]]:
        """(Value, source) by (measure, year) and body; of the place itself under None."""
        rows = ApportionmentInput.objects.filter(programme=self.place.programme_id)
        rows = rows.filter(place=self.place) | rows.filter(agency__isnull=False)
        found: dict[tuple[str, str], dict[int | None, tuple[Decimal, str]]] = defaultdict(dict)
        for row in rows:
            found[row.measure, row.financial_year][row.agency_id] = (row.value, row.source)
        return found

    def _people(self, agency: Agency) -> Ratio:
        part, of = self._populations.get((self.place.pk, None)), self._populations.get((None, agency.pk))
        if not part or not of:
            who = agency.name if not of else self.place.name
            raise CannotApportion(f"The register has no population of {who}. The Leadership Centre can add it.")
        return self._within(Ratio(POPULATION, Decimal(part), Decimal(of)), agency)

    def _share(self, agency: Agency) -> Ratio:
        if agency.pk not in self._shares:
            raise CannotApportion(
                f"{agency.name} does not serve {self.place.name}, so it has no share there.", "agency"
            )
        share, basis = self._shares[agency.pk]
        return Ratio(POPULATION, share, source=basis)

    def _measured(self, agency: Agency, measure: str) -> Ratio:
        """By the numbers of the count's year, else of the last year before that has both, else the first after."""
        years = sorted(
            year
            for (name, year), values in self._measures.items()
            if name == measure and None in values and agency.pk in values
        )
        if not years:
            raise CannotApportion(
                f"There is no number of {measure} of both {self.place.name} and {agency.name} in one year. "
                "The Leadership Centre can add it, or give a share."
            )
        year = next((year for year in reversed(years) if year <= self.year), years[0])
        values = self._measures[measure, year]
        (part, source), (of, other) = values[None], values[agency.pk]
        said = source if source == other else f"{source}; {other}"
        return self._within(Ratio(measure, part, of, year, said), agency)

    def _within(self, ratio: Ratio, agency: Agency) -> Ratio:
        if ratio.part > ratio.of:
            raise CannotApportion(
                f"{self.place.name} has more {ratio.measure} ({ratio.part:,}) than all that {agency.name} serves "
                f"({ratio.of:,}), so this is no share. Correct the inputs, or give a share."
            )
        if not ratio.share:
            raise CannotApportion(f"{self.place.name} has next to no {ratio.measure} of {agency.name}.")
        return ratio


def _given(typed: object) -> Ratio:
    try:
        share = parse_share(typed)
    except AmountRefused as problem:
        raise CannotApportion(str(problem), "given_share") from None
    if share is None:
        raise CannotApportion("Say which share, such as 0.25.", "given_share")
    return Ratio(GIVEN, share)
