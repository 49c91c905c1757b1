"""Shipment tracking as plugins keep it: entries in one meta of the order."""

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from simulators.woocommerce.jsonish import Json, as_object
from simulators.woocommerce.orders import Order

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

META = "_wc_shipment_tracking_items"


class Trackings:
    """`new_id` may be replaced where a test must know the ids."""

    def __init__(self, shop: "Shop") -> None:
        self._shop = shop
        self.new_id: Callable[[Order, str], str] = self._drawn_id

    def of(self, order: Order) -> list[Json]:
        value = order.meta_value(META)
        return [dict(as_object(entry)) for entry in value] if isinstance(value, list) else []  # pyright: ignore[reportUnknownVariableType]

    def write(self, order: Order, entries: list[Json]) -> None:
        """On HPOS this is a save of the order and moves its date; on classic storage it is not."""
        self._shop.order_meta(order, META, entries)
        if self._shop.settings.hpos:
            self._shop.ordering.touch(order)

    def _drawn_id(self, order: Order, number: str) -> str:
        text = f"{order.id} {number} {len(self.of(order))} {self._shop.clock.now()}"
        return hashlib.md5(text.encode()).hexdigest()  # noqa: S324 - what the plugins use

    def add(self, order: Order, tracking: Json, lines: dict[int, int] | None) -> None:
        """As a person at the counter: `tracking` has number, provider, and maybe link and date."""
        provider, link = str(tracking.get("provider", "")), str(tracking.get("link", ""))
        number = str(tracking["number"])
        entry: Json = {
            "tracking_provider": "" if link else provider,
            "custom_tracking_provider": provider if link else "",
            "custom_tracking_link": link,
            "tracking_number": number,
            "date_shipped": str(int(tracking.get("date", self._shop.clock.second()))),
            "tracking_id": self.new_id(order, number),
        }
        if lines:
            entry["products_list"] = [
                {"product": line.stock_id, "item_id": line.id, "qty": lines[line.id]}
                for line in order.lines
                if line.id in lines
            ]
        self.write(order, [*self.of(order), entry])

    def shipped(self, order: Order) -> dict[int, int]:
        """Units of each line in parcels that name their goods."""
        found: dict[int, int] = {}
        for entry in self.of(order):
            for part in map(as_object, entry.get("products_list") or []):
                item = int(part.get("item_id") or 0)
                found[item] = found.get(item, 0) + int(part["qty"])
        return found
