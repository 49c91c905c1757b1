"""The shops that sit the exam: simulated ones, and the real one that the environment names."""

import os
from collections.abc import Iterator

import pytest

from support.exam_shop import ExamShop, real_shop, simulated_shop

REAL = "real"
SHOPS = [
    *("9.9.5 https", "9.9.5 http", "9.9.5 plain", "5.0.0 https", "10.3.0 https"),
    *("2.2.0 https", "2.2.0 http", "2.2.0 plain", "2.2.9 http", "2.3.13 https"),
    *("2.4.13 https", "2.4.13 http", "2.5.5 https", "2.6.14 old"),
    *("2.6.0 http", "2.6.14 https", "3.0.9 https", "3.2.6 http", "3.4.8 https", "3.5.8 http"),
    *("4.0.0 https", "5.7.2 https", "5.8.0 http", "7.1.0 https", "10.1.0 https"),
    *("10.5.2 https", "11.1.0 plain"),
]
if os.environ.get("LONGSHORE_EXAM_URL"):
    SHOPS = [REAL]


@pytest.fixture(scope="module", params=SHOPS)
def examined(request: pytest.FixtureRequest) -> Iterator[ExamShop]:
    name: str = request.param
    with real_shop() if name == REAL else simulated_shop(*name.split()) as made:
        yield made


@pytest.fixture
def shop(examined: ExamShop) -> Iterator[ExamShop]:
    yield examined
    examined.remove_orders()
