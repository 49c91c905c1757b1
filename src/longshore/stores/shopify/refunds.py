"""Refunds of an order as Shopify tells them. Asked for only where there can be some."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

from longshore.domain.money import Money
from longshore.domain.refunds import Refund, RefundedLine
from longshore.stores.shopify.client import Json, ShopifyClient, obj, rows

_PAID_BACK = frozenset({"PARTIALLY_REFUNDED", "REFUNDED"})
_KEPT_AWAY = "NO_RESTOCK"


def may_have(node: Json, lines: Sequence[Json]) -> bool:
    """Whether an order, as read, can have refunds: money went back, or units left it. `lines`: all
    of them.
    """
    if node["displayFinancialStatus"] in _PAID_BACK or node["cancelledAt"]:
        return True
    return any(line["currentQuantity"] < line["quantity"] for line in lines)


def read(client: ShopifyClient, order_id: str) -> tuple[Refund, ...]:
    order = obj(client.call("order_refunds", {"id": order_id}).get("order"))
    return tuple(_refund(node, _lines(client, node)) for node in rows(order.get("refunds")))


def _lines(client: ShopifyClient, node: Json) -> Sequence[Json]:
    page = obj(node["refundLineItems"])
    found = list(rows(page["nodes"]))
    while obj(page["pageInfo"])["hasNextPage"]:
        after = obj(page["pageInfo"])["endCursor"]
        data = client.call("refund_lines", {"id": node["id"], "after": after})
        page = obj(obj(data["refund"])["refundLineItems"])
        found += rows(page["nodes"])
    return found


def _refund(node: Json, lines: Sequence[Json]) -> Refund:
    return Refund(
        refund_id=str(node["id"]),
        amount=_money(node["totalRefundedSet"]),
        lines=tuple(
            RefundedLine(
                str(obj(line["lineItem"])["id"]),
                int(line["quantity"]),
                _money(line["subtotalSet"]),
                put_back=line["restockType"] != _KEPT_AWAY,
            )
            for line in lines
        ),
        reason=str(node["note"] or ""),
        at=datetime.fromisoformat(str(node["createdAt"])).astimezone(UTC),
    )


def _money(bag: object) -> Money:
    shop = obj(obj(bag)["shopMoney"])
    return Money(Decimal(str(shop["amount"])), str(shop["currencyCode"]))
