"""Listings on Shopify, a few at a time: several steps in one call, products read by their ids."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from longshore.domain.listing import Step
from longshore.ports.errors import NeedsOperator
from longshore.ports.publishing import (
    ListingRef,
    ListingWrite,
    Made,
    ShownListing,
    WriteOutcome,
)
from longshore.stores.shopify import batch
from longshore.stores.shopify.client import Json, ShopifyClient, obj, rows, user_errors
from longshore.stores.shopify.listing_answers import has_more, made_variant, outcome
from longshore.stores.shopify.listing_inputs import KEY, NAMESPACE, part
from longshore.stores.shopify.shown import shown_listing

MOST_IN_A_CALL = 25
"""Shopify makes the parts of a call one after the other, a whole product in about a second."""
READ_IN_A_CALL = 50
IMAGES_IN_A_CALL = 250
MOST_ON_A_PAGE = 250
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


def write(
    client: ShopifyClient, writes: Sequence[ListingWrite], publication_id: str
) -> Iterator[tuple[int, WriteOutcome]]:
    """See `ports.publishing.Publisher.write_listings`."""
    parts = [part(one, publication_id) for one in writes]
    for indexes in batch.packed(parts, MOST_IN_A_CALL):
        answers = batch.call(client, [parts[index] for index in indexes])
        for index, answer in zip(indexes, answers, strict=True):
            step = writes[index].writing.step
            found = outcome(step, answer.payload, answer.error)
            yield index, _whole(client, step, answer.payload, found)


def _whole(
    client: ShopifyClient, step: Step, payload: Json | None, found: WriteOutcome
) -> WriteOutcome:
    """With the rest of the variants of a product that has very many."""
    after = has_more(payload) if step is Step.SET else None
    if after is None or not isinstance(found, Made):
        return found
    more = list(found.variants)
    while after:
        data: Any = client.call("product_variants", {"id": found.product_id, "after": after})
        page = data["product"]["variants"]
        more += [made_variant(node) for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"] if page["pageInfo"]["hasNextPage"] else None
    return replace(found, variants=tuple(more))


# --- reading ---


def read(
    client: ShopifyClient, refs: Sequence[ListingRef], publication_id: str
) -> Mapping[str, ShownListing]:
    """Products by uuid; those without a known id are found by their custom id first."""
    ids = {ref.uuid: ref.product_id or _found(client, ref.uuid) for ref in refs}
    there = {gid: uuid for uuid, gid in ids.items() if gid}
    gids = list(there)
    found: dict[str, ShownListing] = {}
    for start in range(0, len(gids), READ_IN_A_CALL):
        for node in _nodes(client, gids[start : start + READ_IN_A_CALL], publication_id):
            found[there[node["id"]]] = shown_listing(node)
    return found


def _found(client: ShopifyClient, uuid: str) -> str:
    custom = {"namespace": NAMESPACE, "key": KEY, "value": uuid}
    data = client.call("listing_found", {"identifier": {"customId": custom}})
    return str(obj(data.get("productByIdentifier")).get("id") or "")


def _nodes(client: ShopifyClient, gids: Sequence[str], publication_id: str) -> list[Json]:
    variables = {
        "ids": list(gids),
        "publication": publication_id,
        "variants": MOST_ON_A_PAGE,
        "media": MOST_ON_A_PAGE,
    }
    nodes = [node for node in rows(client.call("listings_shown", variables)["nodes"]) if node]
    return [_with_all_variants(client, node) for node in nodes if "title" in node]


def _with_all_variants(client: ShopifyClient, node: Json) -> Json:
    first: Any = node["variants"]
    nodes: list[Json] = list(first["nodes"])
    info: Any = first["pageInfo"]
    while info["hasNextPage"]:
        variables = {"id": node["id"], "after": info["endCursor"]}
        data: Any = client.call("listing_variants", variables)
        page: Any = obj(data["product"]).get("variants")
        if page is None:  # deleted while it was read
            break
        nodes += page["nodes"]
        info = page["pageInfo"]
    return {**node, "variants": {"nodes": nodes}}


def image_errors(client: ShopifyClient, media_ids: Sequence[str]) -> Mapping[str, str | None]:
    """See `ports.publishing.Publisher.image_errors`. One that is not there any more is no error."""
    found: dict[str, str | None] = dict.fromkeys(media_ids, "")
    for start in range(0, len(media_ids), IMAGES_IN_A_CALL):
        chunk = list(media_ids[start : start + IMAGES_IN_A_CALL])
        for node in rows(client.call("images_loaded", {"ids": chunk})["nodes"]):
            status = obj(node).get("status")
            if status == "FAILED":
                errors = rows(node.get("mediaErrors"))
                found[str(node["id"])] = str(errors[0]["code"]) if errors else "UNKNOWN"
            elif status in {"UPLOADED", "PROCESSING"}:
                found[str(node["id"])] = None
    return found
