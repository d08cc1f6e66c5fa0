"""A place's reconciliation: from what the sources say to what is counted, and beside it what was published."""

from decimal import Decimal
from typing import Any, TypedDict

from django.http.response import HttpResponseBase
from rest_framework.request import Request

from mapping.charts.inputs import FOOTING_WORDS, Footing, ReconciliationFigures, shared_out, total
from mapping.freshness import changes_of
from mapping.summary import reconciliation_figures
from pilots.api.finding import count_asked, version_asked
from pilots.api.formats import plain
from pilots.api.operations import operation
from pilots.api.parameters import VERSION, YEAR_PARAMETER
from pilots.api.typed import Part, Year
from pilots.api.views import ApiView, answer, conditional
from pilots.api.words import Word, tell
from pilots.people.asking import asking_page
from pilots.permissions import Action, require

from .asking import validators_of_version


class CountedOfBody(TypedDict):
    """A body, and what is counted of it in the place."""

    agency: str
    name: str
    type: str
    share: Part | None
    whole: Decimal | None
    counted: Decimal
    rests_on: str


class FootingAmount(TypedDict):
    """An amount of spend by what it rests on."""

    footing: str
    about: str
    amount: Decimal


class PassedOnRow(TypedDict):
    """Money passed on to another public body, in no total."""

    agency: str
    receiver: str
    amount: Decimal
    is_counted_there: bool


class LeftOutRow(TypedDict):
    """Money in the sources that is not counted."""

    what: str
    amount: Decimal
    why: str


class PublishedRow(TypedDict):
    """What was published at the time about the same money."""

    subject: str
    measure: str
    amount: Decimal | None
    year: str
    note: str
    source: str


class Reconciliation(TypedDict):
    """From what the sources say to what is counted, and beside it what was published."""

    place: str
    year: Year
    is_partial: bool
    missing: list[str]
    spend_total: Decimal
    counted: list[CountedOfBody]
    spend_rests_on: list[FootingAmount]
    apportioned: Decimal
    passed_on: list[PassedOnRow]
    passed_on_total: Decimal
    left_out: list[LeftOutRow]
    capital: Decimal
    not_reported: list[str]
    published: list[PublishedRow]
    whom_to_ask: str
    messages: list[str]


tell(
    {
        "counted": Word("What is counted, by body, most first.", []),
        "CountedOfBody.name": Word("The body's name.", "Kent"),
        "CountedOfBody.agency": Word("The body's code.", "E2221"),
        "CountedOfBody.share": Word("The share of the body that is counted here; null where that is not known.", "1"),
        "CountedOfBody.counted": Word("What is counted here.", "1890000000.00"),
        "CountedOfBody.rests_on": Word("What that rests on, in words.", "a body’s own return"),
        "CountedOfBody.whole": Word("The whole body's amount, where only a share is counted.", None),
        "spend_rests_on": Word("The spend by what it rests on, from the firmest.", []),
        "footing": Word("own, budget, estimate, wider or national.", "own"),
        "FootingAmount.about": Word("The same in words.", "a body’s own return"),
        "Reconciliation.apportioned": Word("The part that was shared out from a wider body or the nation.", "1.00"),
        "passed_on": Word("Money passed on to other public bodies, the largest first. It is in no total.", []),
        "passed_on_total": Word("The sum of what is passed on.", "89000000.00"),
        "PassedOnRow.agency": Word("The body that passes it on, in words.", "Kent"),
        "PassedOnRow.receiver": Word("Who receives it, in words; empty where the source does not say.", "Kent Police"),
        "is_counted_there": Word("Whether the receiver reports in this place.", True),
        "left_out": Word("Money in the sources that is not counted.", []),
        "what": Word("What it is.", "Trading accounts"),
        "LeftOutRow.why": Word("Why it is left out.", "Not public spending"),
        "capital": Word("Capital counted beside the totals.", "0.00"),
        "not_reported": Word("Services on which nobody here reports.", ["Defence"]),
        "published": Word("What was published at the time about the same area.", []),
        "subject": Word("Whose figure it is.", "Kent"),
        "measure": Word("Of what.", "public spending"),
        "PublishedRow.amount": Word("The figure; null where only words were published.", "8200000000.00"),
        "PublishedRow.year": Word("Of when, as it was published.", "2008-09"),
    }
)


class ReconciliationOfPlace(ApiView):
    parameters = (YEAR_PARAMETER, VERSION)

    @operation("getReconciliation", "Places", gives=Reconciliation, query={"year": "2010-11"})
    def get(self, request: Request, place: str) -> HttpResponseBase:
        """A place's reconciliation

        What is counted of each body and what it rests on, what is passed on, left out or not reported, and what was
        published at the time about the same money.
        """
        count = count_asked(place, self.asked)
        version = version_asked(count, self.asked, request.user)
        if version.is_working:
            self.is_private = True
            require(request.user, Action.READ_WORKING, count.place)

        def build() -> HttpResponseBase:
            shown, asking = _row(reconciliation_figures(version)), asking_page(count.place.slug)
            return answer({**shown, "whom_to_ask": asking, "messages": self.asked.messages})

        published = changes_of("pilots_controltotal")
        return conditional(request, *validators_of_version(request, version, None, beside=published), build)


def _row(figures: ReconciliationFigures) -> dict[str, Any]:
    provenance = figures.provenance
    return {
        "place": figures.slug,
        "year": provenance.year,
        "is_partial": provenance.is_partial,
        "missing": list(provenance.missing),
        "spend_total": total(row.counted for row in figures.counted),
        "counted": [
            {
                "agency": row.body.code,
                "name": row.body.name,
                "type": row.body.kind,
                "share": plain(row.body.share),
                "whole": row.whole,
                "counted": row.counted,
                "rests_on": row.basis,
            }
            for row in figures.counted
        ],
        "spend_rests_on": [
            {"footing": footing.value, "about": FOOTING_WORDS[footing], "amount": figures.rests_on[footing]}
            for footing in Footing
            if footing in figures.rests_on
        ],
        "apportioned": shared_out(figures.rests_on),
        "passed_on": [
            {
                "agency": row.body,
                "receiver": row.receiver,
                "amount": row.amount,
                "is_counted_there": row.is_counted_there,
            }
            for row in figures.transfers
        ],
        "passed_on_total": total(row.amount for row in figures.transfers),
        "left_out": [{"what": row.what, "amount": row.amount, "why": row.why} for row in figures.left_out],
        "capital": figures.capital,
        "not_reported": list(figures.gaps.not_reported),
        "published": [
            {
                "subject": row.subject,
                "measure": row.measure,
                "amount": row.amount,
                "year": row.year,
                "note": row.note,
                "source": row.source,
            }
            for row in figures.gaps.published
        ],
    }
