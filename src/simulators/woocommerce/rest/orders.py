"""Routes of orders."""

from collections.abc import Callable
from typing import Any

from simulators.woocommerce.jsonish import Json, as_int, as_list, as_object, truth
from simulators.woocommerce.orders import STATUS_NAMES, Order
from simulators.woocommerce.rest.batch import run_batch
from simulators.woocommerce.rest.errors import CriticalError, RestError, denied
from simulators.woocommerce.rest.order_lists import matching_orders
from simulators.woocommerce.rest.order_params import order_body, orders_list
from simulators.woocommerce.rest.params import Param, Params
from simulators.woocommerce.rest.product_params import CONTEXT, FORCE
from simulators.woocommerce.rest.requests import Answer, Request, paged
from simulators.woocommerce.rest.router import EDIT, READ, WRITE, Endpoint, Route, needs
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.wire.common import choose
from simulators.woocommerce.wire.generations import WC_V3, Generation

ID: Params = {"id": Param("integer")}


def routes(shop: Shop, generation: Generation = WC_V3) -> list[Route]:
    made = Orders()
    base = f"/{generation.namespace}/orders"
    body = order_body(shop.settings, generation)
    listed = orders_list(shop.settings, generation)
    found = [
        Route(
            base,
            (
                Endpoint(READ, made.page, needs("view"), listed),
                Endpoint(WRITE, made.create, needs("create"), body),
            ),
        ),
        Route(base + r"/batch", (Endpoint(EDIT, made.batch, needs("batch")),)),
        Route(
            base + r"/(?P<id>[\d]+)",
            (
                Endpoint(READ, made.get, may("view_one"), {**ID, "context": CONTEXT}),
                Endpoint(EDIT, made.update, may("edit"), {**ID, **body}),
                Endpoint(("DELETE",), made.delete, may("delete"), {**ID, **FORCE}),
            ),
        ),
    ]
    if shop.settings.version.order_statuses and generation is WC_V3:
        found.append(Route(base + "/statuses", (Endpoint(READ, made.statuses, needs("view")),)))
    return found


def may(what: str, name: str = "id") -> Callable[[Request], RestError | None]:
    def guard(request: Request) -> RestError | None:
        if request.trusted or request.id(name) not in request.shop.orders:
            return None
        return denied(what, stranger=request.key is None)

    return guard


def order_of(request: Request, order_id: int, status: int = 404) -> Order:
    order = request.shop.orders.get(order_id)
    if order is None:
        raise request.invalid_id("shop_order", status)
    return order


def checked_body(shop: Shop, body: Json) -> None:
    """What WooCommerce refuses beyond types. Quantity 0 in a new line is fatal to it."""
    customer = as_int(body.get("customer_id"))
    if customer > 1:
        message = "Customer ID is invalid."
        raise RestError("woocommerce_rest_invalid_customer_id", message, 400)
    for item in map(as_object, as_list(body.get("line_items"))):
        if as_int(item.get("id")):
            continue
        if not shop.settings.version.objects:
            _early_line(shop, item)
        if not (
            item.get("sku") or as_int(item.get("product_id")) or as_int(item.get("variation_id"))
        ):
            message = "Product ID or SKU is required."
            raise RestError("woocommerce_rest_required_product_reference", message, 400)
        fatal = shop.settings.version.zero_is_fatal
        if fatal and "quantity" in item and as_int(item["quantity"]) == 0:
            raise CriticalError
    for item in map(as_object, as_list(body.get("shipping_lines"))):
        if not (as_int(item.get("id")) or item.get("method_id")):
            message = "Shipping method ID is required."
            raise RestError("woocommerce_rest_invalid_shipping_item", message, 400)
    _known_lines(shop, body)


def _early_line(shop: Shop, item: Json) -> None:
    """Before 3.0 a line must be of something, and of more than nothing."""
    if shop.ordering.find(item) is None:
        raise RestError("woocommerce_rest_invalid_product", "Product is invalid.", 400)
    if "quantity" in item and as_int(item["quantity"]) <= 0:
        message = "Product quantity must be a positive float."
        raise RestError("woocommerce_rest_invalid_product_quantity", message, 400)


def _known_lines(shop: Shop, body: Json) -> None:
    """Only with a plugin that looks: by itself this version takes unknown products."""
    if not shop.refuses_unknown_products:
        return
    for item in map(as_object, as_list(body.get("line_items"))):
        if not as_int(item.get("id")) and shop.ordering.find(item) is None:
            raise RestError("woocommerce_rest_invalid_product_id", "Invalid product ID.", 400)


class Orders:
    def page(self, request: Request) -> Answer:
        found, total = matching_orders(request)
        bodies = [request.order_body(order) for order in found]
        version = request.version
        names = ("status", "dp") if version.default_links else ("status",)
        names = (*names, "context") if version.late_order_fields else names
        extra = {name: request.params[name] for name in names}
        if not request.fields:
            return paged(request, bodies, total, extra)
        return paged(request, choose(bodies, request.fields), total, extra)

    def get(self, request: Request) -> Answer:
        return Answer(one(request, order_of(request, request.id())))

    def create(self, request: Request) -> Answer:
        order = self._created(request, request.params)
        answer = Answer(one(request, order), 201)
        answer.headers["Location"] = f"{request.root}/orders/{order.id}"
        return answer

    def update(self, request: Request) -> Answer:
        return Answer(one(request, self._updated(request, request.id(), request.params)))

    def delete(self, request: Request) -> Answer:
        order = order_of(request, request.id())
        shown = one(request, order)
        self._removed(request, order, force=truth(request.params["force"]))
        return Answer(shown)

    def batch(self, request: Request) -> Answer:
        return run_batch(request, self._batch_create, self._batch_update, self._batch_delete)

    def statuses(self, request: Request) -> Answer:
        names = {**STATUS_NAMES, **request.shop.settings.statuses}
        return Answer([{"slug": slug, "name": name} for slug, name in names.items()])

    def _created(self, request: Request, body: Json) -> Order:
        shop = request.shop
        if as_int(body.get("id")):
            message = "Cannot create existing shop order."
            raise RestError("woocommerce_rest_shop_order_exists", message, 400)
        checked_body(shop, body)
        if shop.refuses_no_email and not as_object(body.get("billing")).get("email"):
            message = "A billing email address is required."
            raise RestError("checkout_plugin_missing_billing_email", message, 400)
        order = shop.ordering.save_first(body)
        order.agent = request.agent
        if as_list(body.get("coupon_lines")):
            self._coupon_refused(shop, order)
        told = request.version.order_tells
        if request.settles_after_s is None:
            shop.ordering.finish(order, body, told=told)
        else:
            late = request.settles_after_s
            shop.later(late, lambda: shop.ordering.finish(order, body, told=told))
        return order

    def _coupon_refused(self, shop: Shop, order: Order) -> None:
        """No coupon exists here. The half-made order stays behind; newer versions name it."""
        order.half_made = False
        data: Json | None = None
        if shop.settings.version.failed_order_draft:
            order.status = "checkout-draft"
            data = {"new_draft_order_id": order.id}
        message = "Coupon does not exist."
        raise RestError("woocommerce_rest_invalid_coupon", message, 400, data)

    def _updated(self, request: Request, order_id: int, body: Json) -> Order:
        order = order_of(request, order_id, 400)
        checked_body(request.shop, body)
        request.shop.ordering.update(order, body)
        return order

    def _removed(self, request: Request, order: Order, *, force: bool) -> None:
        if force:
            request.shop.ordering.remove(order)
        elif order.status == "trash":
            message = "The order has already been deleted."
            raise RestError("woocommerce_rest_already_trashed", message, 410)
        else:
            request.shop.ordering.trash(order)

    def _batch_create(self, request: Request, body: Json) -> Any:
        return request.order_body(self._created(request, body))

    def _batch_update(self, request: Request, body: Json) -> Any:
        order = self._updated(request, as_int(body.get("id")), body)
        return request.order_body(order)

    def _batch_delete(self, request: Request, body: Json) -> Any:
        order = order_of(request, as_int(body.get("id")))
        shown = request.order_body(order)
        self._removed(request, order, force=True)
        return shown


def one(request: Request, order: Order) -> Json:
    """A single order keeps its links whatever fields are asked for."""
    body = request.order_body(order)
    if not request.fields:
        return body
    chosen: Json = choose(body, [name for name in body if name in request.fields])
    return {**chosen, "_links": body["_links"]}
