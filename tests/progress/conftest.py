"""The small programme of the review's tests."""

from typing import Any

import pytest

from tests.review.world import World, make_world


@pytest.fixture
def world(db: Any) -> World:
    return make_world()
