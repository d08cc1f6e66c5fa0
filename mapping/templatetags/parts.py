"""Words that choose a part of a place when pressed: a body, a service, or both, kept in the page's address."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from mapping.charts.part import Part
from pilots.templatetags.figures import address_with

register = template.Library()


@register.simple_tag(takes_context=True)
def pressable(context: dict[str, Any], text: str, part: Part | None, is_aside: bool = False) -> SafeString | str:
    """The words as a link that chooses the part, or takes it back where it is chosen; plain words without a part.

    `is_aside` leaves the link out of the order of the tab key, where others lead to the same part.
    """
    if not part:
        return text
    chosen = context.get("part") or Part()
    is_chosen = all(getattr(chosen, name) == code for name, code in part.names())
    changes = {name: "" if is_chosen else code for name, code in part.names()}
    return format_html(
        '<a href="{}#part"{}{}>{}</a>',
        address_with(context, open="", **changes),
        SafeString(' aria-current="true"' if is_chosen else ""),
        SafeString(' tabindex="-1"' if is_aside else ""),
        text,
    )
