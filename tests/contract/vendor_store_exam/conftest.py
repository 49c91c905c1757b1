"""The shops that sit the exam: the one that the environment names."""

import os
from collections.abc import Iterator

import pytest

from support.exam_shop import ExamShop, real_shop

SHOPS = ["real"] if os.environ.get("LONGSHORE_EXAM_URL") else []


@pytest.fixture(scope="module", params=SHOPS)
def examined(request: pytest.FixtureRequest) -> Iterator[ExamShop]:
    with real_shop() as made:
        yield made


@pytest.fixture
def shop(examined: ExamShop) -> Iterator[ExamShop]:
    yield examined
    examined.remove_orders()
