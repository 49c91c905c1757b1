"""Bulk operations: Shopify does a file's lines by itself, or writes down everything it has
(shopify.dev/docs/api/usage/bulk-operations).

The operation's own name carries our mark. When the answer to beginning one was lost, it is found
again among the shop's operations.
"""

import re
import tempfile
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import msgspec

from longshore.domain.listing import Step
from longshore.ports.errors import Bug, NeedsOperator, TryLater
from longshore.ports.publishing import (
    BulkProgress,
    ListingWrite,
    NotMade,
    ShownListing,
    WriteOutcome,
)
from longshore.stores.shopify import operations
from longshore.stores.shopify.client import Json, ShopifyClient, check, obj, rows, user_errors
from longshore.stores.shopify.listing_answers import outcome
from longshore.stores.shopify.listing_inputs import FILES, variables_of
from longshore.stores.shopify.shown import shown_listing

LARGEST_FILE = 95 * 1024 * 1024
"""A file has at most 100 MB (shopify.dev/docs/api/usage/bulk-operations/imports)."""
IN_MEMORY = 1024 * 1024
"""A larger file waits on disk."""
_RUNNING = frozenset({"CREATED", "RUNNING", "CANCELING"})
_LATER = frozenset({"OPERATION_IN_PROGRESS", "LIMIT_REACHED", "INTERNAL_FILE_SERVER_ERROR"})
_NAMED = re.compile(r"\A(mutation|query) \w+")
WAIT_S = 30.0


def begin(
    client: ShopifyClient,
    mark: str,
    step: Step,
    writes: Iterable[ListingWrite],
    publication_id: str,
) -> tuple[str, int]:
    """See `ports.publishing.Publisher.begin_bulk`. What no longer fits into one file is left."""
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as file:
        lines = _fill(file, (variables_of(one, publication_id) for one in writes))
        if not lines:
            return "", 0
        file.seek(0)
        path = _upload(client, mark, file)
    text = _marked(operations.text(FILES[step]), mark)
    variables = {"mutation": text, "path": path, "client": _client(mark)}
    payload = client.call("bulk_mutation", variables)["bulkOperationRunMutation"]
    return _begun(payload), lines


def begin_reading(client: ShopifyClient, mark: str, publication_id: str) -> str:
    """See `ports.publishing.Publisher.begin_reading`. A bulk query takes no variables."""
    text = _marked(operations.text("every_listing"), mark)
    text = text.replace("($publication: ID!)", "", 1)
    text = text.replace("publicationId: $publication", f'publicationId: "{publication_id}"')
    return _begun(client.call("bulk_query", {"query": text})["bulkOperationRunQuery"])


def find(client: ShopifyClient, mark: str) -> str | None:
    """The operation whose text carries the mark, if it is among the latest."""
    listed = obj(client.call("bulk_operations")["bulkOperations"])
    name = _client(mark)
    for node in rows(listed.get("nodes")):
        if name in str(node["query"]):
            return str(node["id"])
    return None


def progress(client: ShopifyClient, operation_id: str) -> BulkProgress:
    node = obj(client.call("bulk_operation", {"id": operation_id}).get("bulkOperation"))
    if not node:
        return BulkProgress(operation_id, ended=True, failed=True, done=0, address="", error="GONE")
    status = str(node["status"])
    return BulkProgress(
        operation_id,
        ended=status not in _RUNNING,
        failed=status != "COMPLETED",
        done=int(node["rootObjectCount"]),
        address=str(node.get("url") or node.get("partialDataUrl") or ""),
        error=str(node.get("errorCode") or ("" if status == "COMPLETED" else status)),
    )


def outcomes(
    client: ShopifyClient, found: BulkProgress, step: Step
) -> Iterator[tuple[int, WriteOutcome]]:
    """What became of each line; one whose result makes no sense is left out."""
    for line in client.lines(found.address) if found.address else ():
        row = _decoded(line)
        number = row.get("__lineNumber")
        if not isinstance(number, int):
            continue
        errors = rows(row.get("errors"))
        data = obj(row.get("data"))
        payload = obj(next(iter(data.values()), None)) or None
        text = str(errors[0].get("message") or "") if errors else ""
        if payload is None and not text:
            yield number, NotMade("Shopify gave no answer to this part.", later=True)
        else:
            yield number, outcome(step, payload, text)


def listings(client: ShopifyClient, found: BulkProgress) -> Iterator[ShownListing]:
    """Products with what hangs on them: their parts come behind them, each naming its product."""
    product: dict[str, Any] | None = None
    for line in client.lines(found.address) if found.address else ():
        row = dict(_decoded(line))
        parent = row.get("__parentId")
        if parent is None:
            if product is not None:
                yield shown_listing(product)
            product = {**row, "variants": {"nodes": []}, "media": {"nodes": []}}
        elif product is None or parent != product["id"]:
            raise Bug("Shopify's file of all products is not in the expected order.", str(parent))
        else:
            kind = "variants" if "ProductVariant" in str(row["id"]) else "media"
            product[kind]["nodes"].append(row)
    if product is not None:
        yield shown_listing(product)


def _fill(file: "tempfile.SpooledTemporaryFile[bytes]", rows_of: Iterable[Json]) -> int:
    count = size = 0
    for variables in rows_of:
        line = msgspec.json.encode(variables) + b"\n"
        size += len(line)
        if size > LARGEST_FILE and count:
            break
        file.write(line)
        count += 1
    return count


def _upload(client: ShopifyClient, mark: str, file: "BinaryIO | Any") -> str:
    """Returns the path that the operation is told."""
    wanted = {
        "resource": "BULK_MUTATION_VARIABLES",
        "filename": f"{_client(mark)}.jsonl",
        "mimeType": "text/jsonl",
        "httpMethod": "POST",
    }
    payload = check(client.call("staged_upload", {"input": [wanted]})["stagedUploadsCreate"])
    (target,) = rows(payload.get("stagedTargets"))
    form = {str(one["name"]): str(one["value"]) for one in rows(target["parameters"])}
    client.send_file(str(target["url"]), form, file)
    return form["key"]


def _begun(payload: Json | None) -> str:
    errors = user_errors(payload)
    if any(error.code in _LATER for error in errors):
        raise TryLater(
            "Shopify works on other large changes; we go on by ourselves.",
            errors[0].code,
            after=WAIT_S,
        )
    if errors:
        raise NeedsOperator(
            f"Shopify does not take large changes in one go: {errors[0].message}",
            f"bulk: {errors[0].code}",
        )
    return str(obj((payload or {}).get("bulkOperation"))["id"])


def _marked(text: str, mark: str) -> str:
    return _NAMED.sub(lambda found: f"{found[1]} {_client(mark)}", text.lstrip(), count=1)


def _client(mark: str) -> str:
    """A name that may stand in GraphQL."""
    return f"Longshore_{mark.replace('-', '')}"


def _decoded(line: bytes) -> Json:
    if not line.strip():
        return {}
    try:
        return obj(msgspec.json.decode(line))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}
