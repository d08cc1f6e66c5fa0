"""Made-up facts for the checks: Dunshire with a county, two towns and a police authority."""

from decimal import Decimal
from math import log
from typing import Any

from pilots.sense.rows import Body, Facts, Figure, Service, Usual

COUNTY, TOWN, OTHER_TOWN, POLICE = 1, 2, 3, 4
PARKS, SCHOOLS, FIRE, PATROLS = 11, 12, 13, 14

BODIES = {
    COUNTY: Body(COUNTY, "E1", "Dunshire County Council", "county council", 1_000_000.0),
    TOWN: Body(TOWN, "E2", "Dunton", "shire district", 100_000.0),
    OTHER_TOWN: Body(OTHER_TOWN, "E3", "Dunwick", "shire district", 100_000.0),
    POLICE: Body(POLICE, "E4", "Dunshire Police", "police authority", 1_000_000.0),
}
SERVICES = {
    PARKS: Service(PARKS, "parks", "Parks", "culture", "Culture", PARKS, "parks", "Parks"),
    SCHOOLS: Service(SCHOOLS, "schools", "Schools", "education", "Education", SCHOOLS, "schools", "Schools"),
    FIRE: Service(FIRE, "fire", "Fire", "order", "Public order", FIRE, "fire", "Fire"),
    PATROLS: Service(PATROLS, "patrols", "Patrols", "order", "Public order", PATROLS, "patrols", "Patrols"),
}


def usual(pounds_a_head: float, spread: float = 1.3, **changes: Any) -> Usual:
    """What 40 bodies elsewhere spend: half of them within `spread` times of the middle."""
    values = {"bodies": 40, "reporting": 40, "above_zero": 40, "below_zero": 0}
    return Usual(**{**values, "middle": log(pounds_a_head), "spread": log(spread), **changes})


def facts(figures: dict[tuple[int, int], str], **more: Any) -> Facts:
    """A count of figures by (body, service)."""
    kept = {key: Figure(Decimal(amount)) for key, amount in figures.items()}
    values: dict[str, Any] = {
        "place": "Dunshire",
        "year": "2010-11",
        "bodies": BODIES,
        "services": SERVICES,
        "figures": kept,
        "reporting": frozenset(BODIES),
        "last_label": "published last",
    }
    if "last" in more:
        more["last"] = {key: Decimal(amount) for key, amount in more["last"].items()}
    return Facts(**{**values, **more})
