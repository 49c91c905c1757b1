"""Buyers' orders from Shopify, complete with every line and every piece of fulfillment work."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from longshore.domain.money import Money
from longshore.domain.orders import (
    Address,
    Delivery,
    FulfillmentOrder,
    FulfillmentOrderLine,
    OrderLine,
    Payment,
    Risk,
    StorefrontOrder,
)
from longshore.ports.storefronts import ChangedOrders, FoundOrders
from longshore.stores.shopify import refunds
from longshore.stores.shopify.client import Json, ShopifyClient, obj, rows

ADDRESSES = ("shippingAddress", "billingAddress")
OVERLAP = timedelta(minutes=2)
CREATE = "CREATE_FULFILLMENT"
_PAYMENTS = {
    "PAID": Payment.PAID,
    "PARTIALLY_REFUNDED": Payment.PARTIALLY_REFUNDED,
    "REFUNDED": Payment.REFUNDED,
    "VOIDED": Payment.VOIDED,
    "EXPIRED": Payment.VOIDED,
    "AUTHORIZED": Payment.AUTHORIZED,
}
_DELIVERIES = {
    "PICK_UP": Delivery.PICKUP,
    "RETAIL": Delivery.IN_STORE,
    "NONE": Delivery.NONE,
}
"""Every other way is a parcel that somebody sends."""
_RISKS = {
    "ACCEPT": Risk.ACCEPT,
    "INVESTIGATE": Risk.INVESTIGATE,
    "CANCEL": Risk.CANCEL,
}


def changed(client: ShopifyClient, since: datetime, cursor: str | None) -> ChangedOrders:
    """A page of what was updated since, oldest change first: ids and times, for most are known."""
    asked = (since - OVERLAP).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    data = client.call("orders_changed", {"query": f"updated_at:>='{asked}'", "after": cursor})
    page = obj(data["orders"])
    info = obj(page["pageInfo"])
    return ChangedOrders(
        {str(node["id"]): _time(node["updatedAt"]) for node in rows(page["nodes"])},
        str(info["endCursor"]) if info["hasNextPage"] else None,
    )


def read(client: ShopifyClient, order_ids: Sequence[str]) -> FoundOrders:
    """Several orders in one call; what is more than a page is read after it."""
    if not order_ids:
        return FoundOrders({})
    nodes = rows(_storable(client.call("orders", {"ids": list(order_ids)})["nodes"]))
    found: dict[str, StorefrontOrder] = {}
    unreadable: dict[str, str] = {}
    for node in filter(None, nodes):
        order_id = str(node["id"])
        try:
            found[order_id] = _order(client, node)
        except (ValueError, TypeError, ArithmeticError, LookupError) as problem:
            # A shape nobody foresaw: this one order waits, the others go on.
            unreadable[order_id] = f"unexpected shape ({type(problem).__name__}: {problem})"
    return FoundOrders(found, unreadable)


def _order(client: ShopifyClient, node: Json) -> StorefrontOrder:
    currency = str(node["currencyCode"])
    lines = _lines(client, node)
    works = tuple(_work(client, one) for one in _all_work(client, node))
    ways = _ways(works)
    delivery, billing = (_address(obj(node[name])) for name in ADDRESSES)
    return StorefrontOrder(
        order_id=str(node["id"]),
        name=str(node["name"]),
        created_at=_time(node["createdAt"]),
        updated_at=_time(node["updatedAt"]),
        canceled_at=_time(node["cancelledAt"]) if node["cancelledAt"] else None,
        payment=_PAYMENTS.get(str(node["displayFinancialStatus"]), Payment.PENDING),
        test=bool(node["test"]),
        currency=currency,
        email=str(node["email"] or ""),
        shipping_address=delivery,
        billing_address=billing if billing != delivery else None,
        shipping_title=str(obj(node["shippingLine"]).get("title") or ""),
        shipping_price=_money(obj(node["shippingLine"]).get("discountedPriceSet"), currency),
        note=str(node["note"] or ""),
        lines=tuple(_line(line, currency, ways) for line in lines),
        fulfillment_orders=works,
        risk=_risk(obj(node["risk"])),
        refunds=refunds.read(client, str(node["id"])) if refunds.may_have(node, lines) else (),
        attributes=_attributes(node),
    )


def work(
    client: ShopifyClient, order_ids: Sequence[str]
) -> Mapping[str, Sequence[FulfillmentOrder]]:
    """The fulfillment work of several orders; what is more than a page is read after it."""
    if not order_ids:
        return {}
    nodes = rows(client.call("fulfillment_work", {"ids": list(order_ids)})["nodes"])
    return {
        str(node["id"]): tuple(_work(client, one) for one in _all_work(client, node))
        for node in nodes
        if node
    }


def _lines(client: ShopifyClient, node: Json) -> Sequence[Json]:
    first = obj(node["lineItems"])
    found = list(rows(first["nodes"]))
    after = _next(first)
    while after:
        data = client.call("order_lines", {"id": node["id"], "after": after})
        page = obj(_storable(obj(data["order"])["lineItems"]))
        found += rows(page["nodes"])
        after = _next(page)
    return found


def _all_work(client: ShopifyClient, node: Json) -> Sequence[Json]:
    first = obj(node["fulfillmentOrders"])
    found = list(rows(first["nodes"]))
    after = _next(first)
    while after:
        data = client.call("order_fulfillment_orders", {"id": node["id"], "after": after})
        page = obj(obj(data["order"])["fulfillmentOrders"])
        found += rows(page["nodes"])
        after = _next(page)
    return found


def _work(client: ShopifyClient, node: Json) -> FulfillmentOrder:
    first = obj(node["lineItems"])
    lines = list(rows(first["nodes"]))
    after = _next(first)
    while after:
        data = client.call("fulfillment_order_lines", {"id": node["id"], "after": after})
        page = obj(obj(data["fulfillmentOrder"])["lineItems"])
        lines += rows(page["nodes"])
        after = _next(page)
    place = obj(obj(node["assignedLocation"]).get("location")).get("id")
    return FulfillmentOrder(
        fulfillment_order_id=str(node["id"]),
        status=str(node["status"]),
        location_id=str(place) if place else None,
        delivery=_DELIVERIES.get(
            str(obj(node.get("deliveryMethod")).get("methodType")), Delivery.SHIPPING
        ),
        can_fulfill=any(action["action"] == CREATE for action in rows(node["supportedActions"])),
        lines=tuple(
            FulfillmentOrderLine(
                str(line["id"]), str(obj(line["lineItem"])["id"]), int(line["remainingQuantity"])
            )
            for line in lines
        ),
    )


def _next(page: Json) -> str | None:
    info = obj(page["pageInfo"])
    return str(info["endCursor"]) if info["hasNextPage"] else None


def _ways(works: Sequence[FulfillmentOrder]) -> Mapping[str, Delivery]:
    """How each line comes to the buyer; a line that is sent in part is sent."""
    found: dict[str, Delivery] = {}
    for work in works:
        if work.status == "CANCELLED":
            continue
        for line in work.lines:
            if found.get(line.line_id) is not Delivery.SHIPPING:
                found[line.line_id] = work.delivery
    return found


def _risk(node: Json) -> Risk:
    """PENDING while an assessment is under way and nothing is advised."""
    advice = _RISKS.get(str(node["recommendation"]))
    if advice is not None:
        return advice
    levels = {str(one["riskLevel"]) for one in rows(node["assessments"])}
    return Risk.PENDING if "PENDING" in levels else Risk.NONE


def _line(node: Json, currency: str, ways: Mapping[str, Delivery]) -> OrderLine:
    variant = obj(node["variant"]).get("id")
    title = str(node["title"])
    if node["variantTitle"]:
        title = f"{title} ({node['variantTitle']})"
    return OrderLine(
        line_id=str(node["id"]),
        variant_id=str(variant) if variant else None,
        title=title,
        sku=str(node["sku"] or ""),
        quantity=int(node["currentQuantity"]),
        unit_price=_money(node["discountedUnitPriceAfterAllDiscountsSet"], currency),
        ships=bool(node["requiresShipping"]),
        gift_card=bool(node["isGiftCard"]),
        delivery=ways.get(str(node["id"]), Delivery.UNKNOWN),
        details=_attributes(node),
    )


def _storable(value: Any) -> Any:
    """What buyers and apps typed, without the one character that no database keeps."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, list):
        return [_storable(one) for one in cast("list[Any]", value)]
    if isinstance(value, dict):
        held = cast("dict[str, Any]", value)
        return {name: _storable(one) for name, one in held.items()}
    return value


def _attributes(node: Json) -> tuple[tuple[str, str], ...]:
    """What the buyer filled in. Names that begin with an underscore are an app's own business."""
    found = [(str(one["key"]), str(one["value"] or "")) for one in rows(node["customAttributes"])]
    return tuple((key, text) for key, text in found if key and text and not key.startswith("_"))


def _money(bag: object, currency: str) -> Money:
    shop = obj(obj(bag).get("shopMoney"))
    if not shop:
        return Money(Decimal(0), currency)
    return Money(Decimal(str(shop["amount"])), str(shop["currencyCode"]))


def _address(node: Json) -> Address | None:
    if not node:
        return None
    return Address(
        first_name=str(node["firstName"] or ""),
        last_name=str(node["lastName"] or ""),
        company=str(node["company"] or ""),
        line1=str(node["address1"] or ""),
        line2=str(node["address2"] or ""),
        city=str(node["city"] or ""),
        region=str(node["provinceCode"] or ""),
        postcode=str(node["zip"] or ""),
        country=str(node["countryCodeV2"] or ""),
        phone=str(node["phone"] or ""),
    )


def _time(value: object) -> datetime:
    return datetime.fromisoformat(str(value)).astimezone(UTC)
