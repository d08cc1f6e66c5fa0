"""Progress: the board of all places, and a place's own page with its timeline."""

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from pilots.models import Count, FinancialYear, Judgement, Milestone, Place, Question
from pilots.people.asking import contact_of, may_answer, open_questions
from pilots.people.presence import editing_now
from pilots.permissions import Action, allows, reach, require
from pilots.progress.board import STAGES, BoardRow, board, board_rows
from pilots.progress.reminders import deadlines_of
from pilots.progress.schedule import schedule_of
from pilots.progress.standing import Due, due_in_words
from pilots.progress.start_year import CannotStart, start_year
from pilots.progress.telling import DatesChanged, add_update, change_dates, judge
from pilots.progress.timeline import timeline
from pilots.progress.years import worked_year, worked_years
from totalplace import money
from totalplace.formulas import defused

from .board_filter import GROUPS, PRESSING, BoardFilter
from .choosing import frame, place_meant, programme_meant, year_asked, year_meant
from .progress_forms import JudgementForm, MilestonesForm, UpdateForm

# Places with one reason that are drawn together.
GROUPED = 8
# Where so few fit, those drawn together stand open.
OPENED = 40
COLUMNS = (
    *("slug", "name", "kind", "participation", "region", "stage", "services_reported", "services"),
    *("bodies_reported", "bodies", "last_change", "standing", "reason", "is_judged"),
)


@dataclass(frozen=True)
class Together:
    """Places that stand as they do for one and the same reason."""

    reason: str
    rows: list[BoardRow]


@dataclass(frozen=True)
class Section:
    """The places that stand alike: one by one, and those with one reason together. Without a word: all in order."""

    standing: str
    word: str
    rows: list[BoardRow]
    together: list[Together]

    @property
    def number(self) -> int:
        return len(self.rows) + sum(len(group.rows) for group in self.together)


@require_safe
def board_page(request: HttpRequest) -> HttpResponse:
    """The board, narrowed and ordered by the query; ?format=csv gives the same rows as a file."""
    programme = programme_meant(request)
    year = year_asked(request, programme) or worked_year(programme)
    rows = board(programme, request.user, year=year)  # type: ignore[arg-type]
    form = BoardFilter(request.GET, rows)
    shown = form.narrow(rows)
    if request.GET.get("format") == "csv":
        return _csv(shown)
    stages = Counter(row.stage for row in rows)
    most = max(stages.values(), default=1)
    context = {
        **frame(request, programme, "progress"),
        "year": year.label if year else "",
        "years": _labels(worked_years(programme.places.filter(retired_on=None)), year),
        "headline": headline_of(rows),
        "asked": open_questions(request.user).count() if may_answer(request.user) else 0,  # type: ignore[arg-type]
        "form": form,
        "number": len(shown),
        "all": len(rows),
        "opened": len(shown) <= OPENED,
        "sections": sections_of(shown) if form.order == "pressing" else [Section("", "", shown, [])],
        "stages": [(code, words, stages[code], round(100 * stages[code] / most)) for code, words in STAGES.items()],
        "groups": GROUPS,
        "schedule": schedule_of([(row.place, due) for row in shown for due in row.milestones], timezone.localdate()),
    }
    return render(request, "progress/board.html", context)


def _labels(worked: Iterable[FinancialYear], shown: FinancialYear | None) -> list[str]:
    """The years to choose from, the newest first: those worked on and the one that is shown."""
    return sorted({year.label for year in worked} | ({shown.label} if shown else set()), reverse=True)


def headline_of(rows: list[BoardRow]) -> list[str]:
    """The finding, in a sentence or two."""
    stands = Counter(row.stands.standing for row in rows)
    stuck, check, every = stands["stuck"], stands["check"], len(rows)
    if not rows:
        return ["There are no places yet."]
    needs = f"need{'s' if check == 1 else ''} a check."
    if stuck:
        says = f"{_number(stuck)} of {every} places {'is' if stuck == 1 else 'are'} stuck."
        return [says, f"{_number(check)} more {needs}"] if check else [says]
    if check:
        return [f"{_number(check)} of {every} places {needs}", "None is stuck."]
    return [f"All {every} places are on course." if every > 1 else "The place is on course."]


def _number(number: int) -> str:
    return money.starting(money.number_word(number))


def sections_of(rows: list[BoardRow]) -> list[Section]:
    """The rows by how they stand; where many share one reason, together."""
    sections = []
    for standing in PRESSING:
        alike = [row for row in rows if row.stands.standing == standing]
        reasons = Counter(row.stands.reason for row in alike if not row.stands.is_judged)
        shared = [reason for reason, number in reasons.most_common() if number >= GROUPED]
        together = [Together(reason, [row for row in alike if row.stands.reason == reason]) for reason in shared]
        single = [row for row in alike if row.stands.reason not in shared]
        if alike:
            sections.append(Section(standing, str(Judgement.Standing(standing).label), single, together))
    return sections


@require_safe
def place_progress(request: HttpRequest, slug: str) -> HttpResponse:
    """A place's own page: how it stands, its milestones, what happened."""
    return _place_page(request, place_meant(slug))


@require_POST
def update(request: HttpRequest, slug: str) -> HttpResponse:
    """Keeps an update."""
    place = place_meant(slug)
    require(request.user, Action.UPDATE_PROGRESS, place)  # type: ignore[arg-type]
    form = UpdateForm(request.POST)
    if not form.is_valid():
        return _place_page(request, place, update_form=form)
    add_update(place, form.cleaned_data["text"], request.user)  # type: ignore[arg-type]
    messages.success(request, "Your update is on the timeline.")
    return redirect("place-progress", slug)


@require_POST
def milestones(request: HttpRequest, slug: str) -> HttpResponse:
    """Sets the dates of milestones that changed."""
    place = place_meant(slug)
    require(request.user, Action.UPDATE_PROGRESS, place)  # type: ignore[arg-type]
    form = MilestonesForm(request.POST, _milestones(place))
    if not form.is_valid():
        return _place_page(request, place, milestones_form=form)
    try:
        change_dates(place, form.changes(), request.user)  # type: ignore[arg-type]
    except DatesChanged as changed:
        return _place_page(request, place, milestones_form=form.refuse(changed))
    messages.success(request, "The dates were saved.")
    return redirect("place-progress", slug)


@require_POST
def judgement(request: HttpRequest, slug: str) -> HttpResponse:
    """Keeps how the Leadership Centre says that a place stands."""
    place = place_meant(slug)
    require(request.user, Action.JUDGE_PROGRESS, place)  # type: ignore[arg-type]
    form = JudgementForm(request.POST)
    if form.is_valid():
        try:
            judge(place, form.cleaned_data["standing"], form.cleaned_data["reason"], request.user)  # type: ignore[arg-type]
        except ValueError as refused:
            form.add_error("reason", str(refused))
        else:
            messages.success(request, f"How {place.name} stands was saved.")
            return redirect("place-progress", slug)
    return _place_page(request, place, judgement_form=form)


@require_POST
def begin_year(request: HttpRequest, slug: str) -> HttpResponse:
    """Starts the count of another year with the structure of the last one."""
    place = place_meant(slug)
    year = year_meant(place, request.POST.get("year", ""))
    try:
        start_year(place, year, request.user)  # type: ignore[arg-type]
    except CannotStart as refused:
        messages.warning(request, str(refused))
        return redirect("place-progress", slug)
    messages.success(request, f"The count of {year.label} is begun with last year’s bodies and services, no amounts.")
    return redirect("spend", slug, year.label)


def _place_page(request: HttpRequest, place: Place, **bound: Any) -> HttpResponse:
    person = request.user
    require(person, Action.READ_PUBLISHED, place)  # type: ignore[arg-type]
    worked = list(worked_years([place]))
    year = year_asked(request, place.programme) or next(iter(worked), None) or worked_year(place.programme)
    readable = reach(person, Action.READ_WORKING)  # type: ignore[arg-type]
    (row,) = board_rows(place.programme, [place], year, readable, None)
    kept, today = _milestones(place), timezone.localdate()
    dues = {due.kind: due for due in row.milestones}
    may_update = allows(person, Action.UPDATE_PROGRESS, place)  # type: ignore[arg-type]
    judged = Judgement.objects.filter(place=place).select_related("person").first()
    context = {
        **frame(request, place.programme),
        "place": place,
        "year": year.label if year else "",
        "years": _labels(worked, year),
        "row": row,
        "judged": judged,
        "deadlines": deadlines_of(place),
        "milestones": [_said(kind, dues.get(kind), today) for kind in Milestone.Kind.values],
        "schedule": schedule_of([(place, due) for due in row.milestones], today),
        "events": timeline(place, person),  # type: ignore[arg-type]
        "contact": contact_of(place),
        "may_update": may_update,
        "may_judge": allows(person, Action.JUDGE_PROGRESS, place),  # type: ignore[arg-type]
        "may_submit": allows(person, Action.SUBMIT, place),  # type: ignore[arg-type]
        "may_read_working": readable.covers(place, None),
        "may_hand_over": allows(person, Action.INVITE_LEAD, place),  # type: ignore[arg-type]
        "has_dates": any(row.due_on or row.reached_on for row in kept.values()),
        "startable": _startable(place) if allows(person, Action.SUBMIT, place) else [],  # type: ignore[arg-type]
        "questions": Question.objects.filter(place=place).select_related("place", "person", "answered_by")
        if may_update
        else [],
        "editing": editing_now(place, year) if year and readable.covers(place, None) else [],
        "update_form": UpdateForm(),
        "milestones_form": MilestonesForm(None, kept),
        "judgement_form": JudgementForm(initial=_judged(judged)),
        **bound,
    }
    return render(request, "progress/place.html", context, status=422 if bound else 200)


def _judged(judged: Judgement | None) -> dict[str, str]:
    return {"standing": judged.standing, "reason": judged.reason} if judged else {}


def _milestones(place: Place) -> dict[str, Milestone]:
    return {row.kind: row for row in Milestone.objects.filter(place=place)}


def _said(kind: str, milestone: Due | None, today: date) -> dict[str, Any]:
    """A milestone in words."""
    due = milestone.due_on if milestone else None
    reached = milestone.reached_on if milestone else None
    late = bool(due and not reached and due < today)
    words = due_in_words(due, today) if due and not reached else ""
    return {"name": Milestone.Kind(kind).label, "due": due, "reached": reached, "words": words, "is_late": late}


def _startable(place: Place) -> list[FinancialYear]:
    """The years that can be begun: after the place's first count, without a working version or anything published."""
    begun = Count.objects.filter(place=place, versions__isnull=False).values_list("year__label", flat=True).distinct()
    first = min(begun, default=None)
    if first is None:
        return []
    years = FinancialYear.objects.filter(programme=place.programme_id, label__gt=first)
    return [year for year in years.order_by("label") if year.label not in set(begun)]


def _csv(rows: list[BoardRow]) -> HttpResponse:
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="progress.csv"'
    writer = csv.writer(answer)
    kinds = Milestone.Kind.values
    writer.writerow([*COLUMNS, *(f"{kind}_{what}" for kind in kinds for what in ("due", "reached"))])
    for row in rows:
        place, dates = row.place, {due.kind: (due.due_on, due.reached_on) for due in row.milestones}
        changed = timezone.localtime(row.last_change).isoformat(timespec="seconds") if row.last_change else ""
        cells: list[object] = [place.slug, place.name, place.kind, place.participation, place.region, row.stage]
        cells += [row.services, row.all_services, row.bodies, row.all_bodies, changed]
        cells += [row.stands.standing, row.stands.reason, row.stands.is_judged]
        cells += [day or "" for kind in kinds for day in dates.get(kind, ("", ""))]
        writer.writerow([defused(str(cell)) for cell in cells])
    return answer
