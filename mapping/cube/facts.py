"""The spend lines that amounts under a cut are the sum of."""

from django.db.models import Q, QuerySet

from pilots.models import ServiceLineAncestor, SpendLine, ThemeLine

from .chosen import Chosen
from .dimensions import BESIDE
from .members import theme_named
from .question import Question


def lines_under(question: Question, chosen: Chosen) -> QuerySet[SpendLine]:
    """The lines of the versions chosen that a question's cuts keep; revenue without transfers unless cut otherwise."""
    lines = SpendLine.objects.filter(version__in=[mapped.version_id for mapped in chosen.versions])
    for name, (column, values) in chosen.kept.items():
        if name != "case":
            stated = Q(**{f"{column}__in": [one for one in values if one is not None]})
            lines = lines.filter(stated | Q(**{f"{column}__isnull": True}) if None in values else stated)
    for name in BESIDE:
        if not question.names(name):
            lines = lines.filter(**{name: False})
    for key in question.cuts.get("theme", ()):
        theme = theme_named(key, chosen.programme)
        named = ThemeLine.objects.filter(theme=theme, share__gt=0).values("service_line")
        below = ServiceLineAncestor.objects.filter(ancestor__in=named).values("service_line")
        lines = lines.filter(service_line__in=below)
        if theme.place_id is not None:
            lines = lines.filter(version__count__place=theme.place_id)
    return lines
