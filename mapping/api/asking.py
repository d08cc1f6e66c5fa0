"""What requests for savings ask for: the case, the lever, and whether the client holds the answer already."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from rest_framework.request import Request

from mapping.cube.prices import NOMINAL, factors_to
from mapping.freshness import Changes, changes_of
from mapping.models import AssumptionSet, CurrentAssumptionSet, Lever, Scenario
from mapping.summary.mapped import Mapped, last_change, mapped_version, without_times
from pilots.api.finding import not_found
from pilots.api.parameters import Asked, Parameter
from pilots.api.views import etag_of
from pilots.models import Programme, Version
from totalplace.problems import NOT_FOUND, Problem

SCENARIO = Parameter("scenario", "Which case: low, central (the default) or high.", choices=tuple(Scenario.values))
LEVER = Parameter("lever", "The code of a lever.", example="shared-back-office")
PRICES = Parameter("prices", "nominal (the default), or the year in whose prices amounts are to be.", example="nominal")
PER = Parameter(
    "per", "total (the default), or head: each figure over the people living there.", choices=("total", "head")
)
LEVERS = "/api/v1/levers/"


def scenario_asked(asked: Asked) -> str:
    """The case asked for, or the central one, which is then said."""
    said = asked.get("scenario")
    if not said:
        asked.messages.append("Scenario central was taken.")
    return said or Scenario.CENTRAL


def lever_asked(programme: Programme | int, asked: Asked) -> str | None:
    """The code of the lever asked for, if one is: a lever of any published set."""
    said = asked.get("lever")
    if not said:
        return None
    levers = Lever.objects.filter(assumption_set__programme=programme)
    if not levers.filter(code=said).exists():
        known = sorted(set(levers.values_list("code", flat=True)))
        raise not_found("lever", said, known, LEVERS, "lever")
    return said


def current_set(programme: Programme) -> AssumptionSet:
    """The assumption set that a programme's maps are made with now. Raises Problem where there is none."""
    current = CurrentAssumptionSet.objects.select_related("assumption_set").filter(programme=programme).first()
    if current is None:
        raise Problem(NOT_FOUND, "The programme has no assumption set yet. Load the assumptions first.")
    return current.assumption_set


class Validators(NamedTuple):
    """By what a client that holds an answer asks whether it is still right: a strong ETag, and when it last changed."""

    etag: str
    changed_at: datetime | None


def validators_of(
    request: Request,
    versions: Sequence[Mapped],
    *shown: object,
    beside: Changes | None = None,
    factor: Decimal | None = None,
) -> Validators:
    """Those of an answer from some versions with their maps, in the prices that a factor takes it to.

    `shown` is what else the answer shows: the revision of its lines, and that of the register's names; `beside` are
    the changes of what else there is in it.
    """
    etag = etag_of(request, without_times(versions), *shown, beside, factor)
    return Validators(etag, last_change(versions, beside, is_priced=factor is not None))


def validators_of_version(
    request: Request,
    version: Version,
    pinned: Mapped | None,
    *shown: object,
    beside: Changes | None = None,
    factor: Decimal | None = None,
) -> Validators:
    """The same of one version, which `version_asked` found, with its current map or a pinned one: one query."""
    shown = version.revision, version.count.place.programme.register_revision, *shown
    return validators_of(request, [pinned or mapped_version(version)], *shown, beside=beside, factor=factor)


def validators_of_programme(
    request: Request, programme: Programme, versions: Sequence[Mapped], factor: Decimal | None
) -> Validators:
    """The same of versions of many places, which may come, go, be renamed and lag behind others: one query."""
    places = changes_of("pilots_place", "pilots_count")
    return validators_of(request, versions, programme.register_revision, beside=places, factor=factor)


def factor_asked(programme: Programme, year: str, asked: Asked) -> Decimal | None:
    """What takes amounts of a year to the prices that `prices=` names; None for its own. Raises Problem."""
    base = asked.get("prices") or NOMINAL
    return None if base == NOMINAL else factors_to(base, programme, [year])[year]
