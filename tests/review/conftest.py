"""The small programme, with two lines recorded in Dunshire."""

from typing import Any

import pytest

from .world import World, make_world


@pytest.fixture
def world(db: Any) -> World:
    made = make_world()
    made.record("E1", "schools", "1000.10")
    made.record("E2", "police", "500.00", note="as audited")
    return made
