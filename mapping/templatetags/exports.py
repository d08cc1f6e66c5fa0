"""The row below every figure that hands it over: as picture, as data, and as a call of the API."""

from typing import Any

from django import template

register = template.Library()

FILE = "file"
"""The parameter of a page that asks for the data of one of its figures instead: `?file=spend`."""


@register.inclusion_tag("components/exports.html", takes_context=True)
def exports(context: dict[str, Any], figure: str, name: str, is_chart: bool = False) -> dict[str, Any]:
    """The exports of a figure by its id; `api_calls` of the page names the call that gives its numbers."""
    query = context["request"].GET.copy()
    query[FILE] = figure
    return {
        "csv": f"?{query.urlencode()}",
        "api": context.get("api_calls", {}).get(figure),
        "name": name,
        "is_chart": is_chart,
    }
