"""Routes of products."""

from typing import Any

from msgspec.structs import replace

from simulators.woocommerce.catalog import Product
from simulators.woocommerce.jsonish import Json, as_int, truth
from simulators.woocommerce.rest.batch import run_batch
from simulators.woocommerce.rest.collections import Collections
from simulators.woocommerce.rest.errors import RestError, denied, invalid_id
from simulators.woocommerce.rest.params import Param, Params
from simulators.woocommerce.rest.product_params import (
    CONTEXT,
    FORCE,
    PRODUCT_BODY,
    products_list,
)
from simulators.woocommerce.rest.product_writes import written
from simulators.woocommerce.rest.requests import Answer, Request, paged
from simulators.woocommerce.rest.router import EDIT, READ, WRITE, Endpoint, Route, needs
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.texts import slug_of
from simulators.woocommerce.wire.common import Rendered, rendered_list
from simulators.woocommerce.wire.render import PRODUCT_FORM, Form

ID: Params = {"id": Param("integer")}


def routes(shop: Shop, collections: Collections, namespace: str = "wc/v3") -> list[Route]:
    """Another generation of the API passes its own namespace and form."""
    made = Products(collections, PRODUCT_FORM)
    base = f"/{namespace}/products"
    return [
        Route(
            base,
            (
                Endpoint(READ, made.page, needs("view"), products_list(shop.settings.version)),
                Endpoint(WRITE, made.create, needs("create"), PRODUCT_BODY),
            ),
        ),
        Route(base + r"/batch", (Endpoint(EDIT, made.batch, needs("batch")),)),
        Route(
            base + r"/(?P<id>[\d]+)",
            (
                Endpoint(READ, made.get, _may("view_one"), {**ID, "context": CONTEXT}),
                Endpoint(EDIT, made.update, _may("edit"), {**ID, **PRODUCT_BODY}),
                Endpoint(("DELETE",), made.delete, _may("delete"), {**ID, **FORCE}),
            ),
        ),
    ]


def _may(what: str) -> Any:
    """Rights are asked for only where the product exists; else the route says so."""

    def guard(request: Request) -> RestError | None:
        if request.trusted or request.shop.catalog.get(request.id()) is None:
            return None
        return denied(what, stranger=request.key is None)

    return guard


class Products:
    def __init__(self, collections: Collections, form: Form) -> None:
        self._collections = collections
        self._form = form

    def page(self, request: Request) -> Answer:
        given = request.params
        widened = any(given.get(name) for name in ("sku", "search_sku", "search_name_or_sku"))
        ids, total = self._collections.page(request, "both" if widened else "products")
        rows = request.shop.catalog.rows(ids)
        texts = request.renderer.many(self._form, request.root, rows, request.fields)
        return paged(request, rendered_list(texts), total)

    def get(self, request: Request) -> Answer:
        row = request.shop.catalog.get(request.id())
        if row is None:
            raise invalid_id("product")
        return Answer(self._one(request, row))

    def create(self, request: Request) -> Answer:
        row = self._created(request, request.params)
        answer = Answer(self._one(request, row, edit=True), 201)
        answer.headers["Location"] = f"{request.root}/products/{row.id}"
        return answer

    def update(self, request: Request) -> Answer:
        row = self._updated(request, request.id(), request.params)
        return Answer(self._one(request, row, edit=True))

    def delete(self, request: Request) -> Answer:
        row = self._own(request, request.id(), 404)
        shown = self._one(request, row, edit=True)
        self._removed(request, row, force=truth(request.params["force"]))
        return Answer(shown)

    def batch(self, request: Request) -> Answer:
        return run_batch(request, self._batch_create, self._batch_update, self._batch_delete)

    def _one(self, request: Request, row: Product, *, edit: bool = False) -> Rendered:
        edit = edit or request.edit
        fields = request.fields
        return Rendered(request.renderer.one(self._form, request.root, row, fields, edit=edit))

    def _own(self, request: Request, product_id: int, status: int) -> Product:
        row = request.shop.catalog.get(product_id)
        if row is None:
            raise invalid_id("product", status)
        if row.is_variation:
            message = (
                "To manipulate product variations you should use the"
                " /products/&lt;product_id&gt;/variations/&lt;id&gt; endpoint."
            )
            raise RestError("woocommerce_rest_invalid_product_id", message, 404)
        return row

    def _created(self, request: Request, body: Json) -> Product:
        shop = request.shop
        row = written(shop, Product(id=0, created=shop.clock.second()), body)
        name = row.name or "Product"
        fields = {"name": name, "slug": row.slug or slug_of(name)}
        return shop.save(replace(row, id=shop.next_id(), **fields), "created")

    def _updated(self, request: Request, product_id: int, body: Json) -> Product:
        shop = request.shop
        row = self._own(request, product_id, 400)
        changed = written(shop, row, body)
        if row.kind == "variable" and changed.kind != "variable":
            for child in shop.catalog.children_of(row):
                shop.catalog.remove(child)
            changed = replace(changed, children=())
        return shop.save(changed)

    def _removed(self, request: Request, row: Product, *, force: bool) -> None:
        if not force and row.status == "trash":
            message = "The product has already been deleted."
            raise RestError("woocommerce_rest_already_trashed", message, 410)
        request.shop.delete_product(row.id, force=force)

    def _body(self, request: Request, row: Product) -> Json:
        render = request.renderer.body
        return render(self._form, request.root, row, edit=True, linked=True)

    def _batch_create(self, request: Request, body: Json) -> Json:
        return self._body(request, self._created(request, body))

    def _batch_update(self, request: Request, body: Json) -> Json:
        return self._body(request, self._updated(request, as_int(body.get("id")), body))

    def _batch_delete(self, request: Request, body: Json) -> Json:
        row = self._own(request, as_int(body.get("id")), 404)
        shown = self._body(request, row)
        self._removed(request, row, force=True)
        return shown
