"""Fields of fulfillment orders and fulfillments, and the mutations that write them."""

from typing import Any

from simulators.shopify.fields.pages import by_time, found, page, read, read_id, sorting
from simulators.shopify.fields.registry import Context, field_of, mutation
from simulators.shopify.paging import count
from simulators.shopify.rows import Row, number
from simulators.shopify.search import Reader
from simulators.shopify.shop import shipping, work
from simulators.shopify.shop.units import line_of

CLOSED = frozenset({"CLOSED", "CANCELLED"})


def _order(context: Context, row: Row) -> Row:
    return context.state.orders[row["orderId"]]


# --- fulfillment orders ---


@field_of("QueryRoot.fulfillmentOrder")
def work_by_id(context: Context, _: Any, *, gid: str) -> Row | None:
    return context.state.fulfillment_orders.get(gid)


@field_of("QueryRoot.fulfillmentOrders")
def all_work(
    context: Context,
    _: Any,
    *,
    query: str | None = None,
    include_closed: bool | None = False,
    sort_key: str | None = None,
    **arguments: Any,
) -> Row:
    rows = [
        row
        for row in context.state.fulfillment_orders.values()
        if include_closed or row["status"] not in CLOSED
    ]
    fields: dict[str, Reader] = {
        "id": read_id, "status": read("status"), "updated_at": read("updatedAt"),
        "assigned_location_id": lambda row: number(row["locationId"]),
    }  # fmt: skip
    key = sorting({"ID": None, "UPDATED_AT": by_time("updatedAt")}, sort_key, "ID")
    return page(context, found(context, rows, query, fields), root=True, key=key, **arguments)


@field_of("Order.fulfillmentOrders")
def order_work(
    context: Context,
    row: Row,
    *,
    query: str | None = None,
    displayable: bool | None = False,
    **arguments: Any,
) -> Row:
    rows = [context.state.fulfillment_orders[gid] for gid in row["fulfillmentOrderIds"]]
    if displayable:
        rows = [one for one in rows if one["status"] not in CLOSED]
    rows = found(context, rows, query, {"status": read("status"), "id": read_id})
    return page(context, rows, **arguments)


@field_of("FulfillmentOrder.order")
@field_of("Fulfillment.order")
def owner_order(context: Context, row: Row) -> Row:
    return _order(context, row)


@field_of("FulfillmentOrder.orderName")
def order_name(context: Context, row: Row) -> str:
    return _order(context, row)["name"]


@field_of("FulfillmentOrder.supportedActions")
def actions(_: Context, row: Row) -> list[Row]:
    return work.actions(row)


@field_of("FulfillmentOrder.assignedLocation")
def assigned(context: Context, row: Row) -> Row:
    place = context.state.locations[row["locationId"]]
    return {
        "name": place["name"],
        "countryCode": place["address"].get("countryCode"),
        "location": place,
    }


@field_of("FulfillmentOrder.deliveryMethod")
def delivery_method(context: Context, row: Row) -> Row:
    return {
        "id": f"gid://shopify/DeliveryMethod/{number(row['id'])}",
        "methodType": row["method"],
        "presentedName": _order(context, row)["shippingTitle"],
    }


@field_of("FulfillmentOrder.destination")
def destination(context: Context, row: Row) -> Row | None:
    owner = _order(context, row)
    address = owner["shippingAddress"]
    if not address:
        return None
    names = ("firstName", "lastName", "address1", "city", "zip", "phone")
    shown = {name: address.get(name) for name in names}
    return {**shown, "countryCode": address.get("countryCodeV2"), "email": owner["email"]}


@field_of("FulfillmentOrder.fulfillmentHolds")
def holds(_: Context, row: Row) -> list[Row]:
    return row["holds"]


@field_of("FulfillmentOrder.fulfillments")
def work_fulfillments(context: Context, row: Row, **arguments: Any) -> Row:
    ids = _order(context, row)["fulfillmentIds"]
    rows = [context.state.fulfillments[gid] for gid in ids]
    return page(context, [one for one in rows if row["id"] in one["workIds"]], **arguments)


@field_of("FulfillmentOrder.lineItems")
def work_lines(context: Context, row: Row, **arguments: Any) -> Row:
    rows = [{**part, "orderId": row["orderId"]} for part in row["lines"]]
    return page(context, rows, **arguments)


@field_of("FulfillmentOrderLineItem.lineItem")
def work_line(context: Context, row: Row) -> Row:
    return line_of(_order(context, row), row["lineId"])


def _of_line(name: str, shown: str) -> None:
    def value(context: Context, row: Row) -> Any:
        return work_line(context, row)[shown]

    field_of(f"FulfillmentOrderLineItem.{name}")(value)


_of_line("sku", "sku")
_of_line("vendor", "vendor")
_of_line("productTitle", "title")
_of_line("variantTitle", "variantTitle")
_of_line("requiresShipping", "requiresShipping")


@field_of("FulfillmentOrderLineItem.inventoryItemId")
def work_item_id(_: Context, row: Row) -> str:
    return row["itemId"]


@field_of("FulfillmentOrderLineItem.variant")
def work_variant(context: Context, row: Row) -> Row | None:
    return context.state.variants.get(work_line(context, row)["variantId"])


@field_of("FulfillmentOrder.locationsForMove")
def places_for_move(context: Context, row: Row, **arguments: Any) -> Row:
    return page(context, work.places_to_move(context.state, row), **arguments)


@field_of("FulfillmentOrderLocationForMove.availableLineItemsCount")
def available_lines(_: Context, row: Row) -> Row:
    return count(row["available"])


# --- fulfillments ---


@field_of("QueryRoot.fulfillment")
def fulfillment(context: Context, _: Any, *, gid: str) -> Row | None:
    return context.state.fulfillments.get(gid)


@field_of("Order.fulfillments")
def order_fulfillments(context: Context, row: Row, *, first: int | None = None) -> list[Row]:
    return [context.state.fulfillments[gid] for gid in row["fulfillmentIds"]][:first]


@field_of("Order.fulfillmentsCount")
def fulfillments_count(_: Context, row: Row) -> Row:
    return count(len(row["fulfillmentIds"]))


@field_of("Fulfillment.displayStatus")
def display_status(_: Context, row: Row) -> str:
    if row["status"] == "CANCELLED":
        return "CANCELED"
    return row["events"][-1]["status"] if row["events"] else "FULFILLED"


@field_of("Fulfillment.inTransitAt")
def in_transit_at(_: Context, row: Row) -> Any:
    return row.get("inTransitAt")


@field_of("Fulfillment.deliveredAt")
def delivered_at(_: Context, row: Row) -> Any:
    return row.get("deliveredAt")


@field_of("Fulfillment.totalQuantity")
def total_quantity(_: Context, row: Row) -> int:
    return sum(line["quantity"] for line in row["lines"])


@field_of("Fulfillment.requiresShipping")
def shipment_ships(context: Context, row: Row) -> bool:
    owner = _order(context, row)
    return any(line_of(owner, line["lineId"])["requiresShipping"] for line in row["lines"])


@field_of("Fulfillment.location")
def shipment_location(context: Context, row: Row) -> Row | None:
    return context.state.locations.get(row["locationId"])


@field_of("Fulfillment.trackingInfo")
def tracking_info(_: Context, row: Row, *, first: int | None = None) -> list[Row]:
    return row["tracking"][:first]


@field_of("Fulfillment.events")
def events(context: Context, row: Row, *, sort_key: str | None = None, **arguments: Any) -> Row:
    del sort_key  # they are kept in the order in which they happened
    return page(context, row["events"], **arguments)


@field_of("Fulfillment.fulfillmentLineItems")
def fulfillment_lines(context: Context, row: Row, **arguments: Any) -> Row:
    rows = [{**line, "orderId": row["orderId"]} for line in row["lines"]]
    return page(context, rows, **arguments)


@field_of("FulfillmentLineItem.lineItem")
def fulfilled_line(context: Context, row: Row) -> Row:
    return line_of(_order(context, row), row["lineId"])


@field_of("Fulfillment.fulfillmentOrders")
def fulfilled_work(context: Context, row: Row, **arguments: Any) -> Row:
    rows = [context.state.fulfillment_orders[gid] for gid in row["workIds"]]
    return page(context, rows, **arguments)


# --- mutations ---


@mutation("fulfillmentCreate")
def fulfill(context: Context, *, fulfillment: Row, message: str | None = None) -> Row:
    del message  # a note to fulfillment services
    return shipping.create(context.state, fulfillment)


@mutation("fulfillmentCancel")
def fulfillment_cancel(context: Context, *, gid: str) -> Row:
    return shipping.cancel(context.state, gid)


@mutation("fulfillmentTrackingInfoUpdate")
def update_tracking(
    context: Context,
    *,
    fulfillment_id: str,
    tracking_info_input: Row,
    notify_customer: bool | None = False,
) -> Row:
    return shipping.update_tracking(
        context.state, fulfillment_id, tracking_info_input, notify=bool(notify_customer)
    )


@mutation("fulfillmentEventCreate")
def event_create(context: Context, *, fulfillment_event: Row) -> Row:
    return shipping.event(context.state, fulfillment_event)


@mutation("fulfillmentOrderHold")
def hold(context: Context, *, gid: str, fulfillment_hold: Row) -> Row:
    return work.hold(context.state, gid, fulfillment_hold)


@mutation("fulfillmentOrderReleaseHold")
def release_hold(
    context: Context, *, gid: str, hold_ids: list[str] | None = None, external_id: str | None = None
) -> Row:
    del external_id  # a mark for the app's own use
    return work.release(context.state, gid, hold_ids)


@mutation("fulfillmentOrderMove")
def move(
    context: Context,
    *,
    gid: str,
    new_location_id: str,
    fulfillment_order_line_items: list[Row] | None = None,
) -> Row:
    return work.move(context.state, gid, new_location_id, fulfillment_order_line_items)


@mutation("fulfillmentOrderSplit")
def split(context: Context, *, fulfillment_order_splits: list[Row]) -> Row:
    return work.split(context.state, fulfillment_order_splits)


@mutation("fulfillmentOrderOpen")
def open_up(context: Context, *, gid: str) -> Row:
    return work.open_up(context.state, gid)


@mutation("fulfillmentOrderReportProgress")
def report(context: Context, *, gid: str, progress_report: Row | None = None) -> Row:
    del progress_report  # notes for people
    return work.report(context.state, gid)


@mutation("fulfillmentOrderClose")
def close(context: Context, *, gid: str, message: str | None = None) -> Row:
    del message  # a note to the merchant
    return work.close(context.state, gid)
