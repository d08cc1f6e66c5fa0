"""The form of a place: its facts, its people, and a row for each body that serves it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.renderers import get_default_renderer
from django.utils.functional import cached_property

from pilots.models import Place, Population
from pilots.register.editing import (
    RESERVED_SLUGS,
    ChangedMeanwhile,
    Member,
    People,
    RegisterRefused,
    said_share,
    shares_elsewhere,
    why_share_is_refused,
)
from pilots.register.history import newest_change

from .fields import BodyField, with_value

ROWS_FOR_MORE = 3
MOST_MEMBERS = 300
# The fields of a row: name, words, and how many characters it shows.
ROW = (("agency", "Body", 40), ("share", "Share", 9), ("basis", "What the share rests on", 24))
SMALLEST_SHARE = Decimal("0.000001")


class PlaceForm(forms.ModelForm):
    """What a place is, and how many people live there."""

    themes = forms.CharField(
        required=False,
        label="What it chose to study",
        help_text="One theme a line.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    people = forms.IntegerField(required=False, min_value=0, max_value=2_000_000_000, label="Population")
    people_year = forms.IntegerField(
        required=False, min_value=1800, max_value=2200, label="Year of the population", help_text="Such as 2011."
    )
    people_source = forms.CharField(
        required=False, max_length=200, label="Source of the population", help_text="Such as a census."
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Place
        fields = ["name", "short_name", "slug", "kind", "participation", "region", "lead_body", "source"]
        labels = {
            "short_name": "Short name",
            "slug": "Address",
            "kind": "Kind",
            "participation": "Participation",
            "lead_body": "Body that leads it",
        }
        help_texts = {
            "short_name": "For maps and charts, at most 40 characters.",
            "slug": "What stands after /places/: small letters, digits and hyphens. It never changes afterwards.",
            "source": "Where it is said that this place takes part.",
        }
        widgets = {"source": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, data: Any, place: Place, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, instance=place, initial={**_initial(place), **(initial or {})})
        # Without an empty choice: a place is one or the other.
        self.fields["kind"].choices = Place.Kind.choices  # type: ignore[attr-defined]
        self.fields["participation"].choices = Place.Participation.choices  # type: ignore[attr-defined]
        for name in ("people", "people_year"):
            self.fields[name].widget = forms.TextInput(attrs={"inputmode": "numeric"})
            self.fields[name].widget.attrs["class"] = "govuk-input--width-10"
        if place.pk is not None:
            del self.fields["slug"]

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        others = Place.objects.filter(programme=self.instance.programme_id, name=name).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError(f'There is a place called "{name}" already.')
        return name

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if slug in RESERVED_SLUGS or Place.objects.filter(slug=slug).exists():
            raise forms.ValidationError(f'The address "{slug}" is taken.')
        return slug

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("people") is not None:
            for name in ("people_year", "people_source"):
                if name not in self.errors and not cleaned.get(name):
                    self.add_error(name, "A population needs its year and its source.")
        self.instance.studied = [line.strip() for line in cleaned.get("themes", "").splitlines() if line.strip()]
        return cleaned

    def counted_people(self) -> People | None:
        """The people that were given."""
        cleaned = self.cleaned_data
        if cleaned.get("people") is None:
            return None
        return People(cleaned["people_year"], cleaned["people"], cleaned["people_source"])


def _initial(place: Place) -> dict[str, Any]:
    if place.pk is None:
        return {"kind": Place.Kind.PARALLEL, "participation": Place.Participation.CANDIDATE}
    newest = Population.objects.filter(place=place).order_by("year").last()
    return {
        "themes": "\n".join(place.studied),
        "people": newest.people if newest else None,
        "people_year": newest.year if newest else None,
        "people_source": newest.source if newest else "",
        "seen": newest_change(place),
    }


class MemberForm(forms.Form):
    """One body of a place: who, with what share, and what the share rests on."""

    share = forms.DecimalField(
        max_value=1, min_value=SMALLEST_SHARE, max_digits=7, decimal_places=6, initial="1", localize=False
    )
    basis = forms.CharField(max_length=120, initial="wholly inside")
    remove = forms.BooleanField(required=False, label="Take out")

    field_order = ["agency", "share", "basis", "remove"]

    def __init__(self, *args: Any, place: Place, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["agency"] = BodyField(place.programme)
        self.order_fields(self.field_order)
        self.fields["share"].widget = forms.TextInput(attrs={"inputmode": "decimal"})
        for name, words, characters in ROW:
            self.fields[name].label = words
            self.fields[name].widget.attrs |= {
                "aria-label": f"{words}, row {_row_number(self.prefix)}",
                "size": characters,
            }

    def has_changed(self) -> bool:
        """A row without a body is no member, whatever stands in its other fields."""
        return "agency" in self.changed_data or bool(self.initial.get("agency"))

    @property
    def is_kept(self) -> bool:
        """Whether the row names a body that stays or comes."""
        return bool(self.cleaned_data.get("agency")) and not self.cleaned_data.get("remove")


def _row_number(prefix: str | None) -> int:
    number = (prefix or "").rpartition("-")[2]
    return int(number) + 1 if number.isdecimal() else 0


class MemberFormSet(forms.BaseFormSet):
    """The bodies of a place, checked against what the same bodies do elsewhere."""

    form, extra, min_num, max_num, absolute_max = MemberForm, ROWS_FOR_MORE, 0, MOST_MEMBERS, MOST_MEMBERS
    can_order = can_delete = can_delete_extra = validate_min = validate_max = False
    renderer = get_default_renderer()

    def __init__(self, data: Any, place: Place, initial: list[dict[str, Any]]) -> None:
        super().__init__(data, prefix="members", initial=initial, form_kwargs={"place": place})
        self.place = place

    def clean(self) -> None:
        elsewhere = shares_elsewhere(self.place.programme, self.place)
        taken: set[int] = set()
        for row in self.forms:
            if not row.is_valid() or not row.is_kept:
                continue
            agency, share = row.cleaned_data["agency"], row.cleaned_data["share"]
            if agency.pk in taken:
                row.add_error("agency", f"{agency.name} is in this list already. A place has each body once.")
            elif refused := why_share_is_refused(agency, share, elsewhere.get(agency.pk, [])):
                row.add_error("share", refused)
            taken.add(agency.pk)

    def members(self) -> list[Member]:
        """The bodies that were given, those to take out aside."""
        kept = (row.cleaned_data for row in self.forms if row.is_kept)
        return [Member(row["agency"], row["share"], row["basis"]) for row in kept]


class PlaceEditor:
    """The form of a place together with the rows of its bodies."""

    def __init__(self, data: Any, place: Place, initial: Mapping[str, Any] | None = None) -> None:
        self.place = place
        self.form = PlaceForm(data, place, initial)
        self.rows = MemberFormSet(data, place, _members_of(place))

    def is_valid(self) -> bool:
        """Both parts, so that everything wrong is said at once."""
        return all([self.form.is_valid(), self.rows.is_valid()])

    def refuse(self, refused: RegisterRefused) -> None:
        """Shows what the register refused beside the fields it is about."""
        for name, said in refused.errors.items():
            self.form.add_error(name if name in self.form.fields else None, said)
        if isinstance(refused, ChangedMeanwhile):
            # Saving once more is a decision: it was said that somebody else changed it.
            self.form.data = with_value(self.form.data, "seen", refused.newest)

    @cached_property
    def errors(self) -> list[tuple[str, str]]:
        """Everything that is wrong: (message, id of the field, or empty)."""
        found = [(str(error), "") for error in self.form.non_field_errors()]
        found += _errors_by_field(self.form)
        found += [(str(error), "") for error in self.rows.non_form_errors()] if self.rows.is_bound else []
        for row in self.rows.forms:
            found += _errors_by_field(row)
        return found


def _errors_by_field(form: forms.BaseForm) -> list[tuple[str, str]]:
    return [(f"{field.label}: {error}", field.id_for_label) for field in form for error in field.errors]


def _members_of(place: Place) -> list[dict[str, Any]]:
    if place.pk is None:
        return []
    memberships = place.memberships.select_related("agency").order_by("agency__gss_code", "agency__name")
    return [
        {"agency": membership.agency, "share": said_share(membership.share), "basis": membership.share_basis}
        for membership in memberships
    ]
