"""Forms of inviting and looking after people."""

from typing import Any

from django import forms
from django.db.models import Q

from pilots.models import Agency, Person, Place, Programme, Role
from pilots.people.invitations import ACTION_OF
from pilots.permissions import reach, visible_places

from .fields import BodyField, body_in_words

GOOD_ENOUGH = "At least 12 characters, not digits alone; nothing that many people use, and nothing like your name."


class InviteForm(forms.Form):
    """Whom to invite, and to what; only what somebody may give is offered."""

    email = forms.EmailField(label="E-mail address", widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    kind = forms.ChoiceField(label="As", widget=forms.RadioSelect)
    place = forms.ModelChoiceField(
        Place.objects.none(), required=False, label="Place", to_field_name="slug", empty_label="none"
    )

    def __init__(self, data: Any, programme: Programme, by: Person) -> None:
        super().__init__(data)
        self.programme, self.by = programme, by
        kinds = [kind for kind in Role.Kind if (reached := reach(by, ACTION_OF[kind])).everywhere or reached.places]
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]
        if len(kinds) == 1:
            self.fields["kind"].initial = kinds[0].value
        places = self.places(kinds)
        self.fields["place"].queryset = places  # type: ignore[attr-defined]
        if places.count() == 1:
            self.fields["place"].initial = places.get().slug
        if Role.Kind.CONTRIBUTOR in kinds:
            self.fields["agency"] = BodyField(
                programme, required=False, label="Body", help_text="The one whose spending a contributor records."
            )

    def places(self, kinds: list[Role.Kind]) -> Any:
        """The places for which somebody may invite."""
        active = Place.objects.filter(programme=self.programme, retired_on=None).order_by("name")
        within = Q(pk__in=[])
        for kind in kinds:
            within |= Q(pk__in=visible_places(self.by, ACTION_OF[kind], active).values("pk"))
        return active.filter(within)

    def bodies(self) -> list[str]:
        """What the list of bodies offers: those that serve the places."""
        places = self.fields["place"].queryset  # type: ignore[attr-defined]
        bodies = Agency.objects.filter(memberships__place__in=places, retired_on=None).distinct()
        return [body_in_words(agency) for agency in bodies.order_by("name", "code").only("name", "code")]

    def role(self) -> dict[str, Any]:
        """The role as `invite` takes it: a place and a body only where the kind has them."""
        given = self.cleaned_data
        has_place = given["kind"] in (Role.Kind.CONTRIBUTOR, Role.Kind.PLACE_LEAD)
        return {
            "kind": given["kind"],
            "place": given["place"] if has_place else None,
            "agency": given.get("agency") if given["kind"] == Role.Kind.CONTRIBUTOR else None,
        }


def _password(label: str, autocomplete: str, **options: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(strip=False, label=label, widget=widget, **options)


class NewPasswordForm(forms.Form):
    """A new password, twice."""

    password = _password("Password", "new-password", help_text=GOOD_ENOUGH)
    again = _password("The same again", "new-password")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("password") and given.get("again") and given["password"] != given["again"]:
            self.add_error("again", "The two are not the same.")
        return given


class AcceptForm(NewPasswordForm):
    """Somebody new: name and password."""

    name = forms.CharField(max_length=150, label="Your name", widget=forms.TextInput(attrs={"autocomplete": "name"}))
    field_order = ["name", "password", "again"]


class KnownForm(forms.Form):
    """Somebody who has an account gives its password."""

    password = _password("Password of your account", "current-password")


class ForgottenForm(forms.Form):
    who = forms.CharField(
        max_length=254,
        label="User name or e-mail address",
        widget=forms.TextInput(attrs={"autocomplete": "username", "spellcheck": "false", "autocapitalize": "none"}),
    )


class HandOverForm(forms.Form):
    """Who leads a place from now on."""

    who = forms.CharField(max_length=254, label="New lead: user name or e-mail address of an account")

    def clean_who(self) -> Person:
        said = self.cleaned_data["who"].strip()
        found = list(Person.objects.filter(Q(username__iexact=said) | Q(email__iexact=said))[:2])
        if len(found) > 1:
            raise forms.ValidationError("Several accounts have this address. Give the user name.")
        if not found:
            raise forms.ValidationError(f'Nobody here has the name "{said}". Invite them as a lead instead.')
        return found[0]
