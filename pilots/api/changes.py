"""The feed of changes, for clients that pull: by cursor, in an order that never changes."""

from urllib.parse import urlencode

from django.http.response import HttpResponseBase
from rest_framework.request import Request

from pilots.feed import changes_after, described_changes
from pilots.models import Change

from . import change_shapes
from .finding import programme_asked
from .operations import operation
from .parameters import PAGE_SIZE, PROGRAMME, Parameter
from .views import ApiView, answer_object

SINCE = Parameter("since", "The cursor of an earlier answer; without it everything from the beginning.", least=0)
EVENT = Parameter("event", "Changes of one kind.", choices=tuple(Change.Event.values))
USUAL = 100


class Changes(ApiView):
    parameters = (SINCE, EVENT, PAGE_SIZE, PROGRAMME)

    @operation("listChanges", "Changes", gives=change_shapes.Feed, query={"since": "0"})
    def get(self, request: Request) -> HttpResponseBase:
        """What became new

        Counts that were published and maps that became current of what is published, oldest first. Keep `cursor` and
        send it as `since`: nothing is told twice, and nothing is left out.
        """
        since, size = self.asked.number("since", 0), self.asked.number("page_size", USUAL)
        changes = changes_after(since, programme_asked(self.asked))
        if event := self.asked.get("event"):
            changes = changes.filter(event=event)
        rows = described_changes(changes[: size + 1])
        shown = rows[:size]
        cursor = shown[-1]["id"] if shown else since
        query = {**self.asked.values, "since": cursor}
        return answer_object(
            request,
            {
                "results": shown,
                "cursor": cursor,
                "has_more": len(rows) > size,
                "next": request.build_absolute_uri(f"{request.path}?{urlencode(query)}"),
            },
        )
