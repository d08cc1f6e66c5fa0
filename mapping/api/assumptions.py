"""Levers and assumption sets: what every saving assumes."""

from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from mapping.models import AssumptionSet, Lever, LeverRule
from pilots.api.finding import not_found, programme_asked
from pilots.api.formats import plain
from pilots.api.listing import HeldRows, Listing, answer_list
from pilots.api.operations import operation
from pilots.api.parameters import PROGRAMME
from pilots.api.typed import columns_of
from pilots.api.views import ApiView, ListView, answer_object, conditional, etag_of

from . import shapes
from .asking import current_set


class Levers(ListView):
    parameters = (PROGRAMME,)

    @operation("listLevers", "Reference", gives=shapes.Lever, about={"messages": list[str]})
    def get(self, request: Request) -> HttpResponseBase:
        """The menu of ways to save

        The levers of the assumption set that maps are made with now, with their rules and evidence.
        """
        assumption_set = current_set(programme_asked(self.asked))
        self.asked.messages.append(f"Assumption set {assumption_set.number} was taken: the current one.")

        def build() -> HttpResponseBase:
            rows = HeldRows([lever_row(lever) for lever in levers_of(assumption_set)])
            about = {"messages": self.asked.messages}
            return answer_list(request, self.asked, Listing(rows, columns_of(shapes.Lever), "levers", about))

        # A published set never changes; one that is not published may.
        if assumption_set.published_at is None:
            return build()
        return conditional(request, etag_of(request, assumption_set.pk), None, build)


class OneAssumptionSet(ApiView):
    parameters = (PROGRAMME,)

    @operation("getAssumptionSet", "Reference", gives=shapes.AssumptionSet)
    def get(self, request: Request, number: int) -> HttpResponseBase:
        """An assumption set

        Everything that maps made with it assume. Once published it never changes.
        """
        programme = programme_asked(self.asked)
        sets = AssumptionSet.objects.filter(programme=programme)
        found = sets.filter(number=number).first()
        if found is None:
            raise not_found(
                "assumption set", str(number), [str(known) for known in sets.values_list("number", flat=True)]
            )
        return answer_object(
            request,
            {
                "number": found.number,
                "published_at": found.published_at,
                "horizon_years": found.horizon_years,
                "discount_rate": plain(found.discount_rate),
                "levers": [lever_row(lever) for lever in levers_of(found)],
            },
        )


def levers_of(assumption_set: AssumptionSet) -> QuerySet[Lever]:
    """A set's levers in the order of the menu, with their rules."""
    levers = Lever.objects.filter(assumption_set=assumption_set).order_by("position", "code")
    return levers.prefetch_related("rules__service_line", "rules__spend_type", "rules__agency_type")


def lever_row(lever: Lever) -> dict[str, Any]:
    """A lever as clients see it."""
    return {
        "code": lever.code,
        "name": lever.name,
        "pool": lever.pool,
        "beta": _cases(lever, "beta"),
        "own": _cases(lever, "own"),
        "cap": plain(lever.cap),
        "ramp": [plain(share) for share in lever.ramp],
        "cost": {"multiple": plain(lever.cost_multiple), "profile": [plain(share) for share in lever.cost_profile]},
        "effort": {
            "fixed_months": plain(lever.effort_fixed_months),
            "months_per_agency": plain(lever.effort_months_per_agency),
            "profile": [plain(share) for share in lever.effort_profile],
        },
        "quality": lever.quality,
        "evidence": lever.evidence,
        "rules": [_rule(rule) for rule in sorted(lever.rules.all(), key=lambda rule: rule.pk)],
    }


def _cases(lever: Lever, rate: str) -> dict[str, str | None]:
    return {case: plain(getattr(lever, f"{rate}_{case}")) for case in ("low", "central", "high")}


def _rule(rule: LeverRule) -> dict[str, Any]:
    return {
        "service_line": rule.service_line.code if rule.service_line else "",
        "spend_type": rule.spend_type.code if rule.spend_type else "",
        "agency_type": rule.agency_type.code if rule.agency_type else "",
        "share": plain(rule.share),
        "why": rule.why,
    }
