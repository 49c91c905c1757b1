"""Listings on Shopify: one whole upsert by the listing's own id, so that a repeated call after a
lost answer finds what the first one made.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from longshore.ports.errors import Bug, NeedsOperator
from longshore.ports.storefronts import (
    ListingDraft,
    ListingVariantDraft,
    PublishedListing,
    PublishedVariant,
)
from longshore.stores.shopify.client import Json, ShopifyClient, check, user_errors

NAMESPACE = "$app:longshore"
KEY = "listing"
NO_OPTIONS = "Title"
DEFAULT_VALUE = "Default Title"
"""How Shopify itself writes a product without options."""
_DEFINED_ALREADY = "TAKEN"


def prepare(client: ShopifyClient) -> None:
    """Defines the metafield of type `id`, whose values are unique; being there already is fine."""
    definition = {
        "name": "Longshore listing",
        "namespace": NAMESPACE,
        "key": KEY,
        "ownerType": "PRODUCT",
        "type": "id",
    }
    payload = client.call("listing_id_definition", {"definition": definition})
    for error in user_errors(payload["metafieldDefinitionCreate"]):
        if error.code != _DEFINED_ALREADY:
            raise NeedsOperator(f"Shopify did not take the listing's id field: {error.message}")


def publish(client: ShopifyClient, draft: ListingDraft, publication_id: str) -> PublishedListing:
    """Creates or replaces the product and puts it on the publication."""
    variables = {
        "identifier": {"customId": {"namespace": NAMESPACE, "key": KEY, "value": draft.uuid}},
        "input": _input(draft),
    }
    payload = check(client.call("product_set", variables)["productSet"])
    product: Any = payload["product"]
    variants = _match(draft, _all_variants(client, product))
    if publication_id:
        target = {"id": product["id"], "input": [{"publicationId": publication_id}]}
        check(client.call("product_publish", target)["publishablePublish"])
    return PublishedListing(product["id"], variants)


def unpublish(client: ShopifyClient, product_id: str, publication_id: str) -> None:
    target = {"id": product_id, "input": [{"publicationId": publication_id}]}
    check(client.call("product_unpublish", target)["publishableUnpublish"])


def update_linked(client: ShopifyClient, product_id: str, changes: Json) -> None:
    """Field-wise write to a product the hub did not make: what is not named stays as it is."""
    variables = {"product": {"id": product_id, **changes}}
    check(client.call("product_update", variables)["productUpdate"])


def _input(draft: ListingDraft) -> Json:
    """Lists are replaced whole by productSet, so each one sent is complete, and those that are not
    ours (collections) are left out.
    """
    files = [_file(url, alt) for url, alt in draft.images]
    named = {url for url, _ in draft.images}
    for variant in draft.variants:
        if variant.image_url and variant.image_url not in named:
            named.add(variant.image_url)  # a variant's file must be among the product's
            files.append(_file(variant.image_url, ""))
    return {
        "title": draft.title,
        "descriptionHtml": draft.description_html,
        "vendor": draft.vendor,
        "productType": draft.product_type,
        "tags": list(draft.tags),
        "status": "ACTIVE" if draft.active else "DRAFT",
        "files": files,
        "metafields": [{"namespace": NAMESPACE, "key": KEY, "type": "id", "value": draft.uuid}],
        "productOptions": _options(draft),
        "variants": [_variant(draft, variant) for variant in draft.variants],
    }


def _file(url: str, alt: str) -> Json:
    return {"originalSource": url, "alt": alt, "contentType": "IMAGE"}


def _options(draft: ListingDraft) -> Sequence[Json]:
    if not draft.option_names:
        return [{"name": NO_OPTIONS, "values": [{"name": DEFAULT_VALUE}]}]
    values: dict[str, dict[str, None]] = {name: {} for name in draft.option_names}
    for variant in draft.variants:
        for name, value in variant.options:
            values[name][value] = None
    return [
        {"name": name, "position": number, "values": [{"name": value} for value in found]}
        for number, (name, found) in enumerate(values.items(), 1)
    ]


def _variant(draft: ListingDraft, variant: ListingVariantDraft) -> Json:
    options = variant.options or ((NO_OPTIONS, DEFAULT_VALUE),)
    item: dict[str, Any] = {"sku": variant.sku, "tracked": variant.tracked}
    if variant.weight is not None:
        item["measurement"] = {
            "weight": {"value": float(variant.weight), "unit": draft.weight_unit}
        }
    row: dict[str, Any] = {
        "optionValues": [{"optionName": name, "name": value} for name, value in options],
        "price": str(variant.price),
        "compareAtPrice": None if variant.compare_at is None else str(variant.compare_at),
        "barcode": variant.barcode or None,
        "inventoryPolicy": "CONTINUE" if variant.oversell else "DENY",
        "inventoryItem": item,
    }
    if variant.variant_id:
        row["id"] = variant.variant_id
    if variant.image_url:
        row["file"] = _file(variant.image_url, "")
    return row


def _all_variants(client: ShopifyClient, product: Json) -> Sequence[Json]:
    first: Any = product["variants"]
    nodes: list[Json] = list(first["nodes"])
    after = first["pageInfo"]["endCursor"] if first["pageInfo"]["hasNextPage"] else None
    while after:
        data: Any = client.call("product_variants", {"id": product["id"], "after": after})
        page = data["product"]["variants"]
        nodes += page["nodes"]
        after = page["pageInfo"]["endCursor"] if page["pageInfo"]["hasNextPage"] else None
    return nodes


def _match(draft: ListingDraft, nodes: Sequence[Json]) -> tuple[PublishedVariant, ...]:
    """Each drafted variant with what it became; by id where it had one, else by its options."""
    by_id = {node["id"]: node for node in nodes}
    by_options: Mapping[tuple[str, ...], Json] = {_values(node): node for node in nodes}
    found: list[PublishedVariant] = []
    for variant in draft.variants:
        values = tuple(value for _, value in variant.options) or (DEFAULT_VALUE,)
        node = by_id.get(variant.variant_id or "") or by_options.get(values)
        if node is None:
            raise Bug("Shopify's answer lacks a variant that was sent.", f"listing {draft.uuid}")
        item: Any = node["inventoryItem"]
        found.append(PublishedVariant(variant.key, node["id"], item["id"]))
    return tuple(found)


def _values(node: Json) -> tuple[str, ...]:
    return tuple(option["value"] for option in node["selectedOptions"])
