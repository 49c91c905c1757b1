"""Orders in a store: made exactly as drafted, read again, found by our reference, canceled."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from longshore.domain.fulfillment import has_left
from longshore.domain.orders import (
    StatusMeaning,
    StoreOrder,
    StoreOrderDraft,
    StoreOrderState,
)
from longshore.domain.tracking import TaughtKeys, Tracking
from longshore.ports.errors import Bug, LongshoreError, Rejected
from longshore.ports.stores import NOTHING_KNOWN, Found, KnownRefunds
from longshore.stores.woocommerce import goods, orders, products, refunds, wire
from longshore.stores.woocommerce.client import NOT_FOUND, Api, Refused
from longshore.stores.woocommerce.dialects import Variations
from longshore.stores.woocommerce.plugins import notes, routes
from longshore.stores.woocommerce.products import UnreadableItem, identity
from longshore.stores.woocommerce.reading import Collection, Reader, converted
from longshore.stores.woocommerce.wire import Json

LOOK_BACK_PAGES = 50
"""How many pages of recent orders are searched where the store's search knows no reference."""
_ENDED = {StoreOrderState.CANCELED, StoreOrderState.REFUNDED, StoreOrderState.TRASHED}
"""A failed order is not over: a late payment brings it back to life."""
MOST_LOOKED_AT = 20
"""Products that are read to tell whether an order of so many kinds needs any work."""


@dataclass(slots=True)
class Ordering:
    """The orders of one store, in whatever generation of the API."""

    reader: Reader
    keys: TaughtKeys = field(default_factory=TaughtKeys)
    meanings: Mapping[str, StatusMeaning] = field(default_factory=dict[str, StatusMeaning])

    @property
    def _api(self) -> Api:
        return self.reader.api

    def create_order(self, draft: StoreOrderDraft) -> StoreOrder:
        self._check_goods(draft)
        try:
            row = self._post(draft)
        except Refused as refused:
            if draft.buyer_email or not _wants_email(refused):
                raise _order_refused(self._api, refused) from None
            row = self._post_with_fallback(draft, refused)
        return self._with_goods(self._order(self._opened(row)))

    def _post(self, draft: StoreOrderDraft) -> Json:
        """Raises Refused; then nothing of it stays behind that the store told us of."""
        dialect = self.reader.dialect
        body = _enveloped(dialect.envelopes.order, dialect.order_body(orders.payload(draft)))
        try:
            return self._api.write("POST", f"{dialect.root}/orders", body)
        except Refused as refused:
            self._remove_half_made(refused)
            raise

    def _post_with_fallback(self, draft: StoreOrderDraft, refused: Refused) -> Json:
        """A plugin of this store takes no order without an address: it gets one that is nobody's
        but the marketplace's, never the buyer's.
        """
        if not draft.fallback_email:
            raise Rejected(
                f"{self._api.host} takes no order without an e-mail address. Give the marketplace"
                " one for orders, or choose another in how this vendor's orders are placed.",
                refused.message or refused.code,
            )
        try:
            return self._post(replace(draft, buyer_email=draft.fallback_email))
        except Refused as again:
            raise _order_refused(self._api, again) from None

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

    def cancel_order(self, order_id: int, *, shipped_too: bool = False) -> StoreOrder | None:
        """One request to look, so that nothing is canceled that the vendor has just shipped."""
        before = self.reader.by_id(self._orders(), order_id)
        if before is None:
            return None
        order = self._order(before)
        if order.state in _ENDED or (has_left(order) and not shipped_too):
            return order
        dialect = self.reader.dialect
        body = _enveloped(dialect.envelopes.order, {"status": "cancelled"})
        try:
            row = self._api.write("PUT", f"{dialect.root}/orders/{order_id}", body)
        except Refused as refused:
            raise _order_refused(self._api, refused) from None
        return self._order(self._opened(row))

    def remove_order(self, order_id: int) -> None:
        """For good; one that is gone already is no error."""
        route = f"{self.reader.dialect.root}/orders/{order_id}"
        try:
            self._api.write("DELETE", route, params={"force": "true"})
        except Refused as refused:
            if refused.status != NOT_FOUND and self.reader.by_id(self._orders(), order_id):
                raise _order_refused(self._api, refused) from None

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
        return orders.order(row, self.keys, self.meanings)

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
                return self._with_goods(self._order(row))
        return None

    def _check_goods(self, draft: StoreOrderDraft) -> None:
        """Stores take orders for products they do not have, with an empty line, and for those in
        the bin (recording orders.json); the old APIs refuse and leave an empty order behind all the
        same (recordings: orders left after failed creates). Raises Rejected.
        """
        wanted = {line.product_id for line in draft.lines}
        read = self.reader.by_ids(self._products(), wanted, goods.FIELDS)
        rows = {identity(row): row for row in read}
        for number in sorted(wanted - rows.keys() - read.broken.keys()):
            # Lists may leave out what is not published; one read by its id is shown.
            row = self.reader.by_id(self._products(), number, goods.FIELDS)
            if row is not None:
                rows[number] = row
        for line in draft.lines:
            if line.product_id in read.broken:
                continue
            why = goods.why_not(rows.get(line.product_id), line, as_it_is=draft.as_it_is)
            if why:
                raise Rejected(why)

    def _with_goods(self, order: StoreOrder) -> StoreOrder:
        """Whether a completed order needed any work. What cannot be read needs some: the order is
        there, and its answer must not be lost for this.
        """
        numbers = {line.sold_id for line in order.lines}
        if order.state is not StoreOrderState.COMPLETED or len(numbers) > MOST_LOOKED_AT:
            return order
        try:
            rows = [self.reader.by_id(self._products(), one, goods.WORK_FIELDS) for one in numbers]
        except LongshoreError:
            return order
        digital = bool(rows) and all(row is not None and goods.needs_no_work(row) for row in rows)
        return replace(order, digital=digital)

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


def _wants_email(refused: Refused) -> bool:
    """Whether it was refused for want of an e-mail address; a wrong guess costs one more refusal.
    Texts are translated, the names of parameters and codes are not.
    """
    told = f"{refused.code} {refused.message} {refused.data}".lower()
    return "email" in told or "e-mail" in told
