"""Fields of orders, their lines, money, refunds and returns, and the mutations that write them."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from simulators.shopify import payloads
from simulators.shopify.fields.pages import by_time, found, page, read, read_id, sorting
from simulators.shopify.fields.registry import Context, field_of
from simulators.shopify.rows import Row, number
from simulators.shopify.shop import checkout, orders, refunds, returns
from simulators.shopify.shop.units import unshipped

LOOKS_BACK = timedelta(days=60)
"""Older orders need `read_all_orders`."""
KEYS = {"ID": None, "UPDATED_AT": by_time("updatedAt"), "CREATED_AT": by_time("createdAt"),
        "PROCESSED_AT": by_time("processedAt")}  # fmt: skip
CENT = Decimal("0.01")


def bag(context: Context, amount: Any) -> Row:
    money = {
        "amount": str(Decimal(str(amount)).quantize(CENT)),
        "currencyCode": context.state.settings.currency,
    }
    return {"shopMoney": money, "presentmentMoney": money}


def _visible(context: Context, row: Row) -> bool:
    old = row["createdAt"] < context.state.clock.now() - LOOKS_BACK
    return not old or "read_all_orders" in context.scopes


@field_of("QueryRoot.orders")
def all_orders(
    context: Context,
    _: Any,
    *,
    query: str | None = None,
    sort_key: str | None = None,
    **arguments: Any,
) -> Row:
    """By PROCESSED_AT where nothing is said (schema)."""
    state = context.state
    rows = [row for row in state.orders.values() if _visible(context, row)]
    fields: dict[str, Callable[[Row], Any]] = {
        "id": read_id, "name": read("name"), "updated_at": read("updatedAt"),
        "created_at": read("createdAt"), "processed_at": read("processedAt"),
        "financial_status": read("displayFinancialStatus"), "test": read("test"),
        "fulfillment_status": lambda row: orders.fulfillment_status(state, row),
        "tag": read("tags"), "email": read("email"), "status": _status,
    }  # fmt: skip
    key = sorting(KEYS, sort_key, "PROCESSED_AT")
    return page(context, found(context, rows, query, fields), root=True, key=key, **arguments)


def _status(row: Row) -> list[str]:
    if row["cancelledAt"]:
        return ["cancelled", "any"]
    return ["closed", "any"] if row["closedAt"] else ["open", "any"]


@field_of("QueryRoot.order")
def order(context: Context, _: Any, *, gid: str) -> Row | None:
    row = context.state.orders.get(gid)
    return row if row is not None and _visible(context, row) else None


@field_of("QueryRoot.refund")
def refund(context: Context, _: Any, *, gid: str) -> Row | None:
    return context.state.refunds.get(gid)


@field_of("QueryRoot.return")
def return_by_id(context: Context, _: Any, *, gid: str) -> Row | None:
    return context.state.returns.get(gid)


@field_of("QueryRoot.job")
def job(context: Context, _: Any, *, gid: str) -> Row | None:
    return context.state.jobs.get(gid)


# --- an order ---


@field_of("Order.currencyCode")
@field_of("Order.presentmentCurrencyCode")
def currency(context: Context, _: Row) -> str:
    return context.state.settings.currency


@field_of("Order.taxesIncluded")
def taxes_included(context: Context, _: Row) -> bool:
    return context.state.settings.taxes_included


@field_of("Order.cancellation")
def cancellation(_: Context, row: Row) -> Row | None:
    return {"staffNote": row["staffNote"]} if row["cancelledAt"] else None


@field_of("Order.closed")
def closed(_: Context, row: Row) -> bool:
    return row["closedAt"] is not None


@field_of("Order.confirmed")
def confirmed(_context: Context, _row: Row) -> bool:
    return True


@field_of("Order.sourceName")
def source_name(_context: Context, _row: Row) -> str:
    return "web"


@field_of("Order.paymentGatewayNames")
def gateways(_: Context, row: Row) -> list[str]:
    return sorted({one["gateway"] for one in row["transactions"]})


@field_of("Order.displayFulfillmentStatus")
def fulfillment_status(context: Context, row: Row) -> str:
    return orders.fulfillment_status(context.state, row)


@field_of("Order.returnStatus")
def return_status(context: Context, row: Row) -> str:
    return returns.order_status(context.state, row)


@field_of("Order.fullyPaid")
def fully_paid(_: Context, row: Row) -> bool:
    return checkout.received(row) >= payloads.total(row)


@field_of("Order.unpaid")
def unpaid(_: Context, row: Row) -> bool:
    return not checkout.received(row)


@field_of("Order.requiresShipping")
def order_ships(_: Context, row: Row) -> bool:
    return any(line["requiresShipping"] for line in row["lines"])


@field_of("Order.fulfillable")
def fulfillable(context: Context, row: Row) -> bool:
    return any(unshipped(context.state, row, line) for line in row["lines"])


@field_of("Order.restockable")
def restockable(_: Context, row: Row) -> bool:
    return any(line["currentQuantity"] for line in row["lines"])


@field_of("Order.refundable")
def refundable(_: Context, row: Row) -> bool:
    return checkout.received(row) > checkout.moved(row, "REFUND")


@field_of("Order.risk")
def risk(_: Context, row: Row) -> Row:
    advice = {"HIGH": "CANCEL", "MEDIUM": "INVESTIGATE", "LOW": "ACCEPT"}.get(row["risk"], "NONE")
    return {"recommendation": advice, "assessments": [{"riskLevel": row["risk"], "facts": []}]}


@field_of("MailingAddress.name")
def full_name(_: Context, row: Row) -> str:
    return " ".join(part for part in (row["firstName"], row["lastName"]) if part)


@field_of("MailingAddress.country")
@field_of("MailingAddress.province")
def place_name(_context: Context, _row: Row) -> None:
    """Only codes are kept."""


@field_of("Order.shippingLine")
def shipping_line(context: Context, row: Row) -> Row | None:
    if not row["shippingTitle"]:
        return None
    price = bag(context, row["shippingPrice"])
    return {
        "id": f"gid://shopify/ShippingLine/{number(row['id'])}",
        "title": row["shippingTitle"],
        "code": row["shippingTitle"],
        "originalPriceSet": price,
        "discountedPriceSet": price,
    }


@field_of("Order.shippingLines")
def shipping_lines(
    context: Context, row: Row, *, include_removals: bool | None = False, **arguments: Any
) -> Row:
    del include_removals  # shipping is never taken out of an order here
    line = shipping_line(context, row)
    return page(context, [line] if line else [], **arguments)


def _money(place: str, amount: Callable[[Row], Any]) -> None:
    def shown(context: Context, row: Row) -> Row:
        return bag(context, amount(row))

    field_of(place)(shown)


def _lines_at(quantity: str) -> Callable[[Row], Decimal]:
    return lambda row: sum(
        (Decimal(line["paid"]) * line[quantity] for line in row["lines"]), Decimal(0)
    )


_money("Order.subtotalPriceSet", _lines_at("quantity"))
_money("Order.currentSubtotalPriceSet", _lines_at("currentQuantity"))
_money("Order.totalPriceSet", lambda r: _lines_at("quantity")(r) + Decimal(r["shippingPrice"]))
_money("Order.currentTotalPriceSet", payloads.total)
_money("Order.totalShippingPriceSet", lambda row: row["shippingPrice"])
_money("Order.totalTaxSet", lambda _: 0)
_money("Order.totalRefundedSet", lambda row: checkout.moved(row, "REFUND"))
_money("Order.totalReceivedSet", checkout.received)
_money("Order.totalOutstandingSet", lambda r: payloads.total(r) - checkout.received(r))
_money("Order.netPaymentSet", lambda r: checkout.received(r) - checkout.moved(r, "REFUND"))
_money("OrderTransaction.amountSet", read("amount"))
_money("LineItem.originalUnitPriceSet", read("price"))
_money("LineItem.discountedUnitPriceSet", read("paid"))
_money("LineItem.discountedUnitPriceAfterAllDiscountsSet", read("paid"))
_money("LineItem.discountedTotalSet", lambda row: Decimal(row["paid"]) * row["quantity"])
_money(
    "LineItem.totalDiscountSet",
    lambda row: (Decimal(row["price"]) - Decimal(row["paid"])) * row["quantity"],
)
_money("Refund.totalRefundedSet", read("amount"))
_money("RefundLineItem.priceSet", read("price"))
_money("RefundLineItem.subtotalSet", lambda row: Decimal(row["price"]) * row["quantity"])


@field_of("Order.transactions")
def transactions(
    context: Context, row: Row, *, first: int | None = None, capturable: bool | None = None
) -> list[Row]:
    del context
    rows = row["transactions"]
    if capturable:
        rows = [one for one in rows if one["kind"] == "AUTHORIZATION"]
    return rows[:first]


@field_of("OrderTransaction.parentTransaction")
def parent_transaction(context: Context, row: Row) -> Row | None:
    owner = context.state.orders[row["orderId"]]
    return next((one for one in owner["transactions"] if one["id"] == row["parentId"]), None)


# --- lines ---


@field_of("Order.lineItems")
def order_lines(context: Context, row: Row, **arguments: Any) -> Row:
    return page(context, [_with_order(row, line) for line in row["lines"]], **arguments)


def _with_order(order: Row, line: Row) -> Row:
    line.setdefault("orderId", order["id"])
    return line


@field_of("LineItem.name")
def line_name(_: Context, row: Row) -> str:
    return " - ".join(part for part in (row["title"], row["variantTitle"]) if part)


@field_of("LineItem.variant")
def line_variant(context: Context, row: Row) -> Row | None:
    return context.state.variants.get(row["variantId"])


@field_of("LineItem.product")
def line_product(context: Context, row: Row) -> Row | None:
    return context.state.products.get(row["productId"])


@field_of("LineItem.unfulfilledQuantity")
def line_unfulfilled(context: Context, row: Row) -> int:
    return unshipped(context.state, context.state.orders[row["orderId"]], row)


@field_of("LineItem.nonFulfillableQuantity")
def line_done(context: Context, row: Row) -> int:
    return row["quantity"] - line_unfulfilled(context, row)


@field_of("LineItem.refundableQuantity")
def line_refundable(_: Context, row: Row) -> int:
    return row["currentQuantity"]


@field_of("LineItem.restockable")
def line_restockable(_: Context, row: Row) -> bool:
    return bool(row["currentQuantity"])


# --- refunds and returns ---


@field_of("Order.refunds")
def order_refunds(context: Context, row: Row, *, first: int | None = None) -> list[Row]:
    return [context.state.refunds[gid] for gid in row["refundIds"]][:first]


@field_of("Refund.order")
@field_of("Return.order")
def owner_order(context: Context, row: Row) -> Row:
    return context.state.orders[row["orderId"]]


@field_of("Refund.refundLineItems")
def refund_lines(context: Context, row: Row, **arguments: Any) -> Row:
    rows = [{**line, "orderId": row["orderId"]} for line in row["lines"]]
    return page(context, rows, **arguments)


@field_of("RefundLineItem.lineItem")
def refund_line(context: Context, row: Row) -> Row:
    lines = context.state.orders[row["orderId"]]["lines"]
    return next(line for line in lines if line["id"] == row["lineId"])


@field_of("RefundLineItem.location")
def refund_location(context: Context, row: Row) -> Row | None:
    return context.state.locations.get(row["locationId"] or "")


@field_of("RefundLineItem.restocked")
def restocked(_: Context, row: Row) -> bool:
    return row["restockType"] != "NO_RESTOCK"


@field_of("Refund.transactions")
def refund_transactions(context: Context, row: Row, **arguments: Any) -> Row:
    owner = context.state.orders[row["orderId"]]
    rows = [one for one in owner["transactions"] if one["id"] in row["transactionIds"]]
    return page(context, rows, **arguments)


@field_of("Order.returns")
def order_returns(context: Context, row: Row, *, query: str | None = None, **arguments: Any) -> Row:
    rows = [context.state.returns[gid] for gid in row["returnIds"]]
    fields = {"status": read("status"), "name": read("name")}
    return page(context, found(context, rows, query, fields), **arguments)


@field_of("Order.suggestedRefund")
def suggested_refund(
    context: Context,
    row: Row,
    *,
    refund_line_items: list[Row] | None = None,
    refund_shipping: bool | None = False,
    suggest_full_refund: bool | None = False,
    refund_method_allocation: str | None = None,
) -> Row:
    del refund_method_allocation  # the way it was paid is the only one here
    found = refunds.suggest(
        context.state, row, refund_line_items or [],
        shipping=bool(refund_shipping), full=bool(suggest_full_refund),
    )  # fmt: skip
    sale = next((o for o in row["transactions"] if o["kind"] in {"SALE", "CAPTURE"}), None)
    suggestion = {
        "kind": "SUGGESTED_REFUND", "gateway": row["gateway"], "parentTransaction": sale,
        "amountSet": bag(context, found["amount"]),
    }  # fmt: skip
    return {
        "amountSet": bag(context, found["amount"]),
        "subtotalSet": bag(context, found["subtotal"]),
        "maximumRefundableSet": bag(context, found["most"]),
        "shipping": {"amountSet": bag(context, found["shipping"])},
        "refundLineItems": [
            {"quantity": one["quantity"], "restockType": one["restock"], "lineId": one["line_id"],
             "locationId": one["place"], "orderId": row["id"]}
            for one in found["lines"]
        ],
        "suggestedTransactions": [suggestion] if found["amount"] else [],
    }  # fmt: skip
