"""A marketplace in the database whose orders are also in a simulated Shopify shop, with purchase
orders that the vendor's store took: goods wait to be shipped.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

from longshore.domain.money import Money
from longshore.domain.orders import Address, StoreOrder, StoreOrderLine, StoreOrderState
from longshore.domain.tracking import Tracking
from longshore.storage.models import OpenFinding, PurchaseOrder, Shipment
from longshore.storage.repositories.fulfillments import Shipments
from longshore.storage.repositories.orders import Orders
from longshore.storage.repositories.shipments import StoreOrders
from longshore.sync.fulfill_shipment import fulfill_shipments
from simulators.shopify import ShopSettings
from support.fake_store import HandClock
from support.harbor import Harbor, make_harbor
from support.shopify_shop import Shop

PROCESSING, COMPLETED = StoreOrderState.PROCESSING, StoreOrderState.COMPLETED
BUYER = Address("Ada", "Buyer", line1="Street 1", city="Town", country="CZ")


@dataclass
class Quay:
    harbor: Harbor
    shop: Shop
    clock: HandClock

    def order(self, *units: int) -> PurchaseOrder:
        """Bought on Shopify, and taken by the store of the first vendor."""
        lines = [
            {"variant_id": self.harbor.lines[place].variant_gid, "quantity": count}
            for place, count in enumerate(units)
        ]
        gid = self.shop.control("checkout", lines=lines)["id"]
        (read,) = self.shop.storefront.read_orders([gid]).by_id.values()
        now = self.clock.now()
        order = replace(read, created_at=now, updated_at=now, shipping_address=BUYER)
        Orders(self.harbor.marketplace.pk).keep_order(order, now)
        row = PurchaseOrder.objects.get(order__order_gid=gid)
        row.state, row.store_order_id, row.answered_at = "accepted", 500 + row.pk, now
        row.store_order_number, row.store_state = str(500 + row.pk), "processing"
        row.save()
        for line in row.lines.all():
            line.line_item_id = 9000 + line.pk
            line.save()
        return row

    def items(self, row: PurchaseOrder) -> list[int]:
        return [n for n in row.lines.order_by("pk").values_list("line_item_id", flat=True) if n]

    def store_says(
        self, row: PurchaseOrder, state: StoreOrderState, *parcels: Tracking, **more: object
    ) -> PurchaseOrder:
        """The store's order as it is read now."""
        zero = Money(Decimal(0), "EUR")
        made = StoreOrder(
            order_id=row.store_order_id or 0,
            number=row.store_order_number,
            reference=row.reference,
            state=state,
            raw_status=state.value,
            currency="EUR",
            total=zero,
            created_at=None,
            modified_at=None,
            completed_at=None,
            lines=tuple(
                StoreOrderLine(line.line_item_id or 0, 1, 0, line.quantity, zero)
                for line in row.lines.order_by("pk")
            ),
            trackings=parcels,
            **more,  # type: ignore[arg-type]
        )
        StoreOrders(row.store_id).keep_store_order(made, self.clock.now())
        row.refresh_from_db()
        return row

    def tell(self) -> int:
        ledger = Shipments(self.harbor.marketplace.pk)
        return fulfill_shipments(self.shop.storefront, ledger, self.clock)

    def shown(self, row: PurchaseOrder) -> list[tuple[tuple[str, ...], int]]:
        """(numbers, units) of each live fulfillment on Shopify."""
        found = self.shop.storefront.read_fulfillments(row.order.order_gid)
        live = [one for one in found if one.status == "SUCCESS"]
        return [(one.numbers, sum(one.quantities.values())) for one in live]

    def work(self, row: PurchaseOrder) -> str:
        """The id of the order's first fulfillment order."""
        return self.shop.storefront.read_work([row.order.order_gid])[row.order.order_gid][
            0
        ].fulfillment_order_id

    def states(self) -> list[str]:
        return list(Shipment.objects.order_by("pk").values_list("state", flat=True))

    def findings(self) -> set[str]:
        rows = OpenFinding.objects.filter(resolved_at=None)
        return set(rows.values_list("code", flat=True))


def make_quay(**settings: object) -> Quay:
    clock = HandClock()
    clock.time = datetime.now(UTC)
    harbor = make_harbor(clock.now())
    shop = Shop(ShopSettings(**settings))  # type: ignore[arg-type]
    for line in harbor.lines[:2]:
        made = shop.control(
            "products", title="A thing", vendor="Kiln", variants=[{"available": 999}]
        )
        line.variant_gid = made["variantIds"][0]
        line.save()
    return Quay(harbor, shop, clock)


def parcel(number: str, *lines: tuple[int, int], key: str = "", **more: object) -> Tracking:
    return Tracking(key or f"key of {number}", number, "ups", "", lines=lines, **more)  # type: ignore[arg-type]
