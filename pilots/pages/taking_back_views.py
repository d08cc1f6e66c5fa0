"""Taking back a block that was saved from the page of pasted blocks."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from pilots.grid.choices import what_totals_cover
from pilots.grid.reading import GridReader
from pilots.grid.taking_back import SavedBlock, TakingBack, look_back, save_and_keep
from pilots.models import Version
from pilots.permissions import Action, NotAllowed, refusal
from totalplace import money

from .choosing import frame, place_meant
from .grid_views import reader_of, working_version

# Cells changed since that are named; the rest is counted.
SHOWN = 100
CHANGED = "Somebody changed the count since this was shown. Look again before you take the block back."


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, slug: str, year: str) -> HttpResponse:
    """Shows what taking a saved block back would do, and does it; what was changed since is asked about."""
    version = working_version(request, place_meant(slug), year)
    block = _block_meant(request, version)
    reader = reader_of(request, version, block.slice)
    if reader.why_not:
        raise NotAllowed(reader.why_not if version.is_locked else refusal(Action.EDIT_SPEND, version.count.place))
    person: Any = request.user
    seen = look_back(version, reader.chosen, block, person)
    if request.method != "POST":
        return _page(request, reader, seen)
    if request.POST.get("revision") != str(version.revision):
        return _page(request, reader, seen, CHANGED)
    edits = seen.edits + (seen.others if request.POST.get("others") == "back" else [])
    outcomes, saved = save_and_keep(version, reader.chosen, edits, person)
    if not all(outcome.is_good for outcome in outcomes):
        return _page(request, reader, look_back(version, reader.chosen, block, person), CHANGED)
    say_saved(request, reader, f"{_cells(len(edits))} as before the block again.", saved)
    return to_grid(reader)


def say_saved(request: HttpRequest, reader: GridReader, words: str, saved: SavedBlock | None) -> None:
    """Says that a block was saved, with the way to take it back."""
    if saved is None:
        messages.success(request, words)
        return
    count = reader.version.count
    address = reverse("grid-take-back", args=[count.place.slug, count.year.label], query={"block": saved.token})
    link = '{} <a class="govuk-notification-banner__link" href="{}">Take it back</a>'
    messages.success(request, format_html(link, words, address))


def to_grid(reader: GridReader) -> HttpResponse:
    """Leads to the grid of the slice that was saved."""
    count = reader.version.count
    return redirect(reverse("spend", args=[count.place.slug, count.year.label], query=reader.chosen.query or None))


def _block_meant(request: HttpRequest, version: Version) -> SavedBlock:
    try:
        block = SavedBlock.of_token(request.GET.get("block", ""))
    except BadSignature:
        raise Http404("This is no block that was saved. Follow the link that was shown when it was.") from None
    if block.version != version.pk:
        raise Http404("This block was saved in another count.")
    return block


def _page(request: HttpRequest, reader: GridReader, seen: TakingBack, problem: str = "") -> HttpResponse:
    version = reader.version
    version.refresh_from_db(fields=["revision"])
    context = {
        **frame(request, version.count.place.programme),
        "place": version.count.place,
        "year": version.count.year.label,
        "revision": version.revision,
        "covers": what_totals_cover(reader),
        "cells": _cells(len(seen.edits)),
        "seen": seen,
        "changed_since": seen.changed_since[:SHOWN],
        "beyond": max(0, len(seen.changed_since) - SHOWN),
        "problem": problem,
        "address": request.get_full_path(),
    }
    return render(request, "spend/grid/take_back.html", context, status=409 if problem else 200)


def _cells(number: int) -> str:
    return f"{money.starting(money.counted(number, 'cell'))} {'is' if number == 1 else 'are'}"
