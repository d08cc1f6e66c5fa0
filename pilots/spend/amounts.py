"""Reading amounts as people type, paste and export them: exactly, or not at all.

What could mean two things is refused with a hint, never guessed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from totalplace.money import number_word

PENNY = Decimal("0.01")
LARGEST = Decimal("99999999999999.99")
LARGEST_WHOLE = Decimal("9999999999999999.99")
SHARE_PLACES = 12
# What amounts count, in words and as an example, by the places that their point is moved.
COUNTED = {
    0: ("pounds", "1234.50"),
    3: ("thousands of pounds", "1234.5"),
    6: ("millions of pounds", "1.25"),
    9: ("billions of pounds", "1.25"),
}
# Characters of a refused text that its message repeats.
SHOWN = 40

SPACES = dict.fromkeys(map(ord, "\u00a0\u1680\u2007\u2009\u200a\u202f\u205f\u3000\t\r\n"), " ") | {
    ord(invisible): None for invisible in "\u200b\u200e\u200f\u2060\ufeff"
}
MINUSES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d"), "-")
DASHES = {"-", "\u2014", "--"}

# As programs write it: looked at first, since files hold little else.
SURE = re.compile(r"-?[0-9]{1,14}(\.[0-9]{1,2})?", re.ASCII)
PLAIN = re.compile(r"(?P<whole>[0-9]*)(?P<part>\.[0-9]*)?")
GROUPED = re.compile(r"(?P<whole>[1-9][0-9]{0,2}(?:(?P<by>[, ])[0-9]{3})(?:(?P=by)[0-9]{3})*)(?P<part>\.[0-9]*)?")
UNIT = re.compile(r"(?P<number>[0-9.,]+) ?(?P<unit>k|thousand|m|mn|million|b|bn|billion)", re.IGNORECASE)
UNITS = {"k": 3, "thousand": 3, "m": 6, "mn": 6, "million": 6, "b": 9, "bn": 9, "billion": 9}


# A minus before or behind the £, or brackets inside or outside it.
SIGNED = [
    re.compile(form)
    for form in (
        r"(?P<sign>[-+]?) ?£? ?(?P<digits>[^-+()£]+)",
        r"£ ?(?P<sign>[-+]) ?(?P<digits>[^-+()£]+)",
        r"(?P<sign>\() ?£? ?(?P<digits>[^-+()£]+)\)",
        r"£ ?(?P<sign>\() ?(?P<digits>[^-+()£]+)\)",
    )
]

REASONS = [
    (re.compile(pattern, re.IGNORECASE), why)
    for pattern, why in (
        (
            r"[0-9.,]+e[-+]?[0-9]+$",
            "is in scientific notation, which a spreadsheet shows where a column is too narrow, so that "
            "digits are lost. Widen it and copy again.",
        ),
        (r"#", "is a spreadsheet's error value. Mend the formula and copy again."),
        (r"[=@]", "is a formula. Give its result."),
        (r"(nan|inf|infinity)$", "is not a number. Write {counted}, such as {example}."),
        (r".*%", "is a percentage. Write the amount in {counted}."),
        (r".*[€$¥₹]", "is in another currency. Write the amount in {counted}."),
        (r"[0-9]+([/-][0-9]+){1,2}$", "could be a date or a fraction. Write the amount in {counted}."),
        (r".*[,. ]{2}", "has two separators next to each other. Write it without them."),
        (
            r"([0-9.]+,[0-9]{1,2}|[0-9]+(\.[0-9]{3}){2,})$",
            "could have a comma for its decimals. Write it with a point: 1,234.50.",
        ),
        (r"[0-9., ]+$", "has separators in odd places. Write it without them."),
    )
]


class AmountRefused(ValueError):
    """A text is no amount of pounds; the message says why and what to do.

    `suggestion` is what it may have meant, to be offered and asked about.
    """

    def __init__(self, message: str, suggestion: Decimal | None = None) -> None:
        super().__init__(message)
        self.suggestion = suggestion


@dataclass(frozen=True, slots=True)
class Amount:
    """What was typed: pounds to the penny, or nothing, and what to tell whoever typed it."""

    pounds: Decimal | None
    notice: str = ""


def parse_amount(typed: object, largest: Decimal = LARGEST, places: int = 0) -> Amount:
    """Reads one amount of pounds. Raises AmountRefused.

    Text is read as people write it: 1,234.50, £1,234, (120) for -120. Numbers come from spreadsheets. What counts
    thousands (or millions) of pounds has its point moved by three (or six) `places`.
    """
    if typed is None:
        return Amount(None)
    if isinstance(typed, bool):
        raise AmountRefused(worded("Yes or no is not an amount. Write {counted}, such as {example}.", places))
    if isinstance(typed, int | float | Decimal):
        return Amount(_in_range(_number(typed, places), largest))
    text = str(typed)
    if SURE.fullmatch(text):
        return Amount(_in_range(Decimal(text).scaleb(places), largest))
    text = _tidy(text)
    if not text:
        return Amount(None)
    if text in DASHES:
        return Amount(None, "A dash was read as blank. Write 0 if the amount is nothing.")
    return Amount(_in_range(_text(text, places), largest))


def worded(words: str, places: int) -> str:
    """Words with what amounts count in the place of {counted}, and {example}."""
    counted, example = COUNTED[places]
    return words.format(counted=counted, example=example)


def _tidy(text: str) -> str:
    return " ".join(text.translate(SPACES).split()).translate(MINUSES)


def _number(value: float | int | Decimal, places: int) -> Decimal:
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        raise AmountRefused(worded("This is not a number. Write {counted}, such as {example}.", places))
    if isinstance(value, float) and not _is_money(exact.scaleb(places)):
        # A spreadsheet keeps fifteen significant figures: what stands behind them is noise of its arithmetic.
        exact = Decimal(f"{value:.15g}")
    if not _is_money(exact.scaleb(places)):
        raise AmountRefused(
            f"{exact} has more than {number_word(2 + places)} decimals, so it is not money. Round it to the penny."
        )
    return exact.scaleb(places)


def _is_money(exact: Decimal) -> bool:
    return abs(exact) > LARGEST_WHOLE or exact == exact.quantize(PENNY)


def _text(text: str, places: int = 0) -> Decimal:
    inner, negative = _without_sign(text)
    text = text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
    match = PLAIN.fullmatch(inner) or GROUPED.fullmatch(inner)
    if match is None or not any(character.isdigit() for character in inner):
        raise next(_reasons(text, inner, negative, places))
    part = match["part"] or ""
    if part == ".":
        raise AmountRefused(f"{text} ends in a point. Write the pence, or leave the point out.")
    if len(part) > 3 + places:
        raise AmountRefused(
            f"{text} has {len(part) - 1} decimals, and money has {number_word(2 + places)}. If the point separates "
            "thousands, leave it out."
        )
    pounds = _digits(match).scaleb(places)
    if negative and pounds == 0 and "(" in text:
        raise AmountRefused("A nought in brackets could mean nothing or a missing number. Write 0 if it is nothing.")
    return -pounds if negative else pounds


def _digits(match: re.Match[str]) -> Decimal:
    """The number that PLAIN or GROUPED matched, without what groups its digits."""
    return Decimal((match["whole"].replace(",", "").replace(" ", "") or "0") + (match["part"] or ""))


def _without_sign(text: str) -> tuple[str, bool]:
    """The digits of an amount, and whether it is below nought: a minus or brackets, with £ on either side."""
    for form in SIGNED:
        if match := form.fullmatch(text):
            return match["digits"].strip(), match["sign"] in ("-", "(")
    return text, False


def _reasons(text: str, inner: str, negative: bool, places: int) -> Iterator[AmountRefused]:
    """Why a text is no amount, the most telling reason first."""
    if (unit := UNIT.fullmatch(inner)) and places:
        yield AmountRefused(f"{text} has a unit of its own beside that of its column. Write the digits alone.")
    elif unit:
        yield _unit(text, unit, negative)
    yield from (AmountRefused(f"{text} {worded(why, places)}") for pattern, why in REASONS if pattern.match(inner))
    yield AmountRefused(f'"{text}" {worded("is not an amount. Write {counted}, such as {example}.", places)}')


def _unit(text: str, unit: re.Match, negative: bool) -> AmountRefused:
    try:
        pounds = _text(unit["number"], UNITS[unit["unit"].lower()])
        meant = _in_range(-pounds if negative else pounds, LARGEST)
    except AmountRefused:
        return AmountRefused(f"{text} is not an amount. Write pounds in full, such as 1234.50.")
    return AmountRefused(f"{text} is short for an amount. Did you mean {meant:,.2f}?", meant)


def _in_range(pounds: Decimal, largest: Decimal) -> Decimal:
    if abs(pounds) > largest:
        raise AmountRefused(f"This is more than can be recorded: the largest amount is £{largest:,.2f}.")
    return abs(pounds).quantize(PENNY) if pounds == 0 else pounds.quantize(PENNY)


def parse_share(typed: object) -> Decimal | None:
    """Reads a body's share in a place: above 0, up to 1, at most twelve decimals. Raises AmountRefused."""
    if typed is None or (isinstance(typed, str) and not _tidy(typed)):
        return None
    text = f"{typed:.12g}" if isinstance(typed, float) else _tidy(str(typed))
    if isinstance(typed, bool) or not re.fullmatch(r"[0-9]*\.?[0-9]+(e-[0-9]+)?", text):
        raise AmountRefused(f'"{text}" is not a share. Write a part of one, such as 0.25.')
    share = Decimal(text)
    if not 0 < share <= 1:
        raise AmountRefused(f"A share is above 0 and at most 1, and this is {text}.")
    if share != share.quantize(Decimal(1).scaleb(-SHARE_PLACES)):
        raise AmountRefused(f"A share has at most {SHARE_PLACES} decimals.")
    return share


def parse_number(typed: str, decimals: int) -> Decimal | None:
    """Reads a number that is no money, as people write it: 1,234.5 or -3. Raises AmountRefused."""
    text = _tidy(typed)
    if not text:
        return None
    inner, negative = _without_sign(text)
    match = PLAIN.fullmatch(inner) or GROUPED.fullmatch(inner)
    if match is None or "£" in text or not any(character.isdigit() for character in inner):
        raise AmountRefused(f'"{text[:SHOWN]}" is not a number. Write it as 1,234.5, without its unit.')
    part = match["part"] or ""
    if len(part) > 1 + decimals:
        raise AmountRefused(f"Give at most {decimals} decimals.")
    number = _digits(match)
    return -number if negative else number


def share_of(whole: Decimal, share: Decimal) -> Decimal:
    """A part of a whole amount, rounded to the penny, half to even."""
    return (whole * share).quantize(PENNY, ROUND_HALF_EVEN)
