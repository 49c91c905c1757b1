"""A product as Shopify shows it, read field by field as the hub compares it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from longshore.domain.listing import Field, Value, plain
from longshore.ports.publishing import ShownImage, ShownListing, ShownVariant
from longshore.stores.shopify.client import Json, obj, rows
from longshore.stores.shopify.listing_inputs import DEFAULT_VALUE, NO_OPTIONS


def shown_listing(node: Json) -> ShownListing:
    """`node` is a Product with its connections as lists of nodes."""
    names = [str(one["name"]) for one in rows(node.get("options"))]
    variants = tuple(_variant(one) for one in rows(obj(node.get("variants")).get("nodes")))
    plain_one = names == [NO_OPTIONS] and [one.options for one in variants] == [()]
    values: dict[str, Value] = {
        Field.TITLE: node["title"],
        Field.DESCRIPTION: node["descriptionHtml"],
        Field.VENDOR: node["vendor"],
        Field.TYPE: node["productType"],
        Field.TAGS: sorted(node["tags"]),
        Field.STATUS: node["status"],
        Field.ON_SALE: bool(node["publishedOnPublication"]),
        Field.OPTION_NAMES: [] if plain_one else names,
    }
    return ShownListing(
        uuid=str(obj(node.get("metafield")).get("value") or ""),
        product_id=str(node["id"]),
        handle=str(node["handle"]),
        values=values,
        images=tuple(_image(one) for one in rows(obj(node.get("media")).get("nodes"))),
        variants=variants,
    )


def _image(node: Json) -> ShownImage:
    failed = node["status"] == "FAILED"
    errors = rows(node.get("mediaErrors"))
    code = str(errors[0]["code"]) if errors else "UNKNOWN"
    return ShownImage(
        str(node["id"]),
        str(node.get("alt") or ""),
        node["status"] == "READY",
        code if failed else "",
    )


def _variant(node: Json) -> ShownVariant:
    options = tuple((str(one["name"]), str(one["value"])) for one in rows(node["selectedOptions"]))
    if options == ((NO_OPTIONS, DEFAULT_VALUE),):
        options = ()
    item: Any = node["inventoryItem"]
    return ShownVariant(
        variant_id=str(node["id"]),
        inventory_item_id=str(item["id"]),
        options=options,
        values={
            Field.OPTIONS: [value for _, value in options],
            Field.PRICE: plain(Decimal(str(node["price"]))),
            Field.COMPARE_AT: _amount(node.get("compareAtPrice")),
            Field.SKU: str(node.get("sku") or ""),
            Field.BARCODE: str(node.get("barcode") or ""),
            Field.WEIGHT: _weight(obj(item.get("measurement"))),
        },
        tracked=bool(item["tracked"]),
        oversell=node["inventoryPolicy"] == "CONTINUE",
    )


def _amount(value: object) -> str | None:
    return None if value is None else plain(Decimal(str(value)))


def _weight(measurement: Mapping[str, Any]) -> str | None:
    weight = obj(measurement.get("weight"))
    if not weight or not weight.get("value"):
        return None
    return f"{plain(Decimal(str(weight['value'])))} {weight['unit']}"
