"""Orders after they were bought: canceled, edited, tagged, noted; where their units are."""

from decimal import Decimal

from simulators.shopify import payloads
from simulators.shopify.rows import NotModelled, Row, UserErrors, only
from simulators.shopify.shop import checkout, refunds, routing
from simulators.shopify.shop.products import tags
from simulators.shopify.shop.units import (
    line_of,
    release,
    remove_unshipped,
    shipped,
    touch,
    unshipped,
)
from simulators.shopify.state import State

KNOWN_UPDATE = frozenset(
    {"id", "note", "tags", "customAttributes", "email", "phone", "shippingAddress"}
)
ADDRESS = {"firstName": "firstName", "lastName": "lastName", "company": "company",
           "address1": "address1", "address2": "address2", "city": "city",
           "provinceCode": "provinceCode", "zip": "zip", "countryCode": "countryCodeV2",
           "phone": "phone"}  # fmt: skip


# --- canceling ---


def cancel(
    state: State, order: Row, *, reason: str = "OTHER", restock: bool = True, refund: bool = True,
    note: str | None = None,
) -> None:  # fmt: skip
    """Nothing more is shipped; what was shipped stays shipped, with its tracking."""
    now = state.clock.now()
    order["cancelledAt"], order["closedAt"] = now, now
    order["cancelReason"], order["staffNote"] = reason, note
    left = {line["id"]: unshipped(state, order, line) for line in order["lines"]}
    for gid in order["fulfillmentOrderIds"]:
        _cancel_work(state, order, state.fulfillment_orders[gid], restock=restock)
    for line in order["lines"]:
        line["currentQuantity"] = 0
    paid = checkout.received(order)
    if order["displayFinancialStatus"] in {"AUTHORIZED", "PENDING"}:
        checkout.transact(state, order, "VOID", Decimal(0))
        order["displayFinancialStatus"] = "VOIDED"
    elif refund and paid > checkout.moved(order, "REFUND"):
        refunds.of_cancel(state, order, left, restock=restock)
    state.tell("ORDERS_CANCELLED", order["id"], lambda: payloads.order(state, order))
    touch(state, order)


def _cancel_work(state: State, order: Row, work: Row, *, restock: bool) -> None:
    if work["status"] in {"CLOSED", "CANCELLED"}:
        return
    begun = any(part["remainingQuantity"] < part["totalQuantity"] for part in work["lines"])
    for part in work["lines"]:
        release(state, order, part, work, part["remainingQuantity"], restock=restock)
    work["status"] = "CLOSED" if begun else "CANCELLED"
    work["holds"] = []
    if not begun:
        state.tell("FULFILLMENT_ORDERS_CANCELLED", work["id"], lambda: payloads.work(work))


def cancel_later(state: State, gid: str, given: Row) -> Row:
    """orderCancel: checked at once, done by a job."""
    order = state.orders.get(gid)
    if order is None:
        raise UserErrors((["orderId"], "Order does not exist", "NOT_FOUND"))
    _may_cancel(state, order)
    job = state.add(state.jobs, "Job", {"done": False})

    def work() -> None:
        with state.lock:
            if order["cancelledAt"] is None:
                cancel(state, order, **given)
            job["done"] = True
            state.flush()

    state.later.after(state.settings.operation_s, work)
    return {"job": job, "orderCancelUserErrors": []}


def _may_cancel(state: State, order: Row) -> None:
    if order["cancelledAt"] is not None:
        raise UserErrors((["orderId"], "Order has already been cancelled", "INVALID"))
    kept = (state.fulfillments[one] for one in order["fulfillmentIds"])
    if any(row["status"] == "SUCCESS" for row in kept):
        raise UserErrors(
            (["orderId"], "Cannot cancel an order that has been fulfilled.", "INVALID")
        )
    if any(state.returns[one]["status"] == "OPEN" for one in order["returnIds"]):
        raise UserErrors((["orderId"], "The order has an active return.", "INVALID"))


# --- editing ---


def edit(state: State, order: Row, changes: list[Row], added: list[Row]) -> None:
    """A person changes lines: {"line_id", "quantity", "restock"} sets a quantity, {"variant_id",
    "quantity"} adds a line. Only what is not shipped can be taken out.
    """
    more: list[Row] = []
    fewer: list[Row] = []
    for one in changes:
        line = line_of(order, one["line_id"])
        delta = int(one["quantity"]) - line["currentQuantity"]
        if delta > 0:
            line["quantity"] += delta
            line["currentQuantity"] += delta
            routing.add_units(state, order, line, delta)
            more.append({"id": line["id"], "delta": delta})
        elif delta < 0:
            _take_off(state, order, line, -delta, restock=one.get("restock", True))
            fewer.append({"id": line["id"], "delta": -delta})
    for one in added:
        line = checkout.add_line(state, order, one)
        routing.add_units(state, order, line, line["quantity"])
        more.append({"id": line["id"], "delta": line["quantity"]})
    order["edited"] = True
    paid = order["displayFinancialStatus"] == "PAID"
    if paid and payloads.total(order) > checkout.received(order):
        order["displayFinancialStatus"] = "PARTIALLY_PAID"
    touch(state, order)
    state.tell("ORDERS_EDITED", order["id"], lambda: payloads.edited(order, more, fewer))


def _take_off(state: State, order: Row, line: Row, quantity: int, *, restock: bool) -> None:
    if quantity > unshipped(state, order, line):
        raise ValueError("only what is not shipped can be taken out of an order")
    remove_unshipped(state, order, line, quantity, restock=restock)
    line["currentQuantity"] -= quantity


# --- small changes ---


def update(state: State, data: Row) -> Row:
    """orderUpdate: lists that are given replace what was there."""
    only(data, KNOWN_UPDATE, "orderUpdate.input")
    order = state.orders.get(data["id"])
    if order is None:
        raise UserErrors((["id"], "Order does not exist", None))
    for name in ("note", "email", "phone"):
        if name in data:
            order[name] = data[name]
    if data.get("tags") is not None:
        order["tags"] = tags(data["tags"])
    if data.get("customAttributes") is not None:
        order["customAttributes"] = [
            {"key": one["key"], "value": one["value"]} for one in data["customAttributes"]
        ]
    if data.get("shippingAddress") is not None:
        only(data["shippingAddress"], ADDRESS, "orderUpdate.input.shippingAddress")
        changed = {ADDRESS[name]: value for name, value in data["shippingAddress"].items()}
        order["shippingAddress"] = {**(order["shippingAddress"] or {}), **changed}
    touch(state, order)
    return {"order": order}


def tag(state: State, gid: str, given: list[str], *, on: bool) -> Row:
    """What tagsAdd and tagsRemove do, to orders and products."""
    row = state.orders.get(gid) or state.products.get(gid)
    if row is None:
        raise UserErrors((["id"], "Resource does not exist", None))
    wanted = {one.casefold() for one in tags(given)}
    if on:
        row["tags"] = tags([*row["tags"], *given])
    else:
        row["tags"] = [one for one in row["tags"] if one.casefold() not in wanted]
    if row["__typename"] == "Order":
        touch(state, row)
    else:
        row["updatedAt"] = state.clock.now()
        state.tell("PRODUCTS_UPDATE", gid, lambda: payloads.product(state, row))
    return {"node": row}


def create(state: State, data: Row, options: Row) -> Row:
    """orderCreate: an order without a checkout, for development shops."""
    only(
        data,
        {"lineItems", "email", "phone", "note", "tags", "test", "shippingAddress",
         "billingAddress", "financialStatus", "customAttributes"},
        "orderCreate.order",
    )  # fmt: skip
    only(options, {"inventoryBehaviour", "sendReceipt", "sendFulfillmentReceipt"}, "options")
    lines: list[Row] = []
    for index, one in enumerate(data.get("lineItems") or ()):
        only(one, {"variantId", "quantity", "requiresShipping", "taxable"}, "lineItems")
        if one.get("variantId") not in state.variants:
            raise UserErrors(
                (["order", "lineItems", str(index)], "Variant does not exist", "INVALID")
            )
        lines.append({"variant_id": one["variantId"], "quantity": one["quantity"]})
    wanted: Row = {
        "lines": lines,
        "shipping_address": _address(data, "shippingAddress"),
        "attributes": {one["key"]: one["value"] for one in data.get("customAttributes") or ()},
        "claim_stock": options.get("inventoryBehaviour", "BYPASS") != "BYPASS",
        "shipping_price": "0.00",
    }
    if data.get("billingAddress"):
        wanted["billing_address"] = _address(data, "billingAddress")
    for name in ("email", "phone", "note", "tags", "test"):
        if data.get(name) is not None:
            wanted[name] = data[name]
    status = data.get("financialStatus") or "PENDING"
    if status not in checkout.STATUSES:
        raise NotModelled(f"orderCreate with {status}")
    return {"order": checkout.place(state, wanted, status)}


def delete(state: State, order: Row) -> None:
    """What staff may delete is over, or was a test. Its goods stay where they are."""
    if not (order["cancelledAt"] or order["closedAt"] or order["test"]):
        raise ValueError("only canceled, archived and test orders can be deleted")
    for gid in order["fulfillmentOrderIds"]:
        state.fulfillment_orders.pop(gid, None)
    gid = state.orders.pop(order["id"])["id"]
    state.tell("ORDERS_DELETE", gid, lambda: payloads.gone(gid))


def _address(data: Row, name: str) -> Row | None:
    given: Row = data.get(name) or {}
    only(given, ADDRESS, f"orderCreate.order.{name}")
    return {ADDRESS[part]: given.get(part) for part in ADDRESS} if given else None


# --- how it stands ---


def fulfillment_status(state: State, order: Row) -> str:
    works = [state.fulfillment_orders[gid] for gid in order["fulfillmentOrderIds"]]
    left = [one for one in works if any(part["remainingQuantity"] for part in one["lines"])]
    done = sum(shipped(state, order, line) for line in order["lines"])
    if done:
        return "PARTIALLY_FULFILLED" if left else "FULFILLED"
    for status in ("ON_HOLD", "SCHEDULED", "IN_PROGRESS"):
        if left and all(one["status"] == status for one in left):
            return status
    return "UNFULFILLED"
