"""Writing products through the old API: names of fields, what is dropped, and what is a mistake."""

from typing import Any

import msgspec

from simulators.woocommerce.catalog import Product
from simulators.woocommerce.jsonish import Json, as_int, as_list, as_object, as_text
from simulators.woocommerce.legacy.lists import moment
from simulators.woocommerce.legacy.product_view import UNDATED
from simulators.woocommerce.legacy.requests import LegacyError, Request
from simulators.woocommerce.stock import derived, number
from simulators.woocommerce.texts import slug_of

KINDS = ("simple", "grouped", "external", "variable")
POST_FIELDS = {"title": "name", "status": "status"}
POST_CONTENT = ("description", "short_description")
CONTENT = (
    "featured",
    "virtual",
    "downloadable",
    "sold_individually",
    "tax_status",
    "tax_class",
    "catalog_visibility",
    "purchase_note",
    "weight",
    "button_text",
    "upsell_ids",
    "cross_sell_ids",
)


def create(request: Request, data: Json) -> Product:
    """Raises LegacyError. Until 2.4 what was begun stays: a title without its SKU."""
    data = _given(data)
    if data.get("title") is None:
        raise LegacyError("missing_product_title", "Missing parameter title", 400)
    kind = as_text(data.get("type", "simple"))
    _check_kind(kind)
    shop, rules = request.shop, request.rules
    content: Json = {"categories": [_uncategorized()] if rules.default_category else []}
    if rules.hidden_when_made:
        content["catalog_visibility"] = "hidden"
    if not rules.rolls_back and not rules.objects:
        _check_sku(request, None, data, left=as_text(data["title"]))
    _check_sku(request, None, data)
    row = shop.add_product(name=as_text(data["title"]), kind=kind, **content)
    shop.catalog.put(derived(_written(request, row, data, new=True)))
    _variations(request, shop.catalog.require(row.id), data)
    return shop.catalog.require(row.id)


def edit(request: Request, row: Product, data: Json) -> Product:
    """Raises LegacyError. Only what makes up a WordPress post moves its date."""
    data = _given(data)
    if "type" in data:
        _check_kind(as_text(data["type"]))
    _check_sku(request, row, data)
    shop = request.shop
    changed = _written(request, row, data, new=False)
    post = any(name in data for name in (*POST_FIELDS, *POST_CONTENT, "name", "menu_order"))
    shop.save(changed, dated=post or shop.settings.version.save_moves_date, told=True)
    if request.rules.variations_without_type or as_text(data.get("type")) == "variable":
        _variations(request, changed, data)
    return shop.catalog.require(row.id)


def _given(data: Json) -> Json:
    """What is null was not given, as PHP's isset says."""
    return {name: value for name, value in data.items() if value is not None}


def _uncategorized() -> Json:
    return {"id": 15, "name": "Uncategorized", "slug": "uncategorized"}


def _check_kind(kind: str) -> None:
    if kind not in KINDS:
        known = ", ".join(KINDS)
        message = f"Invalid product type - the product type must be any of these: {known}"
        raise LegacyError("invalid_product_type", message, 400)


def _check_sku(request: Request, row: Product | None, data: Json, left: str = "") -> None:
    """`left`: the title of what is left behind."""
    sku = as_text(data.get("sku"))
    if not sku or (row is not None and row.sku == sku):
        return
    ids = request.shop.catalog.ids_of_sku(sku)
    if any(row is None or one != row.id for one in ids):
        if left:
            request.shop.add_product(name=left, catalog_visibility="hidden", categories=[])
        message = "The SKU already exists on another product"
        raise LegacyError("product_sku_already_exists", message, 400)


def _written(request: Request, row: Product, data: Json, *, new: bool) -> Product:
    changes: Json = {
        field: as_text(data[name]) for name, field in POST_FIELDS.items() if name in data
    }
    if "sku" in data:
        changes["sku"] = as_text(data["sku"])
    if "type" in data and not row.is_variation:
        changes["kind"] = as_text(data["type"])
    if isinstance(data.get("attributes"), list):
        attributes = as_list(data["attributes"])
        changes["attributes"] = _attributes(request, row, attributes)
    if changes.get("status") == "publish" and row.status in UNDATED:
        changes["slug"] = slug_of(changes.get("name", row.name))
    changed = msgspec.structs.replace(row, content=_content(row, data), **changes)
    changed = _priced(request, changed, data)
    return _stocked(request, changed, data, new=new)


def _content(row: Product, data: Json) -> Json:
    """What is virtual weighs nothing."""
    names = (*POST_CONTENT, *CONTENT)
    content = {**row.content, **{name: data[name] for name in names if name in data}}
    if "description" in data:
        content["description"] = _plain(as_text(data["description"]))
    if "dimensions" in data:
        given = as_object(data["dimensions"])
        content["dimensions"] = {name: as_text(given.get(name)) for name in DIMENSIONS}
    if content.get("virtual") is True:
        content |= {"weight": "", "dimensions": {}}
    return content


DIMENSIONS = ("length", "width", "height")


def _plain(text: str) -> str:
    """Tags are taken out of texts."""
    kept: list[str] = []
    inside = False
    for letter in text:
        inside = letter == "<" or (inside and letter != ">")
        if not inside and letter != ">":
            kept.append(letter)
    return "".join(kept)


def _attributes(request: Request, row: Product, given: list[Any]) -> tuple[Json, ...]:
    if row.is_variation:
        return tuple(_option(request, row, as_object(one)) for one in given)
    rules = request.rules
    found: list[Json] = []
    for one in map(as_object, given):
        position = as_int(one.get("position"))
        visible = bool(position) if rules.visible_by_position else bool(one.get("visible"))
        words = as_list(one.get("options")) or as_text(one.get("options")).split("|")
        found.append(
            {
                "id": 0,
                "name": as_text(one.get("name")),
                "slug": as_text(one.get("name")),
                "position": position,
                "visible": visible,
                "variation": bool(one.get("variation")),
                "options": [as_text(word).strip() for word in words if word],
            }
        )
    return tuple(found)


def _option(request: Request, row: Product, given: Json) -> Json:
    """A variation's choice, with the name that its product gives the attribute."""
    parent = request.shop.catalog.parent_of(row)
    wanted = slug_of(as_text(given.get("slug") or given.get("name"))).removeprefix("pa_")
    for one in () if parent is None else parent.attributes:
        if slug_of(as_text(one["slug"])).removeprefix("pa_") == wanted:
            names = {"id": one["id"], "name": one["name"], "slug": one["slug"]}
            return {**names, "option": as_text(given.get("option"))}
    name = as_text(given.get("name"))
    return {"id": 0, "name": name, "slug": name, "option": as_text(given.get("option"))}


SALE_DATES = {"sale_price_dates_from": "sale_from", "sale_price_dates_to": "sale_to"}


def _price(request: Request, value: object) -> str:
    """What is no number has no price since 3.0; before, it costs nothing, and can be bought."""
    text = as_text(value)
    if not text or number(text) is not None:
        return text
    return "" if request.rules.objects else "0"


def _priced(request: Request, row: Product, data: Json) -> Product:
    names = [name for name in ("regular_price", "sale_price") if name in data]
    dates = [name for name in SALE_DATES if name in data]
    if not (names or dates) or row.kind in {"variable", "grouped"}:
        return row
    changes: Json = {name: _price(request, data[name]) for name in names}
    changes |= {SALE_DATES[name]: moment(data[name]) or None for name in dates}
    return request.shop.repriced(msgspec.structs.replace(row, **changes))


def _stocked(request: Request, row: Product, data: Json, *, new: bool) -> Product:
    """The quantity of what is not counted is dropped. Any text is a number, if only 0. Releases
    before 2.2.2 write a quantity only over one that is there.
    """
    changes: Json = {}
    if "in_stock" in data:
        changes["stock_status"] = "instock" if data["in_stock"] is True else "outofstock"
    if not request.shop.settings.manage_stock or row.kind in {"grouped", "external"}:
        return msgspec.structs.replace(row, **changes)
    counts = row.manage_stock
    if "managing_stock" in data:
        counts = data["managing_stock"] is True
        changes["manage_stock"] = counts
    if "backorders" in data:
        given = data["backorders"]
        changes["backorders"] = "notify" if given == "notify" else "yes" if given is True else "no"
    content = dict(row.content)
    if new and not request.rules.stock_row_made:
        content[ROWLESS] = True
    if not counts:
        content.pop(ROWLESS, None)
        changes |= {"backorders": "no"} if request.rules.objects else {}
    elif "stock_quantity" in data and ROWLESS not in content:
        changes["stock_quantity"] = _whole(data["stock_quantity"])
    elif row.stock_quantity is None:
        changes["stock_quantity"] = 0
    return msgspec.structs.replace(row, content=content, **changes)


ROWLESS = "no_stock_row"
"""In the content of a product that releases before 2.2.2 made: it has no quantity to write over
until it was not counted once.
"""


def _whole(value: object) -> int:
    """What intval makes of it."""
    amount = number(as_text(value))
    return 0 if amount is None else int(amount)


def _variations(request: Request, parent: Product, data: Json) -> None:
    if parent.kind != "variable" and as_text(data.get("type")) != "variable":
        return
    shop = request.shop
    for given in map(_given, map(as_object, as_list(data.get("variations")))):
        row_id = as_int(given.get("id"))
        row = shop.catalog.get(row_id) if row_id else None
        _check_sku(request, row, given)
        new = row is None
        if row is None:
            row = shop.add_product(parent_id=parent.id)
        options = _attributes(request, row, as_list(given.get("attributes")))
        changed = _written(request, row, _heard(request, given), new=new)
        if "attributes" in given:
            name = ", ".join(as_text(one["option"]) for one in options if one["option"])
            changed = msgspec.structs.replace(changed, attributes=options, name=name)
        if "visible" in given:
            status = "private" if given["visible"] is False else "publish"
            changed = msgspec.structs.replace(changed, status=status)
        shop.save(changed, dated=new or shop.settings.version.save_moves_date)


def _heard(request: Request, given: Json) -> Json:
    """What a release takes of a variation inside its product: before 2.2.9 neither whether it is
    counted nor whether it is in stock.
    """
    if request.rules.variation_manages:
        return given
    unheard = ("managing_stock", "in_stock", "stock_quantity")
    return {name: value for name, value in given.items() if name not in unheard}
