"""The form of a body."""

import re
from typing import Any

from django import forms

from pilots.models import Agency, AgencyType
from pilots.register.history import newest_change

from .fields import BodyField

YEAR = re.compile(r"[0-9]{4}-[0-9]{2}")
GSS_CODE = re.compile(r"[A-Z][0-9]{8}")


class AgencyForm(forms.ModelForm):
    """What a body is: its kind, its years, what it belongs to and what followed it."""

    new_type = forms.CharField(
        required=False,
        max_length=60,
        label="Or another kind",
        help_text="Only if none of the kinds above fits. The ways to save name kinds of body by these words.",
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    field_order = [
        *("name", "code", "type", "new_type", "region", "parent", "successor"),
        *("first_year", "last_year", "gss_code", "source", "seen"),
    ]

    class Meta:
        model = Agency
        fields = ["name", "code", "type", "region", "first_year", "last_year", "gss_code", "source"]
        labels = {
            "type": "Kind of body",
            "first_year": "First year",
            "last_year": "Last year",
            "gss_code": "Area code",
        }
        help_texts = {
            "code": "What files and programs call it, such as E2234. It never changes afterwards.",
            "first_year": "Such as 2009-10; blank if it was always there.",
            "last_year": "Blank while it goes on.",
            "gss_code": "Only for a lowest-tier area, such as E07000108: it joins the map's boundaries.",
            "source": "Where this is from.",
        }
        widgets = {"source": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, data: Any, agency: Agency) -> None:
        kept = {"parent": agency.parent, "successor": agency.successor}
        if agency.pk is not None:
            kept["seen"] = newest_change(agency)  # type: ignore[assignment]
        super().__init__(data, instance=agency, initial=kept)
        self.fields["type"].required = False
        self.fields["type"].empty_label = "Choose"  # type: ignore[attr-defined]
        self.fields["parent"] = BodyField(agency.programme, required=False, label="Part of")
        self.fields["successor"] = BodyField(
            agency.programme, required=False, label="Followed by", help_text="The body that took over its work."
        )
        self.order_fields(self.field_order)
        for name in ("first_year", "last_year", "gss_code", "code"):
            if name in self.fields:
                self.fields[name].widget.attrs["class"] = "govuk-input--width-10"
        if agency.pk is not None:
            del self.fields["code"]

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].strip()
        if not re.fullmatch(r"[A-Za-z0-9._-]+", code) or code == "new":
            raise forms.ValidationError("A code is letters, digits, points and hyphens.")
        if Agency.objects.filter(programme=self.instance.programme_id, code=code).exists():
            raise forms.ValidationError(f'There is a body with the code "{code}" already.')
        return code

    def clean_first_year(self) -> str:
        return _year(self.cleaned_data["first_year"])

    def clean_last_year(self) -> str:
        return _year(self.cleaned_data["last_year"])

    def clean_gss_code(self) -> str:
        code = self.cleaned_data["gss_code"].strip().upper()
        if not code:
            return ""
        if not GSS_CODE.fullmatch(code):
            raise forms.ValidationError("An area code is a letter and eight digits, such as E07000108.")
        others = Agency.objects.filter(programme=self.instance.programme_id, gss_code=code).exclude(pk=self.instance.pk)
        if other := others.first():
            raise forms.ValidationError(f"{other.name} has this area code already.")
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("type") and not cleaned.get("new_type") and "type" not in self.errors:
            self.add_error("type", "Choose a kind, or write another one below.")
        for name in ("parent", "successor"):
            if self._leads_back(name, cleaned.get(name)):
                self.add_error(name, "That would lead back to this body.")
        first, last = cleaned.get("first_year"), cleaned.get("last_year")
        if first and last and first > last:
            self.add_error("last_year", f"The last year comes before the first, {first}.")
        return cleaned

    def _leads_back(self, name: str, other: Agency | None) -> bool:
        """Whether a chain of parents or successors would come back to this body."""
        seen: set[int] = set()
        while other is not None and other.pk not in seen:
            if other.pk == self.instance.pk:
                return True
            seen.add(other.pk)
            other = getattr(other, name)
        return False

    def filled(self) -> Agency:
        """The body as it is to be stored; a kind that did not exist is made with it."""
        agency: Agency = self.instance
        agency.parent, agency.successor = self.cleaned_data["parent"], self.cleaned_data["successor"]
        if new_type := self.cleaned_data.get("new_type"):
            agency.type = AgencyType.objects.filter(code__iexact=new_type).first() or AgencyType(code=new_type)
        return agency


def _year(said: str) -> str:
    said = said.strip()
    if not said:
        return ""
    if not YEAR.fullmatch(said) or int(said[5:]) != (int(said[:4]) + 1) % 100:
        raise forms.ValidationError("Write a financial year as 2010-11.")
    return said
