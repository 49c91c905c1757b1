"""Routes of products: lists, single ones, writing, categories."""

from collections.abc import Iterable

from simulators.woocommerce.catalog import TRASH, Product
from simulators.woocommerce.jsonish import Json, as_int, as_list, as_object, as_text
from simulators.woocommerce.legacy import product_writes
from simulators.woocommerce.legacy.lists import Collection, Columns
from simulators.woocommerce.legacy.product_wire import product_json, product_meta
from simulators.woocommerce.legacy.requests import (
    Answer,
    LegacyError,
    Request,
    chosen,
    deleted,
    denied,
    not_there,
)

_COLUMNS = Columns(
    id=lambda row: row.id,
    created=lambda row: row.created,
    modified=lambda row: row.modified,
    keys={
        "title": lambda row: row.name.lower(),
        "name": lambda row: row.slug,
        "menu_order": lambda row: row.content.get("menu_order", 0),
        "parent": lambda row: row.parent_id,
    },
)


def shown(request: Request, row: Product, fields: str = "") -> Json:
    body = product_json(request.shop, request.speech, row)
    if request.wants_meta:
        meta = product_meta(request.speech, row)
        body.update({"product_meta": meta} if meta else {})
    return chosen(_warped(request, row, body), fields)


def _warped(request: Request, row: Product, body: Json) -> Json:
    """Plugins and faults change what lies inside as well."""
    catalog = request.shop.catalog
    for warp in request.shop.warps:
        inside = [
            warp(catalog.require(one["id"]), one) for one in map(as_object, body["variations"])
        ]
        body = warp(row, {**body, "variations": inside})
    return body


def _found(request: Request) -> list[Product]:
    catalog = request.shop.catalog
    rows: Iterable[Product] = catalog.products()
    sku = as_text(request.filter.get("sku")) if request.rules.filters_sku else ""
    if sku:
        rows = catalog.rows(catalog.ids_of_sku(sku))
    kinds = _words(request.query.get("type") or request.filter.get("type"))
    categories = _words(request.filter.get("category")) if request.rules.filters_category else []
    tags = _words(request.filter.get("tag")) if request.rules.filters_category else []
    statuses = _words(request.filter.get("post_status")) or ["publish"]
    text = as_text(request.filter.get("q")).lower()
    return [
        row
        for row in rows
        if (row.status in statuses or ("any" in statuses and row.status != TRASH))
        and (not kinds or row.kind in kinds)
        and (not categories or _has(row, "categories", categories))
        and (not tags or _has(row, "tags", tags))
        and text in f"{row.name} {row.content.get('description', '')}".lower()
    ]


LIST = Collection("products", _COLUMNS, _found, shown)


def _words(value: object) -> list[str]:
    return [part for part in as_text(value).split(",") if part]


def _has(row: Product, what: str, slugs: list[str]) -> bool:
    return any(as_object(one).get("slug") in slugs for one in as_list(row.content.get(what)))


def required(request: Request, row_id: int, verb: str) -> Product:
    """The product or variation. Raises LegacyError."""
    shop = request.shop
    row = shop.catalog.get(row_id) if row_id else None
    if row_id == 0:
        raise LegacyError("invalid_product_id", "Invalid product ID", 404)
    if row is None:
        other = row_id in shop.orders or row_id in shop.webhooks.rows
        raise not_there(request.rules, "product", row_id, other=other)
    if not request.trusted:
        raise denied(verb, "product")
    return row


def read_product(request: Request) -> Answer:
    row = required(request, request.id(), "read")
    return Answer({"product": shown(request, row, request.fields)})


def read_by_sku(request: Request) -> Answer:
    row = request.shop.catalog.by_sku(request.path["sku"])
    if row is None:
        raise LegacyError("invalid_product_sku", "Invalid product SKU", 404)
    request.path["id"] = str(row.id)
    return read_product(request)


def make_product(request: Request) -> Answer:
    data = request.envelope("product")
    if not request.trusted:
        raise denied("create", "product")
    row = product_writes.create(request, data)
    return Answer({"product": shown(request, row)}, 201)


def edit_product(request: Request) -> Answer:
    data = request.envelope("product", "edit")
    row = required(request, request.id(), "edit")
    return Answer({"product": shown(request, product_writes.edit(request, row, data))})


def drop_product(request: Request) -> Answer:
    row = required(request, request.id(), "delete")
    force = request.query.get("force") == "true"
    request.shop.delete_product(row.id, force=force)
    return deleted("product", force=force)


def bulk_products(request: Request) -> Answer:
    """Known ids and SKUs are edited, everything else becomes a new product."""
    items = request.many("products")
    if not request.trusted:
        raise denied("create", "product")
    return Answer({"products": [_one_of_many(request, one) for one in items]}, 201)


def _one_of_many(request: Request, data: Json) -> Json:
    catalog = request.shop.catalog
    row_id = as_int(data.get("id"))
    given = row_id
    if not row_id and data.get("sku"):
        same = catalog.by_sku(as_text(data["sku"]))
        row_id = 0 if same is None else same.id
    try:
        if row_id:
            row = required(request, row_id, "edit")
            return shown(request, product_writes.edit(request, row, data))
        return shown(request, product_writes.create(request, data))
    except LegacyError as error:
        told = error.told(request.rules)
        return {"id": given, "sku": as_text(data.get("sku")), "error": told}


def read_category(request: Request) -> Answer:
    if not request.trusted:
        raise denied("read", "product_categories")
    rows = [one for one in _categories(request) if one["id"] == request.id()]
    if not rows:
        message = "A product category with the provided ID could not be found"
        raise LegacyError("invalid_product_category_id", message, 404)
    return Answer({"product_category": chosen(rows[0], request.fields)})


def list_categories(request: Request) -> Answer:
    if not request.trusted:
        raise denied("read", "product_categories")
    body = [chosen(row, request.fields) for row in _categories(request)]
    return Answer({"product_categories": body})


def _categories(request: Request) -> list[Json]:
    terms = request.shop.terms.sorted("categories")
    more = {"display": "default", "image": ""} if request.rules.needs_envelope else {}
    return [
        {
            "id": term.id,
            "name": term.name,
            "slug": term.slug,
            "parent": term.parent,
            "description": term.description,
            **(more if request.rules.says_separators else {}),
            "count": term.count,
        }
        for term in terms
    ]
