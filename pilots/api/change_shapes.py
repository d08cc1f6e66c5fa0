"""The typed shapes of the feed of changes and of webhooks."""

from datetime import datetime
from typing import Annotated, Literal, NotRequired, TypedDict

from .typed import Year

type Event = Literal["count.published", "map.current"]
type Events = Annotated[list[Event], {"minItems": 1, "uniqueItems": True}]
type Target = Annotated[
    str,
    {
        "maxLength": 500,
        "pattern": r"^(https://[A-Za-z0-9]([A-Za-z0-9.-]{0,200}[A-Za-z0-9])?|http://(localhost|127\.0\.0\.1|\[::1\]))"
        r"(:([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}))?(/[!-\"$-~]*)?$",
        "description": "https, or http to this machine itself.",
    },
]


class Change(TypedDict):
    """A count that was published, or a map that became current of what is published."""

    id: int
    event: Event
    at: datetime
    place: str
    year: Year
    snapshot: int
    label: str
    map_id: int | None
    address: str


class Feed(TypedDict):
    """Changes in the order in which they could be seen. `next` is where the following ones will be."""

    results: list[Change]
    cursor: int
    has_more: bool
    next: str


class NewWebhook(TypedDict):
    """An address to be told of changes from now on."""

    url: Target
    events: Events


class WebhookChange(TypedDict):
    """What to change of a webhook; what is left out stays. Switched on again it is tried at once."""

    events: NotRequired[Events]
    is_active: NotRequired[bool]


class Webhook(TypedDict):
    """An address that is told of changes."""

    id: int
    url: str
    events: list[Event]
    is_active: bool
    failures: int
    next_at: datetime | None
    created_at: datetime


class MadeWebhook(Webhook):
    """The same with its secret, which is shown this once."""

    secret: str


class Delivery(TypedDict):
    """A change for a webhook, and how the last attempt to send it went."""

    change_id: int
    event: Event
    state: Literal["waiting", "delivered", "given_up"]
    attempts: int
    status: int | None
    error: str
    attempted_at: datetime | None
