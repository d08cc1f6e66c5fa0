"""The spend lines of a place's year: of what is published, or of the working version for those who may."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from pilots.grid.slice import Slice
from pilots.models import Agency, Count, FinancialYear, Place, SpendLine, Version
from pilots.people.asking import contact_of
from pilots.permissions import Action, Reach, allows, reach, require, visible_lines
from pilots.spend.versions import Which, open_count, version_for
from pilots.spend.write import why_locked
from pilots.spend.years import default_year
from totalplace import money

from .asking import signed_in, who
from .choosing import frame, place_meant, year_meant

PAGE_SIZE = 500
NOTHING = Decimal(0)
REVENUE = Q(is_capital=False, is_transfer=False)


@dataclass(frozen=True)
class LineRow:
    """A spend line as the page shows it; `edit_address` is empty where it may not be changed, `cell_address`, where
    comments and history are, where it is none of the working version.
    """

    service: str
    spend_type: str
    funder: str
    receiver: str
    amount: Decimal
    basis: str
    note: str
    is_transfer: bool
    is_capital: bool
    edit_address: str
    cell_address: str


@dataclass(frozen=True)
class Shown:
    """The version that a page shows, and what whoever reads may do with it."""

    which: Which
    version: Version | None
    lines: QuerySet[SpendLine]
    editable: Reach
    is_own_part: bool
    """Whether only the reader's own bodies are shown."""


@require_safe
def newest_spend(request: HttpRequest, slug: str) -> HttpResponse:
    """Leads to the default year."""
    place = place_meant(slug)
    year = default_year(place.programme)
    if year is None:
        raise Http404(f"{place.programme.name} has no financial years yet.")
    return redirect("spend", slug, year.label)


@require_safe
def spend(request: HttpRequest, slug: str, year: str) -> HttpResponse:
    """The lines, by body, some hundreds a page, all bodies or one (?body=)."""
    place = place_meant(slug)
    financial_year = year_meant(place, year)
    shown = _shown(request, place, financial_year)
    bodies = list(Agency.objects.filter(pk__in=shown.lines.values("agency")).order_by("name", "code"))
    body = next((body for body in bodies if body.code == request.GET.get("body")), None)
    lines = shown.lines.filter(agency=body) if body else shown.lines
    page = _page_of(lines, request.GET.get("page"))
    locked = shown.version is not None and shown.version.is_locked and shown.version.is_working
    may_edit = shown.which == "working" and not locked and shown.editable.touches(place)
    context = {
        **frame(request, place.programme),
        "place": place,
        "year": year,
        "years": _years_of(place),
        "which": shown.which,
        "may_read_working": reach(who(request), Action.READ_WORKING).touches(place),
        "version": version_in_words(shown.version),
        "revision": shown.version.revision if shown.version else 0,
        "missing": shown.version.missing if shown.version else [],
        "bodies": bodies,
        "body": body,
        "page": page,
        "groups": list(_groups(place, year, page, lines, shown, may_edit)),
        "total": _revenue(lines),
        "is_own_part": shown.is_own_part,
        "difference": _difference(shown, place, financial_year, body),
        "locked": why_locked(shown.version) if locked and shown.version else "",
        "may_edit": may_edit,
        "may_publish": _may_publish(request, shown),
        "may_submit": may_edit and allows(who(request), Action.SUBMIT, place) and shown.lines.exists(),
        "contact": contact_of(place) if shown.which == "published" else None,
        "add_address": reverse("new-line", args=[slug, year]),
        "publish_address": reverse("publish", args=[slug, year]),
    }
    return render(request, "spend/lines.html", context)


def _shown(request: HttpRequest, place: Place, year: FinancialYear) -> Shown:
    person = who(request)
    readable = reach(person, Action.READ_WORKING)
    which = _which(request, "working" if readable.touches(place) else "published")
    require(person, Action.READ_PUBLISHED, place)
    editable = reach(person, Action.EDIT_SPEND)
    count = Count.objects.select_related("place", "published").filter(place=place, year=year).first()
    if count is None and editable.touches(place):
        count = open_count(place, year, signed_in(request), "page")
    version = version_for(count, which, person) if count else None
    lines = SpendLine.objects.filter(version=version) if version else SpendLine.objects.none()
    if which == "working":
        lines = visible_lines(person, Action.READ_WORKING, place, lines)
    is_own_part = which == "working" and not readable.covers(place, None)
    return Shown(which, version, lines, editable, is_own_part)


def _which(request: HttpRequest, usual: Which) -> Which:
    match request.GET.get("version"):
        case "working":
            return "working"
        case "published":
            return "published"
        case None | "":
            return usual
        case other:
            raise Http404(f'There is no version "{other}". There are "published" and "working".')


def _may_publish(request: HttpRequest, shown: Shown) -> bool:
    return (
        shown.which == "working"
        and shown.version is not None
        and shown.version.status == Version.Status.APPROVED
        and allows(who(request), Action.PUBLISH)
    )


def version_in_words(version: Version | None) -> str:
    """Working version, begun from snapshot 1; Snapshot 2, published 4 May 2010."""
    if version is None:
        return "Nothing published yet"
    if version.is_working:
        begun = version.begun_from
        usual = (Version.Status.DRAFT, Version.Status.PUBLISHED)
        state = "" if version.status in usual else f", {version.get_status_display().lower()}"
        return f"Working version{f', begun from snapshot {begun.number}' if begun else ''}{state}"
    label = f" ({version.label})" if version.label else ""
    when = f", published {version.published_at:%-d %B %Y}" if version.published_at else ""
    return f"Snapshot {version.number}{label}{when}"


def _page_of(lines: QuerySet[SpendLine], number: str | None) -> Page:
    ordered = lines.select_related("agency", "funder", "receiver", "service_line", "spend_type").order_by(
        "agency__name", "agency_id", "service_line__position", "spend_type__position", "id"
    )
    return Paginator(ordered, PAGE_SIZE).get_page(number)


def _groups(
    place: Place, year: str, page: Page, lines: QuerySet[SpendLine], shown: Shown, may_edit: bool
) -> Iterator[tuple[str, list[LineRow], Decimal]]:
    """Each body of the page with its lines there, and its revenue over all pages."""
    totals = dict(lines.filter(REVENUE).values_list("agency").annotate(total=Sum("amount")))
    for body, rows in groupby(page.object_list, key=lambda line: line.agency):
        editable = may_edit and shown.editable.covers(place, body)
        yield body.name, list(_rows(place, year, rows, editable, shown.which)), totals.get(body.pk, NOTHING)


def _rows(place: Place, year: str, lines: Iterable[SpendLine], editable: bool, which: Which) -> Iterator[LineRow]:
    for line in lines:
        yield LineRow(
            service=line.service_line.name,
            spend_type=line.spend_type.name,
            funder=line.funder.name if line.funder else "",
            receiver=line.receiver.name if line.receiver else "",
            amount=line.amount,
            basis=str(line.get_basis_display()).partition(":")[0],
            note=line.note,
            is_transfer=line.is_transfer,
            is_capital=line.is_capital,
            edit_address=reverse("edit-line", args=[place.slug, year, line.pk]) if editable else "",
            cell_address=cell_address(place, year, line) if which == "working" else "",
        )


def cell_address(place: Place, year: str, line: SpendLine) -> str:
    """Where what was said of a line's cell stands, and who changed it when."""
    cell = {"agency": line.agency_id, "service_line": line.service_line_id}
    return reverse("grid-cell", args=[place.slug, year], query={**cell, **Slice.of(line).query})


def _revenue(lines: QuerySet[SpendLine]) -> Decimal:
    return lines.filter(REVENUE).aggregate(total=Sum("amount"))["total"] or NOTHING


def _difference(shown: Shown, place: Place, year: FinancialYear, body: Agency | None) -> str:
    """How the working version's revenue stands to what is published, of all that is read or of one body."""
    if shown.which != "working" or shown.version is None:
        return ""
    published = Count.objects.filter(place=place, year=year, published__isnull=False).first()
    if published is None:
        return "Nothing of this year is published yet."
    if shown.version.status == Version.Status.PUBLISHED:
        return "The same as what is published."
    there = SpendLine.objects.filter(version=published.published_id)
    if shown.is_own_part:
        there = there.filter(agency__in=shown.editable.bodies_in(place))
    here = shown.lines
    if body is not None:
        here, there = here.filter(agency=body), there.filter(agency=body)
    change = _revenue(here) - _revenue(there)
    if not change:
        return "The total is the same as what is published; single lines may differ."
    return f"{money.exact(abs(change))} {'more' if change > 0 else 'less'} than what is published."


def _years_of(place: Place) -> list[str]:
    return list(FinancialYear.objects.filter(programme=place.programme_id).values_list("label", flat=True))
