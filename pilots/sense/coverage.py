"""Which bodies and services have figures: a matrix of bodies by branches, and what is missing from it.

A body is expected to have the services that most bodies of its kind have elsewhere. Where another member of the
place delivers them they are covered: a county may do what a fire authority does next door.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from totalplace import money

from .rows import Body, Facts, Service
from .warned import Warned

CODE_BODY, CODE_SERVICE = "missing-body", "missing-service"
MIN_PEERS = 5
# So large a part of others must have it before it is missed, in per cent.
USUAL_BODIES, USUAL_PLACES = 80, 90


class State(StrEnum):
    """How a body stands in a branch of services."""

    RECORDED = "recorded"
    SHARED_OUT = "national average only"
    COVERED = "another body delivers it"
    MISSING = "missing"
    NOT_EXPECTED = "not expected"


@dataclass(frozen=True)
class Matrix:
    """Bodies by branches of services: rows of (body, states), columns of (code, name)."""

    branches: Sequence[tuple[str, str]]
    rows: Sequence[tuple[Body, Sequence[State]]]

    def number(self, state: State) -> int:
        """How many cells stand so."""
        return sum(found is state for _, states in self.rows for found in states)


def matrix_of(facts: Facts) -> Matrix:
    """The coverage of a count, over the branches that anybody here or elsewhere has figures in."""
    used = {service for _, service in facts.figures} | {service for _, service in facts.usual}
    services = [service for service in facts.services.values() if service.id in used]
    branches = list(dict.fromkeys((service.branch, service.branch_name) for service in services))
    bodies = sorted(facts.bodies.values(), key=lambda body: (body.people is None, -(body.people or 0), body.name))
    return Matrix(branches, [(body, [_state(facts, body, code, services) for code, _ in branches]) for body in bodies])


def check(facts: Facts) -> Iterator[Warned]:
    """Members without a line, and groups of services without a figure that most other places have.

    While members are missing, a service is missed only where a body that has figures would usually have it.
    """
    silent = [body for body in facts.bodies.values() if body.is_member and not _has_figures(facts, body)]
    for body in silent:
        yield Warned(CODE_BODY, body.code, f"{body.name} serves {facts.place} and has no figures.", body.id)
    if facts.places < MIN_PEERS:
        return
    recorded = {facts.services[service].group for _, service in facts.figures}
    groups = _groups(facts)
    awaited = _usual_of_those_with_figures(facts) if silent else groups.keys()
    for group, service in groups.items():
        places = facts.places_with.get(group, 0)
        if group in awaited and group not in recorded and places * 100 >= USUAL_PLACES * facts.places:
            text = (
                f"{service.group_name}: no body of {facts.place} has a figure for it, and {places} of the "
                f"{money.counted(facts.places, 'other place')} have."
            )
            yield Warned(CODE_SERVICE, service.group_code, text, branch=service.branch)


def _has_figures(facts: Facts, body: Body) -> bool:
    return body.id in facts.reporting or body.successor in facts.reporting


def _usual_of_those_with_figures(facts: Facts) -> set[int]:
    """The groups of services that bodies of the kinds that have figures usually have."""
    bodies = [body for body in facts.bodies.values() if body.id in facts.reporting]
    return {
        service.group for service in facts.services.values() if any(_is_usual(facts, body, service) for body in bodies)
    }


def _groups(facts: Facts) -> dict[int, Service]:
    """One service of each group."""
    return {service.group: service for service in facts.services.values()}


def _state(facts: Facts, body: Body, branch: str, services: Sequence[Service]) -> State:
    own = [service for service in services if service.branch == branch]
    figures = [facts.figures[body.id, service.id] for service in own if (body.id, service.id) in facts.figures]
    if figures:
        return State.SHARED_OUT if all(figure.is_national for figure in figures) else State.RECORDED
    missed = {service.group for service in own if _is_usual(facts, body, service)}
    if not missed:
        return State.NOT_EXPECTED
    delivered = {facts.services[service].group for agency, service in facts.figures if agency != body.id}
    return State.COVERED if missed <= delivered else State.MISSING


def _is_usual(facts: Facts, body: Body, service: Service) -> bool:
    """Whether most bodies of the kind have figures for a service."""
    usual = facts.usual.get((body.type, service.id))
    return bool(usual and usual.bodies >= MIN_PEERS and usual.reporting * 100 >= USUAL_BODIES * usual.bodies)
