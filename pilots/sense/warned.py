"""One warning, and the words that checks share."""

from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from totalplace import money

from .rows import Body, Service


@dataclass(frozen=True)
class Warned:
    """What a check says. `check` and `subject` name it for good: an answer to it stays with them.

    `agency` and `service` are ids of the cell that it stands in; a warning of the whole count has neither. `page` is
    where it is put right, if that is not the grid: what follows the address of the count's spend.
    """

    check: str
    subject: str
    text: str
    agency: int | None = None
    service: int | None = None
    branch: str = ""
    kind: str = ""
    page: str = ""

    @property
    def where(self) -> str:
        """The cell in the grid or another page, as what follows the address of the count's spend."""
        if self.page:
            return self.page
        asked = {"view": "grid", "branch": self.branch, "kind": self.kind}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"?{query}#c-{self.agency}-{self.service}" if self.agency and self.service else f"?{query}"


def of_cell(check: str, body: Body, service: Service, text: str, kind: str = "") -> Warned:
    """A warning of one cell, a body's spend on a service line."""
    words = f"{body.name}, {service.name}: {text}"
    return Warned(check, f"{body.code} {service.code}", words, body.id, service.id, service.branch, kind)


def a_head(pounds: float) -> str:
    """Pounds for each person, with pence where whole pounds would say too little."""
    amount = Decimal(repr(pounds))
    return f"{money.exact(amount)} a head" if abs(amount) < 10 else money.per_head(amount, 1)
