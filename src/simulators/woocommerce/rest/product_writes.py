"""What a body written to a product or a variation makes of its row."""

import re
from collections.abc import Sequence
from datetime import UTC
from typing import Any

import msgspec

from simulators.woocommerce.catalog import Product, with_meta
from simulators.woocommerce.jsonish import Json, as_int, as_list, as_object, as_text, truth
from simulators.woocommerce.rest.dates import moment
from simulators.woocommerce.rest.errors import RestError
from simulators.woocommerce.seed import templates
from simulators.woocommerce.shop import PRICES, Shop
from simulators.woocommerce.stock import NOTHING_TO_BUY, number
from simulators.woocommerce.texts import slug_of
from simulators.woocommerce.wire.view import View

PLAIN = ("name", "slug", "status")
POST_FIELDS = frozenset(
    {
        *("name", "slug", "status", "description", "short_description", "menu_order"),
        *("reviews_allowed", "post_password", "date_created"),
    }
)
"""What makes up a WordPress post: writing it always moves the date of change."""
TERMS = {"categories": "categories", "tags": "tags"}


def written(shop: Shop, row: Product, body: Json) -> Product:
    """The row with the body applied, not saved yet. Raises RestError for an SKU in use."""
    fields: Json = {name: as_text(body[name]) for name in PLAIN if body.get(name) is not None}
    if body.get("type") and not row.is_variation:
        fields["kind"] = str(body["type"])
    if "sku" in body:
        fields["sku"] = _sku(shop, row, as_text(body["sku"]))
    fields |= _prices(shop, row, body)
    fields |= _stock(row, body, str(fields.get("kind", row.kind)))
    if body.get("meta_data"):
        given = [as_object(entry) for entry in as_list(body["meta_data"])]
        fields["meta"] = with_meta(row.meta, given, shop.meta_ids)
    if "attributes" in body:
        make = _options if row.is_variation else _attributes
        fields["attributes"] = make(shop, row, as_list(body["attributes"]))
    content = _content(shop, row, body)
    if content:
        fields["content"] = {**row.content, **content}
    changed = msgspec.structs.replace(row, **fields)
    return shop.repriced(changed) if PRICES & fields.keys() else changed


def decimal_text(value: Any) -> str:
    """`wc_format_decimal`: what is no number becomes nothing, which empties a price."""
    text = re.sub(r"[^0-9.-]", "", as_text(value))
    return text if number(text) is not None else ""


def _sku(shop: Shop, row: Product, sku: str) -> str:
    taken = [one for one in shop.catalog.ids_of_sku(sku) if one != row.id] if sku else []
    taken = [one for one in taken if one not in shop.catalog.trashed]
    if taken and sku != row.sku and not shop.settings.version.objects:
        message = "The SKU already exists on another product."
        code = "woocommerce_rest_product_sku_already_exists"
        raise RestError(code, message, 400, {"resource_id": 0})
    if taken and sku != row.sku:
        free = next(
            f"{sku}-{n}" for n in range(1, 1000) if not shop.catalog.ids_of_sku(f"{sku}-{n}")
        )
        data: Json = {"resource_id": taken[0]}
        if shop.settings.version.late_fields:
            data["unique_sku"] = free
        raise RestError("product_invalid_sku", "Invalid or duplicated SKU.", 400, data)
    return sku


def _prices(shop: Shop, row: Product, body: Json) -> Json:
    found: Json = {
        name: decimal_text(body[name]) for name in ("regular_price", "sale_price") if name in body
    }
    for name in ("from", "to"):
        for key in (f"date_on_sale_{name}", f"date_on_sale_{name}_gmt"):
            if key in body:
                found[f"sale_{name}"] = _second(shop, body[key], gmt=key.endswith("_gmt"))
    sale = number(str(found.get("sale_price", row.sale_price)))
    regular = number(str(found.get("regular_price", row.regular_price)))
    if sale is not None and (regular is None or sale >= regular):
        found["sale_price"] = ""
    return found


def _second(shop: Shop, value: Any, *, gmt: bool) -> int | None:
    found = moment(as_text(value)) if value else None
    if found is None:
        return None
    if found.tzinfo is None:
        return int(found.replace(tzinfo=UTC).timestamp()) if gmt else shop.clock.from_local(found)
    return int(found.timestamp())


def _stock(row: Product, body: Json, kind: str) -> Json:
    """A quantity counts only where stock is managed."""
    found: Json = {}
    manages = row.manage_stock
    if body.get("manage_stock") is not None:
        manages = body["manage_stock"] != "parent" and truth(body["manage_stock"])
    manages = manages and kind not in NOTHING_TO_BUY
    if manages != row.manage_stock:
        found["manage_stock"] = manages
    if manages and body.get("stock_quantity") is not None:
        found["stock_quantity"] = as_int(body["stock_quantity"])
    if not manages and body.get("stock_status"):
        found["stock_status"] = str(body["stock_status"])
    if body.get("backorders"):
        found["backorders"] = str(body["backorders"])
    return found


def _content(shop: Shop, row: Product, body: Json) -> Json:
    known = templates()[1 if row.is_variation else 0]
    simple = known.keys() - {"categories", "tags", "brands", "images", "image", "average_rating"}
    found: Json = {name: body[name] for name in simple if body.get(name) is not None}
    for name in ("weight",):
        if name in found:
            found[name] = decimal_text(found[name])
    if "dimensions" in found:
        old = row.content.get("dimensions", known["dimensions"])
        given = as_object(found["dimensions"])
        found["dimensions"] = {**old, **{k: decimal_text(v) for k, v in given.items() if k in old}}
    for name, taxonomy in TERMS.items():
        if name in body and name in known:
            found[name] = _terms(shop, taxonomy, as_list(body[name]))
    if "images" in body and "images" in known:
        found["images"] = [_image(shop, row, as_object(one)) for one in as_list(body["images"])]
    if "image" in body and "image" in known:
        given = as_object(body["image"])
        found["image"] = _image(shop, row, given) if given else None
    return found


def _terms(shop: Shop, taxonomy: str, given: Sequence[Any]) -> list[Json]:
    terms = shop.terms.of(taxonomy)
    ids = [as_int(as_object(one).get("id")) for one in given]
    found = [terms[one] for one in ids if one in terms]
    if taxonomy == "categories" and not found and shop.settings.version.default_category:
        found = [terms[15]]
    return [{"id": term.id, "name": term.name, "slug": term.slug} for term in found]


def _image(shop: Shop, row: Product, given: Json) -> Json:
    """An image is named by the id it already has, or fetched from an address."""
    for known in View(shop, row).images:
        if known["id"] == as_int(given.get("id")):
            return {**known, **{k: given[k] for k in ("name", "alt") if k in given}}
    now = shop.clock.second()
    src = as_text(given.get("src"))
    name = src.rpartition("/")[2] or "image"
    return {
        "id": shop.next_id(),
        "date_created": shop.clock.local(now),
        "date_created_gmt": shop.clock.gmt(now),
        "date_modified": shop.clock.local(now),
        "date_modified_gmt": shop.clock.gmt(now),
        "src": f"/wp-content/uploads/{name}" if src else "",
        "name": as_text(given.get("name")) or name,
        "alt": as_text(given.get("alt")),
    }


def _attributes(shop: Shop, _: Product, given: Sequence[Any]) -> tuple[Json, ...]:
    found: list[Json] = []
    for item in map(as_object, given):
        known = shop.terms.of("attributes").get(as_int(item.get("id")))
        name = known.name if known else as_text(item.get("name"))
        found.append(
            {
                "id": known.id if known else 0,
                "name": name,
                "slug": known.slug if known else name,
                "position": as_int(item.get("position")),
                "visible": truth(item.get("visible", False)),
                "variation": truth(item.get("variation", False)),
                "options": [as_text(option) for option in as_list(item.get("options"))],
            }
        )
    return tuple(found)


def _options(shop: Shop, row: Product, given: Sequence[Any]) -> tuple[Json, ...]:
    """Options of a variation: those of attributes that its product has."""
    parent = shop.catalog.parent_of(row)
    found: list[Json] = []
    for item in map(as_object, given):
        wanted, name = as_int(item.get("id")), as_text(item.get("name"))
        for attribute in () if parent is None else parent.attributes:
            if (wanted and attribute["id"] == wanted) or attribute["name"] == name:
                slug = attribute["slug"] if attribute["id"] else slug_of(attribute["name"])
                option = as_text(item.get("option"))
                entry = {"id": attribute["id"], "name": attribute["name"], "slug": slug}
                if option:
                    found.append({**entry, "option": option})
    return tuple(found)


def write_inside(shop: Shop, parent: Product, body: Json) -> None:
    """A variation inside its product's body: the one of that id, or a new one."""
    old = shop.catalog.get(as_int(body.get("id")))
    now = shop.clock.second()
    blank = Product(id=0, kind="variation", parent_id=parent.id, created=now, modified=now)
    row = written(shop, old or blank, body)
    if "attributes" in body:
        row = named_variation(row)
    version = shop.settings.version
    dated = old is None or version.save_moves_date or not version.objects
    if old is None:
        row = msgspec.structs.replace(row, id=shop.next_id())
    shop.save(row, "updated" if old else "created", dated=dated, told=version.save_tells)


def named_variation(row: Product) -> Product:
    """A variation is named by its options."""
    name = ", ".join(str(one["option"]) for one in row.attributes if one["option"])
    return msgspec.structs.replace(row, name=name)
