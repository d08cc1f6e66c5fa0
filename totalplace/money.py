"""The one place where pounds, shares and counts become words.

Every page, chart, file heading and message says an amount through a function of this module, so that the same
amount reads the same everywhere. Amounts are pounds as `Decimal` (or `int`); nothing here uses floats.

Rounding is half away from zero, as people do it by hand. The minus is the true minus sign (U+2212).
"""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

Amount = Decimal | int

MINUS = "−"
THOUSAND, MILLION, BILLION = Decimal(1_000), Decimal(1_000_000), Decimal(1_000_000_000)
NUMBER_WORDS = (
    *("none", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
FRACTION_WORDS = {
    Fraction(1, 10): "a tenth",
    Fraction(1, 5): "a fifth",
    Fraction(1, 4): "a quarter",
    Fraction(3, 10): "three tenths",
    Fraction(1, 3): "a third",
    Fraction(2, 5): "two fifths",
    Fraction(1, 2): "half",
    Fraction(3, 5): "three fifths",
    Fraction(2, 3): "two thirds",
    Fraction(7, 10): "seven tenths",
    Fraction(3, 4): "three quarters",
    Fraction(4, 5): "four fifths",
    Fraction(9, 10): "nine tenths",
    Fraction(1): "all",
}


def rounded(value: Decimal, places: int) -> Decimal:
    """`value` to `places` decimals (negative: tens, hundreds), half away from zero."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _written(value: Decimal, places: int, before: str = "", after: str = "") -> str:
    """A number with thousands separators, a sign that is seen, and its unit on the right side of both."""
    number = rounded(value, places)
    sign = MINUS if value < 0 and (number != 0 or places > 0) else ""
    return f"{sign}{before}{abs(number):,.{max(places, 0)}f}{after}"


def exact(amount: Amount) -> str:
    """Pounds and pence: £1,234.50, −£93,000.00."""
    return _written(Decimal(amount), 2, "£")


def in_full(amount: Amount) -> str:
    """Pounds, with pence only where there are some: £7,102, −£93,000, £1,234.50."""
    value = Decimal(amount)
    return _written(value, 0 if value == value.to_integral_value() else 2, "£")


def exact_number(amount: Amount) -> str:
    """Pounds and pence for a column headed £: 1,234.50."""
    return _written(Decimal(amount), 2)


def _billion_places(size: Decimal) -> int:
    """Decimals that leave three significant figures of an amount in billions."""
    return 2 if rounded(size / BILLION, 2) < 10 else 1 if rounded(size / BILLION, 1) < 100 else 0


def headline(amount: Amount) -> str:
    """An amount as people say it: £68.3bn, £8.26bn, £937m, £8.7m, £363,000, £47.

    Three figures for billions; millions whole from £10m, else with one decimal; below a million to the
    nearest thousand; below a thousand to the pound.
    """
    value = Decimal(amount)
    size = abs(value)
    if rounded(size / MILLION, 0) >= 1000:
        return _written(value / BILLION, _billion_places(size), "£", "bn")
    if rounded(size / MILLION, 1) >= 10:
        return _written(value / MILLION, 0, "£", "m")
    if rounded(size / THOUSAND, 0) >= 1000:
        return _written(value / MILLION, 1, "£", "m")
    if rounded(size, 0) >= 1000:
        return _written(rounded(value / THOUSAND, 0) * THOUSAND, 0, "£")
    return _written(value, 0, "£")


def whole(amount: Amount) -> str:
    """A round amount without trailing zeros: £600m, £1.8bn, £12bn."""
    value = Decimal(amount)
    for unit, after in ((BILLION, "bn"), (MILLION, "m")):
        for places in (0, 1):
            if abs(value) >= unit and value % unit.scaleb(-places) == 0:
                return _written(value / unit, places, "£", after)
    return headline(value)


class Scale:
    """One unit and one number of decimals for all the amounts of a sentence or a chart.

    The unit is chosen so that the smallest amount that is not zero still says something: £1,135m stands
    beside £937m, and £12.4m beside £1.9m. A `finer` scale gives millions below a billion a decimal at
    any size, for sums that a reader may check.
    """

    def __init__(self, amounts: Iterable[Amount], finer: bool = False) -> None:
        sizes = [abs(Decimal(amount)) for amount in amounts if amount != 0]
        least, most = min(sizes, default=Decimal(0)), max(sizes, default=Decimal(0))
        self.unit, self.after, self.places = Decimal(1), "", 0
        if rounded(least / MILLION, 0) >= 1000:
            self.unit, self.after, self.places = BILLION, "bn", _billion_places(least)
        elif most >= MILLION:
            self.unit, self.after = MILLION, "m"
            is_whole = rounded(least / MILLION, 1) >= 10 and not (finer and most < BILLION)
            self.places = 0 if is_whole else 1
        elif most >= THOUSAND:
            self.places = -3

    def say(self, amount: Amount) -> str:
        """One amount on this scale, and never a zero for what is not zero."""
        value = Decimal(amount)
        if not rounded(value / self.unit, self.places):
            return headline(value)
        if self.places < 0:
            return _written(rounded(value, self.places), 0, "£")
        return _written(value / self.unit, self.places, "£", self.after)


def together(amounts: Sequence[Amount]) -> list[str]:
    """Amounts that stand in one sentence, with one unit and one number of decimals."""
    scale = Scale(amounts)
    return [scale.say(amount) for amount in amounts]


def millions(amount: Amount, places: int = 1) -> str:
    """Millions of pounds for a column headed £m: 2,834.8, −0.8."""
    return _written(Decimal(amount) / MILLION, places)


def per_head(amount: Amount, population: int | None) -> str:
    """Whole pounds for each person: £47 a head; not known without a population."""
    return f"{pounds_a_head(amount, population)} a head" if population else "not known"


def pounds_a_head(amount: Amount, population: int | None) -> str:
    """The number of `per_head` alone, for columns headed £ a head."""
    return _written(Decimal(amount) / population, 0, "£") if population else "not known"


def percent(part: Amount, whole: Amount, places: int = 0) -> str:
    """`part` of `whole` in per cent; neither nothing nor everything is said of what is only nearly so."""
    if not whole:
        return "none"
    value = Decimal(part) * 100 / Decimal(whole)
    step = Decimal(1).scaleb(-places)
    shown = rounded(value, places)
    if shown == 0 and value > 0:
        return f"under {step}%"
    if shown == 100 and value < 100:
        return f"over {100 - step}%"
    return _written(value, places, after="%")


def number_word(number: int) -> str:
    """A count inside a sentence: in words up to twelve, else in figures."""
    return NUMBER_WORDS[number] if 0 < number < len(NUMBER_WORDS) else f"{number:,}"


def signed_exact(change: Decimal) -> str:
    """A change in pounds and pence, with its sign: +£1,234.50."""
    return "no change" if not change else f"{'+' if change > 0 else ''}{exact(change)}"


def starting(text: str) -> str:
    """The text with a capital first letter, as the start of a sentence; the rest is left alone."""
    return text[:1].upper() + text[1:]


def counted(number: int, one: str, many: str | None = None) -> str:
    """A count with its noun: one body, three bodies, 17 bodies, no bodies."""
    noun = one if number == 1 else many or f"{one}s"
    return f"{'no' if number == 0 else number_word(number)} {noun}"


def ratio(part: Amount, whole: Amount) -> Fraction:
    """`part` of `whole` as an exact fraction; nothing of nothing is nothing."""
    return Fraction(part) / Fraction(whole) if whole else Fraction(0)


def share_words(share: Fraction) -> str:
    """A share in words: two thirds, just over three quarters, nearly half; in per cent where none is near."""
    nearest = min(FRACTION_WORDS, key=lambda fraction: abs(fraction - share))
    distance = share - nearest
    if abs(distance) <= Fraction(1, 100):
        return FRACTION_WORDS[nearest]
    if abs(distance) <= Fraction(1, 40):
        return f"{'just over' if distance > 0 else 'nearly'} {FRACTION_WORDS[nearest]}"
    return percent(Decimal(share.numerator), Decimal(share.denominator))


def in_ten(share: Fraction, singular: str = "pound", plural: str = "pounds") -> str:
    """A share as so many in ten: six pounds in ten, one pound in ten, fewer than one pound in ten."""
    tenths = int(share * 10 + Fraction(1, 2))
    if tenths == 0:
        return f"fewer than one {singular} in ten"
    if tenths >= 10:
        return f"nearly every {singular}" if share < 1 else f"every {singular}"
    return f"{number_word(tenths)} {singular if tenths == 1 else plural} in ten"


def listed(words: Sequence[str], last: str = "and") -> str:
    """Words as a list: benefits, health and education."""
    *before, final = list(words) or [""]
    return f"{', '.join(before)} {last} {final}" if before else final


def possessive(name: str) -> str:
    """Whose: Kent’s, Bournemouth, Dorset and Poole’s, Leeds’."""
    return f"{name}’" if name.endswith("s") else f"{name}’s"
