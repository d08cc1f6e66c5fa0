"""Forms of apportioning: a line that is shared out, a number that it is shared out by, and a file of them."""

from typing import Any

from django import forms

from pilots.apportion import CannotApportion
from pilots.apportion.recording import LONGEST_SOURCE, Errors, GivenInput
from pilots.models import Agency, ApportionmentInput, Person, Place, Programme, ServiceLine, SpendLine, SpendType
from pilots.permissions import Action, visible_agencies

from .fields import BodyField

Method = SpendLine.Method
KEEPS = "Left blank, a line that is there already keeps its own."
METHODS = [
    (Method.POPULATION_SHARE.value, "People: its share in the register, or people of the place for a national body"),
    (Method.CLAIMANTS.value, "Claimants"),
    (Method.PUPILS.value, "Pupils"),
    (Method.GIVEN_SHARE.value, "A share that I give"),
]


class ApportionForm(forms.Form):
    """A body's whole amount and how its part in the place is found; amounts stay text until they are read."""

    agency = forms.ModelChoiceField(Agency.objects.none(), label="Body that spends it", empty_label="Choose a body")
    service_line = forms.ModelChoiceField(
        ServiceLine.objects.none(), label="Service", empty_label="Choose a service line"
    )
    spend_type = forms.ModelChoiceField(
        SpendType.objects.all(), to_field_name="code", label="Spend type", initial="unspecified", empty_label=None
    )
    whole_amount = forms.CharField(
        max_length=60, label="Whole amount, £", help_text="What the body spends in all that it serves."
    )
    method = forms.ChoiceField(label="Shared out by", choices=METHODS, widget=forms.RadioSelect, initial=METHODS[0][0])
    given_share = forms.CharField(
        required=False,
        max_length=40,
        label="Share",
        help_text="Only for a share that you give: a part of one, as 0.25.",
    )
    source = forms.CharField(required=False, max_length=1_000, label="Source of the whole amount", help_text=KEEPS)
    note = forms.CharField(required=False, max_length=1_000, label="Note", help_text=KEEPS)

    def __init__(self, data: Any, person: Person, place: Place) -> None:
        super().__init__(data)
        members = Agency.objects.filter(memberships__place=place).order_by("name")
        self.fields["agency"].queryset = visible_agencies(person, Action.EDIT_SPEND, place, members)  # type: ignore[attr-defined]
        leaves = ServiceLine.objects.filter(programme=place.programme_id, children__isnull=True)
        self.fields["service_line"].queryset = leaves  # type: ignore[attr-defined]
        for name in ("whole_amount", "given_share"):
            self.fields[name].widget.attrs |= {"class": "govuk-input--width-10", "autocomplete": "off"}

    def more(self) -> dict[str, object]:
        """What is recorded beside, as `apportion_line` takes it."""
        given = self.cleaned_data
        return {"spend_type": given["spend_type"].code, "source": given["source"], "note": given["note"]}

    def refuse(self, problem: CannotApportion) -> None:
        self.add_error(problem.field, str(problem))

    def refuse_line(self, errors: Errors) -> None:
        """Puts what the checks of a line refuse beside its field."""
        for name, said in errors.items():
            self.add_error(name if name in self.fields else None, said)


class InputForm(forms.Form):
    """How much of a measure there is in a place or in all that a body serves."""

    measure = forms.ChoiceField(label="Measure", choices=ApportionmentInput.Measure.choices)
    place = forms.ModelChoiceField(
        Place.objects.none(), to_field_name="slug", required=False, label="In a place", empty_label="none"
    )
    year = forms.CharField(max_length=7, label="Financial year", help_text="Such as 2010-11.")
    value = forms.CharField(max_length=30, label="Number", help_text="Such as 210,450.")
    source = forms.CharField(max_length=LONGEST_SOURCE, label="Source")

    field_order = ("measure", "place", "agency", "year", "value", "source")

    def __init__(self, data: Any, programme: Programme) -> None:
        super().__init__(data)
        self.fields["place"].queryset = Place.objects.filter(programme=programme)  # type: ignore[attr-defined]
        self.fields["agency"] = BodyField(programme, required=False, label="Or in all that a body serves")
        self.order_fields(self.field_order)
        for name in ("year", "value"):
            self.fields[name].widget.attrs |= {"class": "govuk-input--width-10", "autocomplete": "off"}

    def given(self) -> GivenInput:
        """What was typed, by the words that a file has."""
        typed = self.cleaned_data
        place, agency = typed["place"], typed["agency"]
        return GivenInput(
            typed["measure"],
            place.slug if place else "",
            agency.code if agency else "",
            typed["year"],
            typed["value"],
            typed["source"],
        )

    def refuse(self, errors: Errors) -> None:
        for name, said in errors.items():
            self.add_error(name, said)


class InputsFileForm(forms.Form):
    """A file of numbers: CSV or a workbook."""

    file = forms.FileField(
        label="A file of numbers",
        help_text="CSV, XLSX or ODS with the columns measure, place, agency, year, value, source. All or nothing.",
    )
