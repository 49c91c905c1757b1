"""Orders in a store: made exactly as drafted, read again, found by our reference, canceled."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from longshore.domain.orders import StoreOrder, StoreOrderDraft, StoreOrderState
from longshore.domain.tracking import TaughtKeys, Tracking
from longshore.ports.errors import Bug, LongshoreError, Rejected
from longshore.ports.stores import NOTHING_KNOWN, Found, KnownRefunds
from longshore.stores.woocommerce import orders, products, refunds, wire
from longshore.stores.woocommerce.client import Api, Refused
from longshore.stores.woocommerce.dialects import Variations
from longshore.stores.woocommerce.plugins import notes, routes
from longshore.stores.woocommerce.products import UnreadableItem, identity
from longshore.stores.woocommerce.reading import Collection, Reader, converted
from longshore.stores.woocommerce.wire import Json

LOOK_BACK_PAGES = 50
"""How many pages of recent orders are searched where the store's search knows no reference."""


@dataclass(slots=True)
class Ordering:
    """The orders of one store, in whatever generation of the API."""

    reader: Reader
    keys: TaughtKeys = field(default_factory=TaughtKeys)

    @property
    def _api(self) -> Api:
        return self.reader.api

    def create_order(self, draft: StoreOrderDraft) -> StoreOrder:
        dialect = self.reader.dialect
        if dialect.legacy:
            self._check_products(draft)
        body = _enveloped(dialect.envelopes.order, dialect.order_body(orders.payload(draft)))
        try:
            row = self._api.write("POST", f"{dialect.root}/orders", body)
        except Refused as refused:
            self._remove_half_made(refused)
            raise _order_refused(self._api, refused) from None
        return self._order(self._opened(row))

    def read_orders(
        self, order_ids: Sequence[int], known_refunds: KnownRefunds = NOTHING_KNOWN
    ) -> Found[StoreOrder]:
        asked_at = datetime.now(UTC)
        rows = self.reader.by_ids(self._orders(), order_ids)
        told = [self._in_full(row, known_refunds) for row in rows]
        found, unreadable = converted(told, self._converted)
        absent = set(order_ids) - {one.order_id for one in found}
        absent -= {one.product_id for one in unreadable}
        # Lists leave out the trash; one order read by its id shows it.
        trashed = [
            self._order(row)
            for number in sorted(absent)
            if (row := self.reader.by_id(self._orders(), number))
        ]
        missing = frozenset(absent) - {one.order_id for one in trashed}
        return Found((*found, *trashed), missing, unreadable, asked_at)

    def suggest_tracking(self, order_id: int) -> Tracking | None:
        rows = notes.rows_of(routes.asked(self.reader, order_id, "notes"))
        return notes.suggestion(rows)

    def changed_orders(self, since: datetime) -> Found[StoreOrder]:
        asked_at = datetime.now(UTC)
        found, unreadable = converted(self.reader.changed(self._orders(), since), self._converted)
        newest = max((one.modified_at for one in found if one.modified_at), default=None)
        return Found(found, frozenset(), unreadable, asked_at, newest)

    def find_order(self, reference: str, since: datetime) -> StoreOrder | None:
        if self.reader.profile.orders_search_reference:
            dialect = self.reader.dialect
            params = {
                "search": reference,
                dialect.names.fields: dialect.order_fields,
                dialect.names.limit: "20",
            }
            return self._ours(self._searched(params), reference)
        for rows in self.reader.newest(self._orders(), since, LOOK_BACK_PAGES):
            ours = self._ours(rows, reference)
            if ours is not None:
                return ours
        return None

    def cancel_order(self, order_id: int) -> StoreOrder:
        """An order that is over already is left alone."""
        before = self.reader.by_id(self._orders(), order_id)
        if before is None:
            raise Rejected("The order is no longer in the shop.")
        order = self._order(before)
        if order.state in {StoreOrderState.CANCELED, StoreOrderState.REFUNDED}:
            return order
        dialect = self.reader.dialect
        body = _enveloped(dialect.envelopes.order, {"status": "cancelled"})
        try:
            row = self._api.write("PUT", f"{dialect.root}/orders/{order_id}", body)
        except Refused as refused:
            raise _order_refused(self._api, refused) from None
        return self._order(self._opened(row))

    def add_note(self, order_id: int, text: str) -> None:
        dialect = self.reader.dialect
        body = _enveloped("order_note" if dialect.legacy else "", {"note": text})
        try:
            self._api.write("POST", f"{dialect.root}/orders/{order_id}/notes", body)
        except Refused as refused:
            raise _order_refused(self._api, refused) from None

    def read_counter(self, product_id: int, variation_id: int) -> int | None:
        row = self._counter(product_id, variation_id)
        return None if row is None else wire.integer(row.get("stock_quantity")) or 0

    def set_counter(self, product_id: int, variation_id: int, quantity: int) -> None:
        row = self._counter(product_id, variation_id)
        if row is not None:
            self._write_stock(row, quantity, product_id)

    # --- inside ---

    def _in_full(self, row: Json, known_refunds: KnownRefunds) -> Json:
        known = known_refunds.get(wire.integer(row.get("id")) or 0)
        return refunds.with_units(self.reader, routes.with_answers(self.reader, row), known)

    def _converted(self, row: Json) -> StoreOrder:
        return orders.order(row, self.keys)

    def _searched(self, params: dict[str, str]) -> list[Json]:
        dialect = self.reader.dialect
        try:
            page = self._api.page(f"{dialect.root}/orders", params, dialect.envelopes.orders)
        except Refused as refused:
            raise self._api.named(refused) from None
        return [dialect.order(row) for row in page.rows]

    def _ours(self, rows: Sequence[Json], reference: str) -> StoreOrder | None:
        for row in rows:
            if orders.carries(row, reference):
                return self._order(row)
        return None

    def _check_products(self, draft: StoreOrderDraft) -> None:
        """The old APIs refuse an unknown product and leave an empty order behind all the same
        (recordings: orders left after failed creates).
        """
        for line in draft.lines:
            number = line.variation_id or line.product_id
            row = self.reader.by_id(self._products(), number)
            if row is None or wire.text(row.get("status")) == "trash":
                raise Rejected(f"Product {number} is no longer in the shop.")

    def _remove_half_made(self, refused: Refused) -> None:
        """From 10.0 on a refused creation leaves a draft behind and names it."""
        number = wire.integer(refused.data.get("new_draft_order_id"))
        if number:
            with suppress(LongshoreError, Refused):
                route = f"{self.reader.dialect.root}/orders/{number}"
                self._api.write("DELETE", route, params={"force": "true"})

    def _counter(self, product_id: int, variation_id: int) -> Json | None:
        """The product, variation or parent that counts these goods, None where nothing does."""
        row = self.reader.by_id(self._products(), variation_id or product_id)
        if row is not None and row.get("manage_stock") == "parent":
            owner = wire.integer(wire.mapping(row.get("parent")).get("id")) or product_id
            row = self.reader.by_id(self._products(), owner)
        return row if row is not None and products.stock(row).tracked else None

    def _write_stock(self, row: Json, quantity: int, parent: int) -> None:
        dialect = self.reader.dialect
        number = identity(row)
        route = f"{dialect.root}/products/{number}"
        apart = dialect.variations is Variations.ROUTE and number != parent
        if apart and wire.text(row.get("type")) == "variation":
            route = f"{dialect.root}/products/{parent}/variations/{number}"
        body = _enveloped(dialect.envelopes.product, dialect.stock_body(quantity))
        try:
            self._api.write("PUT", route, body)
        except Refused as refused:
            raise self._api.named(refused) from None

    def _opened(self, row: Json) -> Json:
        dialect = self.reader.dialect
        inside = wire.mapping(row.get(dialect.envelopes.order)) if dialect.envelopes.order else row
        return dialect.order(inside)

    def _order(self, row: Json) -> StoreOrder:
        try:
            return self._converted(row)
        except UnreadableItem as problem:
            raise Bug(
                f"{self._api.host} answered with an order we cannot read.", str(problem)
            ) from None

    def _orders(self) -> Collection:
        dialect = self.reader.dialect
        return Collection(
            f"{dialect.root}/orders",
            dialect.envelopes.orders,
            dialect.envelopes.order,
            dialect.order_fields,
            dialect.order,
        )

    def _products(self) -> Collection:
        dialect = self.reader.dialect
        envelopes = dialect.envelopes
        return Collection(
            f"{dialect.root}/products", envelopes.products, envelopes.product, "", dialect.product
        )


def _enveloped(name: str, body: Json) -> dict[str, Any]:
    return {name: body} if name else dict(body)


def _order_refused(api: Api, refused: Refused) -> Exception:
    """Invalid parameters of an order are the store's word on this order, not a bug of ours."""
    error = api.named(refused)
    if isinstance(error, Bug):
        return Rejected(f"{api.host} refused: {refused.message or refused.code}", error.internal)
    return error
