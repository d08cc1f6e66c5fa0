"""Saving one cell: what is typed, what is refused, what somebody else did meanwhile."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from pilots.models import Agency, Person, ServiceLine, SpendLine, Version
from tests.grid.conftest import line_of, set_status

ADDRESS = "/places/kent/spend/2010-11/"


def send(client: Client, *cells: dict[str, Any], slice: dict | None = None) -> dict[str, Any]:
    answer = client.post(
        f"{ADDRESS}grid/cells/",
        json.dumps({"slice": slice or {}, "shown": {}, "cells": cells}),
        content_type="application/json",
    )
    assert answer.status_code == 200, answer.content
    return answer.json()


def cell(agency: Agency, service: ServiceLine, typed: str, line: SpendLine | None = None, **more: Any) -> dict:
    return {
        "agency": agency.pk,
        "service_line": service.pk,
        "typed": typed,
        "line": line.pk if line else None,
        "row_version": line.row_version if line else None,
        **more,
    }


@pytest.fixture
def page(client: Client, lead: Person) -> Client:
    client.force_login(lead)
    return client


def test_the_grid_shows_every_body_every_line_and_totals_of_the_count(page: Client, working: Version) -> None:
    answer = page.get(ADDRESS)
    assert answer.status_code == 200
    html = answer.content.decode()
    for words in ("Kent’s spend in 2010-11", "Dover", "Cultural and related services", "All 17 bodies"):
        assert words in html
    # Kent's mapped total, as computed independently.
    assert '<td class="grid-edge" data-total="all">8,259,406,210.78</td>' in html


def test_a_typed_amount_changes_the_line_and_the_totals(
    page: Client, working: Version, dover: Agency, cultural: ServiceLine
) -> None:
    line = line_of(working, dover, cultural)
    answer = send(page, cell(dover, cultural, "£1,234.5", line))
    outcome = answer["cells"][0]
    assert (outcome["state"], outcome["shown"]) == ("saved", "1,234.50")
    assert outcome["row_version"] == line.row_version + 1
    changed = line_of(working, dover, cultural)
    assert changed.amount == Decimal("1234.50")
    expected = Decimal("8259406210.78") - line.amount + changed.amount
    assert answer["totals"]["all"] == f"{expected:,.2f}"
