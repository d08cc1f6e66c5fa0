"""A term with its meaning one press away: a popover of the browser's own, so that it needs no script."""

from typing import Any

from django import template

from mapping.charts.terms import terms

register = template.Library()

MET = "terms_met"


@register.inclusion_tag("components/term.html", takes_context=True)
def term(context: dict[str, Any], code: str, words: str = "") -> dict[str, Any]:
    """The term `code`, said as `words` where another form fits better; where there is none, the words alone."""
    known = terms().get(code)
    met = context["request"].__dict__.setdefault(MET, [])
    met.append(code)
    return {"term": known, "words": words or (known.term if known else ""), "id": f"term-{code}-{len(met)}"}
