"""Routes of products."""

from typing import Any

from msgspec.structs import replace

from simulators.woocommerce.catalog import Product
from simulators.woocommerce.jsonish import Json, as_int, as_list, as_object, truth
from simulators.woocommerce.rest.batch import run_batch
from simulators.woocommerce.rest.collections import Collections
from simulators.woocommerce.rest.errors import RestError, denied
from simulators.woocommerce.rest.params import Param, Params
from simulators.woocommerce.rest.product_params import (
    CONTEXT,
    FORCE,
    PRODUCT_BODY,
    products_list,
    writes,
)
from simulators.woocommerce.rest.product_writes import POST_FIELDS, write_inside, written
from simulators.woocommerce.rest.requests import Answer, Request, paged
from simulators.woocommerce.rest.router import EDIT, READ, WRITE, Endpoint, Route, needs
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.texts import slug_of
from simulators.woocommerce.wire.common import Rendered, rendered_list
from simulators.woocommerce.wire.generations import WC_V3, Generation

ID: Params = {"id": Param("integer")}


def routes(shop: Shop, collections: Collections, generation: Generation = WC_V3) -> list[Route]:
    made = Products(collections, generation)
    base = f"/{generation.namespace}/products"
    listed = products_list(shop.settings.version, generation)
    body = writes(PRODUCT_BODY, generation)
    return [
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
                Endpoint(READ, made.get, _may("view_one"), {**ID, "context": CONTEXT}),
                Endpoint(EDIT, made.update, _may("edit"), {**ID, **body}),
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


def _elsewhere() -> RestError:
    message = (
        "To manipulate product variations you should use the"
        " /products/&lt;product_id&gt;/variations/&lt;id&gt; endpoint."
    )
    return RestError("woocommerce_rest_invalid_product_id", message, 404)


class Products:
    def __init__(self, collections: Collections, generation: Generation) -> None:
        self._collections = collections
        self._generation = generation
        self._form = generation.product

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
            raise request.invalid_id("product")
        if row.is_variation and self._generation.variation is None and request.version.objects:
            raise _elsewhere()
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
        edit = (edit or request.edit) and request.shows_stored
        fields = request.fields
        return Rendered(request.renderer.one(self._form, request.root, row, fields, edit=edit))

    def _own(self, request: Request, product_id: int, status: int) -> Product:
        row = request.shop.catalog.get(product_id)
        if row is None:
            raise request.invalid_id("product", status)
        if not row.is_variation:
            return row
        parent = request.shop.catalog.parent_of(row)
        if not request.version.objects and parent is not None:
            return parent  # 2.6 means the parent when it writes by a variation's id
        if self._generation.variation is None:
            raise request.invalid_id("product", status)
        raise _elsewhere()

    def _created(self, request: Request, body: Json) -> Product:
        shop = request.shop
        if not (body.get("name") or request.version.objects):
            message = "Content, title, and excerpt are empty."
            raise RestError("empty_content", message, 400)
        blank = Product(id=0, created=shop.clock.second())
        row = written(shop, blank, self._generation.heard(body))
        name = row.name or "Product"
        fields = {"name": name, "slug": row.slug or slug_of(name)}
        made = shop.save(
            replace(row, id=shop.next_id(), **fields), "created", told=request.version.save_tells
        )
        self._inside(request, made, body)
        return shop.catalog.require(made.id)

    def _updated(self, request: Request, product_id: int, body: Json) -> Product:
        shop = request.shop
        row = self._own(request, product_id, 400)
        changed = written(shop, row, self._generation.heard(body))
        if row.kind == "variable" and changed.kind != "variable":
            for child in shop.catalog.children_of(row):
                shop.catalog.remove(child)
            changed = replace(changed, children=())
        version = request.version
        dated = version.save_moves_date or not version.objects or bool(POST_FIELDS & body.keys())
        shop.save(changed, dated=dated, told=version.save_tells)
        self._inside(request, changed, body)
        return shop.catalog.require(product_id)

    def _inside(self, request: Request, parent: Product, body: Json) -> None:
        """Variations written inside their product, as wc/v1 takes them; others stay untouched."""
        if self._generation.variation is None:
            for given in map(as_object, as_list(body.get("variations"))):
                write_inside(request.shop, parent, self._generation.heard(given))

    def _removed(self, request: Request, row: Product, *, force: bool) -> None:
        if not force and row.status == "trash":
            message = "The product has already been deleted."
            raise RestError("woocommerce_rest_already_trashed", message, 410)
        request.shop.delete_product(row.id, force=force)

    def _body(self, request: Request, row: Product) -> Json:
        render = request.renderer.body
        return render(self._form, request.root, row, edit=request.shows_stored, linked=True)

    def _batch_create(self, request: Request, body: Json) -> Json:
        return self._body(request, self._created(request, body))

    def _batch_update(self, request: Request, body: Json) -> Json:
        return self._body(request, self._updated(request, as_int(body.get("id")), body))

    def _batch_delete(self, request: Request, body: Json) -> Json:
        row = self._own(request, as_int(body.get("id")), 404)
        shown = self._body(request, row)
        self._removed(request, row, force=True)
        return shown
