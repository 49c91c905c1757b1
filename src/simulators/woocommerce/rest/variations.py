"""Routes of variations: below their product, and the collections of all variations of the shop."""

from typing import Any

import msgspec

from simulators.woocommerce.catalog import Product
from simulators.woocommerce.jsonish import Json, as_int
from simulators.woocommerce.rest.batch import run_batch
from simulators.woocommerce.rest.collections import Collections
from simulators.woocommerce.rest.errors import RestError, denied
from simulators.woocommerce.rest.params import Param, Params
from simulators.woocommerce.rest.product_params import (
    CONTEXT,
    FORCE,
    VARIATION_BODY,
    variations_list,
    writes,
)
from simulators.woocommerce.rest.product_writes import (
    POST_FIELDS,
    named_variation,
    written,
)
from simulators.woocommerce.rest.requests import Answer, Request, paged
from simulators.woocommerce.rest.router import EDIT, READ, WRITE, Endpoint, Route, needs
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.wire.common import Rendered, rendered_list
from simulators.woocommerce.wire.generations import WC_V3, Generation
from simulators.woocommerce.wire.render import ANALYTICS_FORM, VARIATION_FORM, Form

PARENT: Params = {"product_id": Param("integer")}
BOTH: Params = {**PARENT, "id": Param("integer")}


def routes(shop: Shop, collections: Collections, generation: Generation = WC_V3) -> list[Route]:
    if generation.variation is None:
        return []
    made = Variations(collections, generation.variation, generation)
    base = f"/{generation.namespace}/products/(?P<product_id>[\\d]+)/variations"
    listed = variations_list(shop.settings.version, whole_shop=False, generation=generation)
    body = writes(VARIATION_BODY, generation)
    return [
        Route(
            base,
            (
                Endpoint(READ, made.page, needs("view"), {**PARENT, **listed}),
                Endpoint(WRITE, made.create, needs("create"), {**PARENT, **body}),
            ),
        ),
        Route(base + "/batch", (Endpoint(EDIT, made.batch, needs("batch"), PARENT),)),
        Route(
            base + r"/(?P<id>[\d]+)",
            (
                Endpoint(READ, made.get, _may("view_one"), {**BOTH, "context": CONTEXT}),
                Endpoint(EDIT, made.update, _may("edit"), {**BOTH, **body}),
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
    return _child(request, request.id())


def _child(request: Request, variation_id: int) -> Product | None:
    """Older versions do not look at the product."""
    row = request.shop.catalog.get(variation_id)
    if row is None or not row.is_variation:
        return None
    if request.version.checks_parent and row.parent_id != request.id("product_id"):
        return None
    return row


def _may(what: str) -> Any:
    """Here WooCommerce asks for the variation before it asks for rights."""

    def guard(request: Request) -> RestError | None:
        if _found(request) is None:
            return request.invalid_id("product_variation")
        return None if request.trusted else denied(what, stranger=request.key is None)

    return guard


class Variations:
    def __init__(
        self, collections: Collections, form: Form, generation: Generation = WC_V3
    ) -> None:
        self._collections = collections
        self._form = form
        self._generation = generation

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
        edit = request.edit and request.shows_stored
        return Rendered(render(self._form, request.root, row, fields, edit=edit))

    def _body(self, request: Request, row: Product) -> Json:
        render, edit = request.renderer.body, request.shows_stored
        return render(self._form, request.root, row, edit=edit, linked=True)

    def _created(self, request: Request, body: Json) -> Product:
        shop = request.shop
        parent = shop.catalog.get(request.id("product_id"))
        if parent is None or parent.is_variation:
            raise RestError("woocommerce_rest_invalid_product_id", "Invalid product ID.", 400)
        blank = Product(id=0, kind="variation", parent_id=parent.id, created=shop.clock.second())
        row = named_variation(written(shop, blank, self._generation.heard(body)))
        row = msgspec.structs.replace(row, id=shop.next_id())
        return shop.save(row, "created", told=request.version.save_tells)

    def _updated(self, request: Request, variation_id: int, body: Json) -> Product:
        row = _child(request, variation_id)
        if row is None:
            raise request.invalid_id(
                "product_variation", 404 if request.version.checks_parent else 400
            )
        changed = written(request.shop, row, self._generation.heard(body))
        if "attributes" in body:
            changed = named_variation(changed)
        version = request.version
        dated = version.save_moves_date or bool(POST_FIELDS & body.keys())
        return request.shop.save(changed, dated=dated, told=version.save_tells)

    def _batch_create(self, request: Request, body: Json) -> Json:
        return self._body(request, self._created(request, body))

    def _batch_update(self, request: Request, body: Json) -> Json:
        return self._body(request, self._updated(request, as_int(body.get("id")), body))

    def _batch_delete(self, request: Request, body: Json) -> Json:
        row = _child(request, as_int(body.get("id")))
        if row is None:
            raise request.invalid_id("product_variation", 404)
        shown = self._body(request, row)
        request.shop.delete_product(row.id, force=True)
        return shown
