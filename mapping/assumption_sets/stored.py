"""A stored assumption set as the engine reads it, and as one canonical text."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal

from mapping import engine
from mapping.models import AssumptionSet, Lever
from pilots.models import Programme, ServiceLine


def engine_assumptions(assumption_set: AssumptionSet) -> engine.Assumptions:
    """A stored set with the service tree of its programme as it stands now."""
    levers = assumption_set.levers.prefetch_related(
        "rules__service_line", "rules__spend_type", "rules__agency_type"
    ).order_by("position", "code")
    return engine.Assumptions(
        levers=tuple(_lever(lever) for lever in levers),
        parents=service_tree(assumption_set.programme),
        horizon_years=assumption_set.horizon_years,
        discount_rate=assumption_set.discount_rate,
    )


def service_tree(programme: Programme) -> dict[str, str | None]:
    """The parent of each service line of a programme, by code; the root's is None."""
    return dict(ServiceLine.objects.filter(programme=programme).values_list("code", "parent__code"))


def _lever(lever: Lever) -> engine.Lever:
    rules = [
        engine.Rule(
            rule.service_line.code if rule.service_line else None,
            rule.spend_type.code if rule.spend_type else None,
            rule.agency_type.code if rule.agency_type else None,
            rule.share,
        )
        for rule in sorted(lever.rules.all(), key=lambda rule: rule.pk)
    ]
    return engine.Lever(
        code=lever.code,
        name=lever.name,
        pool=lever.pool,  # type: ignore[arg-type]  # the database knows only these
        beta=engine.Cases(lever.beta_low, lever.beta_central, lever.beta_high),
        own=engine.Cases(lever.own_low, lever.own_central, lever.own_high),
        cap=lever.cap,
        ramp=tuple(lever.ramp),  # type: ignore[arg-type]  # three years
        cost_multiple=lever.cost_multiple,
        cost_profile=tuple(lever.cost_profile),  # type: ignore[arg-type]
        effort_fixed_months=lever.effort_fixed_months,
        effort_months_per_agency=lever.effort_months_per_agency,
        effort_profile=tuple(lever.effort_profile),  # type: ignore[arg-type]
        quality=lever.quality,
        rules=tuple(rules),
    )


def canonical(assumptions: engine.Assumptions) -> str:
    """One text for a set and its service tree: the same content has the same text, whatever the order of rules."""
    content = asdict(assumptions)
    for lever in content["levers"]:
        lever["rules"] = sorted(json.dumps(rule, default=_plain, sort_keys=True) for rule in lever["rules"])
    content["levers"] = sorted(content["levers"], key=lambda lever: lever["code"])
    return json.dumps(content, default=_plain, sort_keys=True, ensure_ascii=False)


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{value!r} has no canonical text")
