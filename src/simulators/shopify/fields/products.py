"""Fields of products, variants, media and metafields."""

from typing import Any

from simulators.shopify.fields.pages import by_text, by_time, found, page, read, read_id, sorting
from simulators.shopify.fields.registry import Context, field_of
from simulators.shopify.paging import COUNTED, count
from simulators.shopify.rows import NotModelled, Row, UserErrors, number
from simulators.shopify.search import Reader
from simulators.shopify.shop import media, metafields, stock
from simulators.shopify.shop.variants import DEFAULT, TITLE

MOST_VARIANTS_A_PAGE = 2000
"""Of one product alone (shopify.dev/docs/api/usage/limits)."""
KEYS = {"ID": None, "UPDATED_AT": by_time("updatedAt"), "CREATED_AT": by_time("createdAt"),
        "TITLE": by_text("title"), "VENDOR": by_text("vendor")}  # fmt: skip


# --- finding ---


def _searchable(context: Context) -> dict[str, Reader]:
    state = context.state

    def of_variants(name: str) -> Reader:
        if name == "sku":
            return lambda row: [
                state.items[state.variants[gid]["itemId"]]["sku"] for gid in row["variantIds"]
            ]
        return lambda row: [state.variants[gid]["barcode"] or "" for gid in row["variantIds"]]

    return {
        "id": read_id, "title": read("title"), "vendor": read("vendor"), "handle": read("handle"),
        "status": read("status"), "tag": read("tags"), "product_type": read("productType"),
        "updated_at": read("updatedAt"), "created_at": read("createdAt"),
        "sku": of_variants("sku"), "barcode": of_variants("barcode"),
        "published_status": lambda row: "published" if row["publishedOn"] else "unpublished",
    }  # fmt: skip


@field_of("QueryRoot.products")
def all_products(
    context: Context,
    _: Any,
    *,
    query: str | None = None,
    sort_key: str | None = None,
    **arguments: Any,
) -> Row:
    rows = found(context, list(context.state.products.values()), query, _searchable(context))
    return page(context, rows, root=True, key=sorting(KEYS, sort_key, "ID"), **arguments)


@field_of("QueryRoot.productsCount")
def products_count(
    context: Context, _: Any, *, query: str | None = None, limit: int | None = COUNTED
) -> Row:
    rows = found(context, list(context.state.products.values()), query, _searchable(context))
    return count(len(rows), limit)


@field_of("QueryRoot.productVariants")
def all_variants(
    context: Context,
    _: Any,
    *,
    query: str | None = None,
    sort_key: str | None = None,
    **arguments: Any,
) -> Row:
    state = context.state
    fields: dict[str, Reader] = {
        "id": read_id,
        "sku": lambda row: state.items[row["itemId"]]["sku"],
        "barcode": lambda row: row["barcode"] or "",
        "product_id": lambda row: number(row["productId"]),
        "vendor": lambda row: state.products[row["productId"]]["vendor"],
        "product_status": lambda row: state.products[row["productId"]]["status"],
        "updated_at": read("updatedAt"),
    }
    rows = found(context, list(state.variants.values()), query, fields)
    key = sorting({"ID": None}, sort_key, "ID")
    return page(context, rows, root=True, key=key, **arguments)


@field_of("QueryRoot.product")
def product(context: Context, _: Any, *, gid: str) -> Row | None:
    return context.state.products.get(gid)


@field_of("QueryRoot.productVariant")
def variant(context: Context, _: Any, *, gid: str) -> Row | None:
    return context.state.variants.get(gid)


@field_of("QueryRoot.productByIdentifier")
def by_identifier(context: Context, _: Any, *, identifier: Row) -> Row | None:
    state = context.state
    if identifier.get("id"):
        return state.products.get(identifier["id"])
    if identifier.get("handle"):
        return state.products.get(state.handles.get(identifier["handle"], ""))
    try:
        return metafields.by_custom_id(state, identifier["customId"])
    except UserErrors:
        return None


# --- products ---


@field_of("Product.options")
def options(context: Context, row: Row, *, first: int | None = None) -> list[Row]:
    del context
    return [
        {"__typename": "ProductOption", "id": one["id"], "name": one["name"], "position": index,
         "values": [value["name"] for value in one["values"]],
         "optionValues": [{**value, "hasVariants": True} for value in one["values"]]}
        for index, one in enumerate(row["options"][:first], 1)
    ]  # fmt: skip


@field_of("Product.seo")
def seo(_: Context, row: Row) -> Row:
    return {"title": None, "description": None, **(row.get("seo") or {})}


@field_of("Product.isGiftCard")
def is_gift_card(_: Context, row: Row) -> bool:
    return bool(row.get("isGiftCard"))


@field_of("Product.hasOnlyDefaultVariant")
def only_default(_: Context, row: Row) -> bool:
    names = [(one["name"], [value["name"] for value in one["values"]]) for one in row["options"]]
    return names == [(TITLE, [DEFAULT])]


@field_of("Product.tracksInventory")
def tracks(context: Context, row: Row) -> bool:
    state = context.state
    return any(state.items[state.variants[gid]["itemId"]]["tracked"] for gid in row["variantIds"])


@field_of("Product.totalInventory")
def total_inventory(context: Context, row: Row) -> int:
    state = context.state
    return sum(
        stock.available(state, state.variants[gid]["itemId"])
        for gid in row["variantIds"]
        if state.items[state.variants[gid]["itemId"]]["tracked"]
    )


@field_of("Product.publishedAt")
def published_at(_: Context, row: Row) -> Any:
    return row.get("publishedAt") if row["publishedOn"] else None


@field_of("Product.variantsCount")
def variants_count(_: Context, row: Row) -> Row:
    return count(len(row["variantIds"]))


@field_of("Product.mediaCount")
def media_count(_: Context, row: Row) -> Row:
    return count(len(row["mediaIds"]))


@field_of("Product.variants")
def product_variants(
    context: Context, row: Row, *, sort_key: str | None = None, **arguments: Any
) -> Row:
    if sort_key not in {None, "POSITION"}:
        raise NotModelled(f"a product's variants sorted by {sort_key}")
    rows = [context.state.variants[gid] for gid in row["variantIds"]]
    return page(context, rows, largest=MOST_VARIANTS_A_PAGE, **arguments)


@field_of("Product.media")
def product_media(
    context: Context, row: Row, *, sort_key: str | None = None, **arguments: Any
) -> Row:
    if sort_key not in {None, "POSITION"}:
        raise NotModelled(f"media sorted by {sort_key}")
    return page(context, [context.state.media[gid] for gid in row["mediaIds"]], **arguments)


@field_of("Product.publishedOnPublication")
def published_on(_: Context, row: Row, *, publication_id: str) -> bool:
    return publication_id in row["publishedOn"]


@field_of("Product.resourcePublications")
def resource_publications(
    context: Context, row: Row, *, only_published: bool | None = True, **arguments: Any
) -> Row:
    places = context.state.publications
    rows: list[Row] = [
        {"publication": place, "isPublished": gid in row["publishedOn"]}
        for gid, place in places.items()
        if gid in row["publishedOn"] or not only_published
    ]
    return page(context, rows, **arguments)


# --- variants ---


@field_of("ProductVariant.product")
def variant_product(context: Context, row: Row) -> Row:
    return context.state.products[row["productId"]]


@field_of("ProductVariant.inventoryItem")
def variant_item(context: Context, row: Row) -> Row:
    return context.state.items[row["itemId"]]


@field_of("ProductVariant.sku")
def variant_sku(context: Context, row: Row) -> str | None:
    return context.state.items[row["itemId"]]["sku"] or None


@field_of("ProductVariant.title")
def variant_title(_: Context, row: Row) -> str:
    return " / ".join(one["value"] for one in row["selectedOptions"])


@field_of("ProductVariant.displayName")
def display_name(context: Context, row: Row) -> str:
    owner = context.state.products[row["productId"]]
    return f"{owner['title']} - {variant_title(context, row)}"


@field_of("ProductVariant.position")
def position(context: Context, row: Row) -> int:
    return context.state.products[row["productId"]]["variantIds"].index(row["id"]) + 1


@field_of("ProductVariant.taxable")
def taxable(_: Context, row: Row) -> bool:
    return bool(row.get("taxable", True))


@field_of("ProductVariant.createdAt")
def variant_created(context: Context, row: Row) -> Any:
    return context.state.items[row["itemId"]]["createdAt"]


@field_of("ProductVariant.inventoryQuantity")
def inventory_quantity(context: Context, row: Row) -> int:
    return stock.available(context.state, row["itemId"])


@field_of("ProductVariant.availableForSale")
def available_for_sale(context: Context, row: Row) -> bool:
    item = context.state.items[row["itemId"]]
    free = not item["tracked"] or row["inventoryPolicy"] == "CONTINUE"
    return free or stock.available(context.state, item["id"]) > 0


@field_of("ProductVariant.media")
def variant_media(context: Context, row: Row, **arguments: Any) -> Row:
    gid = row.get("mediaId")
    rows = [context.state.media[gid]] if gid in context.state.media else []
    return page(context, rows, **arguments)


# --- media and metafields ---


@field_of("MediaImage.status")
def media_status(context: Context, row: Row) -> str:
    return media.status(context.state, row)


@field_of("MediaImage.mediaErrors")
def media_errors(context: Context, row: Row) -> list[Row]:
    return media.errors(context.state, row)


@field_of("MediaImage.originalSource")
def media_source(_: Context, row: Row) -> Row:
    return {"url": row["source"]}


@field_of("Product.metafields")
@field_of("ProductVariant.metafields")
@field_of("Order.metafields")
def owner_metafields(
    context: Context, row: Row, *, namespace: str | None = None, **arguments: Any
) -> Row:
    rows = list(metafields.fields_of(row).values())
    if namespace is not None:
        wanted = metafields.full_name({"namespace": namespace, "key": ""})[0]
        rows = [one for one in rows if one["namespace"] == wanted]
    return page(context, rows, **arguments)


@field_of("Product.metafield")
def owner_metafield(_: Context, row: Row, *, key: str, namespace: str | None = None) -> Row | None:
    name = metafields.full_name({"namespace": namespace, "key": key})
    return metafields.fields_of(row).get(name)


@field_of("Metafield.compareDigest")
def compare_digest(_: Context, row: Row) -> str:
    return metafields.digest(row)


@field_of("Metafield.jsonValue")
def json_value(_: Context, row: Row) -> Any:
    return metafields.as_json(row)


@field_of("QueryRoot.metafieldDefinitions")
def definitions(
    context: Context,
    _: Any,
    *,
    owner_type: str,
    namespace: str | None = None,
    key: str | None = None,
    sort_key: str | None = None,
    pinned_status: str | None = None,
    **arguments: Any,
) -> Row:
    if sort_key not in {None, "ID"} or pinned_status not in {None, "ANY"}:
        raise NotModelled("metafieldDefinitions sorted or pinned")
    wanted = metafields.full_name({"namespace": namespace, "key": key or ""})[0]
    rows = [
        row
        for (owner, space, name), row in context.state.definitions.items()
        if owner == owner_type
        and (namespace is None or space == wanted)
        and (key is None or name == key)
    ]
    return page(context, rows, root=True, **arguments)
