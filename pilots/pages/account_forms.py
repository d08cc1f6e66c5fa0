"""Forms of the account: signing in, and a new token."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from rest_framework.throttling import BaseThrottle

from pilots.models import ApiToken, Person, Place
from pilots.people.attempts import WAIT_MINUTES, forget_failures, note_failure, too_many_attempts
from pilots.people.tokens import places_for_tokens

from .invitations_forms import GOOD_ENOUGH

YEAR = 365


class SignInForm(AuthenticationForm):
    """User name and password, with a limit on guessing."""

    error_messages = {
        "invalid_login": "The user name or the password is not right. Capital letters matter in the password.",
        "inactive": "This account was closed. Ask the place’s lead or the Leadership Centre.",
    }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["username"].label = "User name"
        self.fields["username"].widget.attrs |= {"spellcheck": "false", "autocapitalize": "none"}
        del self.fields["username"].widget.attrs["autofocus"]

    def _address(self) -> str:
        """The client's address, behind a proxy too if settings say that there is one."""
        return str(BaseThrottle().get_ident(self.request)) if self.request else ""  # type: ignore[arg-type]

    def clean(self) -> dict[str, Any]:
        name, address = self.cleaned_data.get("username", ""), self._address()
        if too_many_attempts(name, address):
            raise forms.ValidationError(
                f"There were too many attempts to sign in. Wait {WAIT_MINUTES} minutes and try again.", "too_many"
            )
        try:
            cleaned = super().clean()
        except forms.ValidationError:
            note_failure(name, address)
            raise
        forget_failures(name, address)
        return cleaned


class OwnPasswordForm(PasswordChangeForm):
    """The password that a person has, and the new one twice."""

    error_messages = {
        **PasswordChangeForm.error_messages,
        "password_incorrect": "This is not your password now. Capital letters matter.",
    }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["old_password"].label = "Your password now"
        self.fields["new_password1"].help_text = GOOD_ENOUGH
        self.fields["new_password2"].label, self.fields["new_password2"].help_text = "The same again", ""


class TokenForm(forms.Form):
    """What a new token is for, what it may do of what its person may, and how long it lasts."""

    name = forms.CharField(
        max_length=80, label="What is it for?", help_text="A name to tell it by, such as “monthly export”."
    )
    scope = forms.ChoiceField(
        label="It may",
        choices=[(ApiToken.Scope.READ, "read"), (ApiToken.Scope.WRITE, "read and change what you may change")],
        initial=ApiToken.Scope.READ,
        widget=forms.RadioSelect,
    )
    place = forms.ModelChoiceField(
        Place.objects.none(),
        required=False,
        label="In",
        to_field_name="slug",
        empty_label="all of your places",
    )
    days = forms.TypedChoiceField(
        label="It ends after",
        choices=[(30, "30 days"), (90, "90 days"), (YEAR, "a year")],
        initial=90,
        coerce=int,
        widget=forms.RadioSelect,
    )

    def __init__(self, person: Person, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["place"].queryset = places_for_tokens(person)  # type: ignore[attr-defined]
