"""Routes of WooCommerce's own fulfillments, as measured on 10.5 with the feature switched on."""

from simulators.woocommerce.fulfillments import FEATURE, NUMBER, Fulfillment
from simulators.woocommerce.jsonish import Json, as_list, as_object, truth
from simulators.woocommerce.orders import Order
from simulators.woocommerce.rest.errors import RestError
from simulators.woocommerce.rest.params import Param, Params
from simulators.woocommerce.rest.requests import Answer, Request
from simulators.woocommerce.rest.router import READ, WRITE, Endpoint, Route, needs
from simulators.woocommerce.shop import Shop

ORDER: Params = {"order_id": Param("integer")}
BOTH: Params = {**ORDER, "fulfillment_id": Param("integer")}
BODY: Params = {
    "status": Param(),
    "is_fulfilled": Param("boolean"),
    "meta_data": Param("mixed"),
    "notify_customer": Param("boolean"),
}
ONE = r"(?P<fulfillment_id>[\d]+)"


def routes(shop: Shop) -> list[Route]:
    settings = shop.settings
    if FEATURE not in settings.features or FEATURE not in settings.version.features:
        return []
    base = "/wc/v3/orders/(?P<order_id>[\\d]+)/fulfillments"
    return [
        Route(
            base,
            (
                Endpoint(READ, page, needs("view"), ORDER),
                Endpoint(WRITE, create, needs("create"), {**ORDER, **BODY}),
            ),
        ),
        Route(
            f"{base}/lookup",
            (Endpoint(READ, lookup, needs("view"), {**ORDER, NUMBER[1:]: Param(required=True)}),),
        ),
        Route(
            f"{base}/{ONE}",
            (
                Endpoint(READ, get, needs("view_one"), BOTH),
                Endpoint(("PUT",), update, needs("edit"), {**BOTH, **BODY}),
                Endpoint(("DELETE",), delete, needs("delete"), BOTH),
            ),
        ),
        Route(f"{base}/{ONE}/metadata", (Endpoint(READ, metadata, needs("view_one"), BOTH),)),
    ]


def page(request: Request) -> Answer:
    rows = request.shop.fulfillments.of(_order(request))
    return Answer([_shown(request.shop, row) for row in rows])


def lookup(request: Request) -> Answer:
    wanted = str(request.params["tracking_number"])
    rows = request.shop.fulfillments.of(_order(request))
    return Answer([_shown(request.shop, row) for row in rows if row.value(NUMBER) == wanted])


def create(request: Request) -> Answer:
    shop, order = request.shop, _order(request)
    entries = _entries(request)
    row = Fulfillment(shop.next_id(), order.id, shop.clock.second())
    made = shop.fulfillments.save(order, row, entries, fulfilled=_fulfilled(request))
    return Answer(_shown(shop, made), 201)


def get(request: Request) -> Answer:
    return Answer(_shown(request.shop, _one(request)))


def metadata(request: Request) -> Answer:
    return Answer(list(_one(request).meta))


def update(request: Request) -> Answer:
    row = _one(request)
    entries = _entries(request)
    request.shop.fulfillments.save(_order(request), row, entries, fulfilled=_fulfilled(request))
    return Answer(_shown(request.shop, row))


def delete(request: Request) -> Answer:
    row = _one(request)
    shown = _shown(request.shop, row)
    request.shop.fulfillments.remove(_order(request), row)
    return Answer(shown)


def _order(request: Request) -> Order:
    order = request.shop.orders.get(request.id("order_id"))
    if order is None:
        raise RestError("woocommerce_rest_order_invalid_id", "Invalid order ID.", 404)
    return order


def _one(request: Request) -> Fulfillment:
    row = request.shop.fulfillments.rows.get(request.id("fulfillment_id"))
    if row is None or row.order_id != _order(request).id:
        raise RestError("woocommerce_rest_fulfillment_invalid_id", "Invalid ID.", 404)
    return row


def _entries(request: Request) -> list[Json]:
    """A trap as measured: without `"id": 0` in each entry nothing of it counts."""
    given = [as_object(entry) for entry in as_list(request.params.get("meta_data"))]
    entries = [entry for entry in given if "id" in entry]
    if not entries:
        raise RestError(0, "The fulfillment should contain at least one item.", 400)
    return entries


def _fulfilled(request: Request) -> bool:
    return truth(request.params.get("is_fulfilled")) or request.params.get("status") == "fulfilled"


def _shown(shop: Shop, row: Fulfillment) -> Json:
    return {
        "id": row.id,
        "entity_type": "WC_Order",
        "entity_id": str(row.order_id),
        "status": "fulfilled" if row.fulfilled else "unfulfilled",
        "is_fulfilled": row.fulfilled,
        "date_updated": shop.fulfillments.shown(row.updated),
        "date_deleted": None,
        "meta_data": list(row.meta),
    }
