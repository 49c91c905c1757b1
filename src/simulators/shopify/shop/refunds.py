"""Refunds of every shape: units with or without restocking, shipping, plain amounts."""

from decimal import Decimal
from typing import Any

from simulators.shopify import payloads
from simulators.shopify.rows import Row, UserErrors, only
from simulators.shopify.shop import checkout, stock
from simulators.shopify.shop.units import line_of, remove_unshipped, shipped, touch, unshipped
from simulators.shopify.state import State

CENT = Decimal("0.01")
KNOWN = frozenset({"orderId", "note", "notify", "refundLineItems", "shipping", "transactions",
                   "allowOverRefunding", "currency"})  # fmt: skip
NO_RESTOCK, CANCEL, RETURN = "NO_RESTOCK", "CANCEL", "RETURN"


def create(state: State, data: Row) -> Row:
    """Money moves by the transactions that are named, and by nothing else."""
    only(data, KNOWN, "refundCreate.input")
    order = state.orders.get(data["orderId"])
    if order is None:
        raise UserErrors((["orderId"], "Order does not exist", None))
    lines = [
        {"line_id": one["lineItemId"], "quantity": one["quantity"],
         "restock": one.get("restockType") or NO_RESTOCK, "place": one.get("locationId")}
        for one in data.get("refundLineItems") or ()
    ]  # fmt: skip
    for index, one in enumerate(lines):
        problem = _problem(state, order, one)
        if problem is not None:
            raise UserErrors((["refundLineItems", str(index)], problem, None))
    shipping = _shipping(order, data.get("shipping") or {})
    amount = _amount(order, data)
    return {"refund": apply(state, order, lines, shipping, amount, data.get("note")),
            "order": order}  # fmt: skip


def apply(
    state: State, order: Row, lines: list[Row], shipping: Decimal, amount: Decimal, note: Any
) -> Row:
    """The refund itself; the caller has checked it."""
    refund = _begun(state, order, shipping, note)
    for one in lines:
        refund["lines"].append(_give_back(state, order, one))
    _paid(state, order, refund, amount)
    touch(state, order)
    return refund


def of_cancel(state: State, order: Row, left: dict[str, int], *, restock: bool) -> None:
    """What a canceled order still owes its buyer, with the units (by line) that are not sent any
    more. The caller has taken them out of the work.
    """
    shipping = Decimal(order["shippingPrice"]) - Decimal(order["shippingRefunded"])
    refund = _begun(state, order, shipping, None)
    kind = CANCEL if restock else NO_RESTOCK
    for line in order["lines"]:
        if left[line["id"]]:
            refund["lines"].append(_noted(state, line, left[line["id"]], kind, None))
    _paid(state, order, refund, checkout.received(order) - checkout.moved(order, "REFUND"))


def _begun(state: State, order: Row, shipping: Decimal, note: Any) -> Row:
    now = state.clock.now()
    refund = state.add(
        state.refunds,
        "Refund",
        {"orderId": order["id"], "createdAt": now, "updatedAt": now, "note": note, "lines": [],
         "shipping": str(shipping), "amount": "0.00", "transactionIds": []},
    )  # fmt: skip
    if shipping:
        order["shippingRefunded"] = str(Decimal(order["shippingRefunded"]) + shipping)
    order["refundIds"].append(refund["id"])
    return refund


def _paid(state: State, order: Row, refund: Row, amount: Decimal) -> None:
    if amount:
        row = pay_back(state, order, amount)
        refund["amount"] = str(amount.quantize(CENT))
        refund["transactionIds"].append(row["id"])
    state.tell("REFUNDS_CREATE", refund["id"], lambda: payloads.refund(refund))


def pay_back(state: State, order: Row, amount: Decimal) -> Row:
    parent = next((o for o in order["transactions"] if o["kind"] in {"SALE", "CAPTURE"}), None)
    row = checkout.transact(state, order, "REFUND", amount, parent["id"] if parent else None)
    whole = checkout.moved(order, "REFUND") >= checkout.received(order)
    order["displayFinancialStatus"] = "REFUNDED" if whole else "PARTIALLY_REFUNDED"
    return row


def _give_back(state: State, order: Row, one: Row) -> Row:
    """Units leave the order: unshipped ones leave the work, shipped ones come back or not."""
    line = line_of(order, one["line_id"])
    quantity, restock, place = int(one["quantity"]), one["restock"], one.get("place")
    taken = 0
    if restock != RETURN:
        taken = remove_unshipped(
            state, order, line, quantity, restock=restock == CANCEL,
            place=place if restock == CANCEL else None,
        )  # fmt: skip
    rest = quantity - taken
    line["returned"] += rest
    line["currentQuantity"] -= quantity
    if restock == RETURN and rest and state.items.get(line["itemId"], {}).get("tracked"):
        stock.change(state, line["itemId"], str(place), f"{order['name']} returned", available=rest)
    return _noted(state, line, quantity, restock, place)


def _noted(state: State, line: Row, quantity: int, restock: str, place: Any) -> Row:
    return {
        "id": state.new_id("RefundLineItem"), "lineId": line["id"], "quantity": quantity,
        "restockType": restock, "locationId": place if restock != NO_RESTOCK else None,
        "price": line["paid"],
    }  # fmt: skip


def _problem(state: State, order: Row, one: Row) -> str | None:
    line = next((row for row in order["lines"] if row["id"] == one["line_id"]), None)
    if line is None:
        return "Line item does not exist"
    if not 0 < one["quantity"] <= line["currentQuantity"]:
        return "Quantity cannot refund more items than were purchased"
    if one["restock"] == NO_RESTOCK:
        return None
    if one["place"] not in state.locations:
        return "Location is required to restock"
    if one["restock"] == CANCEL:
        waiting = unshipped(state, order, line, one["place"])
        return "Only unfulfilled units can be canceled there" if one["quantity"] > waiting else None
    gone = shipped(state, order, line)
    return "Only fulfilled units can be returned" if one["quantity"] > gone else None


def _shipping(order: Row, given: Row) -> Decimal:
    left = Decimal(order["shippingPrice"]) - Decimal(order["shippingRefunded"])
    if given.get("fullRefund"):
        return left
    amount = Decimal(str(given.get("amount") or 0))
    if amount > left:
        raise UserErrors((["shipping"], "Shipping refund amount is too high", None))
    return amount


def _amount(order: Row, data: Row) -> Decimal:
    amount = Decimal(0)
    for index, one in enumerate(data.get("transactions") or ()):
        where = ["transactions", str(index)]
        if one["kind"] != "REFUND":
            raise UserErrors(([*where, "kind"], "Kind must be refund", None))
        known = {row["id"] for row in order["transactions"] if row["kind"] in {"SALE", "CAPTURE"}}
        if one.get("parentId") and one["parentId"] not in known:
            raise UserErrors(([*where, "parentId"], "Parent transaction does not exist", None))
        amount += Decimal(str(one["amount"]))
    left = checkout.received(order) - checkout.moved(order, "REFUND")
    if amount > left and not data.get("allowOverRefunding"):
        raise UserErrors(
            (["transactions"], "Refund amount is more than the amount available", None)
        )
    return amount


def by_hand(
    state: State, order: Row, lines: list[Row], shipping: Decimal | None, amount: Decimal | None,
    note: str = "",
) -> Row:  # fmt: skip
    """A person's refund: {"line_id", "quantity", "restock"}. Where nothing is said, unshipped units
    are canceled, shipped ones come back, and everything that they cost is paid back; with the
    last unit the shipping as well.
    """
    shaped = [part for one in lines for part in _shaped(state, order, one)]
    if shipping is None:
        gone = {one["line_id"]: one["quantity"] for one in shaped}
        rest = sum(line["currentQuantity"] - gone.get(line["id"], 0) for line in order["lines"])
        left = Decimal(order["shippingPrice"]) - Decimal(order["shippingRefunded"])
        shipping = left if shaped and not rest else Decimal(0)
    paid = sum((Decimal(line_of(order, o["line_id"])["paid"]) * o["quantity"] for o in shaped),
               Decimal(0))  # fmt: skip
    most = checkout.received(order) - checkout.moved(order, "REFUND")
    back = min(paid + shipping, most) if amount is None else amount
    return apply(state, order, shaped, shipping, back, note)


def _shaped(state: State, order: Row, one: Row) -> list[Row]:
    line = line_of(order, one["line_id"])
    quantity = min(int(one["quantity"]), line["currentQuantity"])
    if one.get("restock") is not None:
        place = one.get("location_id") or _place(state, order, line)
        return [{"line_id": line["id"], "quantity": quantity, "restock": one["restock"],
                 "place": place}]  # fmt: skip
    waiting = min(quantity, unshipped(state, order, line))
    parts = ((CANCEL, waiting, None), (RETURN, quantity - waiting, _place(state, order, line)))
    return [
        {"line_id": line["id"], "quantity": units, "restock": restock, "place": place}
        for restock, units, place in parts
        if units
    ]


def _place(state: State, order: Row, line: Row) -> str:
    """Where a line is, or was, shipped from."""
    for gid in order["fulfillmentOrderIds"]:
        work = state.fulfillment_orders[gid]
        if any(part["lineId"] == line["id"] for part in work["lines"]):
            return str(work["locationId"])
    return next(iter(state.locations))


# --- suggestions ---


def suggest(state: State, order: Row, given: list[Row], *, shipping: bool, full: bool) -> Row:
    """suggestedRefund: what refunding these lines would pay back, and where units would go."""
    if full:
        given = [
            {"lineItemId": line["id"], "quantity": line["currentQuantity"]}
            for line in order["lines"]
            if line["currentQuantity"]
        ]
    rows: list[Row] = []
    subtotal = Decimal(0)
    for one in given:
        line = line_of(order, one["lineItemId"])
        waits = unshipped(state, order, line) >= one["quantity"]
        restock = one.get("restockType") or (CANCEL if waits else RETURN)
        rows.append({"line_id": line["id"], "quantity": one["quantity"], "restock": restock,
                     "place": _place(state, order, line)})  # fmt: skip
        subtotal += Decimal(line["paid"]) * one["quantity"]
    left = Decimal(order["shippingPrice"]) - Decimal(order["shippingRefunded"])
    back = left if shipping or full else Decimal(0)
    most = checkout.received(order) - checkout.moved(order, "REFUND")
    return {"lines": rows, "subtotal": subtotal, "shipping": back, "most": most,
            "amount": min(subtotal + back, most)}  # fmt: skip
