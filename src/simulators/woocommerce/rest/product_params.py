"""What the routes of products take: parameters of lists, and bodies of writes."""

from simulators.woocommerce.rest.params import INTEGERS, STRINGS, Param, Params, one_of
from simulators.woocommerce.versions import Version
from simulators.woocommerce.wire.generations import WC_V3, Generation

CONTEXT = Param(enum=("view", "edit"), default="view")
PAGE: dict[str, Param] = {
    "context": CONTEXT,
    "page": Param("integer", 1, minimum=1),
    "per_page": Param("integer", 10, minimum=1, maximum=100),
    "search": Param(),
    "after": Param("date"),
    "before": Param("date"),
}
MODIFIED: dict[str, Param] = {
    "modified_after": Param("date"),
    "modified_before": Param("date"),
    "dates_are_gmt": Param("boolean", default=False),
}
CHOICE: dict[str, Param] = {
    "exclude": INTEGERS,
    "include": INTEGERS,
    "offset": Param("integer"),
    "order": Param(default="desc", enum=("asc", "desc")),
}
_ORDERBY = ("date", "id", "include", "title", "slug")
_PRODUCT_ORDERBY = (
    *_ORDERBY,
    "modified",
    *("popularity", "rating", "post__in", "price", "sales", "menu_order", "random"),
    *("popularity", "rating", "menu_order", "price", "popularity", "rating"),
)
STATUSES = ("any", "future", "trash", "draft", "pending", "private", "publish")
TYPES = ("simple", "grouped", "external", "variable")
STOCK_STATUSES = ("instock", "outofstock", "onbackorder")
BACKORDERS = ("no", "notify", "yes")
WRITE_STATUSES = ("draft", "pending", "private", "publish", "future", "auto-draft", "trash")
_SHARED: dict[str, Param] = {
    "slug": Param(),
    "status": Param(default="any", enum=STATUSES),
    "include_status": one_of(*STATUSES),
    "exclude_status": one_of(*STATUSES),
    "sku": Param(),
    "tax_class": Param(enum=("standard", "reduced-rate", "zero-rate")),
    "on_sale": Param("boolean"),
    "min_price": Param(),
    "max_price": Param(),
    "stock_status": Param(enum=STOCK_STATUSES),
    "virtual": Param("boolean"),
    "downloadable": Param("boolean"),
}


LATE_FILTERS = frozenset(
    {
        *("include_status", "exclude_status", "include_types", "exclude_types", "search_sku"),
        *("search_name_or_sku", "virtual", "downloadable", "created_via"),
    }
)


def orderby(version: Version, newest: tuple[str, ...], generation: Generation) -> Param:
    """`newest`: what today's wc/v3 knows."""
    if version.order_by_modified and generation is WC_V3:
        return Param(default="date", enum=newest)
    more = version.orderby if generation is WC_V3 else ()
    known = tuple(name for name in more if name in newest)
    return Param(default="date", enum=(*_ORDERBY, *known))


def known(found: dict[str, Param], version: Version, generation: Generation) -> Params:
    """Without what that version or generation does not filter by: such a parameter is ignored."""
    late = frozenset[str]() if version.late_filters else LATE_FILTERS
    return {
        name: param
        for name, param in found.items()
        if name not in generation.unknown and name not in late
    }


def products_list(version: Version, generation: Generation = WC_V3) -> Params:
    found = {**PAGE, **(MODIFIED if version.modified_after else {}), **CHOICE}
    found["orderby"] = orderby(version, _PRODUCT_ORDERBY, generation)
    found |= _SHARED
    if not generation.stock_words:
        found["in_stock"] = Param("boolean")
    found |= {
        "type": Param(enum=TYPES),
        "include_types": one_of(*TYPES),
        "exclude_types": one_of(*TYPES),
        "search_sku": Param(),
        "search_name_or_sku": Param(),
        "featured": Param("boolean"),
        "category": Param(),
        "tag": Param(),
    }
    if version.global_unique_id:
        found["global_unique_id"] = Param()
    if version.search_fields:
        words = ("name", "sku", "global_unique_id", "description", "short_description")
        found["search_fields"] = one_of(*words)
    return known(found, version, generation)


def variations_list(
    version: Version, *, whole_shop: bool, generation: Generation = WC_V3
) -> Params:
    """`whole_shop`: the collections of all variations know parents, and do not know search_sku."""
    found = {**PAGE, **(MODIFIED if version.modified_after else {}), **CHOICE}
    found["orderby"] = orderby(version, (*_ORDERBY, "modified", "menu_order"), generation)
    found |= _SHARED
    if not generation.stock_words:
        found["in_stock"] = Param("boolean")
    if whole_shop:
        found |= {"parent": INTEGERS, "parent_exclude": INTEGERS}
    else:
        found |= {"search_sku": Param()}
    return known(found, version, generation)


def _terms() -> Param:
    return Param(
        "array", items=Param("object", properties={"id": Param("integer"), "name": Param()})
    )


META = Param(
    "array",
    items=Param(
        "object",
        properties={"id": Param("integer"), "key": Param(), "value": Param("mixed")},
    ),
)
_STOCK: dict[str, Param] = {
    "sku": Param(),
    "global_unique_id": Param(),
    "regular_price": Param(),
    "sale_price": Param(),
    "date_on_sale_from": Param("mixed"),
    "date_on_sale_from_gmt": Param("mixed"),
    "date_on_sale_to": Param("mixed"),
    "date_on_sale_to_gmt": Param("mixed"),
    "virtual": Param("boolean"),
    "downloadable": Param("boolean"),
    "stock_quantity": Param("integer", nullable=True),
    "stock_status": Param(enum=STOCK_STATUSES),
    "backorders": Param(enum=BACKORDERS),
    "low_stock_amount": Param("integer", nullable=True),
    "tax_status": Param(enum=("taxable", "shipping", "none")),
    "tax_class": Param(),
    "weight": Param(),
    "dimensions": Param(
        "object", properties={"length": Param(), "width": Param(), "height": Param()}
    ),
    "shipping_class": Param(),
    "menu_order": Param("integer"),
    "meta_data": META,
}
PRODUCT_BODY: Params = {
    "name": Param(),
    "slug": Param(),
    "type": Param(enum=TYPES),
    "status": Param(enum=WRITE_STATUSES),
    "featured": Param("boolean"),
    "catalog_visibility": Param(enum=("visible", "catalog", "search", "hidden")),
    "description": Param(),
    "short_description": Param(),
    **_STOCK,
    "manage_stock": Param("boolean"),
    "sold_individually": Param("boolean"),
    "reviews_allowed": Param("boolean"),
    "external_url": Param(),
    "button_text": Param(),
    "upsell_ids": INTEGERS,
    "cross_sell_ids": INTEGERS,
    "grouped_products": INTEGERS,
    "purchase_note": Param(),
    "categories": _terms(),
    "tags": _terms(),
    "images": Param("array", items=Param("object")),
    "attributes": Param(
        "array",
        items=Param(
            "object",
            properties={
                "id": Param("integer"),
                "name": Param(),
                "position": Param("integer"),
                "visible": Param("boolean"),
                "variation": Param("boolean"),
                "options": STRINGS,
            },
        ),
    ),
    "default_attributes": Param("array", items=Param("object")),
    "post_password": Param(),
}
VARIATION_BODY: Params = {
    "description": Param(),
    "status": Param(enum=("draft", "pending", "private", "publish", "trash")),
    **_STOCK,
    "manage_stock": Param("mixed"),
    "image": Param("object"),
    "attributes": Param(
        "array",
        items=Param(
            "object", properties={"id": Param("integer"), "name": Param(), "option": Param()}
        ),
    ),
}


def writes(body: Params, generation: Generation) -> Params:
    """What a product or variation may be written with."""
    found = dict(body)
    if not generation.stock_words:
        del found["stock_status"]
        found["in_stock"] = Param("boolean")
    if not generation.meta:
        del found["meta_data"]
    if generation.variation is None:
        found["variations"] = Param("array", items=Param("object"))
    return found


FORCE: Params = {"force": Param("boolean", default=False)}
