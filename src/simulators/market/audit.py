"""The audit: both sides as they stand, compared with the truth table and with what was ordered."""

import html
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from simulators.market import truth
from simulators.market.fates import (
    LOST_ANSWER,
    ORDERS_ROUTE,
    OVER,
    Fate,
    Part,
    Played,
    audit_fate,
    audit_shelves,
    paid_back,
)
from simulators.market.shops import Row, StorefrontShop, VendorShop

DONE = range(200, 300)
Key = tuple[str, int, int]
"""(shop, product id, variation id)"""


@dataclass
class Findings:
    """What the audit counted; `problems` are sentences, one for each mismatch."""

    vendors: int = 0
    listings_published: int = 0
    stock_checked: int = 0
    orders: int = 0
    purchase_orders: int = 0
    shipments_with_tracking: int = 0
    shipments_without_tracking: int = 0
    partial_shipments: int = 0
    fates: dict[str, int] = field(default_factory=dict[str, int])
    look_ups: int = 0
    refunds: int = 0
    refunded: str = "0.00"
    vendor_refunds: int = 0
    units_put_back: int = 0
    duplicates: int = 0
    problems: list[str] = field(default_factory=list[str])

    @property
    def mismatches(self) -> int:
        return len(self.problems)


def audit(
    front: StorefrontShop, shops: Sequence[VendorShop], played: Played | None = None
) -> Findings:
    """`played`: what the story did beside plain orders, where it is known."""
    found = Findings(vendors=len(shops))
    state = front.state()
    sources = audit_catalog(found, state, shops)
    orders = {shop.name: shop.orders() for shop in shops}
    _audit_orders(found, state, orders, sources)
    _audit_shipments(found, state, orders, sources)
    _audit_requests(found, front, state, shops, orders)
    found.refunds = sum(len(order["refunds"]) for order in state["orders"])
    found.refunded = str(paid_back(state))
    found.fates |= dict.fromkeys(map(str, Fate), 0)
    found.vendor_refunds = sum(len(one["refunds"]) for rows in orders.values() for one in rows)
    if played is not None:
        _audit_played(found, played, state, shops, orders, sources)
    return found


def _audit_played(
    found: Findings,
    played: Played,
    state: Row,
    shops: Sequence[VendorShop],
    orders: dict[str, list[Row]],
    sources: dict[str, Key],
) -> None:
    logs = {shop.name: shop.requests() for shop in shops}
    by_id = {order["id"]: order for order in state["orders"]}
    for fate, gid in played.fates.items():
        order = by_id[gid]
        parts = [
            Part(vendor, order, _made_for(orders, vendor, order), logs[vendor])
            for vendor in _vendors(order, sources)
        ]
        audit_fate(found, fate, parts)
    audit_shelves(found, played.shelves, shelves(shops), orders)


def shelves(shops: Sequence[VendorShop]) -> dict[tuple[str, int], int]:
    """What the vendors count of their simple products, by (shop, product)."""
    return {
        (shop.name, row["id"]): int(row["stock_quantity"])
        for shop in shops
        for row in shop.products()
        if row["type"] == "simple" and row["manage_stock"] is True
    }


class Catalog(Protocol):
    """A vendor's goods as they stand, read by whatever way."""

    @property
    def name(self) -> str: ...

    def products(self) -> list[Row]: ...

    def variations(self, product_id: int) -> list[Row]: ...


def audit_catalog(found: Findings, state: Row, shops: Sequence[Catalog]) -> dict[str, Key]:
    """Every product, its stock and its price; returns where each variant on sale comes from."""
    listed = {(row["vendor"], row["title"]): row for row in state["products"] if row["publishedOn"]}
    found.listings_published = len(listed)
    sources: dict[str, Key] = {}
    for shop in shops:
        _audit_shop(found, shop, listed, sources)
    for vendor, title in listed:
        found.problems.append(f"{vendor}: {title} is on sale and should not be")
    return sources


def _audit_shop(
    found: Findings, shop: Catalog, listed: dict[tuple[str, str], Row], sources: dict[str, Key]
) -> None:
    for product in shop.products():
        if not truth.belongs(product):
            continue
        variable = product["type"] == "variable"
        variations = shop.variations(product["id"]) if variable else []
        rows = truth.sellable(product, variations)
        row = listed.pop((shop.name, html.unescape(product["name"]).strip()), None)
        if bool(rows) != (row is not None):
            verb = "should be" if rows else "should not be"
            found.problems.append(f"{shop.name}: {product['name']} {verb} on sale")
            continue
        if row is not None:
            _audit_listing(found, shop, product, rows, row, sources)


def _audit_listing(
    found: Findings,
    shop: Catalog,
    product: Row,
    rows: Sequence[Row],
    listing: Row,
    sources: dict[str, Key],
) -> None:
    names = [one["name"] for one in product["attributes"] if one["variation"]]
    shown = {
        tuple(one["value"] for one in variant["selectedOptions"]): variant
        for variant in listing["variants"]
    }
    for row in rows:
        values = truth.options(row, names) if product["type"] == "variable" else ("Default Title",)
        variant = shown.pop(tuple(html.unescape(value).strip() for value in values), None)
        name = f"{shop.name}: {product['name']} {' / '.join(values)}"
        if variant is None:
            found.problems.append(f"{name} is missing on the storefront")
            continue
        variation = row["id"] if product["type"] == "variable" else 0
        sources[variant["id"]] = (shop.name, product["id"], variation)
        _audit_variant(found, name, row, variant)
    found.problems += [f"{shop.name}: {product['name']} {one} is too much" for one in shown]


def _audit_variant(found: Findings, name: str, row: Row, variant: Row) -> None:
    found.stock_checked += 1
    must = truth.must_show(row)
    quantity = sum(level["available"] for level in variant["levels"].values())
    is_shown = truth.Shown(
        bool(variant["tracked"]),
        quantity if variant["tracked"] else None,
        not variant["tracked"] or quantity > 0 or variant["inventoryPolicy"] == "CONTINUE",
    )
    if is_shown != must:
        found.problems.append(f"{name} shows {is_shown}, must show {must}")
    wanted = truth.price(row)
    if Decimal(variant["price"]) != wanted:
        found.problems.append(f"{name} costs {variant['price']}, must cost {wanted}")


def _audit_orders(
    found: Findings, state: Row, orders: dict[str, list[Row]], sources: dict[str, Key]
) -> None:
    """Each vendor's part of each order exists exactly once, with exactly the units that the buyer
    still wants; what was canceled is there as canceled, or not at all.
    """
    for order in state["orders"]:
        found.orders += 1
        wanted = _parts(order, sources)
        for vendor in _vendors(order, sources):
            mine = _made_for(orders, vendor, order)
            found.purchase_orders += len(mine)
            found.duplicates += max(0, len(mine) - 1)
            _audit_units(found, vendor, order, mine, wanted.get(vendor, Counter[Key]()))
    known = sum(
        1
        for rows in orders.values()
        for one in rows
        if any(_is_for(one, o) for o in state["orders"])
    )
    if known != found.purchase_orders:
        found.problems.append(f"{known - found.purchase_orders} orders went to a wrong vendor")


def _audit_units(
    found: Findings, vendor: str, order: Row, mine: Sequence[Row], wanted: Counter[Key]
) -> None:
    got = Counter[Key]()
    for one in mine:
        for line in one["line_items"] if one["status"] not in OVER else ():
            units = line["quantity"] - one["refunded_units"][str(line["id"])]
            got[vendor, line["product_id"], line["variation_id"]] += units
    if wanted and not mine:
        found.problems.append(f"{vendor} never got {order['name']}")
    elif got != wanted:
        found.problems.append(f"{vendor} has {dict(got)} of {order['name']}, not {dict(wanted)}")


def _made_for(orders: dict[str, list[Row]], vendor: str, order: Row) -> list[Row]:
    return [one for one in orders.get(vendor, []) if _is_for(one, order)]


def _vendors(order: Row, sources: dict[str, Key]) -> list[str]:
    """Whose goods were ordered, whatever became of them."""
    found = (sources.get(line["variantId"]) for line in order["lines"])
    return list(dict.fromkeys(source[0] for source in found if source is not None))


def _parts(order: Row, sources: dict[str, Key]) -> dict[str, Counter[Key]]:
    """The units that are wanted now, by vendor."""
    parts: dict[str, Counter[Key]] = {}
    for line in order["lines"]:
        source = sources.get(line["variantId"])
        if source is not None and line["currentQuantity"]:
            parts.setdefault(source[0], Counter())[source] += line["currentQuantity"]
    return parts


def _is_for(vendor_order: Row, order: Row) -> bool:
    """The vendor's order names the buyer's in its note, followed by a comma."""
    return f" {order['name']}," in f" {vendor_order['customer_note']}"


def _audit_shipments(
    found: Findings, state: Row, orders: dict[str, list[Row]], sources: dict[str, Key]
) -> None:
    for order in state["orders"]:
        told: dict[str, list[Row]] = {}
        for shipment in order["fulfillments"]:
            vendor = _vendor_of(order, shipment, sources)
            told.setdefault(vendor, []).append(shipment)
            if shipment["tracking"]:
                found.shipments_with_tracking += 1
            else:
                found.shipments_without_tracking += 1
        parts = _parts(order, sources)
        found.problems += [
            f"the buyer was told that {vendor} shipped {order['name']}, which is canceled"
            for vendor in told.keys() - parts.keys()
        ]
        for vendor, wanted in parts.items():
            mine = [one for one in _made_for(orders, vendor, order) if one["status"] not in OVER]
            if mine:
                _audit_part(found, vendor, order, mine[0], told.get(vendor, []), wanted)


def _audit_part(
    found: Findings,
    vendor: str,
    order: Row,
    vendor_order: Row,
    told: Sequence[Row],
    wanted: Counter[Key],
) -> None:
    units = sum(line["quantity"] for shipment in told for line in shipment["lines"])
    found.partial_shipments += sum(
        1
        for shipment in told
        if sum(line["quantity"] for line in shipment["lines"]) < sum(wanted.values())
    )
    completed = vendor_order["status"] == "completed"
    if completed and units != sum(wanted.values()):
        found.problems.append(
            f"{vendor} shipped all of {order['name']}, the buyer was told {units} of"
            f" {sum(wanted.values())}"
        )
    numbers = {one["number"] for shipment in told for one in shipment["tracking"]}
    written = set(_numbers(vendor_order))
    if numbers != written:
        found.problems.append(
            f"{vendor} wrote {sorted(written)} on {order['name']}, the buyer sees {sorted(numbers)}"
        )


def _numbers(vendor_order: Row) -> list[str]:
    for meta in vendor_order["meta_data"]:
        if meta["key"] == "_wc_shipment_tracking_items":
            entries: list[Row] = meta["value"]
            return [str(entry["tracking_number"]) for entry in entries]
    return []


def _vendor_of(order: Row, shipment: Row, sources: dict[str, Key]) -> str:
    lines: dict[str, Any] = {line["id"]: line for line in order["lines"]}
    variant = lines[shipment["lines"][0]["lineId"]]["variantId"]
    return sources[variant][0] if variant in sources else ""


def _audit_requests(
    found: Findings,
    front: StorefrontShop,
    state: Row,
    shops: Sequence[VendorShop],
    orders: dict[str, list[Row]],
) -> None:
    """The logs say the same as the state: nothing was made and removed again behind the scenes."""
    fulfilled = sum(1 for one in front.requests() if one["operation"] == "FulfillmentCreate")
    made = sum(len(order["fulfillments"]) for order in state["orders"])
    if fulfilled != made:
        found.problems.append(f"{fulfilled} fulfillments were asked for, {made} exist")
    for shop in shops:
        posts = sum(
            1
            for one in shop.requests()
            if one["method"] == "POST"
            and ORDERS_ROUTE.search(one["path"])
            and (one["status"] in DONE or one["status"] == LOST_ANSWER)
        )
        made = sum(1 for one in orders[shop.name] if one["created_via"] != "checkout")
        if posts != made:
            found.problems.append(f"{shop.name} was sent {posts} orders, {made} exist")
