from django import forms
from django.apps import AppConfig


class PilotsConfig(AppConfig):
    name = "pilots"
    verbose_name = "Places and counts"

    def ready(self) -> None:
        # What to do, where Django's own words only say what is the matter.
        forms.Field.default_error_messages["required"] = "Fill this in."
        forms.ChoiceField.default_error_messages["required"] = "Choose one."
