"""Refunds that a vendor made in the store, with the units they took off its order: asked for once,
and only where there can be something new.
"""

from collections.abc import Sequence
from decimal import Decimal

from longshore.domain.money import Money
from longshore.domain.refunds import Refund, RefundedLine
from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.plugins import routes
from longshore.stores.woocommerce.reading import Reader
from longshore.stores.woocommerce.wire import Json

FIELD = "refunds_in_full"
OF_LINE = "_refunded_item_id"
"""Meta of a refund's line: which line of the order it takes units off (recording orders.json)."""
_ENDED = frozenset({"completed", "refunded"})
LONGEST_ID = 100
_MOST = {"per_page": "100"}


def with_units(reader: Reader, row: Json, known: frozenset[str] | None) -> Json:
    """The order with its refunds in full, where the store has some that are not in `known` (None:
    nothing is known of the order). The old APIs name no refunds in their orders (recordings), so
    there they are asked for once, when the order is over.
    """
    number = wire.integer(row.get("id"))
    legacy = reader.dialect.legacy
    if legacy:
        asks = known is None and wire.text(row.get("status")) in _ENDED
    else:
        named = {wire.text(one.get("id")) for one in wire.items(row.get("refunds"))}
        asks = bool(named - (known or frozenset()))
    if not number or not asks:
        return row
    told = routes.asked(reader, number, "refunds", {} if legacy else _MOST)
    found = wire.mapping(told).get("order_refunds") if legacy else told
    return {**row, FIELD: wire.items(found)}


def of(row: Json, currency: str) -> tuple[Refund, ...]:
    """An order's refunds: in full where they were asked for, else as the order names them (id,
    reason, and the total with a minus).
    """
    told = wire.items(row.get(FIELD))
    lines = wire.items(row.get("line_items"))
    if told:
        return tuple(_in_full(one, currency, lines) for one in told)
    return tuple(
        Refund(
            refund_id=_id(one),
            amount=_money(one.get("total"), currency),
            reason=_reason(one),
        )
        for one in wire.items(row.get("refunds"))
    )


def _in_full(row: Json, currency: str, lines: Sequence[Json]) -> Refund:
    """Only a date that is said to be GMT is believed: before 3.0 the others are the shop's own
    time, some of them marked as UTC.
    """
    return Refund(
        refund_id=_id(row),
        amount=_money(row.get("amount"), currency),
        lines=tuple(_units(row, currency, lines)),
        reason=_reason(row),
        at=wire.moment(row.get("date_created_gmt")),
    )


def _units(row: Json, currency: str, lines: Sequence[Json]) -> Sequence[RefundedLine]:
    """Where the API hides which line it was: the first of the same goods that has units left."""
    left = {wire.integer(one.get("id")) or 0: abs(_quantity(one)) for one in lines}
    goods = {wire.integer(one.get("id")) or 0: _sold_id(one) for one in lines}
    found: list[RefundedLine] = []
    for one in wire.items(row.get("line_items")):
        units = abs(_quantity(one))
        same = (n for n, sold in goods.items() if sold == _sold_id(one) and left[n] >= units)
        number = _marked(one) or next(same, 0)
        if not units or not number:
            continue
        left[number] = left.get(number, 0) - units
        found.append(RefundedLine(str(number), units, _money(one.get("total"), currency)))
    return found


def _marked(line: Json) -> int:
    for meta in wire.items(line.get("meta_data")):
        if meta.get("key") == OF_LINE:
            return wire.integer(meta.get("value")) or 0
    return 0


def _sold_id(line: Json) -> int:
    return wire.integer(line.get("variation_id")) or wire.integer(line.get("product_id")) or 0


def _quantity(line: Json) -> int:
    return wire.integer(line.get("quantity")) or 0


def _id(row: Json) -> str:
    return wire.text(row.get("id"))[:LONGEST_ID]


def _reason(row: Json) -> str:
    """Before 3.0 an order names it `refund` (recording wc2.6.14_wc-v1)."""
    return wire.text(row.get("reason")) or wire.text(row.get("refund"))


def _money(value: object, currency: str) -> Money:
    return Money(abs(wire.decimal(value) or Decimal(0)), currency)
