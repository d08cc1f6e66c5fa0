"""A place's quality measures: what they are, what was read of them, which went the wrong way."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pilots.models import Place, QualityMeasure, QualityReading
from pilots.permissions import Action, allows, require
from pilots.quality.flags import is_reached, is_worse
from pilots.quality.measures import (
    MeasureRefused,
    add_measure,
    add_reading,
    change_measure,
    remove_measure,
    remove_reading,
    ways_to_save_of,
)
from pilots.spend.years import default_year

from .choosing import frame, place_meant
from .quality_forms import MeasureForm, ReadingForm

FORM_METHODS = ["GET", "HEAD", "POST"]


@dataclass(frozen=True)
class MeasureRow:
    """A measure as the page shows it, its readings newest first; `state` is worse, reached, better, level or unread."""

    measure: QualityMeasure
    readings: list[QualityReading]
    newest: QualityReading | None
    state: str
    services: list[str]
    levers: list[str]


@require_safe
def measures(request: HttpRequest, slug: str) -> HttpResponse:
    """All measures of a place, those that went the wrong way first."""
    place = place_meant(slug)
    require(request.user, Action.READ_PUBLISHED, place)  # type: ignore[arg-type]
    rows = rows_of(place)
    context = {
        **_frame(request, place),
        "rows": rows,
        "worse": sum(row.state == "worse" for row in rows),
        "may_edit": allows(request.user, Action.RECORD_QUALITY, place),  # type: ignore[arg-type]
    }
    return render(request, "quality/measures.html", context)


def rows_of(place: Place) -> list[MeasureRow]:
    """The measures, worst first, then by name."""
    names = ways_to_save_of(place)
    found = QualityMeasure.objects.filter(place=place).prefetch_related("service_lines", "readings")
    rows, today = [], timezone.localdate()
    for measure in found.order_by("indicator"):
        readings = sorted(measure.readings.all(), key=lambda reading: reading.measured_on, reverse=True)
        newest = next((reading for reading in readings if reading.measured_on <= today), None)
        services = [line.name for line in measure.service_lines.all()]
        levers = [names.get(code, code) for code in measure.lever_codes]
        rows.append(MeasureRow(measure, readings, newest, _state(measure, newest), services, levers))
    return sorted(rows, key=lambda row: row.state != "worse")


@require_http_methods(FORM_METHODS)
def new_measure(request: HttpRequest, slug: str) -> HttpResponse:
    """Adds a measure."""
    place = place_meant(slug)
    require(request.user, Action.RECORD_QUALITY, place)  # type: ignore[arg-type]
    return _edit(request, place, None)


@require_http_methods(FORM_METHODS)
def edit_measure(request: HttpRequest, slug: str, measure_id: int) -> HttpResponse:
    """Changes a measure; its readings stand below."""
    place = place_meant(slug)
    require(request.user, Action.RECORD_QUALITY, place)  # type: ignore[arg-type]
    return _edit(request, place, _measure(place, measure_id))


@require_POST
def remove(request: HttpRequest, slug: str, measure_id: int) -> HttpResponse:
    """Removes a measure."""
    measure = _measure(place_meant(slug), measure_id)
    remove_measure(measure, request.user)  # type: ignore[arg-type]
    messages.success(request, f"“{measure.indicator}” was removed. The history keeps it.")
    return redirect("quality", slug)


@require_POST
def new_reading(request: HttpRequest, slug: str, measure_id: int) -> HttpResponse:
    """Records what a measure came to on a day."""
    place = place_meant(slug)
    require(request.user, Action.RECORD_QUALITY, place)  # type: ignore[arg-type]
    measure = _measure(place, measure_id)
    form = ReadingForm(request.POST)
    if form.is_valid():
        try:
            add_reading(measure, form.cleaned_data["measured_on"], form.cleaned_data["value"], request.user)  # type: ignore[arg-type]
        except MeasureRefused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, "The reading is kept.")
            return redirect("edit-measure", slug, measure_id)
    return _page(request, place, MeasureForm(None, place, measure), measure, form)


@require_POST
def remove_a_reading(request: HttpRequest, slug: str, reading_id: int) -> HttpResponse:
    """Removes a reading."""
    place = place_meant(slug)
    reading = (
        QualityReading.objects.select_related("measure__place").filter(pk=reading_id, measure__place=place).first()
    )
    if reading is None:
        raise Http404(f"{place.name} has no such reading.")
    remove_reading(reading, request.user)  # type: ignore[arg-type]
    messages.success(request, "The reading was removed. The history keeps it.")
    return redirect("edit-measure", slug, reading.measure_id)


def _edit(request: HttpRequest, place: Place, measure: QualityMeasure | None) -> HttpResponse:
    form = MeasureForm(request.POST or None, place, measure)
    if form.is_valid():
        try:
            if measure is None:
                kept = add_measure(place, form.given(), request.user)  # type: ignore[arg-type]
            else:
                kept = change_measure(measure, form.given(), request.user)  # type: ignore[arg-type]
        except MeasureRefused as refused:
            form.add_error(refused.field, str(refused))
        except IntegrityError:
            form.add_error("indicator", "This place has a measure of that name already. Give another name.")
        else:
            messages.success(request, f"“{kept.indicator}” is kept. Record what it came to.")
            return redirect("edit-measure", place.slug, kept.pk)
    return _page(request, place, form, measure, ReadingForm())


def _page(
    request: HttpRequest, place: Place, form: MeasureForm, measure: QualityMeasure | None, reading_form: ReadingForm
) -> HttpResponse:
    readings = measure.readings.order_by("-measured_on") if measure else []
    context = {
        **_frame(request, place),
        "form": form,
        "measure": measure,
        "reading_form": reading_form,
        "readings": [(reading, is_worse(reading.measure, reading.value)) for reading in readings],
    }
    status = 422 if form.errors or reading_form.errors else 200
    return render(request, "quality/measure.html", context, status=status)


def _state(measure: QualityMeasure, newest: QualityReading | None) -> str:
    if newest is None:
        return "unread"
    if is_worse(measure, newest.value):
        return "worse"
    if is_reached(measure, newest.value):
        return "reached"
    return "level" if newest.value == measure.baseline else "better"


def _measure(place: Place, measure_id: int) -> QualityMeasure:
    found = QualityMeasure.objects.filter(place=place, pk=measure_id).select_related("place").first()
    if found is None:
        raise Http404(f"{place.name} has no such measure.")
    return found


def _frame(request: HttpRequest, place: Place) -> dict[str, Any]:
    year = default_year(place.programme)
    return {**frame(request, place.programme), "place": place, "year": year.label if year else ""}
