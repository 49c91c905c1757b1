"""Goods that several vendors have are looked at in the store before an order goes there."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import pytest

from longshore.domain.catalog import ProductType, VendorProduct, VendorVariant
from longshore.domain.stock import StockStatus, StoreStock
from longshore.ports.errors import TryLater
from longshore.ports.stores import Found
from longshore.storage.models import OrderEvent, PurchaseOrder, Reservation
from longshore.storage.models import VendorVariant as VariantRow
from longshore.storage.repositories.orders import Orders
from longshore.storage.repositories.purchase_orders import PurchaseOrders
from longshore.sync.place_purchase_order import place_purchase_orders
from support.fake_store import FakeStore, HandClock
from support.harbor import Harbor, bought, make_harbor, make_shared_harbor

TIMEOUT = timedelta(seconds=60)
pytestmark = pytest.mark.django_db


class Counted(FakeStore):
    """A store with so many units of everything. `asked`: the products that were read."""

    def __init__(self, clock: HandClock, units: int) -> None:
        super().__init__(clock)
        self.units, self.asked = units, list[int]()
        self.silent = False

    def read_products(self, product_ids: Sequence[int]) -> Found[VendorProduct]:
        self.asked += product_ids
        if self.silent:
            raise TryLater("The shop does not answer.")
        goods = tuple(self._goods(one) for one in product_ids)
        return Found(goods, frozenset(), (), self.clock.now())

    def _goods(self, number: int) -> VendorProduct:
        stock = StoreStock(tracked=True, quantity=self.units, status=StockStatus.IN_STOCK)
        only = VendorVariant(
            *(number, 0, "", "", Decimal(10), None, None, None, stock, False, (), None, None)
        )
        kind = (ProductType.SIMPLE, "simple", "publish", True, False)
        texts = (f"Goods {number}", "", "", "", "", "", (), (), "", (), ())
        return VendorProduct(number, *kind, *texts, None, None, (only,))


@pytest.fixture
def harbor(clock: HandClock) -> Harbor:
    return make_shared_harbor(clock.now())


def buy(harbor: Harbor, clock: HandClock, units: int = 2) -> None:
    order = bought(1, clock.now(), (harbor.lines[0], units))
    Orders(harbor.marketplace.pk).keep_order(order, clock.now())


def place(harbor: Harbor, clock: HandClock, store: FakeStore, number: int = 0) -> None:
    clock.forward(1)
    place_purchase_orders(
        store,  # type: ignore[arg-type]
        PurchaseOrders(harbor.stores[number].pk),
        clock,
        request_timeout=TIMEOUT,
    )


def states() -> list[tuple[str, str]]:
    rows = PurchaseOrder.objects.order_by("pk")
    return list(rows.values_list("vendor__name", "state"))


def test_what_the_store_has_too_little_of_goes_to_another(harbor: Harbor, clock: HandClock):
    buy(harbor, clock)
    kiln, loom = Counted(clock, 1), Counted(clock, 20)
    place(harbor, clock, kiln)
    assert kiln.orders == {}, "nothing was sent"
    assert states() == [("Kiln", "canceled"), ("Loom", "pending")]
    assert Reservation.objects.get(closed_at=None).variant.store == harbor.stores[1]
    event = OrderEvent.objects.filter(kind="picked").latest("pk")
    assert event.data["at_vendor"] == "Loom"
    assert event.data["passed"] == [{"vendor": "Kiln", "because": "short", "has": 1, "better": []}]
    place(harbor, clock, loom, 1)
    assert states() == [("Kiln", "canceled"), ("Loom", "accepted")]
    assert len(loom.orders) == 1


def test_what_the_store_has_is_sent_after_one_look(harbor: Harbor, clock: HandClock):
    buy(harbor, clock)
    kiln = Counted(clock, 2)
    place(harbor, clock, kiln)
    assert states() == [("Kiln", "accepted")]
    assert kiln.asked == [harbor.lines[0].variant.product_id_in_store]


def test_what_nobody_has_stays_and_does_not_go_round(harbor: Harbor, clock: HandClock):
    buy(harbor, clock)
    VariantRow.objects.filter(store=harbor.stores[1]).update(quantity=1)
    kiln = Counted(clock, 1)
    place(harbor, clock, kiln)
    assert states() == [("Kiln", "accepted")]


def test_a_store_that_does_not_tell_is_believed_as_it_was_read_last(
    harbor: Harbor, clock: HandClock
):
    buy(harbor, clock)
    kiln = Counted(clock, 0)
    kiln.silent = True
    place(harbor, clock, kiln)
    assert states() == [("Kiln", "accepted")]


def test_goods_of_one_vendor_are_not_asked_for(clock: HandClock):
    harbor = make_harbor(clock.now())
    buy(harbor, clock)
    kiln = Counted(clock, 0)
    place(harbor, clock, kiln)
    assert kiln.asked == []
    assert states() == [("Kiln", "accepted")]


def test_an_order_that_was_sent_already_stays_where_it_is(harbor: Harbor, clock: HandClock):
    buy(harbor, clock)
    PurchaseOrder.objects.update(posts=1)
    kiln = Counted(clock, 0)
    place(harbor, clock, kiln)
    assert kiln.asked == []
    assert states() == [("Kiln", "accepted")]
