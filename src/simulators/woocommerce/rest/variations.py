"""Routes of variations: below their product, and the collections of all variations of the shop."""

from typing import Any

import msgspec

from simulators.woocommerce.catalog import Product
from simulators.woocommerce.jsonish import Json, as_int
from simulators.woocommerce.rest.batch import run_batch
from simulators.woocommerce.rest.collections import Collections
from simulators.woocommerce.rest.errors import RestError, denied, invalid_id
from simulators.woocommerce.rest.params import Param, Params
from simulators.woocommerce.rest.product_params import (
    CONTEXT,
    FORCE,
    VARIATION_BODY,
    variations_list,
)
from simulators.woocommerce.rest.product_writes import named_variation, written
from simulators.woocommerce.rest.requests import Answer, Request, paged
from simulators.woocommerce.rest.router import EDIT, READ, WRITE, Endpoint, Route, needs
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.wire.common import Rendered, rendered_list
from simulators.woocommerce.wire.render import ANALYTICS_FORM, VARIATION_FORM, Form

PARENT: Params = {"product_id": Param("integer")}
BOTH: Params = {**PARENT, "id": Param("integer")}


def routes(shop: Shop, collections: Collections, namespace: str = "wc/v3") -> list[Route]:
    made = Variations(collections, VARIATION_FORM)
    base = f"/{namespace}/products/(?P<product_id>[\\d]+)/variations"
    listed = variations_list(shop.settings.version, whole_shop=False)
    return [
        Route(
            base,
            (
                Endpoint(READ, made.page, needs("view"), {**PARENT, **listed}),
                Endpoint(WRITE, made.create, needs("create"), {**PARENT, **VARIATION_BODY}),
            ),
        ),
        Route(base + "/batch", (Endpoint(EDIT, made.batch, needs("batch"), PARENT),)),
        Route(
            base + r"/(?P<id>[\d]+)",
            (
                Endpoint(READ, made.get, _may("view_one"), {**BOTH, "context": CONTEXT}),
                Endpoint(EDIT, made.update, _may("edit"), {**BOTH, **VARIATION_BODY}),
                Endpoint(("DELETE",), made.delete, _may("delete"), {**BOTH, **FORCE}),
            ),
        ),
    ]


def whole_shop(shop: Shop, collections: Collections, namespace: str) -> list[Route]:
    """`wc-analytics/variations`, and since 10.3 `wc/v3/variations`."""
    form = ANALYTICS_FORM if namespace == "wc-analytics" else VARIATION_FORM
    made = Variations(collections, form)
    listed = variations_list(shop.settings.version, whole_shop=True)
    endpoint = Endpoint(READ, made.page_of_shop, needs("view"), listed)
    return [Route(f"/{namespace}/variations", (endpoint,))]


def _found(request: Request) -> Product | None:
    """The variation, if it belongs to the product in the path."""
    row = request.shop.catalog.get(request.id())
    if row is None or row.parent_id != request.id("product_id"):
        return None
    return row


def _may(what: str) -> Any:
    """Here WooCommerce asks for the variation before it asks for rights."""

    def guard(request: Request) -> RestError | None:
        if _found(request) is None:
            return invalid_id("product_variation")
        return None if request.trusted else denied(what, stranger=request.key is None)

    return guard


class Variations:
    def __init__(self, collections: Collections, form: Form) -> None:
        self._collections = collections
        self._form = form

    def page(self, request: Request) -> Answer:
        parents = [request.id("product_id")]
        ids, total = self._collections.page(request, "children", parents)
        return self._listed(request, ids, total)

    def page_of_shop(self, request: Request) -> Answer:
        ids, total = self._collections.page(request, "variations")
        return self._listed(request, ids, total)

    def _listed(self, request: Request, ids: list[int], total: int) -> Answer:
        rows = request.shop.catalog.rows(ids)
        texts = request.renderer.many(self._form, request.root, rows, request.fields)
        return paged(request, rendered_list(texts), total)

    def get(self, request: Request) -> Answer:
        return Answer(self._one(request, request.shop.catalog.require(request.id())))

    def create(self, request: Request) -> Answer:
        row = self._created(request, request.params)
        answer = Answer(self._one(request, row), 201)
        # A quirk as recorded: the pattern of the route, not its address.
        base = "products/(?P<product_id>[\\d]+)/variations"
        answer.headers["Location"] = f"{request.root}/{base}/{row.id}"
        return answer

    def update(self, request: Request) -> Answer:
        return Answer(self._one(request, self._updated(request, request.id(), request.params)))

    def delete(self, request: Request) -> Answer:
        row = request.shop.catalog.require(request.id())
        shown = self._body(request, row)
        shown["_links"]["self"] = [{"href": shown["_links"]["self"][0]["href"]}]
        request.shop.delete_product(row.id, force=True)
        return Answer(shown)

    def batch(self, request: Request) -> Answer:
        return run_batch(request, self._batch_create, self._batch_update, self._batch_delete)

    def _one(self, request: Request, row: Product) -> Rendered:
        render, fields = request.renderer.one, request.fields
        return Rendered(render(self._form, request.root, row, fields, edit=request.edit))

    def _body(self, request: Request, row: Product) -> Json:
        return request.renderer.body(self._form, request.root, row, edit=True, linked=True)

    def _created(self, request: Request, body: Json) -> Product:
        shop = request.shop
        parent = shop.catalog.get(request.id("product_id"))
        if parent is None or parent.is_variation:
            raise RestError("woocommerce_rest_invalid_product_id", "Invalid product ID.", 400)
        blank = Product(id=0, kind="variation", parent_id=parent.id, created=shop.clock.second())
        row = named_variation(written(shop, blank, body))
        return shop.save(msgspec.structs.replace(row, id=shop.next_id()), "created")

    def _updated(self, request: Request, variation_id: int, body: Json) -> Product:
        row = request.shop.catalog.get(variation_id)
        if row is None or row.parent_id != request.id("product_id"):
            raise invalid_id("product_variation", 404)
        changed = written(request.shop, row, body)
        if "attributes" in body:
            changed = named_variation(changed)
        return request.shop.save(changed)

    def _batch_create(self, request: Request, body: Json) -> Json:
        return self._body(request, self._created(request, body))

    def _batch_update(self, request: Request, body: Json) -> Json:
        return self._body(request, self._updated(request, as_int(body.get("id")), body))

    def _batch_delete(self, request: Request, body: Json) -> Json:
        row = request.shop.catalog.get(as_int(body.get("id")))
        if row is None or row.parent_id != request.id("product_id"):
            raise invalid_id("product_variation", 404)
        shown = self._body(request, row)
        request.shop.delete_product(row.id, force=True)
        return shown
