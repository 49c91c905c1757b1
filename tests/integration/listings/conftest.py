from collections.abc import Iterator

import pytest


@pytest.fixture
def shelf(db: None) -> Iterator[object]:
    from support.shelf import make_shelf

    made = make_shelf()
    yield made
    assert made.shop.state.later.problems == []
    made.shop.simulator.close()
