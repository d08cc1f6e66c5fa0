"""What requests for savings ask for: the case, the lever, and whether the client holds the answer already."""

from collections.abc import Sequence

from rest_framework.request import Request

from mapping.models import AssumptionSet, CurrentAssumptionSet, Lever, Scenario
from mapping.summary.mapped import Mapped, mapped_version
from mapping.summary.shapes import WhomToAsk
from pilots.api.finding import not_found
from pilots.api.parameters import Asked, Parameter
from pilots.api.views import etag_of
from pilots.models import Place, Programme, Version
from pilots.people.asking import contact_of
from totalplace.problems import NOT_FOUND, Problem

SCENARIO = Parameter("scenario", "Which case: low, central (the default) or high.", choices=tuple(Scenario.values))
LEVER = Parameter("lever", "The code of a lever.", example="shared-back-office")
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


def whom_to_ask(place: Place) -> WhomToAsk:
    """Who answers for a place's figures."""
    contact = contact_of(place)
    return WhomToAsk(list(contact.names), contact.address)


def etag_of_maps(request: Request, versions: Sequence[Mapped], *counted_from: object) -> str:
    """A strong ETag from the digests of the maps an answer is made of, and whether each is fresh.

    `counted_from` is what else the answer shows: the revision of its lines, that of the register's names, quality.
    """
    parts = [(mapped.version_id, mapped.map_id, mapped.inputs_digest, mapped.is_stale) for mapped in versions]
    return etag_of(request, parts, *counted_from)


def etag_of_version(request: Request, version: Version, pinned: Mapped | None = None, *counted_from: object) -> str:
    """The same of one version, which `version_asked` found, with its current map or a pinned one: one query."""
    register = version.count.place.programme.register_revision
    return etag_of_maps(request, [pinned or mapped_version(version)], version.revision, register, *counted_from)
