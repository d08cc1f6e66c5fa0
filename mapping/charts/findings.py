"""What the figures say, in sentences: each sentence is computed from the amounts it names.

Every title of a page or a chart comes from a function here or in the two modules beside it, so that a
sentence and its number cannot part. They say plainly where there is nothing to say: no count yet, one body
alone, no saving found.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from mapping.charts.inputs import NOTHING, Footings, Savings, shared_out, total
from mapping.charts.names import in_sentence
from totalplace.money import (
    counted,
    headline,
    listed,
    number_word,
    percent,
    ratio,
    share_words,
    starting,
    together,
)

LEADING = Fraction(2, 3)
"""The leading ways to save are those that together reach so much of the whole."""


@dataclass(frozen=True)
class Headline:
    """The answer: what is spent, and in it the amount that joining up could save (shown in its colour)."""

    spend: str
    before: str = ""
    joined: str = ""
    after: str = ""

    def __str__(self) -> str:
        return f"{self.spend} {self.before}{self.joined}{self.after}".strip()


def joining_up(spend: str, joined: Decimal | None, alone_reason: str, waiting: int = 0) -> Headline:
    """The headline for a sentence on spend; `alone_reason` says why where nothing would be saved.

    `waiting` is how many places are not in the saving because theirs is still being computed.
    """
    if joined is None:
        return Headline(spend, "What they could save is being computed.")
    if waiting:
        places = f"{counted(waiting, 'place')} {'is' if waiting == 1 else 'are'}"
        return Headline(
            spend, "By joining up they could save at least ", headline(joined), f"; {places} being computed."
        )
    if joined <= 0:
        return Headline(spend, alone_reason)
    return Headline(spend, "By joining up they could save ", headline(joined), " of it.")


def joined_range(savings: Savings) -> str:
    """By joining up: £39m in the low case to £142m in the high case."""
    low, high = together([savings.joined.low, savings.joined.high])
    return f"By joining up: {low} in the low case to {high} in the high case."


def saving_lead(savings: Savings, scenario: str) -> str:
    """With what each could do alone, £112m in a full year (low case £52m, high case £178m)."""
    low, central, high = together([savings.saving.low, savings.saving.central, savings.saving.high])
    shown = {"low": low, "central": central, "high": high}
    others = [f"{case} case {amount}" for case, amount in shown.items() if case != scenario]
    words = f"With what each could do alone, {shown[scenario]} in a full year ({', '.join(others)})."
    return words if savings.saving.is_ordered else f"{words} {CASES_CROSS}"


CASES_CROSS = "The high case is not above the low one here: cases are ordered by what they assume."


def rests_on_lead(rests_on: Footings) -> str:
    """47% of it rests on figures shared out by population."""
    whole = total(rests_on.values())
    part = shared_out(rests_on)
    return f"{percent(part, whole)} of it rests on figures shared out by population." if part > 0 else ""


def fewest(sizes: dict[str, Decimal], enough: Fraction) -> list[str]:
    """The fewest, largest first, that together make at least `enough` of the whole."""
    whole, chosen, so_far = total(sizes.values()), [], NOTHING
    for code in sorted(sizes, key=lambda code: (-sizes[code], code)):
        if whole <= 0 or ratio(so_far, whole) >= enough:
            break
        chosen.append(code)
        so_far += sizes[code]
    return chosen


def which_way(savings: Savings, scenario: str) -> str:
    """Just over three quarters of the saving from joining up comes from shared back offices and redesign."""
    joined = {lever.code: lever.joined.at(scenario) for lever in savings.levers}
    whole = total(joined.values())
    if whole <= 0:
        return "No saving from joining up was found"
    names = {lever.code: lever.name for lever in savings.levers}
    leading = fewest(joined, LEADING)[:2]
    share = share_words(ratio(total(joined[code] for code in leading), whole))
    words = listed([in_sentence(code, names[code]) for code in leading])
    return f"{starting(share)} of the saving from joining up comes from {words}"


def when(savings: Savings) -> str:
    """It costs more than it saves in year 1 and has paid for itself by the end of year 2."""
    if savings.payback_status == "nothing_saved" or not any(year.saving for year in savings.years):
        return "Nothing is saved, so nothing needs to be paid for"
    if savings.payback is None:
        return f"It does not pay for itself within {number_word(savings.horizon_years)} years"
    dear = [str(year.number) for year in savings.years if year.net < 0]
    if not dear:
        return "It saves more than it costs from the first year"
    years = f"year{'s' if len(dear) > 1 else ''} {listed(dear)}"
    return f"It costs more than it saves in {years} and has paid for itself by the end of year {savings.payback}"


def in_cases(savings: Savings) -> str:
    """In every case it has saved more than it cost after three years; else in which cases not."""
    nets = {case: total(year.net for year in years) for case, years in savings.years_in_cases.items()}
    short = [case for case, net in nets.items() if net <= 0]
    if not nets or len(short) == len(nets):
        return "In no case has it saved more than it cost after three years"
    if not short:
        amounts = together([min(nets.values()), max(nets.values())])
        return f"After three years it has saved {amounts[0]} to {amounts[1]} more than it cost, whatever the case"
    return (
        f"After three years it has not yet paid for itself in the {listed(short)} case{'s' if len(short) > 1 else ''}"
    )


def taken_off(before: Decimal, left: Decimal) -> str:
    """Of £127.6m that the ways would save one by one, £112.0m is left: no pound is saved twice."""
    if before <= 0:
        return "No way saves anything here"
    said = together([before, left])
    if before == left:
        return f"The ways do not get in each other’s way: all {said[0]} is left"
    return f"Of {said[0]} that the ways would save one by one, {said[1]} is left"


def worth(savings: Savings) -> str:
    """Over ten years worth £743m today, at 3.5% a year."""
    rate = percent(savings.discount_rate, 1, 1)
    years = number_word(savings.horizon_years)
    value = headline(savings.net_present_value)
    return f"Over {years} years it is worth {value} today, discounted at {rate} a year."


def below_zero(amounts: Sequence[Decimal]) -> str:
    """Five cells are below zero (−£2.4m together). A bar cannot show them; the tables do."""
    if not amounts:
        return ""
    cells = starting(counted(len(amounts), "cell"))
    verb, them = ("is", "it") if len(amounts) == 1 else ("are", "them")
    sum_of = headline(total(amounts)) + ("" if len(amounts) == 1 else " together")
    return f"{cells} {verb} below zero ({sum_of}). A bar cannot show {them}; the tables do."
