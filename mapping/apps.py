from django.apps import AppConfig


class MappingConfig(AppConfig):
    name = "mapping"
    verbose_name = "Savings maps"

    def ready(self) -> None:
        from mapping import receiving  # noqa: F401
        from mapping.pages.queries import ways_to_save
        from pilots.quality import measures

        measures.ways_to_save = ways_to_save
