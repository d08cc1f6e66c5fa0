"""Beginning a programme, adding a year to it, and saying which one is meant when none is named."""

import re
from collections.abc import Iterable

from django.db import IntegrityError

from pilots.acting import acting
from pilots.models import FinancialYear, Person, Programme, ServiceLine
from pilots.permissions import Action, require

YEAR = re.compile(r"([0-9]{4})-([0-9]{2})", re.ASCII)
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


class YearRefused(ValueError):
    """A programme cannot count this year; the message says why."""


def read_year(label: str) -> str:
    """A financial year as people write it: 2013-14. Raises YearRefused."""
    match = YEAR.fullmatch(label.strip())
    if match is None or int(match[2]) != (int(match[1]) + 1) % 100:
        raise YearRefused(f'"{label.strip()}" is no financial year. Write it as 2024-25.')
    return match[0]


def next_year(programme: Programme) -> str:
    """The year after the newest one of a programme: 2013-14; nothing where it has none."""
    newest = programme.years.order_by("-label").first()
    match = YEAR.fullmatch(newest.label) if newest else None
    return f"{int(match[1]) + 1}-{(int(match[1]) + 2) % 100:02}" if match else ""


def add_year(programme: Programme, label: str, person: Person, via: str = "page") -> FinancialYear:
    """Adds a year to those that a programme counts; its places begin it from their last one.

    Raises NotAllowed and YearRefused.
    """
    require(person, Action.EDIT_REGISTER)
    read = read_year(label)
    with acting(person, via):
        year, is_new = FinancialYear.objects.get_or_create(programme=programme, label=read)
        if not is_new:
            raise YearRefused(f"{programme.name} counts {read} already.")
    return year


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
