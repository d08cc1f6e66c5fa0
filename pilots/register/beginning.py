"""Beginning a programme, and saying which one is meant when none is named."""

from collections.abc import Iterable

from django.db import IntegrityError

from pilots.acting import acting
from pilots.models import FinancialYear, Person, Programme, ServiceLine
from pilots.permissions import Action, require

ROOT_CODE, ROOT_NAME = "public-services", "All public services"


def begin_programme(
    name: str, slug: str, years: Iterable[str], like: Programme | None, person: Person | None, via: str = "page"
) -> Programme:
    """A programme without places and bodies, with years such as 2024-25 and the service tree of another one.

    Without another one its tree is a root alone. The first programme of all is the default. Raises NotAllowed, and
    IntegrityError where the address is taken.
    """
    if person is not None:
        require(person, Action.EDIT_REGISTER)
    with acting(person, via):
        is_first = not Programme.objects.exists()
        programme = Programme.objects.create(name=name, slug=slug, is_default=is_first)
        FinancialYear.objects.bulk_create(
            FinancialYear(programme=programme, label=label) for label in sorted(set(years))
        )
        if like is None:
            ServiceLine.objects.create(programme=programme, code=ROOT_CODE, name=ROOT_NAME)
        else:
            _copy_service_tree(like, programme)
    return programme


def make_default(programme: Programme, person: Person | None, via: str = "page") -> None:
    """Makes a programme the one that is meant when none is named."""
    if person is not None:
        require(person, Action.CHANGE_SETTINGS)
    with acting(person, via):
        Programme.objects.filter(is_default=True).update(is_default=False)
        Programme.objects.filter(pk=programme.pk).update(is_default=True)


def _copy_service_tree(source: Programme, target: Programme) -> None:
    """Level by level, so that a branch stands before what is below it."""
    waiting = list(ServiceLine.objects.filter(programme=source))
    copies: dict[int, ServiceLine] = {}
    while ready := [line for line in waiting if line.parent_id is None or line.parent_id in copies]:
        made = ServiceLine.objects.bulk_create(
            ServiceLine(
                programme=target,
                code=line.code,
                parent=copies[line.parent_id] if line.parent_id else None,
                name=line.name,
                cofog=line.cofog,
                position=line.position,
            )
            for line in ready
        )
        copies |= {line.pk: copy for line, copy in zip(ready, made, strict=True)}
        waiting = [line for line in waiting if line.pk not in copies]
    if waiting:
        raise IntegrityError("The service tree to copy has lines outside it.")
