"""Shipments to Shopify: one fulfillment a call, with tracking where there is some."""

from collections.abc import Mapping, Sequence

from longshore.domain.fulfillment import FulfillmentCall
from longshore.domain.tracking import Tracking, web_address
from longshore.ports.storefronts import StorefrontFulfillment
from longshore.stores.shopify.carriers import company
from longshore.stores.shopify.client import Json, ShopifyClient, check, obj, rows


def fulfill(
    client: ShopifyClient, call: FulfillmentCall, tracking: Tracking | None, *, notify: bool
) -> str:
    """Creates the fulfillment, returns its id. It has no idempotency key: read before a retry."""
    by_order: dict[str, list[Json]] = {}
    for order_id, line_id, quantity in call.goods:
        by_order.setdefault(order_id, []).append({"id": line_id, "quantity": quantity})
    fulfillment: dict[str, object] = {
        "lineItemsByFulfillmentOrder": [
            {"fulfillmentOrderId": order_id, "fulfillmentOrderLineItems": lines}
            for order_id, lines in by_order.items()
        ],
        "notifyCustomer": notify,
    }
    if tracking is not None and tracking.number:
        fulfillment["trackingInfo"] = _tracking(tracking)
    data = client.call("fulfillment_create", {"fulfillment": fulfillment})
    payload = check(data["fulfillmentCreate"])
    return str(obj(payload["fulfillment"])["id"])


def update_tracking(
    client: ShopifyClient, fulfillment_id: str, tracking: Tracking, *, notify: bool
) -> None:
    variables = {"id": fulfillment_id, "tracking": _tracking(tracking), "notify": notify}
    check(client.call("tracking_update", variables)["fulfillmentTrackingInfoUpdate"])


def read(client: ShopifyClient, order_id: str) -> Sequence[StorefrontFulfillment]:
    order = obj(client.call("order_fulfillments", {"id": order_id}).get("order"))
    return [_fulfillment(node) for node in rows(order.get("fulfillments"))]


def _fulfillment(node: Json) -> StorefrontFulfillment:
    quantities: dict[str, int] = {}
    for line in rows(obj(node["fulfillmentLineItems"])["nodes"]):
        line_id = str(obj(line["lineItem"])["id"])
        quantities[line_id] = quantities.get(line_id, 0) + int(line["quantity"] or 0)
    numbers = [str(one["number"]) for one in rows(node["trackingInfo"]) if one["number"]]
    return StorefrontFulfillment(str(node["id"]), str(node["status"]), tuple(numbers), quantities)


def _tracking(tracking: Tracking) -> Mapping[str, object]:
    """`url` requires a number and is only needed where Shopify does not know the carrier."""
    name = tracking.company or company(
        tracking.carrier, tracking.number, tracking.url, tracking.country
    )
    row: dict[str, object] = {"company": name} if name else {}
    links = [web_address(url) for url in (tracking.url, *(url for _, url in tracking.others))]
    if not tracking.others:
        return {**row, "number": tracking.number} | ({"url": links[0]} if links[0] else {})
    # Links stand at the places of their numbers, so there are all or none.
    return {**row, "numbers": list(tracking.numbers)} | ({"urls": links} if all(links) else {})
