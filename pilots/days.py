"""Days that people give: in the years that can be meant, and come already where they say what happened."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone

FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)


def refuse_odd_day(day: date) -> None:
    """Raises ValidationError for a day of another century, which somebody mistyped."""
    if not FIRST <= day <= LAST:
        raise ValidationError(f"Give a day from {FIRST.year} to {LAST.year}. {day.year:04} is a slip of the keys.")


def refuse_day_to_come(day: date) -> None:
    """Raises ValidationError for a day after today, on which nothing can have happened yet."""
    refuse_odd_day(day)
    if day > timezone.localdate():
        raise ValidationError(f"{day:%-d %B %Y} is still to come. Give the day on which it happened, or leave it open.")


def within_years(day: date) -> date:
    """The day, or the nearest one that can be meant: what was kept before days were bounded can still be drawn."""
    return min(max(day, FIRST), LAST)
