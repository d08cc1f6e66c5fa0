"""Amounts, shares and counts in templates: the functions of `totalplace.money` under their own names."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone

from totalplace import money

register = template.Library()

register.filter("exact", money.exact)
register.filter("exact_number", money.exact_number)
register.filter("signed_exact", money.signed_exact)
register.filter("headline", money.headline)
register.filter("millions", money.millions)
register.filter("per_head", money.per_head)
register.filter("pounds_a_head", money.pounds_a_head)
register.filter("whole", money.whole)
register.filter("number_word", money.number_word)
register.filter("starting", money.starting)
register.filter("listed", money.listed)
register.filter("possessive", money.possessive)


@register.filter
def percent_of(part: Decimal, whole: Decimal | int) -> str:
    """`part` of `whole` in per cent: whole, or with one decimal where there is one to show."""
    share = Decimal(part) * 100 / Decimal(whole) if whole else Decimal(0)
    return money.percent(part, whole, 0 if share == share.to_integral_value() else 1)


@register.filter
def ago(at: datetime) -> str:
    """When something happened, as people say it: today, 10:42; yesterday; 6 days ago; 3 weeks ago; 4 May 2010."""
    here = timezone.localtime(at)
    days = (timezone.localdate() - here.date()).days
    if days <= 1:
        return f"today, {here:%H:%M}" if days <= 0 else "yesterday"
    if days < 14:
        return f"{days} days ago"
    return f"{days // 7} weeks ago" if days < 63 else f"{here:%-d %B %Y}"


@register.filter
def signed(change: Decimal) -> str:
    """A change as people say it, with its sign: +£1.2m, −£363,000, no change."""
    return "no change" if not change else f"{'+' if change > 0 else ''}{money.headline(change)}"


@register.filter
def plain(number: Decimal) -> str:
    """A number without trailing zeros: 0.85, 12."""
    return f"{Decimal(number).normalize():f}"


@register.filter
def counted(number: int, nouns: str) -> str:
    """A count with its noun: `{{ bodies|counted:"body,bodies" }}`."""
    one, _, many = nouns.partition(",")
    return money.counted(number, one, many or None)


@register.simple_tag(takes_context=True)
def address_with(context: dict[str, Any], **changes: Any) -> str:
    """The query part of this page's address with some parameters changed; None or "" takes one away."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = value
    return f"?{query.urlencode()}" if query else context["request"].path
