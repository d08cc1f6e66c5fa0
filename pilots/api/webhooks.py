"""Webhooks: made and looked after by an administrator."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from pilots.acting import acting
from pilots.models import Delivery, Person, Webhook
from pilots.permissions import Action, require
from pilots.webhooks import BadTarget, make_webhook
from totalplace.problems import BAD_BODY, NOT_FOUND, Problem

from . import change_shapes
from .authentication import signed_in
from .bodies import read_body
from .listing import HeldRows, Listing, QueryRows, answer_list
from .operations import operation
from .typed import columns_of
from .views import ApiView, ListView, answer, answer_object
from .writing import VIA

OWN = ("id", "url", "events", "is_active", "failures", "next_at", "created_at")


def webhook_row(webhook: Webhook) -> dict[str, Any]:
    """A webhook as its administrator sees it; never its secret."""
    return {name: getattr(webhook, name) for name in OWN}


def _administrator(request: Request) -> Person:
    """Who asks, where they may. Raises Problem, and NotAllowed."""
    person = signed_in(request.user)
    require(person, Action.CHANGE_SETTINGS)
    return person


def _webhook(number: int) -> Webhook:
    webhook = Webhook.objects.filter(pk=number).first()
    if webhook is None:
        raise Problem(NOT_FOUND, f"There is no webhook {number}. /api/v1/webhooks/ lists them.")
    return webhook


class Webhooks(ListView):
    is_private = True

    @operation("listWebhooks", "Changes", gives=change_shapes.Webhook, is_public=False)
    def get(self, request: Request) -> HttpResponseBase:
        """All webhooks

        For administrators.
        """
        _administrator(request)
        rows = HeldRows([webhook_row(webhook) for webhook in Webhook.objects.all()])
        return answer_list(request, self.asked, Listing(rows, columns_of(change_shapes.Webhook), "webhooks"))

    @operation(
        "makeWebhook",
        "Changes",
        takes=change_shapes.NewWebhook,
        sends={"url": "https://example.org/total-place", "events": ["count.published"]},
        gives=change_shapes.MadeWebhook,
        status=201,
    )
    def post(self, request: Request) -> HttpResponseBase:
        """Be told of changes

        From now on every change is sent to the address, in order and at least once, signed by the conventions of
        Standard Webhooks. The secret to check it with is shown this once. What an address does not take is tried
        again, later each time, for a day and a half.
        """
        person = _administrator(request)
        body = read_body(request.data, change_shapes.NewWebhook)
        try:
            webhook = make_webhook(body["url"], body["events"], person)
        except BadTarget as refused:
            raise Problem(BAD_BODY, str(refused), [{"pointer": "/url", "detail": str(refused)}]) from refused
        address = f"/api/v1/webhooks/{webhook.pk}/"
        return answer({**webhook_row(webhook), "secret": webhook.secret}, 201, {"Location": address})


class OneWebhook(ApiView):
    is_private = True

    @operation("getWebhook", "Changes", gives=change_shapes.Webhook, is_public=False)
    def get(self, request: Request, webhook: int) -> HttpResponseBase:
        """A webhook

        And whether it is failing.
        """
        _administrator(request)
        return answer_object(request, webhook_row(_webhook(webhook)))

    @operation(
        "changeWebhook",
        "Changes",
        takes=change_shapes.WebhookChange,
        sends={"is_active": False},
        gives=change_shapes.Webhook,
    )
    def patch(self, request: Request, webhook: int) -> HttpResponseBase:
        """Change a webhook

        What it is told of, or whether it is told anything.
        """
        person = _administrator(request)
        values = read_body(request.data, change_shapes.WebhookChange)
        with acting(person, VIA):
            found = _webhook(webhook)
            found.events = sorted(set(values.get("events", found.events)))
            found.is_active = values.get("is_active", found.is_active)
            found.next_at = None
            found.save(update_fields=["events", "is_active", "next_at"])
        return answer(webhook_row(found))

    @operation("removeWebhook", "Changes", status=204)
    def delete(self, request: Request, webhook: int) -> HttpResponseBase:
        """Remove a webhook

        Nothing more is sent to it, and its log goes.
        """
        with acting(_administrator(request), VIA):
            _webhook(webhook).delete()
        return HttpResponse(status=204)


class Deliveries(ListView):
    is_private = True

    @operation("listDeliveries", "Changes", gives=change_shapes.Delivery, is_public=False)
    def get(self, request: Request, webhook: int) -> HttpResponseBase:
        """What a webhook was told

        Every change for it, the newest first, with how the last attempt to send it went.
        """
        _administrator(request)
        found = _webhook(webhook)
        rows = QueryRows(
            Delivery.objects.filter(webhook=found).select_related("change").order_by("-change"),
            lambda one: {
                "change_id": one.change_id,
                "event": one.change.event,
                "state": one.state,
                "attempts": one.attempts,
                "status": one.status,
                "error": one.error,
                "attempted_at": one.attempted_at,
            },
        )
        columns = columns_of(change_shapes.Delivery)
        return answer_list(request, self.asked, Listing(rows, columns, f"webhook-{found.pk}"))
