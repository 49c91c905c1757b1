"""A buyer's checkout: what may be bought, the order it makes, and its money."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from simulators.shopify import payloads
from simulators.shopify.rows import NotModelled, Row, only
from simulators.shopify.shop import routing, stock
from simulators.shopify.shop.products import tags
from simulators.shopify.shop.units import touch
from simulators.shopify.state import State

STATUSES = frozenset({"PAID", "AUTHORIZED", "PENDING"})
METHODS = {"shipping": "SHIPPING", "pickup": "PICK_UP", "none": "NONE"}
KNOWN = frozenset(
    {"lines", "financial_status", "email", "phone", "shipping_address", "billing_address",
     "shipping_price", "shipping_title", "test", "note", "tags", "attributes", "risk", "delivery",
     "fulfill_in_s", "hold", "gateway", "claim_stock"}
)  # fmt: skip
KNOWN_LINE = frozenset({"variant_id", "quantity", "discount", "attributes"})


class SoldOut(Exception):  # noqa: N818 - an answer, not a mistake
    """The shop does not let a buyer have this."""


def checkout(state: State, wanted: Row) -> Row:
    """A buyer's order; what may be said stands in KNOWN and KNOWN_LINE. Raises SoldOut and changes
    nothing when one line cannot be had.
    """
    only(wanted, KNOWN, "checkout")
    status = wanted.get("financial_status", "PAID")
    if status not in STATUSES:
        raise NotModelled(f"a checkout that ends {status}")
    _may_buy(state, wanted["lines"])
    return place(state, wanted, status)


def place(state: State, wanted: Row, status: str) -> Row:
    """Makes the order, whoever asked for it."""
    order = _new(state, wanted, status)
    for line in wanted["lines"]:
        only(line, KNOWN_LINE, "checkout.lines")
        add_line(state, order, line)
    _pay_at_once(state, order, wanted.get("gateway", "bogus"))
    state.tell("ORDERS_CREATE", order["id"], lambda: payloads.order(state, order))
    if status == "PAID":
        state.tell("ORDERS_PAID", order["id"], lambda: payloads.order(state, order))
    routing.route(state, order, order["lines"], claim=wanted.get("claim_stock", True))
    return order


def _new(state: State, wanted: Row, status: str) -> Row:
    now = state.clock.now()
    sequence = 1001 + len(state.orders)
    address: Row | None = wanted.get("shipping_address", ADDRESS)
    later = wanted.get("fulfill_in_s")
    return state.add(
        state.orders,
        "Order",
        {
            "name": f"#{sequence}", "number": sequence, "createdAt": now, "updatedAt": now,
            "processedAt": now, "cancelledAt": None, "cancelReason": None, "staffNote": None,
            "closedAt": None, "edited": False, "displayFinancialStatus": status,
            "test": bool(wanted.get("test")), "email": wanted.get("email", "buyer@example.test"),
            "phone": wanted.get("phone"), "note": wanted.get("note", ""),
            "tags": tags(wanted.get("tags") or []),
            "customAttributes": attributes(wanted.get("attributes")),
            "shippingAddress": dict(address) if address else None,
            "billingAddress": wanted.get("billing_address", address) or None,
            "shippingTitle": wanted.get("shipping_title", "Standard"),
            "shippingPrice": str(wanted.get("shipping_price", "4.90")),
            "shippingRefunded": "0.00",
            "method": METHODS[wanted.get("delivery", "shipping")],
            "risk": wanted.get("risk", "LOW"), "hold": wanted.get("hold"),
            "fulfillAt": now + timedelta(seconds=float(later)) if later else None,
            "lines": [], "fulfillmentOrderIds": [], "fulfillmentIds": [], "refundIds": [],
            "returnIds": [], "transactions": [], "routed": False,
        },
    )  # fmt: skip


ADDRESS: Row = {
    "firstName": "Ada", "lastName": "Buyer", "company": "", "address1": "Example Street 1",
    "address2": "", "city": "Exampleton", "provinceCode": "", "zip": "10000",
    "countryCodeV2": "CZ", "phone": "+420000000000",
}  # fmt: skip


def attributes(given: Any) -> list[Row]:
    named: Row = given or {}
    return [{"key": str(key), "value": str(value)} for key, value in named.items()]


def _may_buy(state: State, lines: list[Row]) -> None:
    wanted: dict[str, int] = {}
    for line in lines:
        gid = line["variant_id"]
        wanted[gid] = wanted.get(gid, 0) + int(line["quantity"])
    for gid, quantity in wanted.items():
        variant = state.variants.get(gid)
        if variant is None:
            raise SoldOut("no such variant")
        product = state.products[variant["productId"]]
        if product["status"] not in {"ACTIVE", "UNLISTED"} or not product["publishedOn"]:
            raise SoldOut("not on sale")
        item = state.items[variant["itemId"]]
        free = not item["tracked"] or variant["inventoryPolicy"] == "CONTINUE"
        if not free and stock.available(state, item["id"]) < quantity:
            raise SoldOut("sold out")


def add_line(state: State, order: Row, given: Row) -> Row:
    """A line as it was bought: title, vendor, sku and price stay as they were."""
    variant = state.variants[given["variant_id"]]
    product = state.products[variant["productId"]]
    item = state.items[variant["itemId"]]
    titles = [o["value"] for o in variant["selectedOptions"] if o["value"] != "Default Title"]
    gift_card = bool(product.get("isGiftCard"))
    quantity = int(given["quantity"])
    paid = Decimal(variant["price"]) - Decimal(str(given.get("discount", 0)))
    line: Row = {
        "__typename": "LineItem",
        "id": state.new_id("LineItem"),
        "title": product["title"],
        "variantTitle": " / ".join(titles) or None,
        "vendor": product["vendor"],
        "sku": item["sku"],
        "quantity": quantity,
        "currentQuantity": quantity,
        "price": variant["price"],
        "paid": str(paid),
        "variantId": variant["id"],
        "productId": product["id"],
        "itemId": item["id"],
        "returned": 0,
        "customAttributes": attributes(given.get("attributes")),
        "requiresShipping": bool(item.get("requiresShipping", True)) and not gift_card,
        "isGiftCard": gift_card,
        "taxable": bool(variant.get("taxable", True)),
    }
    order["lines"].append(line)
    return line


# --- money ---


def _pay_at_once(state: State, order: Row, gateway: str) -> None:
    order["gateway"] = gateway
    kind = {"PAID": "SALE", "AUTHORIZED": "AUTHORIZATION"}.get(order["displayFinancialStatus"])
    if kind is not None:
        transact(state, order, kind, payloads.total(order))


def transact(
    state: State, order: Row, kind: str, amount: Decimal, parent: str | None = None
) -> Row:
    row: Row = {
        "__typename": "OrderTransaction",
        "id": state.new_id("OrderTransaction"),
        "kind": kind,
        "status": "SUCCESS",
        "gateway": order["gateway"],
        "amount": str(amount.quantize(Decimal("0.01"))),
        "createdAt": state.clock.now(),
        "parentId": parent,
        "orderId": order["id"],
    }
    order["transactions"].append(row)
    return row


def moved(order: Row, *kinds: str) -> Decimal:
    """What transactions of these kinds add up to."""
    amounts = (Decimal(one["amount"]) for one in order["transactions"] if one["kind"] in kinds)
    return sum(amounts, Decimal(0))


def received(order: Row) -> Decimal:
    return moved(order, "SALE", "CAPTURE")


def pay(state: State, order: Row) -> None:
    """The rest is paid: an authorization is captured, a pending payment arrives."""
    held = next((one for one in order["transactions"] if one["kind"] == "AUTHORIZATION"), None)
    owed = payloads.total(order) - received(order)
    kind = "CAPTURE" if held else "SALE"
    transact(state, order, kind, owed, held["id"] if held else None)
    order["displayFinancialStatus"] = "PAID"
    state.tell("ORDERS_PAID", order["id"], lambda: payloads.order(state, order))
    touch(state, order)


def void(state: State, order: Row, status: str = "VOIDED") -> None:
    """An authorization is given up, or ends by itself."""
    if order["displayFinancialStatus"] != "AUTHORIZED":
        raise ValueError("only an authorized payment can be voided")
    transact(state, order, "VOID", Decimal(0))
    order["displayFinancialStatus"] = status
    touch(state, order)
