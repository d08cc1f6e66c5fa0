"""Forms of quality measures and their readings."""

from typing import Any

from django import forms

from pilots.models import Place, QualityMeasure, ServiceLine
from pilots.quality import measures
from pilots.quality.measures import MeasureGiven

from .fields import NumberField
from .progress_forms import day_field

INDENT = "\u2003"


def _number(label: str, required: bool = True) -> NumberField:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-10"})
    return NumberField(required=required, label=label, max_digits=16, decimal_places=4, widget=widget)


class MeasureForm(forms.Form):
    """What is measured, from where to where, and what it tells of."""

    indicator = forms.CharField(max_length=200, label="What is measured", help_text="Such as “Pupils who stay to 16”.")
    unit = forms.CharField(
        max_length=40,
        label="Unit",
        help_text="Such as %, days, people.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )
    direction = forms.ChoiceField(
        label="Which way is better", choices=QualityMeasure.Direction.choices, widget=forms.RadioSelect
    )
    baseline = _number("Baseline")
    baseline_on = day_field("Baseline measured on", is_past=True)
    target = _number("Target", required=False)
    target_on = day_field("Target due on")
    service_lines = forms.MultipleChoiceField(
        required=False,
        label="Services it tells of",
        help_text="A group stands for everything below it.",
        widget=forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"}),
    )
    lever_codes = forms.MultipleChoiceField(
        required=False, label="Ways to save it tells of", widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any, place: Place, measure: QualityMeasure | None = None) -> None:
        super().__init__(data, initial=_initial(measure))
        self.fields["baseline_on"].required = True
        self.fields["service_lines"].choices = service_choices(place)  # type: ignore[attr-defined]
        self.fields["lever_codes"].choices = lever_choices(place, measure)  # type: ignore[attr-defined]

    def given(self) -> MeasureGiven:
        """What the form says, as `add_measure` takes it."""
        return MeasureGiven(**self.cleaned_data)


class ReadingForm(forms.Form):
    """What a measure came to on a day."""

    measured_on = day_field("Measured on", is_past=True)
    value = _number("Value")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["measured_on"].required = True


def service_choices(place: Place) -> list[tuple[str, str]]:
    """The service tree in its order, each line set in below its group."""
    lines = list(ServiceLine.objects.filter(programme=place.programme_id))
    below: dict[int | None, list[ServiceLine]] = {}
    for line in lines:
        below.setdefault(line.parent_id, []).append(line)

    def walk(parent: int | None, depth: int) -> list[tuple[str, str]]:
        found = []
        for line in below.get(parent, []):
            found.append((line.code, f"{INDENT * depth}{line.name}"))
            found += walk(line.pk, depth + 1)
        return found

    return walk(None, 0)


def lever_choices(place: Place, measure: QualityMeasure | None) -> list[tuple[str, str]]:
    """The ways to save of the current set, and those that a measure names and the set has no more."""
    known = measures.ways_to_save(place.programme_id)
    gone = set(measure.lever_codes if measure else ()) - {code for code, _ in known}
    return [*known, *((code, f"{code} (not in the current set)") for code in sorted(gone))]


def _initial(measure: QualityMeasure | None) -> dict[str, Any]:
    if measure is None:
        return {}
    names = ("indicator", "unit", "direction", "baseline_on", "target_on", "lever_codes")
    plain = {name: getattr(measure, name) for name in names}
    numbers = {
        name: f"{value.normalize():f}" if value is not None else None
        for name, value in (("baseline", measure.baseline), ("target", measure.target))
    }
    return {**plain, **numbers, "service_lines": [line.code for line in measure.service_lines.all()]}
