"""Fulfillments that newer versions keep themselves, where their feature is switched on."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulators.woocommerce.catalog import with_meta
from simulators.woocommerce.jsonish import Json, as_int, as_list, as_object
from simulators.woocommerce.orders import Order

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

FEATURE = "fulfillments"
ITEMS, NUMBER = "_items", "_tracking_number"
STATUS, DATE = "_fulfillment_status", "_date_fulfilled"


@dataclass(slots=True, eq=False)
class Fulfillment:
    """`updated`: epoch seconds. `meta` holds its goods, its parcel and whatever else."""

    id: int
    order_id: int
    updated: int
    fulfilled: bool = False
    meta: tuple[Json, ...] = ()

    def value(self, key: str) -> Any:
        return next((entry["value"] for entry in self.meta if entry["key"] == key), None)


class Fulfillments:
    """The order keeps its status, whatever is shipped; its meta tells how far it is."""

    def __init__(self, shop: "Shop") -> None:
        self._shop = shop
        self.rows: dict[int, Fulfillment] = {}

    def of(self, order: Order) -> list[Fulfillment]:
        return [row for row in self.rows.values() if row.order_id == order.id]

    def ship(self, order: Order, tracking: Json, lines: dict[int, int]) -> Fulfillment:
        """As a person on the order's page: `tracking` has number, provider and maybe link."""
        items = [{"item_id": line, "qty": units} for line, units in lines.items()]
        entries: list[Json] = [
            {"key": ITEMS, "value": items},
            {"key": NUMBER, "value": str(tracking["number"])},
            {"key": "_shipment_provider", "value": str(tracking.get("provider", "")).lower()},
            {"key": "_tracking_url", "value": str(tracking.get("link", ""))},
        ]
        row = Fulfillment(self._shop.next_id(), order.id, self._shop.clock.second())
        return self.save(order, row, entries, fulfilled=True)

    def save(
        self, order: Order, row: Fulfillment, entries: list[Json], *, fulfilled: bool
    ) -> Fulfillment:
        """Quantities are not looked at: more than was ordered is taken."""
        now = self._shop.clock.second()
        if fulfilled and not row.fulfilled:
            entries = [*entries, {"key": DATE, "value": self.shown(now)}]
        row.meta = with_meta(row.meta, entries, self._shop.meta_ids)
        row.fulfilled, row.updated = fulfilled, now
        self.rows[row.id] = row
        self._tell(order)
        return row

    def remove(self, order: Order, row: Fulfillment) -> None:
        del self.rows[row.id]
        self._tell(order)

    def shown(self, second: int) -> str:
        """The time in the zone of the shop, as the database keeps it."""
        return str(self._shop.clock.local(second)).replace("T", " ")

    def _tell(self, order: Order) -> None:
        shipped: dict[int, int] = {}
        for row in self.of(order):
            for part in map(as_object, as_list(row.value(ITEMS)) if row.fulfilled else ()):
                item = as_int(part.get("item_id"))
                shipped[item] = shipped.get(item, 0) + as_int(part.get("qty"))
        status = "partially_fulfilled" if shipped else None
        if shipped and all(shipped.get(line.id, 0) >= line.quantity for line in order.lines):
            status = "fulfilled"
        self._shop.order_meta(order, STATUS, status)
        self._shop.ordering.touch(order)
