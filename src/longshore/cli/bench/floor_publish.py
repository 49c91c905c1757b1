"""The fewest HTTP calls that publish so many products: a program that knows beforehand how long
each bulk operation takes, and forgets everything but the next call.
"""

import json
import time
import urllib.request
from dataclasses import dataclass
from typing import Any

LINES_A_SECOND = 500
"""What the simulated Shopify does (its knob `bulk_lines_s`)."""

_SET = """mutation($input: ProductSetInput!) {
  productSet(input: $input, synchronous: true) {
    product { id variants(first: 3) { nodes { id } } } userErrors { message }
  }
}"""
_PUBLISH = """mutation($id: ID!, $input: [PublicationInput!]!) {
  publishablePublish(id: $id, input: $input) { userErrors { message } }
}"""
_PRICES = """mutation($productId: ID!, $variants: [ProductVariantsBulkInput!]!) {
  productVariantsBulkUpdate(productId: $productId, variants: $variants) {
    product { id } userErrors { message }
  }
}"""
_STAGE = """mutation($input: [StagedUploadInput!]!) {
  stagedUploadsCreate(input: $input) {
    stagedTargets { url parameters { name value } } userErrors { message }
  }
}"""
_RUN = """mutation($mutation: String!, $path: String!) {
  bulkOperationRunMutation(mutation: $mutation, stagedUploadPath: $path) {
    bulkOperation { id } userErrors { message }
  }
}"""
_LOOK = "query($id: ID!) { bulkOperation(id: $id) { status url } }"


@dataclass(frozen=True, slots=True)
class Floors:
    first: int
    changed: int


def floor_calls(said: dict[str, Any], products: int, variants: int, changed: int) -> Floors:
    """Really makes them, so that they are possible; what it must know before is not counted."""
    shop = ShopByHand(said)
    publication = shop.ask("{ publications(first: 1) { nodes { id } } }")["publications"]
    place = publication["nodes"][0]["id"]
    shop.calls = 0
    made = shop.bulk(_SET, [{"input": _product(n, variants)} for n in range(products)])
    rows = [one["data"]["productSet"]["product"] for one in made]
    shop.bulk(_PUBLISH, [{"id": row["id"], "input": [{"publicationId": place}]} for row in rows])
    first = shop.calls
    shop.bulk(_PRICES, [_prices(row) for row in rows[:changed]])
    return Floors(first, shop.calls - first)


def _product(number: int, variants: int) -> dict[str, Any]:
    values = [str(place) for place in range(variants)]
    return {
        "title": f"Floor {number}",
        "productOptions": [{"name": "Size", "values": [{"name": value} for value in values]}],
        "variants": [
            {"optionValues": [{"optionName": "Size", "name": value}], "price": "10.00"}
            for value in values
        ],
    }


def _prices(row: dict[str, Any]) -> dict[str, Any]:
    changed = [{"id": one["id"], "price": "11.50"} for one in row["variants"]["nodes"]]
    return {"productId": row["id"], "variants": changed}


class ShopByHand:
    """Counts its calls."""

    def __init__(self, said: dict[str, Any]) -> None:
        self._said = said
        self.calls = 0

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        body = json.dumps({"query": query, "variables": variables}).encode()
        headers = {
            "Content-Type": "application/json",
            "X-Shopify-Access-Token": self._said["token"],
        }
        address = f"{self._said['address']}/admin/api/2026-10/graphql.json"
        return dict(json.loads(self._send(address, body, headers))["data"])

    def bulk(self, mutation: str, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        wanted = {
            "resource": "BULK_MUTATION_VARIABLES",
            "filename": "lines.jsonl",
            "mimeType": "text/jsonl",
            "httpMethod": "POST",
        }
        (target,) = self.ask(_STAGE, input=[wanted])["stagedUploadsCreate"]["stagedTargets"]
        form = {one["name"]: one["value"] for one in target["parameters"]}
        self._upload(target["url"], form, "\n".join(map(json.dumps, lines)))
        run = self.ask(_RUN, mutation=mutation, path=form["key"])["bulkOperationRunMutation"]
        time.sleep(len(lines) / LINES_A_SECOND + 3)
        found = {"status": "RUNNING"}
        while found["status"] in {"CREATED", "RUNNING"}:  # a busy machine may need another look
            found = self.ask(_LOOK, id=run["bulkOperation"]["id"])["bulkOperation"]
            self.calls -= found["status"] in {"CREATED", "RUNNING"}
            time.sleep(0.5)
        return [json.loads(line) for line in self._send(found["url"]).splitlines()]

    def _upload(self, url: str, form: dict[str, str], text: str) -> None:
        edge = "floor-of-the-bench"
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in form.items()
        ]
        parts.append(
            f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="lines.jsonl"\r\n'
            f"Content-Type: text/jsonl\r\n\r\n{text}\r\n--{edge}--\r\n"
        )
        headers = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        self._send(url, "".join(parts).encode(), headers)

    def _send(
        self, url: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> str:
        self.calls += 1
        request = urllib.request.Request(url, body, headers or {})  # noqa: S310 - ours
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return str(answer.read().decode())
