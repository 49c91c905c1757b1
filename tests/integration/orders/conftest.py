"""What the tests of orders have in common."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # models load only after Django is set up, conftests are imported before
    from support.fake_store import HandClock
    from support.harbor import Harbor
    from support.quay import Quay


@pytest.fixture
def clock() -> "HandClock":
    from support.fake_store import HandClock

    return HandClock()


@pytest.fixture
def harbor(db: None, clock: "HandClock") -> "Harbor":
    from support.harbor import make_harbor

    return make_harbor(clock.now())


@pytest.fixture
def quay(db: None) -> "Iterator[Quay]":
    from support.quay import make_quay

    made = make_quay()
    yield made
    made.shop.simulator.close()
