"""The form of one spend line. It only gathers what was typed: `pilots.spend` checks and says what is wrong."""

from collections.abc import Mapping
from typing import Any

from django import forms

from pilots.models import Agency, FinancialYear, Person, Place, ServiceLine, SpendLine, SpendType
from pilots.permissions import Action, visible_agencies
from pilots.spend.checking import AGENCIES, LONGEST_TEXT, Errors, Recordable
from pilots.spend.write import values_of
from totalplace import money

from .fields import BodyField, with_value

AMOUNT_HELP = "Pounds, such as 1,234.50. A minus or brackets for less than nothing."


class LineForm(forms.Form):
    """A line as people type it; amounts stay text until `pilots.spend` reads them."""

    agency = forms.ChoiceField(label="Body that spends it")
    service_line = forms.ChoiceField(label="Service")
    spend_type = forms.ChoiceField(label="Spend type", initial="unspecified")
    amount = forms.CharField(
        required=False, max_length=60, label="Amount counted in the place, £", help_text=AMOUNT_HELP
    )
    basis = forms.ChoiceField(label="What it rests on", choices=SpendLine.Basis.choices, initial="actual")
    is_transfer = forms.BooleanField(
        required=False, label="It is passed on to another public body: a levy, precept or grant"
    )
    is_capital = forms.BooleanField(required=False, label="It is capital: recorded beside the totals")
    whole_amount = forms.CharField(
        required=False,
        max_length=60,
        label="Whole amount, £",
        help_text="Only for a body that serves more than this place. With a share, the amount above can stay blank.",
    )
    share = forms.CharField(
        required=False, max_length=40, label="Share of the whole", help_text="A part of one, such as 0.25."
    )
    method = forms.ChoiceField(
        required=False, label="How it was shared out", choices=SpendLine.Method.choices, initial=""
    )
    source = forms.CharField(
        required=False, max_length=LONGEST_TEXT, label="Source", widget=forms.Textarea(attrs={"rows": 2})
    )
    note = forms.CharField(
        required=False, max_length=LONGEST_TEXT, label="Note", widget=forms.Textarea(attrs={"rows": 2})
    )
    row_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    field_order = [
        *("agency", "service_line", "spend_type", "amount", "basis", "funder", "is_transfer", "receiver"),
        *("is_capital", "whole_amount", "share", "method", "source", "note"),
    ]

    def __init__(
        self, data: Any, person: Person, place: Place, year: FinancialYear, line: SpendLine | None = None
    ) -> None:
        super().__init__(data, initial=_initial(line) if line else None)
        self.line = line
        self.fields["agency"].choices = _agencies(person, place, year, line)  # type: ignore[attr-defined]
        self.fields["service_line"].choices = _service_lines(place)  # type: ignore[attr-defined]
        self.fields["spend_type"].choices = list(SpendType.objects.values_list("code", "name"))  # type: ignore[attr-defined]
        self.fields["funder"] = BodyField(
            place.programme, required=False, label="Money from", help_text="The funding body, if it is known."
        )
        self.fields["receiver"] = BodyField(
            place.programme, required=False, label="Passed on to", help_text="Only for what is passed on."
        )
        self.order_fields(self.field_order)
        for name in ("amount", "whole_amount", "share"):
            self.fields[name].widget.attrs |= {"class": "govuk-input--width-10", "autocomplete": "off"}

    def values(self) -> dict[str, object]:
        """What was typed, by the names that `pilots.spend.write` takes."""
        typed = {name: value for name, value in self.cleaned_data.items() if name != "row_version"}
        for name in AGENCIES[1:]:
            typed[name] = typed[name].code if typed[name] else None
        return typed

    def refuse(self, errors: Errors) -> None:
        """Shows what the checks refused beside the fields it is about."""
        for name, said in errors.items():
            self.add_error(name if name in self.fields else None, said)

    def take_over(self, current: SpendLine) -> None:
        """From here on the form knows the line as it stands, so that saving again is a decision."""
        self.line = current
        self.data = with_value(self.data, "row_version", current.row_version)

    def conflicts(self, current: SpendLine) -> list[tuple[str, str, str]]:
        """Where what is stored now differs from what was typed: (field, stored, typed)."""
        stored, typed = _said(current), self._typed()
        return [
            (str(self.fields[name].label), stored[name], typed[name]) for name in stored if stored[name] != typed[name]
        ]

    def _typed(self) -> dict[str, str]:
        values = dict(self.cleaned_data)
        for name in AGENCIES[1:]:
            values[name] = values[name].name if values[name] else ""
        for name in ("agency", "service_line", "spend_type", "basis", "method"):
            values[name] = _label(self.fields[name], values[name])
        return {name: _in_words(value) for name, value in values.items()}


def _initial(line: SpendLine) -> dict[str, Any]:
    values = values_of(line)
    amounts = {
        "amount": money.exact_number(line.amount).replace(money.MINUS, "-"),
        "whole_amount": f"{line.whole_amount:,.2f}" if line.whole_amount is not None else "",
        "share": f"{line.share.normalize():f}" if line.share is not None else "",
    }
    return {**values, **amounts, "funder": line.funder, "receiver": line.receiver, "row_version": line.row_version}


def _said(line: SpendLine) -> dict[str, str]:
    """A stored line in the words of the form."""
    values: Mapping[str, Any] = {
        "agency": line.agency.name,
        "service_line": line.service_line.name,
        "spend_type": line.spend_type.name,
        "amount": _initial(line)["amount"],
        "basis": line.get_basis_display(),
        "funder": line.funder.name if line.funder else "",
        "is_transfer": line.is_transfer,
        "receiver": line.receiver.name if line.receiver else "",
        "is_capital": line.is_capital,
        "whole_amount": _initial(line)["whole_amount"],
        "share": _initial(line)["share"],
        "method": line.get_method_display(),
        "source": line.source,
        "note": line.note,
    }
    return {name: _in_words(value) for name, value in values.items()}


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value).strip()


def _label(field: Any, value: str) -> str:
    for code, words in field.choices:
        if isinstance(words, (list, tuple)):
            if found := dict(words).get(value):
                return str(found)
        elif code == value:
            return str(words)
    return value


def _agencies(person: Person, place: Place, year: FinancialYear, line: SpendLine | None) -> list[tuple[str, str]]:
    """The bodies of the place in the year for which the person records spending."""
    members = Agency.objects.filter(pk__in=Recordable(place).members).order_by("name")
    allowed = visible_agencies(person, Action.EDIT_SPEND, place, members)
    choices = {
        agency.code: agency.name
        for agency in allowed
        if (not agency.first_year or agency.first_year <= year.label)
        and (not agency.last_year or agency.last_year >= year.label)
    }
    if line is not None:
        choices.setdefault(line.agency.code, line.agency.name)
    blank = [("", "Choose")] if len(choices) > 1 else []
    return [*blank, *choices.items()]


def _service_lines(place: Place) -> list[tuple[str, Any]]:
    """The leaves of the service tree under the names of their branches."""
    lines = list(ServiceLine.objects.filter(programme=place.programme_id).select_related("parent"))
    branches = {line.parent_id for line in lines}
    groups: dict[str, list[tuple[str, str]]] = {}
    for line in lines:
        if line.pk not in branches:
            groups.setdefault(line.parent.name if line.parent else line.name, []).append((line.code, line.name))
    return [("", "Choose"), *groups.items()]
