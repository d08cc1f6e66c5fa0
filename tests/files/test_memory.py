"""A file of 200,000 rows: no process holds it. The web keeps it in pieces as it comes; the worker reads it in parts."""

import tracemalloc
from collections.abc import Callable, Iterator
from itertools import islice, product

import pytest

from pilots.models import Agency, Programme, ServiceLine, SpendType, Upload, Version
from pilots.spend.files.uploads import process_upload, receive_upload
from tests.spend.kent import working_version_of_kent

pytestmark = pytest.mark.django_db

ROWS = 200_000
MEGABYTE = 1_000_000


@pytest.fixture
def kent(db: None) -> Version:
    version = working_version_of_kent()
    version.lines.all().delete()
    return Version.objects.select_related("count__place__programme", "count__year").get(pk=version.pk)


def rows() -> Iterator[str]:
    """Rows of spend of Kent's bodies, each of a key of its own."""
    programme = Programme.objects.get(is_default=True)
    bodies = Agency.objects.filter(places__slug="kent", successor=None).order_by("code").values_list("code", flat=True)
    leaves = ServiceLine.objects.filter(programme=programme, children=None).values_list("code", flat=True)
    types = SpendType.objects.values_list("code", flat=True)
    funders = programme.agencies.order_by("code").values_list("code", flat=True)
    keys = product(list(funders), list(types), list(leaves), list(bodies))
    for number, (funder, kind, leaf, body) in enumerate(keys):
        yield f"{body},{leaf},{kind},{funder},{number % 9_000}.{number % 100:02},Ledger {number}\n"


def chunks(number: int) -> Iterator[bytes]:
    """A file of so many rows as a web server hands it on, 64 kB at a time."""
    held = "agency,service_line,spend_type,funder,amount,note\n"
    for row in islice(rows(), number):
        held += row
        if len(held) >= 65_536:
            yield held.encode()
            held = ""
    yield held.encode()


def most_held[T](work: Callable[[], T]) -> tuple[T, int]:
    """What some work returns, and the most bytes that were held for it at any moment."""
    tracemalloc.start()
    try:
        found = work()
        return found, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_the_web_process_keeps_a_file_of_200_000_rows_without_holding_it(kent: Version) -> None:
    upload, most = most_held(lambda: receive_upload(kent, "large.csv", chunks(ROWS), None, "page"))
    assert upload.size > 10 * MEGABYTE
    assert most < 4 * MEGABYTE


def test_the_worker_holds_no_more_of_a_file_three_times_as_long(kent: Version) -> None:
    def checked(number: int) -> int:
        upload = receive_upload(kent, "large.csv", chunks(number), None, "page")
        _, most = most_held(lambda: process_upload(upload))
        upload.refresh_from_db()
        assert (upload.state, upload.rows) == (Upload.State.CHECKED, number), upload.report
        return most

    short, long = checked(12_000), checked(36_000)
    assert long < 1.2 * short
