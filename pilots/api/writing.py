"""Writing spend lines: what a request says becomes one call, and a refusal a problem document."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils.http import parse_etags
from rest_framework.request import Request

from pilots.models import FinancialYear, History, Person, SpendLine
from pilots.permissions import Action, Anyone, NotAllowed, reach, refusal
from pilots.spend.columns import KEY
from pilots.spend.versions import open_count, open_working_version
from pilots.spend.write import LineRefused, StaleLine, VersionLocked, add_line, change_line, remove_line
from totalplace.problems import CONFLICT, IF_MATCH_REQUIRED, LINE_REFUSED, STALE, Problem

from . import shapes
from .authentication import signed_in
from .bodies import pointer, read_body
from .finding import no_year, place_named
from .formats import encode
from .lines import one_line

VIA = "API"
# The row version of an ETag that no line ever has.
NONE_SUCH = -1


def add_to_place(slug: str, body: Any, user: Anyone) -> SpendLine:
    """Records a line in the working version of a place's count. Raises Problem."""
    person = signed_in(user)
    place = place_named(slug)
    if not reach(person, Action.EDIT_SPEND).touches(place):
        raise NotAllowed(refusal(Action.EDIT_SPEND, place, person=person))
    values = read_body(body, shapes.NewSpendLine)
    label = values.pop("year")
    year = FinancialYear.objects.filter(programme=place.programme_id, label=label).first()
    if year is None:
        detail = str(no_year(place.programme, label))
        raise Problem(LINE_REFUSED, detail, [{"pointer": "/year", "detail": detail}])
    version = open_working_version(open_count(place, year), person, VIA)
    with _refusals():
        return add_line(version, values, person, VIA)


def change(line: SpendLine, body: Any, expected: int, user: Anyone) -> SpendLine:
    """Changes the given members of a line that was read at row version `expected`. Raises Problem."""
    person = _may_change(line, user)
    values = read_body(body, shapes.SpendLineChange)
    if "amount" not in values and (values.get("whole_amount") is not None or values.get("share") is not None):
        values["amount"] = None  # it follows from the two
    with _refusals(line):
        return change_line(line.version, line.pk, values, expected, person, VIA)


def remove(line: SpendLine, expected: int, user: Anyone) -> None:
    """Removes a line that was read at row version `expected`. Raises Problem."""
    person = _may_change(line, user)
    with _refusals(line):
        remove_line(line.version, line.pk, expected, person, VIA)


def read_at(request: Request) -> int:
    """The row version that `If-Match` names. Raises Problem where it is absent, or names any version at all.

    Compression makes an ETag weak on its way; a row version is as good either way.
    """
    etags = parse_etags(request.headers.get("If-Match", ""))
    if len(etags) != 1 or etags == ["*"]:
        raise Problem(IF_MATCH_REQUIRED, 'Send `If-Match` with the one ETag of the line as you read it, such as "3".')
    said = etags[0].removeprefix("W/").strip('"')
    return int(said) if said.isascii() and said.isdigit() and len(said) < 20 else NONE_SUCH


def _may_change(line: SpendLine, user: Anyone) -> Person:
    """Who changes a line, where they may; and a snapshot's line says which one to change instead."""
    person = signed_in(user)
    place = line.version.count.place
    if not reach(person, Action.EDIT_SPEND).covers(place, line.agency):
        raise NotAllowed(refusal(Action.EDIT_SPEND, place, line.agency, person))
    if not line.version.is_working:
        raise Problem(CONFLICT, _in_working_version(line))
    return person


def _in_working_version(line: SpendLine) -> str:
    count = line.version.count
    detail = f"Line {line.pk} belongs to snapshot {line.version.number}, which never changes."
    key = {f"{name}__isnull" if getattr(line, name) is None else name: getattr(line, name) or True for name in KEY}
    key |= {name: getattr(line, name) for name in ("is_capital", "is_transfer")}
    same = SpendLine.objects.filter(version__count=count, version__kind="working", **key).first()
    if same:
        return f"{detail} In the working version it is line {same.pk}."
    return (
        f"{detail} Read /api/v1/places/{count.place.slug}/spend/?version=working&year={count.year.label} for the lines"
        " of the working version."
    )


@contextmanager
def _refusals(line: SpendLine | None = None) -> Iterator[None]:
    """What writing refuses becomes a problem document."""
    try:
        yield
    except LineRefused as refused:
        errors = [
            {"pointer": pointer(*filter(None, [name])), "detail": message}
            for name, messages in refused.errors.items()
            for message in messages
        ]
        raise Problem(LINE_REFUSED, str(refused), errors) from refused
    except VersionLocked as locked:
        raise Problem(CONFLICT, str(locked)) from locked
    except StaleLine as stale:
        raise _stale(stale.current) from stale


def _stale(current: SpendLine) -> Problem:
    who = _changed_by(current)
    by = f" {who['name']} changed it." if who and who["name"] else ""
    more = {"current": one_line(current.pk), **({"changed_by": who} if who else {})}
    return Problem(
        STALE,
        f"Line {current.pk} is at row version {current.row_version} now.{by}",
        more=json.loads(encode(more)),
        headers={"ETag": f'"{current.row_version}"'},
    )


def _changed_by(line: SpendLine) -> dict[str, Any] | None:
    """Who changed a line last, by the history."""
    rows = History.objects.filter(table_name=SpendLine._meta.db_table, row_id=line.pk)
    last = rows.order_by("-pk").values("actor_id", "via", "at").first()
    if last is None:
        return None
    person = Person.objects.filter(pk=last["actor_id"]).first() if last["actor_id"] else None
    name = person.name if person else None
    return {"name": name, "via": last["via"], "at": last["at"]}
