"""Which routes a version of the old API has, in the order of its index."""

from simulators.woocommerce.legacy import order_parts, orders, products, webhooks
from simulators.woocommerce.legacy.index import index
from simulators.woocommerce.legacy.requests import Answer, Request
from simulators.woocommerce.legacy.router import (
    EDIT,
    READ,
    Endpoint,
    Route,
    Router,
    bulk,
    get,
    item,
    listed,
    unsimulated,
)
from simulators.woocommerce.legacy.rules import Speech

NO = unsimulated


def router_of(speech: Speech) -> Router:
    found: list[Route] = []

    def front(request: Request) -> Answer:
        return index(request, found)

    found.append(get("/", front))
    found.extend(_of_v1() if not speech.writes else _of_later(speech))
    return Router(found)


def _of_v1() -> list[Route]:
    """Nothing can be written but an order's status."""
    status = Endpoint(EDIT, orders.edit_status, takes_data=True)
    return [
        *(get(f"/customers{path}", NO) for path in ("", "/count", "/<id>", "/<id>/orders")),
        get("/orders", orders.LIST.page),
        get("/orders/count", orders.LIST.count),
        Route("/orders/<id>", (Endpoint(READ, orders.read_order), status)),
        get("/orders/<id>/notes", order_parts.list_notes),
        get("/products", products.LIST.page),
        get("/products/count", products.LIST.count),
        get("/products/<id>", products.read_product),
        get("/products/<id>/reviews", _no_reviews),
        *(get(f"/coupons{path}", NO) for path in ("", "/count", "/<id>", "/code/<code>")),
        *(get(f"/reports{path}", NO) for path in ("", "/sales", "/sales/top_sellers")),
    ]


def _of_later(speech: Speech) -> list[Route]:
    rules = speech.rules
    customers, coupons = _customers(speech), _coupons(speech)
    shop = [*_orders(speech), *_products(speech)]
    reports = [get(f"/reports{path}", NO) for path in ("", "/sales", "/sales/top_sellers")]
    first, last = (coupons, []) if rules.searches_notes else ([], coupons)
    taxes = _taxes() if speech.only("v3_terms") else []
    return [*first, *customers, *shop, *last, *reports, *taxes, *_webhooks()]


def _customers(speech: Speech) -> list[Route]:
    found = [
        listed("/customers", NO, NO),
        get("/customers/count", NO),
        item("/customers/<id>", NO, NO, NO),
        get("/customers/email/<email>", NO),
        get("/customers/<id>/orders", NO),
        get("/customers/<id>/downloads", NO),
    ]
    return [*found, *([bulk("/customers/bulk", NO)] if speech.rules.bulk else [])]


def _coupons(speech: Speech) -> list[Route]:
    found = [
        listed("/coupons", NO, NO),
        get("/coupons/count", NO),
        item("/coupons/<id>", NO, NO, NO),
        get("/coupons/code/<code>", NO),
    ]
    return [*found, *([bulk("/coupons/bulk", NO)] if speech.rules.bulk else [])]


def _orders(speech: Speech) -> list[Route]:
    parts = order_parts
    found = [
        listed("/orders", orders.LIST.page, orders.make_order),
        get("/orders/count", orders.LIST.count),
        get("/orders/statuses", orders.order_statuses),
        item("/orders/<id>", orders.read_order, orders.edit_order, orders.drop_order),
        listed("/orders/<order_id>/notes", parts.list_notes, parts.make_note),
        item("/orders/<order_id>/notes/<id>", parts.read_note, parts.edit_note, parts.drop_note),
        listed("/orders/<order_id>/refunds", parts.list_refunds, parts.make_refund),
        item(
            "/orders/<order_id>/refunds/<id>",
            parts.read_refund,
            parts.edit_refund,
            parts.drop_refund,
        ),
    ]
    return [*found, *([bulk("/orders/bulk", orders.bulk_orders)] if speech.rules.bulk else [])]


def _products(speech: Speech) -> list[Route]:
    rules, terms = speech.rules, speech.only("v3_terms")
    found = [
        listed("/products", products.LIST.page, products.make_product),
        get("/products/count", products.LIST.count),
        item("/products/<id>", products.read_product, products.edit_product, products.drop_product),
        get("/products/<id>/reviews", _no_reviews),
    ]
    if rules.bulk:
        found.append(get("/products/<id>/orders", NO))
    if terms:
        found += [
            listed("/products/categories", products.list_categories, NO),
            item("/products/categories/<id>", products.read_category, NO, NO),
            listed("/products/tags", NO, NO),
            item("/products/tags/<id>", NO, NO, NO),
            listed("/products/shipping_classes", NO, NO),
            item("/products/shipping_classes/<id>", NO, NO, NO),
        ]
    else:
        found.append(get("/products/categories", products.list_categories))
        found.append(get("/products/categories/<id>", products.read_category))
    if rules.bulk:
        found.append(listed("/products/attributes", NO, NO))
        found.append(item("/products/attributes/<id>", NO, NO, NO))
    if terms:
        found.append(listed("/products/attributes/<attribute_id>/terms", NO, NO))
        found.append(item("/products/attributes/<attribute_id>/terms/<id>", NO, NO, NO))
    if speech.only("v2_sku_route"):
        found.append(get("/products/sku/<sku>", products.read_by_sku))
    if rules.bulk:
        found.append(bulk("/products/bulk", products.bulk_products))
    return found


def _webhooks() -> list[Route]:
    return [
        listed("/webhooks", webhooks.LIST.page, webhooks.make_webhook),
        get("/webhooks/count", webhooks.LIST.count),
        item("/webhooks/<id>", webhooks.read_webhook, webhooks.edit_webhook, webhooks.drop_webhook),
        get("/webhooks/<webhook_id>/deliveries", webhooks.list_deliveries),
        get("/webhooks/<webhook_id>/deliveries/<id>", NO),
    ]


def _taxes() -> list[Route]:
    classes = Route("/taxes/classes/<slug>", (Endpoint(("DELETE",), NO),))
    return [
        listed("/taxes", NO, NO),
        get("/taxes/count", NO),
        item("/taxes/<id>", NO, NO, NO),
        listed("/taxes/classes", NO, NO),
        get("/taxes/classes/count", NO),
        classes,
        bulk("/taxes/bulk", NO),
    ]


def _no_reviews(request: Request) -> Answer:
    products.required(request, request.id(), "read")
    return Answer({"product_reviews": []})
