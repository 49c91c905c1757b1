"""Mutations of orders: canceled, refunded, returned, changed, tagged."""

from simulators.shopify.fields.registry import Context, mutation
from simulators.shopify.rows import NotModelled, Row
from simulators.shopify.shop import orders, refunds, returns


@mutation("orderCancel")
def order_cancel(
    context: Context,
    *,
    order_id: str,
    reason: str,
    restock: bool,
    refund_method: Row | None = None,
    staff_note: str | None = None,
    notify_customer: bool | None = False,
) -> Row:
    del notify_customer  # nobody reads the buyer's mail here
    if refund_method and refund_method.get("storeCreditRefund"):
        raise NotModelled("refunds to store credit")
    given: Row = {
        "reason": reason,
        "restock": restock,
        "refund": bool((refund_method or {}).get("originalPaymentMethodsRefund")),
        "note": staff_note,
    }
    return orders.cancel_later(context.state, order_id, given)


@mutation("refundCreate", idempotent=True)
def refund_create(context: Context, *, data: Row) -> Row:
    return refunds.create(context.state, data)


@mutation("orderUpdate")
def order_update(context: Context, *, data: Row) -> Row:
    return orders.update(context.state, data)


@mutation("orderCreate")
def order_create(context: Context, *, order: Row, options: Row | None = None) -> Row:
    return orders.create(context.state, order, options or {})


@mutation("tagsAdd")
def tags_add(context: Context, *, gid: str, tags: list[str]) -> Row:
    return orders.tag(context.state, gid, tags, on=True)


@mutation("tagsRemove")
def tags_remove(context: Context, *, gid: str, tags: list[str]) -> Row:
    return orders.tag(context.state, gid, tags, on=False)


@mutation("returnCreate")
def return_create(context: Context, *, return_input: Row) -> Row:
    return returns.create(context.state, return_input)


@mutation("returnClose")
def return_close(context: Context, *, gid: str) -> Row:
    return returns.turn(context.state, gid, "CLOSED")


@mutation("returnCancel")
def return_cancel(context: Context, *, gid: str) -> Row:
    return returns.turn(context.state, gid, "CANCELED")
