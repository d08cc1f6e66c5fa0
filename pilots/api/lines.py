"""Spend lines as clients see them, and choosing among them."""

from typing import Any

from django.db.models import F, QuerySet

from pilots.models import Programme, SpendLine
from pilots.spend.ratios import ratio_in_words

from . import shapes
from .finding import agency_asked, service_line_asked, spend_type_asked
from .formats import plain
from .parameters import Asked
from .typed import columns_of

COLUMNS = columns_of(shapes.SpendLine)
# A line's columns as they are read, by their names in an answer.
READ = {
    "place": F("version__count__place__slug"),
    "year": F("version__count__year__label"),
    "agency_code": F("agency__code"),
    "funder_code": F("funder__code"),
    "service_line_code": F("service_line__code"),
    "spend_type_code": F("spend_type__code"),
    "receiver_code": F("receiver__code"),
}
RATIO, SHARED_BY = "ratio", "shared_by"
OWN = [name for name in COLUMNS if name not in READ and f"{name}_code" not in READ and name != SHARED_BY]


def described_lines(lines: QuerySet[SpendLine]) -> QuerySet[SpendLine, dict[str, Any]]:
    """Lines as `line_row` takes them, in a stable order."""
    return lines.order_by("pk").values(*OWN, RATIO, **READ)


def line_row(line: dict[str, Any]) -> dict[str, Any]:
    """A spend line as clients see it."""
    said = {**line, "share": plain(line["share"]), SHARED_BY: ratio_in_words(line[RATIO])}
    return {name: said[f"{name}_code"] if f"{name}_code" in said else said[name] for name in COLUMNS}


def filtered_lines(lines: QuerySet[SpendLine], programme: Programme | int, asked: Asked) -> QuerySet[SpendLine]:
    """The lines of the body, the branch or leaf, and the spend type asked for."""
    if agency := agency_asked(programme, asked):
        lines = lines.filter(agency=agency)
    if service_line := service_line_asked(programme, asked):
        lines = lines.filter(service_line__ancestry__ancestor=service_line)
    if spend_type := spend_type_asked(asked):
        lines = lines.filter(spend_type=spend_type)
    return lines


def one_line(line_id: int) -> dict[str, Any]:
    """A stored line as clients see it."""
    return line_row(described_lines(SpendLine.objects.filter(pk=line_id)).get())
