"""Fields of forms that several pages share."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q

from pilots.models import Agency, Programme
from pilots.spend.amounts import AmountRefused, parse_number

BODIES_LIST = "bodies"


def body_in_words(agency: Agency) -> str:
    """A body as people pick it from the list: Dover (E2234)."""
    return f"{agency.name} ({agency.code})"


def bodies_to_pick(programme: Programme) -> list[str]:
    """What the list of bodies offers: those that are not retired, by name."""
    bodies = Agency.objects.filter(programme=programme, retired_on=None).order_by("name", "code")
    return [body_in_words(agency) for agency in bodies.only("name", "code")]


def with_value(data: Mapping[str, Any], name: str, value: object) -> dict[str, Any]:
    """What was sent with a form, with one value put in place of what was sent for it."""
    return {sent: data[sent] for sent in data} | {name: value}


class NumberField(forms.DecimalField):
    """A number that is no money, with separators or without."""

    def to_python(self, value: Any) -> Any:
        try:
            return parse_number(str(value or ""), self.decimal_places or 0)
        except AmountRefused as refused:
            raise forms.ValidationError(str(refused)) from refused


class BodyField(forms.CharField):
    """A body of one programme, typed or picked: by code, by name, or as the list offers it."""

    def __init__(self, programme: Programme, **options: Any) -> None:
        super().__init__(**{"max_length": 300, **options})
        self.programme = programme
        self.widget.attrs |= {"list": BODIES_LIST, "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        return body_in_words(value) if isinstance(value, Agency) else value

    def clean(self, value: Any) -> Agency | None:  # type: ignore[override]
        said = super().clean(value)
        if not said:
            return None
        code = said.rpartition("(")[2].removesuffix(")").strip() if said.endswith(")") else said
        bodies = Agency.objects.select_related("type").filter(programme=self.programme)
        found = list(bodies.filter(Q(code__iexact=code) | Q(name__iexact=said))[:2])
        if len(found) > 1:
            raise forms.ValidationError(f'"{said}" could be two bodies. Give the code.')
        if not found:
            raise forms.ValidationError(f'There is no body "{said}". Pick one from the list, or add it first.')
        return found[0]
