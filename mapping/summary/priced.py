"""Stored amounts in other prices: each to the penny, so that sums of them add up any way."""

from decimal import Decimal

from django.db.models import F
from django.db.models.expressions import Combinable
from django.db.models.functions import Round

# What of a lever is the sum of its cells.
OF_CELLS = ("addressable", "saving", "joined")


def priced(name: str, factor: Decimal | None) -> Combinable:
    """A stored amount by the name of its column, in other prices where there is a factor for them."""
    return F(name) if factor is None else Round(F(name) * factor, 2)
