"""A block pasted for the whole count: matched by codes or names, shown in full before anything is written."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from pilots.grid.choices import choices_of, what_totals_cover
from pilots.grid.clipboard import BlockRefused, format_block, parse_pasted
from pilots.grid.pasting import Paste, Preview, counts_in_words
from pilots.grid.reading import GridReader
from pilots.models import SpendLine
from pilots.permissions import Action, NotAllowed, refusal
from pilots.spend.checking import Named
from totalplace import money

from .choosing import frame, place_meant
from .grid_views import reader_of, working_version
from .taking_back_views import say_saved, to_grid

# Bad cells and names that can be put right on the page itself; the rest is counted. Each name has all to choose from.
SHOWN, NAMES_SHOWN = 100, 25
PUT_RIGHT = re.compile(r"(cell|name)-(\d{1,9})-(\d{1,9})")
IS, LEAVE_ROW, LEAVE_COLUMN = "is-", "leave-row", "leave-column"
ASKED = ("kind", "spend_type", "funder")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def paste(request: HttpRequest, slug: str, year: str) -> HttpResponse:
    """Asks for a block, shows what it would do, and writes it: all of it or nothing."""
    version = working_version(request, place_meant(slug), year)
    reader = reader_of(request, version, {**request.GET.dict(), **_asked(request)})
    if reader.why_not:
        raise NotAllowed(reader.why_not if version.is_locked else refusal(Action.EDIT_SPEND, version.count.place))
    if request.method != "POST":
        return _page(request, reader)
    text = request.POST.get("text", "")
    if not text.strip():
        return _page(request, reader, problem="Paste a block first.")
    try:
        rows = _put_right(request, parse_pasted(text))
    except BlockRefused as refused:
        return _page(request, reader, problem=str(refused), text=text)
    return _answer(request, reader, rows)


def _asked(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in ASKED if name in request.POST}


def _answer(request: HttpRequest, reader: GridReader, rows: list[list[str]]) -> HttpResponse:
    person: Any = request.user
    column = request.POST.get("column", "")
    described = {"basis": request.POST.get("basis") or None, "source": request.POST.get("source") or None}
    block = Paste(
        reader.version,
        reader.chosen,
        rows,
        person,
        clears="clears" in request.POST,
        described=described,
        body=request.POST.get("body", ""),
        column=int(column) if column.isdecimal() and len(column) < 6 else 0,
    )
    wants = request.POST.get("step") == "save"
    is_current = request.POST.get("revision") == str(reader.version.revision)
    seen = block.write() if wants and is_current else block.preview()
    if wants and is_current and seen.is_good:
        cells = seen.added + seen.changed + seen.removed
        words = f"{money.starting(money.counted(cells, 'cell'))} saved from the block you pasted."
        say_saved(request, reader, words, seen.saved)
        return to_grid(reader)
    problem = "Somebody changed the count since this was shown. Look again before you save." if wants else ""
    nameable = block.nameable() if seen.faults else {}
    return _page(request, reader, seen, problem if not is_current else "", format_block(rows), nameable)


def _put_right(request: HttpRequest, rows: list[list[str]]) -> list[list[str]]:
    """The block with its bad cells as they were typed anew on the page, and its names as they were chosen there."""
    sent = [(match, text) for name, text in request.POST.items() if (match := PUT_RIGHT.fullmatch(name))]
    # Cells come first: of a row that is left out none is left.
    for match, text in sorted(sent, key=lambda one: one[0][1]):
        row, column = int(match[2]) - 1, int(match[3]) - 1
        if not (0 <= row < len(rows) and 0 <= column < len(rows[row])):
            continue
        if match[1] == "cell":
            rows[row][column] = str(text)
        elif text == LEAVE_ROW:
            rows[row] = [""] * len(rows[row])
        elif text == LEAVE_COLUMN:
            for one in rows:
                one[column] = ""
        elif str(text).startswith(IS):
            rows[row][column] = str(text).removeprefix(IS)
    return rows


def _page(
    request: HttpRequest,
    reader: GridReader,
    seen: Preview | None = None,
    problem: str = "",
    text: str = "",
    nameable: Mapping[str, Sequence[Named]] = MappingProxyType({}),
) -> HttpResponse:
    version = reader.version
    place = version.count.place
    faults = seen.faults[:NAMES_SHOWN] if seen else []
    context = {
        **frame(request, place.programme),
        "place": place,
        "year": version.count.year.label,
        "seen": seen,
        "problem": problem,
        "text": text,
        "counts": counts_in_words(seen) if seen else "",
        "bad": seen.bad[:SHOWN] if seen else [],
        "bad_beyond": max(0, len(seen.bad) - SHOWN) if seen else 0,
        "faults": faults,
        "faults_beyond": max(0, len(seen.faults) - NAMES_SHOWN) if seen else 0,
        "names": [(fault, nameable[fault.kind]) for fault in faults if fault.kind],
        "choices": [choice for choice in choices_of(reader) if choice.name in ASKED],
        "covers": what_totals_cover(reader),
        "bases": SpendLine.Basis.choices,
        "basis": (seen and seen.basis) or request.POST.get("basis", SpendLine.Basis.ACTUAL),
        "source": request.POST.get("source", ""),
        "clears": "clears" in request.POST,
        "bodies": reader.bodies,
        "body": request.POST.get("body", ""),
        "column": request.POST.get("column", ""),
    }
    is_bad = bool(problem) or (seen is not None and not seen.is_good)
    return render(request, "spend/grid/paste.html", context, status=422 if is_bad else 200)
