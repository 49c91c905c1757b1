"""What a vendor pays back in the shop is read with its units, in every generation of the API."""

from decimal import Decimal

import pytest

from longshore.domain.orders import StoreOrder
from longshore.stores.http import GuardedClient
from simulators.woocommerce import ShopSettings, Simulator
from simulators.woocommerce.versions import version_of
from support.exam_shop import ExamShop

VERSIONS = ["2.2.0", "2.4.13", "2.5.5", "2.6.14", "3.0.9", "3.5.8", "4.0.0", "9.9.5", "11.1.0"]


class Till:
    """A shop whose vendor pays back by hand. `asked`: requests of the last reading."""

    def __init__(self, version: str, client: GuardedClient, simulator: Simulator) -> None:
        self.shop = ExamShop(
            version, simulator.address, simulator.key, simulator.secret, client, 0.0
        )
        self.vendor = simulator.shop
        self.asked = 0

    def ordered(self) -> StoreOrder:
        counted, variation = self.shop.tracked(), self.shop.variation()
        return self.shop.order(self.shop.draft("LS-BACK1", (counted, 3), (variation, 2)))

    def read(self, order: StoreOrder, **known: object) -> StoreOrder:
        before = self.shop.client.requests_made
        (found,) = self.shop.store.read_orders([order.order_id], **known).items  # type: ignore[arg-type]
        self.asked = self.shop.client.requests_made - before
        return found


@pytest.fixture(params=VERSIONS)
def till(request: pytest.FixtureRequest):
    version: str = request.param
    simulator = Simulator(
        ShopSettings(home="https://shop.test", version=version_of(version), products=40, variable=6)
    )
    with GuardedClient(transport=simulator.transport()) as client:
        yield Till(version, client, simulator)


def test_units_and_money_come_back_by_line(till: Till):
    order = till.ordered()
    first, second = (line.line_item_id for line in order.lines)
    till.vendor.refund_order(order.order_id, {first: 1})
    till.vendor.refund_order(order.order_id, {first: 1, second: 2})
    till.vendor.complete_order(order.order_id)
    found = {one.refund_id: one for one in till.read(order).refunds}
    assert len(found) == 2
    older, newer = (found[one] for one in sorted(found, key=int))
    assert [(one.line_id, one.units) for one in older.lines] == [(str(first), 1)]
    assert {one.line_id: one.units for one in newer.lines} == {
        str(first): 1,
        str(second): 2,
    }
    if "shop_prices" not in till.shop.profile.limits:
        assert (older.amount.amount, newer.amount.amount) == (Decimal("7.50"), Decimal("22.50"))
    assert older.beyond_goods.amount == 0


def test_an_amount_without_units_is_money(till: Till):
    order = till.ordered()
    row = till.vendor.order(order.order_id)
    till.vendor.ordering.refund(row, 250, "Scratched", [], restock=False)
    till.vendor.complete_order(order.order_id)
    (found,) = till.read(order).refunds
    assert (found.amount.amount, found.lines, found.reason) == (Decimal("2.50"), (), "Scratched")


def test_orders_without_refunds_and_known_ones_cost_nothing(till: Till):
    order = till.ordered()
    assert till.read(order).refunds == ()
    plain = till.asked
    till.vendor.refund_order(order.order_id, {order.lines[0].line_item_id: 1})
    till.vendor.complete_order(order.order_id)
    (found,) = till.read(order).refunds
    assert till.asked == plain + 1
    till.read(order, known_refunds={order.order_id: frozenset([found.refund_id])})
    assert till.asked == plain
