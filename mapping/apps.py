from django.apps import AppConfig


class MappingConfig(AppConfig):
    name = "mapping"
    verbose_name = "Savings maps"

    def ready(self) -> None:
        from mapping import receiving  # noqa: F401
