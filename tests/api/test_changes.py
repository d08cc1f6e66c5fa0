"""The feed of changes, and webhooks: nothing is told twice, nothing is left out, and nobody is held up."""

import base64
import hashlib
import hmac
import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.db import connection, transaction
from django.utils import timezone

from mapping.recompute import recompute_version
from pilots import webhooks
from pilots.models import Change, Count, Delivery, Version, Webhook
from pilots.spend.publish import publish_count
from pilots.spend.snapshots import take_snapshot
from pilots.spend.versions import open_working_version
from pilots.spend.write import change_line
from pilots.webhooks import delivering
from pilots.webhooks.signing import signed_headers

from .asking import Api
from .conftest import token_of

YEAR = "2010-11"


def publish_something(slug="kent"):
    """A change of a line, published, with its map; the feed of it as after a commit."""
    count = Count.objects.get(place__slug=slug, year__label=YEAR)
    version = open_working_version(count)
    line = version.lines.order_by("pk")[0]
    change_line(version, line.pk, {"amount": line.amount + 1}, line.row_version, None, "test")
    snapshot = publish_count(count, None)
    recompute_version(snapshot.pk)
    with connection.cursor() as cursor:
        # What a commit does to deferred triggers.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return snapshot


def feed(api, since) -> dict:
    return api.get(f"changes/?since={since}").data


@pytest.fixture
def now(anybody):
    """The cursor of now."""
    return webhooks.making.newest_change()


def test_what_was_published_before_stands_at_the_beginning(anybody):
    answer = anybody.get("changes/")
    assert answer.data["results"]
    assert {row["event"] for row in answer.data["results"]} <= {"count.published", "map.current"}


def test_a_publication_and_its_map_are_told_in_order_with_where_to_read_them(anybody, now):
    snapshot = publish_something()
    published, mapped = feed(anybody, now)["results"]
    assert (published["event"], published["place"], published["snapshot"]) == (
        "count.published",
        "kent",
        snapshot.number,
    )
    assert (mapped["event"], mapped["map_id"]) == ("map.current", snapshot.current_map.map_id)
    for row in (published, mapped):
        assert anybody.get(row["address"].removeprefix("/api/v1/")).status == 200


def test_a_change_of_a_draft_is_no_news(anybody, now, lead):
    lead.post("places/kent/spend/", {"year": YEAR, "agency": "E2221", "service_line": "police", "amount": "1.00"})
    recompute_version(Count.objects.get(place__slug="kent", year__label=YEAR).versions.get(kind="working").pk)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert feed(anybody, now)["results"] == []


def test_following_the_cursor_tells_everything_once(anybody, now):
    for slug in ("kent", "birmingham"):
        publish_something(slug)
    whole = feed(anybody, now)["results"]
    gathered, following = [], f"changes/?since={now}&page_size=1"
    while True:
        page = anybody.get(following).data
        gathered += page["results"]
        following = page["next"].split("/api/v1/")[1]
        if not page["has_more"]:
            break
    assert gathered == whole
    assert len(whole) == 4
    # The cursor of an empty answer is that of the question: a client that waits loses nothing.
    empty = anybody.get(following).data
    assert (empty["results"], empty["cursor"]) == ([], whole[-1]["id"])


def test_the_feed_can_be_of_one_kind(anybody, now):
    publish_something()
    rows = anybody.get(f"changes/?since={now}&event=map.current").data["results"]
    assert [row["event"] for row in rows] == ["map.current"]


@pytest.mark.django_db(transaction=True)
def test_numbers_rise_in_the_order_of_commits(anybody):
    """Whoever commits second is numbered second, even where they began first."""
    since = webhooks.making.newest_change()
    first, second = [Count.objects.get(place__slug=slug, year__label=YEAR) for slug in ("kent", "birmingham")]
    began, may_commit = threading.Event(), threading.Event()

    def slow():
        try:
            with transaction.atomic():
                Count.objects.filter(pk=first.pk).update(published=_another(first))
                began.set()
                may_commit.wait(30)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    began.wait(30)
    Count.objects.filter(pk=second.pk).update(published=_another(second))
    seen = [row["place"] for row in feed(anybody, since)["results"] if row["event"] == "count.published"]
    may_commit.set()
    thread.join(30)
    after = [row["place"] for row in feed(anybody, since)["results"] if row["event"] == "count.published"]
    assert seen == ["birmingham"]
    assert after == ["birmingham", "kent"]


def _another(count):
    """A snapshot beside the one that is published."""
    return take_snapshot(open_working_version(count), Version.Status.PUBLISHED).pk


class Receiver:
    """A real server that receives webhooks, and answers what it is told to."""

    def __init__(self) -> None:
        self.answers = [204]
        self.requests: list[tuple[dict, bytes]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.requests.append((dict(self.headers), body))
                status = outer.answers.pop(0) if len(outer.answers) > 1 else outer.answers[0]
                self.send_response(status)
                self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()

            def log_message(self, *arguments): ...

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/total-place"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def told(self) -> list[int]:
        return [json.loads(body)["data"]["id"] for _, body in self.requests]


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.server.shutdown()
    receiver.server.server_close()


@pytest.fixture
def administrator(people):
    return Api(token_of(people["administrator"]))


@pytest.fixture
def webhook(administrator, receiver):
    body = {"url": receiver.url, "events": ["count.published", "map.current"]}
    answer = administrator.post("webhooks/", body)
    assert answer.status == 201, answer.data
    return answer.data


def deliver():
    for webhook_id in webhooks.due_webhooks():
        webhooks.tell_webhook(webhook_id)


def test_changes_are_sent_in_order_once_they_are_taken(webhook, receiver, administrator):
    publish_something()
    deliver()
    deliver()
    newest = list(Change.objects.order_by("pk").values_list("pk", flat=True))[-2:]
    assert receiver.told == newest
    log = administrator.get(f"webhooks/{webhook['id']}/deliveries/").rows
    assert [(row["change_id"], row["state"], row["status"], row["attempts"]) for row in log] == [
        (newest[1], "delivered", 204, 1),
        (newest[0], "delivered", 204, 1),
    ]


def test_a_message_is_signed_so_that_its_receiver_can_tell(webhook, receiver):
    publish_something()
    deliver()
    headers, body = receiver.requests[0]
    headers = {name.lower(): value for name, value in headers.items()}
    key = base64.b64decode(webhook["secret"].removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert json.loads(body)["type"] == "count.published"


def test_the_signature_is_that_of_the_published_example():
    """The example of the Standard Webhooks specification."""
    headers = signed_headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}', "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("refusal", [500, 404, 302])
def test_what_was_not_taken_is_sent_again_later_and_nothing_overtakes_it(webhook, receiver, refusal):
    receiver.answers = [refusal, 204]
    publish_something()
    deliver()
    assert len(receiver.requests) == 1
    deliver()
    assert len(receiver.requests) == 1  # not before its time
    Webhook.objects.update(next_at=timezone.now())
    deliver()
    first, second = list(Change.objects.order_by("pk").values_list("pk", flat=True))[-2:]
    assert receiver.told == [first, first, second]
    assert set(Delivery.objects.values_list("state", flat=True)) == {"delivered"}


def test_a_dead_receiver_holds_nobody_up_and_is_given_up_after_a_day_and_a_half(webhook, receiver, administrator):
    receiver.server.server_close()
    publish_something()
    for _ in range(delivering.ATTEMPTS):
        Webhook.objects.update(next_at=None)
        deliver()
    log = administrator.get(f"webhooks/{webhook['id']}/deliveries/").rows
    assert [(row["state"], row["attempts"]) for row in log] == [("waiting", 0), ("given_up", delivering.ATTEMPTS)]
    assert "refused" in log[-1]["error"].lower()
    assert administrator.get(f"webhooks/{webhook['id']}/").data["failures"] == delivering.ATTEMPTS


def test_the_wait_doubles_and_has_an_end():
    waits = [delivering.wait_after(failures) for failures in range(1, delivering.ATTEMPTS)]
    assert waits[:3] == [timedelta(seconds=10), timedelta(seconds=20), timedelta(seconds=40)]
    assert max(waits) == timedelta(hours=6)
    assert timedelta(days=1) < sum(waits, timedelta(0)) < timedelta(days=2)


def test_a_webhook_that_is_switched_off_is_told_nothing(webhook, receiver, administrator):
    administrator.patch(f"webhooks/{webhook['id']}/", {"is_active": False})
    publish_something()
    deliver()
    assert receiver.requests == []


def test_a_webhook_hears_of_what_it_asked_for_alone(webhook, receiver, administrator):
    administrator.patch(f"webhooks/{webhook['id']}/", {"events": ["map.current"]})
    publish_something()
    deliver()
    assert [json.loads(body)["type"] for _, body in receiver.requests] == ["map.current"]


def test_the_secret_is_shown_once(webhook, administrator):
    assert webhook["secret"].startswith("whsec_")
    assert "secret" not in administrator.get(f"webhooks/{webhook['id']}/").data
    assert "secret" not in administrator.get("webhooks/").rows[0]


TARGETS = [
    ("https://example.org", 201),
    ("https://example.org:8443/hook?place=kent", 201),
    ("http://127.0.0.1:9/", 201),
    ("http://localhost/", 201),
    ("http://[::1]:9/", 201),
    ("http://example.org/", 400),
    ("http://127.0.0.1.example.org/", 400),
    ("http://localhost@example.org/", 400),
    ("https://user:word@example.org/", 400),
    ("ftp://example.org/", 400),
    ("https://", 400),
    ("https://example.org/\r\nX-Other: 1", 400),
    ("https://example.org/#part", 400),
    ("file:///etc/passwd", 400),
]


@pytest.mark.parametrize(("url", "status"), TARGETS)
def test_only_https_or_this_machine_is_a_target(administrator, url, status):
    assert administrator.post("webhooks/", {"url": url, "events": ["map.current"]}).status == status


ROLES = ("anonymous", "contributor", "place lead", "Leadership Centre", "administrator")


@pytest.mark.parametrize("role", ROLES)
def test_webhooks_are_for_administrators(people, webhook, role):
    api = Api() if role == "anonymous" else Api(token_of(people[role]))
    one = f"webhooks/{webhook['id']}/"
    statuses = [
        api.get("webhooks/").status,
        api.post("webhooks/", {"url": "https://example.org", "events": ["map.current"]}).status,
        api.get(one).status,
        api.get(f"{one}deliveries/").status,
        api.patch(one, {"is_active": False}).status,
        api.delete(one).status,
    ]
    expected = {"anonymous": [401] * 6, "administrator": [200, 201, 200, 200, 200, 204]}
    assert statuses == expected.get(role, [403] * 6)
