"""A step of a listing as the variables of the mutation that makes it, and what that costs."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from longshore.domain.listing import Field, ListingDraft, ListingVariantDraft, Step, Values
from longshore.ports.errors import Bug
from longshore.ports.publishing import ListingWrite
from longshore.stores.shopify.batch import Part
from longshore.stores.shopify.client import Json

NAMESPACE = "$app:longshore"
KEY = "listing"
NO_OPTIONS = "Title"
DEFAULT_VALUE = "Default Title"
"""How Shopify itself writes a product without options."""
MOST_VARIANTS_A_PAGE = 2000
"""Of one product (shopify.dev/docs/api/usage/limits)."""
MOST_MEDIA_A_PAGE = 250
FILES: Mapping[Step, str] = {
    Step.SET: "product_set",
    Step.CONTENT: "product_update",
    Step.VARIANTS: "variants_update",
    Step.TAGS_ADD: "tags_add",
    Step.TAGS_REMOVE: "tags_remove",
    Step.METAFIELDS: "metafields_set",
    Step.PUBLISH: "product_publish",
    Step.UNPUBLISH: "product_unpublish",
}
"""The operation that makes a step."""
_TEXTS = {
    Field.TITLE: "title",
    Field.DESCRIPTION: "descriptionHtml",
    Field.VENDOR: "vendor",
    Field.TYPE: "productType",
    Field.STATUS: "status",
}
MUTATION = 10.0
PER_VARIANT, PER_FILE, PER_METAFIELD, PER_VARIANT_FILE = 0.2, 1.9, 0.4, 0.6
"""What productSet's parts cost beside the base (schema: complexity cost in its inputs)."""


def part(write: ListingWrite, publication_id: str) -> Part:
    """The step as one part of a batch."""
    step = write.writing.step
    variables = variables_of(write, publication_id)
    cost = _set_cost(variables) if step is Step.SET else MUTATION
    return Part(FILES[step], variables, cost)


def variables_of(write: ListingWrite, publication_id: str) -> Json:
    draft, said = write.draft, write.writing.said
    match write.writing.step:
        case Step.SET:
            return _set(write)
        case Step.CONTENT:
            return {"product": {"id": _product(draft), **texts(said.product)}}
        case Step.VARIANTS:
            return {"productId": _product(draft), "variants": _updates(draft, said.variants)}
        case Step.TAGS_ADD | Step.TAGS_REMOVE:
            return {"id": _product(draft), "tags": said.product[Field.TAGS]}
        case Step.METAFIELDS:
            fields: dict[str, list[str]] = said.product[Field.METAFIELDS]
            rows = [{"ownerId": _product(draft), **one} for one in _metafields(fields)]
            return {"metafields": rows}
        case _:
            return {"id": _product(draft), "input": [{"publicationId": publication_id}]}


def _product(draft: ListingDraft) -> str:
    if not draft.product_id:
        raise Bug("A listing that is not on Shopify was to be changed there.", draft.uuid)
    return draft.product_id


def texts(said: Values) -> dict[str, Any]:
    return {name: said[field] for field, name in _TEXTS.items() if field in said}


def _metafields(fields: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for name, (kind, value) in fields.items():
        namespace, _, key = name.rpartition(".")
        found.append({"namespace": namespace, "key": key, "type": kind, "value": value})
    return found


# --- the whole product ---


def _set(write: ListingWrite) -> Json:
    """Lists are replaced whole by productSet, so each one sent is complete, and those that are not
    ours are left out: collections always, metafields and tags of a product that is there already.
    """
    draft, said = write.draft, write.writing.said
    data: dict[str, Any] = texts(said.product)
    if Field.IMAGES in said.product:
        data["files"] = _files(draft)
    data["productOptions"] = _options(write)
    data["variants"] = [_variant(draft, one) for one in draft.variants]
    data["variants"] += [_other(other.variant_id, other.options) for other in write.others]
    sizes = {
        "variants": min(MOST_VARIANTS_A_PAGE, len(data["variants"])),
        "media": min(MOST_MEDIA_A_PAGE, max(1, len(data.get("files", ())))),
    }
    if draft.product_id:
        return {"identifier": {"id": draft.product_id}, "input": data, **sizes}
    own = {"namespace": NAMESPACE, "key": KEY, "type": "id", "value": draft.uuid}
    fields: dict[str, list[str]] = said.product.get(Field.METAFIELDS) or {}
    data |= {"tags": list(draft.tags), "metafields": [own, *_metafields(fields)]}
    custom = {"namespace": NAMESPACE, "key": KEY, "value": draft.uuid}
    return {"identifier": {"customId": custom}, "input": data, **sizes}


def _files(draft: ListingDraft) -> list[Json]:
    found = [_file(draft, url, alt) for url, alt in draft.images]
    named = {url for url, _ in draft.images}
    for variant in draft.variants:
        if variant.image_url and variant.image_url not in named:
            named.add(variant.image_url)  # a variant's file must be among the product's
            found.append(_file(draft, variant.image_url, ""))
    return found


def _file(draft: ListingDraft, url: str, alt: str) -> Json:
    """By its id where it is on Shopify already: an address is downloaded again."""
    known = draft.media.get(url)
    if known:
        return {"id": known, "alt": alt}
    return {"originalSource": url, "alt": alt, "contentType": "IMAGE"}


def _options(write: ListingWrite) -> Sequence[Json]:
    draft = write.draft
    if not draft.option_names:
        return [{"name": NO_OPTIONS, "values": [{"name": DEFAULT_VALUE}]}]
    values: dict[str, dict[str, None]] = {name: {} for name in draft.option_names}
    pairs = [variant.options for variant in draft.variants]
    for options in [*pairs, *(other.options for other in write.others)]:
        for name, value in options:
            values.setdefault(name, {})[value] = None
    return [
        {"name": name, "position": number, "values": [{"name": value} for value in found]}
        for number, (name, found) in enumerate(values.items(), 1)
    ]


def _variant(draft: ListingDraft, variant: ListingVariantDraft) -> Json:
    row: dict[str, Any] = _other(variant.variant_id, variant.options)
    row |= {
        "price": str(variant.price),
        "compareAtPrice": None if variant.compare_at is None else str(variant.compare_at),
        "barcode": variant.barcode or None,
        "inventoryItem": _item(variant),
    }
    if not variant.variant_id:
        row["inventoryPolicy"] = "CONTINUE" if variant.oversell else "DENY"
        row["inventoryItem"]["tracked"] = variant.tracked
        if draft.location_id:
            available = {"locationId": draft.location_id, "name": "available"}
            row["inventoryQuantities"] = [{**available, "quantity": variant.quantity or 0}]
    if variant.image_url:
        row["file"] = _file(draft, variant.image_url, "")
    return row


def _other(variant_id: str | None, options: Sequence[tuple[str, str]]) -> dict[str, Any]:
    pairs = options or ((NO_OPTIONS, DEFAULT_VALUE),)
    row: dict[str, Any] = {
        "optionValues": [{"optionName": name, "name": value} for name, value in pairs]
    }
    return {"id": variant_id, **row} if variant_id else row


def _item(variant: ListingVariantDraft) -> dict[str, Any]:
    item: dict[str, Any] = {"sku": variant.sku}
    if variant.weight is not None:
        weight = {"value": float(variant.weight), "unit": variant.weight_unit}
        item["measurement"] = {"weight": weight}
    return item


def _set_cost(variables: Json) -> float:
    """As Shopify counts it before it runs the call (`rules` of the simulated Shopify)."""
    data: Json = variables["input"]
    variants: Sequence[Json] = data["variants"]
    found = MUTATION + PER_VARIANT * len(variants) + PER_FILE * len(data.get("files", ()))
    found += PER_METAFIELD * len(data.get("metafields", ()))
    found += PER_VARIANT_FILE * sum("file" in one for one in variants)
    return found + 2 * _steps(variables["variants"]) + _steps(variables["media"]) + 5


def _steps(size: int) -> int:
    return max(1, math.floor(2 * math.log(size))) if size > 0 else 1


# --- single fields of variants ---


def _updates(draft: ListingDraft, said: Mapping[int, Values]) -> list[Json]:
    ids = {one.key: one.variant_id for one in draft.variants}
    return [{"id": ids[key], **_update(fields)} for key, fields in said.items()]


def _update(fields: Values) -> dict[str, Any]:
    row: dict[str, Any] = {}
    item: dict[str, Any] = {}
    if Field.PRICE in fields:
        row["price"] = fields[Field.PRICE]
    if Field.COMPARE_AT in fields:
        row["compareAtPrice"] = fields[Field.COMPARE_AT]
    if Field.BARCODE in fields:
        row["barcode"] = fields[Field.BARCODE] or None
    if Field.SKU in fields:
        item["sku"] = fields[Field.SKU]
    if fields.get(Field.WEIGHT):
        value, _, unit = str(fields[Field.WEIGHT]).partition(" ")
        item["measurement"] = {"weight": {"value": float(value), "unit": unit}}
    if item:
        row["inventoryItem"] = item
    return row
