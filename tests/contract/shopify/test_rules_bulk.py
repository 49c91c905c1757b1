"""Naive bulk operations."""

import io
import json

import pytest

from simulators.shopify.shop import uploads
from support.shopify_shop import HUB_KEY, HUB_NAMESPACE, PRODUCT_SET, Wire, custom, goods, naive

STAGE = """
mutation($input: [StagedUploadInput!]!) {
  stagedUploadsCreate(input: $input) {
    stagedTargets { url resourceUrl parameters { name value } }
    userErrors { message }
  }
}"""
RUN = """
mutation($mutation: String!, $path: String!) {
  bulkOperationRunMutation(mutation: $mutation, stagedUploadPath: $path) {
    bulkOperation { id status url }
    userErrors { field code message }
  }
}"""
RUN_QUERY = """
mutation($query: String!) {
  bulkOperationRunQuery(query: $query) {
    bulkOperation { id status }
    userErrors { code message }
  }
}"""
CANCEL = """
mutation($id: ID!) {
  bulkOperationCancel(id: $id) { bulkOperation { status } userErrors { message } }
}"""
SEEN = """
query($id: ID!) {
  bulkOperation(id: $id) {
    status errorCode objectCount rootObjectCount fileSize url partialDataUrl completedAt
  }
}"""
LISTED = "{ bulkOperations(first: 10) { nodes { id status } } }"
UPDATE = """
mutation($product: ProductUpdateInput!) {
  productUpdate(product: $product) { product { id } userErrors { message } }
}"""
SET_STOCK = """
mutation($input: InventorySetQuantitiesInput!, $key: String!) {
  inventorySetQuantities(input: $input) @idempotent(key: $key) { userErrors { code } }
}"""
DAY_S = 24 * 3600


def stage(wire: Wire) -> dict[str, str]:
    """The form that an upload must come with."""
    wanted = {"resource": "BULK_MUTATION_VARIABLES", "filename": "lines.jsonl",
              "mimeType": "text/jsonl", "httpMethod": "POST"}  # fmt: skip
    (target,) = wire.done(STAGE, input=[wanted])["stagedTargets"]
    return {one["name"]: one["value"] for one in target["parameters"]}


def send(wire: Wire, form: dict[str, str], data: bytes) -> int:
    file = {"file": (io.BytesIO(data), "lines.jsonl")}
    return wire.client.post("/staged-uploads/", data={**form, **file}).status_code


def uploaded(wire: Wire, *lines: dict, data: bytes = b"") -> str:
    form = stage(wire)
    content = data or b"\n".join(json.dumps(line).encode() for line in lines)
    assert send(wire, form, content) == 201
    return form["key"]


def run(wire: Wire, mutation: str, *lines: dict) -> str:
    path = uploaded(wire, *lines)
    return wire.done(RUN, mutation=mutation, path=path)["bulkOperation"]["id"]


def seen(wire: Wire, gid: str):
    return wire.data(SEEN, id=gid)


def result(wire: Wire, gid: str, name: str = "url") -> list[dict]:
    url = seen(wire, gid)[name]
    text = wire.client.get(url.removeprefix("http://localhost")).text
    return [json.loads(line) for line in text.splitlines()]


def renames(wire: Wire, count: int) -> list[dict]:
    return [{"product": {"id": wire.product()["id"], "title": f"Mug {n}"}} for n in range(count)]


@pytest.fixture
def slow() -> Wire:
    """A shop that does a line a second."""
    return Wire(bulk_lines_s=1)


# --- files ---


@naive("upload-first")
def test_a_path_where_nothing_was_uploaded(wire: Wire):
    form = stage(wire)
    assert wire.refused(RUN, mutation=UPDATE, path=form["key"]) == ["NO_SUCH_FILE"]


@naive("upload-with-its-form")
def test_an_upload_without_its_signature(wire: Wire):
    form = stage(wire)
    signature = form.pop("x-goog-signature")
    assert send(wire, form, b"{}") == 403
    assert send(wire, {**form, "x-goog-signature": signature}, b"{}") == 201
    assert send(wire, {"key": form["key"]}, b"{}") == 403


@naive("upload-100-mb")
def test_a_file_that_is_too_large(wire: Wire, monkeypatch: pytest.MonkeyPatch):
    assert uploads.LARGEST_FILE == 100 * 1024 * 1024
    monkeypatch.setattr(uploads, "LARGEST_FILE", 10)
    assert send(wire, stage(wire), b"{}" * 5) == 201
    assert send(wire, stage(wire), b"{}" * 6) == 400


@naive("one-object-a-line")
def test_one_list_of_everything(wire: Wire):
    path = uploaded(wire, data=json.dumps([{"product": {}}]).encode())
    assert wire.refused(RUN, mutation=UPDATE, path=path) == ["INVALID_STAGED_UPLOAD_FILE"]


# --- beginning ---


@naive("one-mutation")
def test_what_is_no_single_valid_mutation(wire: Wire):
    path = uploaded(wire, {"product": {}})
    two = UPDATE.replace("productUpdate(", "a: productUpdate(", 1)
    two = two.rstrip("}") + " b: tagsAdd(id: 1, tags: []) { userErrors { message } } }"
    nested = RUN.replace("$mutation: String!", '$mutation: String = ""')
    for text in ("{ shop { name } }", "mutation { productUpdate { nothing } }", two, nested):
        assert wire.refused(RUN, mutation=text, path=path) == ["INVALID_MUTATION"], text


@naive("five-at-once")
@naive("five-at-once-answer")
def test_a_sixth_at_once(slow: Wire):
    path = uploaded(slow, *renames(slow, 1))
    refused = [slow.refused(RUN, mutation=UPDATE, path=path) for _ in range(6)]
    assert refused == [*[[]] * 5, ["OPERATION_IN_PROGRESS"]]
    slow.forward(2)
    assert slow.refused(RUN, mutation=UPDATE, path=path) == []
    slow.control("faults", kind="bulk_limit")
    assert slow.refused(RUN, mutation=UPDATE, path=path) == ["LIMIT_REACHED"]


@naive("begun-is-not-done")
def test_the_answer_to_the_call_is_taken_for_the_end(slow: Wire):
    gid = run(slow, UPDATE, *renames(slow, 3))
    assert seen(slow, gid)["status"] == "CREATED"
    slow.forward(2)
    running = seen(slow, gid)
    assert (running["status"], running["objectCount"], running["url"]) == ("RUNNING", "2", None)
    slow.forward(2)
    assert seen(slow, gid)["status"] == "COMPLETED"


# --- results ---


@naive("lines-fail-alone")
def test_completed_is_taken_for_all_went_well(wire: Wire):
    (good,) = renames(wire, 1)
    bad = {"product": {"id": "gid://shopify/Product/1"}}
    gid = run(wire, UPDATE, good, bad, {"product": {"id": 1, "nothing": 2}})
    wire.forward()
    assert seen(wire, gid)["status"] == "COMPLETED"
    lines = {line["__lineNumber"]: line for line in result(wire, gid)}
    assert lines[0]["data"]["productUpdate"]["userErrors"] == []
    assert lines[1]["data"]["productUpdate"]["userErrors"][0]["message"]
    assert lines[2]["errors"]


@naive("line-numbers")
@naive("bulk-result-order")
def test_results_are_taken_in_the_order_of_the_lines(wire: Wire):
    rows = renames(wire, 7)
    gid = run(wire, UPDATE, *rows)
    wire.forward()
    lines = result(wire, gid)
    assert [line["__lineNumber"] for line in lines] == [4, 3, 2, 1, 0, 6, 5]
    for line in lines:
        sent = rows[line["__lineNumber"]]["product"]["id"]
        assert line["data"]["productUpdate"]["product"]["id"] == sent


@naive("failed-keeps-a-part")
def test_a_failed_operation_did_nothing(wire: Wire):
    wire.control("faults", kind="bulk_failed")
    gid = run(wire, UPDATE, *renames(wire, 4))
    wire.forward()
    failed = seen(wire, gid)
    assert (failed["status"], failed["errorCode"]) == ("FAILED", "INTERNAL_SERVER_ERROR")
    assert failed["url"] is None
    done = {line["__lineNumber"] for line in result(wire, gid, "partialDataUrl")}
    assert done == {0, 1}
    titles = [row["title"] for row in wire.state.products.values()]
    assert titles == ["Mug 0", "Mug 1", "Mug", "Mug"]


@naive("bulk-a-day")
def test_an_operation_that_takes_longer_than_a_day():
    wire = Wire(bulk_lines_s=1 / DAY_S)
    gid = run(wire, UPDATE, *renames(wire, 3))
    wire.forward(2 * DAY_S)
    assert (seen(wire, gid)["status"], seen(wire, gid)["errorCode"]) == ("FAILED", "TIMEOUT")
    assert len(result(wire, gid, "partialDataUrl")) == 1
    wire.close()


@naive("cancel-takes-a-moment")
def test_a_canceled_operation_is_taken_back(slow: Wire):
    gid = run(slow, UPDATE, *renames(slow, 4))
    slow.forward(2)
    assert slow.done(CANCEL, id=gid)["bulkOperation"]["status"] == "CANCELING"
    slow.forward(2)
    assert seen(slow, gid)["status"] == "CANCELED"
    assert [row["title"] for row in slow.state.products.values()].count("Mug") == 2
    assert slow.refused(CANCEL, id=gid)


@naive("files-last-a-week")
def test_a_result_fetched_after_a_holiday(wire: Wire):
    gid = run(wire, UPDATE, *renames(wire, 1))
    wire.forward()
    path = seen(wire, gid)["url"].removeprefix("http://localhost")
    wire.forward(8 * DAY_S)
    assert (seen(wire, gid)["status"], seen(wire, gid)["url"]) == ("EXPIRED", None)
    assert wire.client.get(path).status_code == 404


@naive("lines-are-free")
def test_lines_are_paid_for(wire: Wire):
    before = wire.simulator.parts.executor.bucket.available
    gid = run(wire, UPDATE, *renames(wire, 50))
    wire.forward()
    assert seen(wire, gid)["objectCount"] == "50"
    assert before - wire.simulator.parts.executor.bucket.available < 60


@naive("bulk-set-is-synchronous")
def test_an_operation_is_waited_for_within_a_bulk_operation(wire: Wire):
    wire.define()
    line = {"identifier": custom("1"), "input": goods("1"), "now": False}
    gid = run(wire, PRODUCT_SET, line)
    wire.forward()
    payload = result(wire, gid)[0]["data"]["productSet"]
    assert payload["productSetOperation"] is None
    assert len(payload["product"]["variants"]["nodes"]) == 2


@naive("key-a-line")
def test_one_key_for_all_lines(wire: Wire):
    variants = [wire.variant(10) for _ in range(2)]
    rows = [
        {"inventoryItemId": wire.item(variant), "locationId": wire.place, "quantity": 3,
         "changeFromQuantity": 10}
        for variant in variants
    ]  # fmt: skip
    lines = [
        {"key": "one", "input": {"name": "available", "reason": "correction", "quantities": [row]}}
        for row in rows
    ]
    gid = run(wire, SET_STOCK, *lines)
    wire.forward()
    found = {line["__lineNumber"]: line["data"]["inventorySetQuantities"]["userErrors"]
             for line in result(wire, gid)}  # fmt: skip
    assert found == {0: [], 1: [{"code": "IDEMPOTENCY_KEY_PARAMETER_MISMATCH"}]}


# --- queries ---


def query(wire: Wire, text: str) -> list[str]:
    return wire.refused(RUN_QUERY, query=text)


@naive("bulk-needs-a-connection")
def test_a_query_of_single_things(wire: Wire):
    assert query(wire, "{ shop { name } }") == ["INVALID"]


@naive("bulk-5-connections")
def test_six_connections(wire: Wire):
    fields = " ".join(f"m{n}: media {{ nodes {{ id }} }}" for n in range(5))
    assert query(wire, f"{{ products {{ nodes {{ id {fields} }} }} }}") == ["INVALID"]
    fewer = fields.partition(" m4")[0]
    assert query(wire, f"{{ products {{ nodes {{ id {fewer} }} }} }}") == []


LEVELS = """{
  products { edges { node {
    id
    variants { edges { node {
      id
      sku
      inventoryItem { id inventoryLevels { edges { node {
        id
        location { id }
        quantities(names: ["available"]) { quantity }
      } } } }
    } } }
  } } }
}"""


@naive("bulk-2-levels")
def test_connections_three_levels_deep(wire: Wire):
    assert query(wire, LEVELS) == []
    deeper = LEVELS.replace("quantities", "item { id variants { nodes { id } } } quantities")
    assert query(wire, deeper) == ["INVALID"]


@naive("bulk-parents-tell-their-id")
def test_children_of_a_nameless_parent(wire: Wire):
    nameless = "{ products { nodes { title variants { nodes { id } } } } }"
    assert query(wire, nameless) == ["INVALID"]


@naive("bulk-children-are-lines")
def test_a_line_is_taken_for_a_whole_product(wire: Wire):
    product = wire.product(4)
    wire.product(5)
    gid = wire.done(RUN_QUERY, query=LEVELS)["bulkOperation"]["id"]
    wire.forward()
    lines = result(wire, gid)
    variant, item = product["variantIds"][0], wire.item(product["variantIds"][0])
    assert lines[0] == {"id": product["id"]}
    assert lines[1] == {"id": variant, "sku": "MUG", "inventoryItem": {"id": item},
                        "__parentId": product["id"]}  # fmt: skip
    assert lines[2]["quantities"] == [{"quantity": 4}]
    assert lines[2]["__parentId"] == variant
    done = seen(wire, gid)
    assert (done["rootObjectCount"], done["objectCount"]) == ("2", "6")


@naive("newest-operation-first")
def test_the_first_operation_listed_is_taken_for_the_oldest(wire: Wire):
    first = run(wire, UPDATE, *renames(wire, 1))
    wire.forward()
    second = run(wire, UPDATE, *renames(wire, 1))
    assert [node["id"] for node in wire.data(LISTED)["nodes"]] == [second, first]


# --- and beside the rules ---


def test_the_end_is_told_by_a_webhook(wire: Wire):
    wire.listen("BULK_OPERATIONS_FINISH")
    gid = run(wire, UPDATE, *renames(wire, 1))
    wire.forward()
    assert wire.heard() == ["bulk_operations/finish"]
    body = json.loads(wire.sent[0][1])
    assert (body["admin_graphql_api_id"], body["status"]) == (gid, "completed")
    assert body["type"] == "mutation"


def test_other_requests_get_their_turn_and_every_line_its_answer(wire: Wire):
    wire.define()
    lines = [{"identifier": custom(str(n)), "input": goods(str(n))} for n in range(120)]
    gid = run(wire, PRODUCT_SET, *lines)
    wire.forward()
    assert sorted(line["__lineNumber"] for line in result(wire, gid)) == list(range(120))
    assert len(wire.state.products) == 120
    fields = {(HUB_NAMESPACE.replace("$app:", "app--1000--"), HUB_KEY)}
    assert {name for row in wire.state.products.values() for name in row["metafields"]} == fields


def test_a_query_that_is_not_allowed_fails_with_its_code():
    wire = Wire(scopes=("write_products",))
    wire.product()
    gid = wire.done(RUN_QUERY, query=LEVELS)["bulkOperation"]["id"]
    wire.forward()
    assert (seen(wire, gid)["status"], seen(wire, gid)["errorCode"]) == ("FAILED", "ACCESS_DENIED")
    wire.close()
