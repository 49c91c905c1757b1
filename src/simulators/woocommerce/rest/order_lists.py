"""Lists of orders: filters and their order. Filters that the API does not know change nothing."""

from collections.abc import Sequence
from typing import Any

from simulators.woocommerce.generated import mixed
from simulators.woocommerce.jsonish import Json, as_list
from simulators.woocommerce.orders import Order
from simulators.woocommerce.rest.dates import second_of
from simulators.woocommerce.rest.requests import Request, page_of
from simulators.woocommerce.shop import Shop

HIDDEN_FROM_ANY = frozenset({"trash", "auto-draft"})


def matching_orders(request: Request) -> tuple[Sequence[Order], int]:
    shop = request.shop
    asked = {name: request.params[name] for name in request.declared if name in request.params}
    orders = [order for order in shop.orders.values() if _matches(shop, order, asked)]
    where = page_of(request, len(orders))
    _sort(request, orders, where.start)
    return orders[where], len(orders)


def _matches(shop: Shop, order: Order, asked: Json) -> bool:
    return (
        _has_status(order, as_list(asked["status"]) or [str(asked["status"])])
        and (not asked.get("include") or order.id in asked["include"])
        and order.id not in asked.get("exclude", ())
        and _dated(shop, order, asked)
        and asked.get("customer") in {None, order.customer_id}
        and (not asked.get("created_via") or order.created_via in asked["created_via"])
        and _sells(order, asked.get("product"))
        and (not asked.get("search") or _found_by(shop, order, str(asked["search"])))
    )


def _has_status(order: Order, wanted: Sequence[str]) -> bool:
    if "any" in wanted:
        return order.status not in HIDDEN_FROM_ANY
    return order.status in wanted


def _sells(order: Order, product_id: int | None) -> bool:
    return product_id is None or any(line.product_id == product_id for line in order.lines)


def _dated(shop: Shop, order: Order, asked: Json) -> bool:
    gmt = bool(asked.get("dates_are_gmt"))
    for name, second in (
        ("after", order.created),
        ("before", order.created),
        ("modified_after", order.modified),
        ("modified_before", order.modified),
    ):
        if name not in asked:
            continue
        bound = second_of(shop.clock, str(asked[name]), gmt=gmt)
        if not (second > bound if name.endswith("after") else second < bound):
            return False
    return True


def _found_by(shop: Shop, order: Order, text: str) -> bool:
    """Orders in their own tables are searched by transaction id too; classic ones are not. Neither
    looks into meta.
    """
    wanted = text.casefold()
    addresses = [*order.billing.values(), *order.shipping.values()]
    texts: list[Any] = [order.id, *addresses, *(line.name for line in order.lines)]
    if shop.settings.hpos and shop.settings.version.hpos:
        texts.append(order.transaction_id)
    return any(wanted in str(one).casefold() for one in texts)


def _sort(request: Request, orders: list[Order], start: int) -> None:
    """Equal dates of change come in an order of their own for every page; so do equal dates of
    creation on classic storage.
    """
    asked, settings = request.params, request.shop.settings
    order_by, descending = str(asked["orderby"]), asked["order"] == "desc"
    if order_by == "include":
        wanted: list[int] = asked.get("include") or []
        places = {order_id: place for place, order_id in enumerate(wanted)}
        orders.sort(key=lambda order: places.get(order.id, 0))
        return
    if order_by in {"id", "slug"}:
        orders.sort(key=lambda order: order.id, reverse=descending)
        return
    loose = (order_by == "modified" or not settings.hpos) and not settings.version.stable_paging
    salt = start * 1_000_003 + int(asked["per_page"])

    def key(order: Order) -> tuple[int, int]:
        second = order.modified if order_by == "modified" else order.created
        return second, mixed(salt, order.id) if loose else order.id

    orders.sort(key=key, reverse=descending)
