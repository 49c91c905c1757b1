"""A simulated shop for each test, spoken to bare."""

from collections.abc import Iterator

import pytest

from support.shopify_shop import Wire


@pytest.fixture
def wire() -> Iterator[Wire]:
    made = Wire()
    yield made
    made.close()
