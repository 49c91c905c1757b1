"""One catalog, with all its oddities, is read alike through every generation of the API: names with
accents, attributes of several words, private variations, shared stock.
"""

from typing import Any

import pytest

from longshore.stores.http import GuardedClient
from simulators.woocommerce import ShopSettings, Simulator
from simulators.woocommerce.versions import version_of
from support.exam_shop import ExamShop

HOME = "https://shop.test"


def read(version: str) -> dict[tuple[int, int], tuple[Any, ...]]:
    """(product, variation) -> what the hub knows of it, of public products. No price at all is the
    same as 0.00: the old API knows no difference.
    """
    simulator = Simulator(ShopSettings(home=HOME, version=version_of(version)))
    found: dict[tuple[int, int], tuple[Any, ...]] = {}
    with GuardedClient(transport=simulator.transport()) as client:
        shop = ExamShop(version, HOME, simulator.key, simulator.secret, client, 0.0)
        numbers = [one.product_id for one in shop.products if one.status == "publish"]
        for product in shop.store.read_products(numbers).items:
            found[product.product_id, -1] = (product.name, product.kind, product.option_names)
            for one in product.variants or ():
                stock = one.stock.tracked, one.stock.quantity, one.pooled
                prices = one.regular_price or None, one.sale_price, one.public
                found[one.product_id, one.variation_id] = (one.sku, *prices, one.options, *stock)
    return found


@pytest.fixture(scope="module")
def today() -> dict[tuple[int, int], tuple[Any, ...]]:
    return read("9.9.5")


@pytest.mark.parametrize("version", ["2.2.9", "2.4.13", "2.6.14", "3.0.9", "3.5.8", "11.1.0"])
def test_every_generation_says_the_same(version: str, today: dict[tuple[int, int], Any]):
    here = read(version)
    assert len(here) > 800
    assert here == today
