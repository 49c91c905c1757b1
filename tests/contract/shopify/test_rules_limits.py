"""Naive requests about access, versions, cost and sizes."""

import pytest
from graphql import parse

from simulators.shopify.cost import requested
from support.shopify_shop import PRODUCT_SET, Wire, custom, goods, naive, sized

SHOP = "{ shop { name } }"
PRODUCTS = """
query($first: Int, $after: String) {
  products(first: $first, after: $after) {
    nodes { id }
    pageInfo { hasNextPage endCursor }
  }
}"""
ORDERS = "{ orders(first: 5) { nodes { id } } }"
FULFILL = """
mutation($f: FulfillmentInput!) {
  fulfillmentCreate(fulfillment: $f) { fulfillment { id } userErrors { message } }
}"""


def spent(body) -> tuple[int, int | None, float]:
    cost = body["extensions"]["cost"]
    return (
        cost["requestedQueryCost"],
        cost["actualQueryCost"],
        cost["throttleStatus"]["currentlyAvailable"],
    )


# --- access ---


@naive("unknown-token")
def test_a_token_that_nobody_gave(wire: Wire):
    answer = wire.client.post(
        "/admin/api/2026-10/graphql.json",
        json={"query": SHOP},
        headers={"X-Shopify-Access-Token": "shpat_fake_other"},
    )
    assert answer.status_code == 401


@naive("token-lasts-a-day")
def test_a_token_kept_for_ever(wire: Wire):
    settings = wire.simulator.settings
    given = {"client_id": settings.client_id, "client_secret": settings.client_secret,
             "grant_type": "client_credentials"}  # fmt: skip
    made = wire.client.post("/admin/oauth/access_token", json=given).json
    assert made["expires_in"] == 24 * 3600
    settings.token = made["access_token"]
    assert wire.ask(SHOP).status_code == 200
    settings.token = ""
    headers = {"X-Shopify-Access-Token": made["access_token"]}
    wire.forward(24 * 3600 + 1)
    late = wire.client.post(
        "/admin/api/2026-10/graphql.json", json={"query": SHOP}, headers=headers
    )
    assert late.status_code == 401


@naive("scope-missing")
def test_orders_without_their_scope():
    wire = Wire(scopes=("write_products",))
    answer = wire.ask(ORDERS)
    assert answer.status_code == 200
    (error,) = answer.json["errors"]
    assert error["extensions"]["code"] == "ACCESS_DENIED"
    assert "read_orders" in error["extensions"]["requiredAccess"]
    assert wire.error(FULFILL, f={"lineItemsByFulfillmentOrder": []}) == "ACCESS_DENIED"
    wire.close()


@naive("write-includes-read")
def test_reading_is_asked_for_beside_writing():
    wire = Wire(scopes=("write_products",))
    assert wire.data(PRODUCTS, first=1)["nodes"] == []
    wire.close()


@naive("one-scope-is-enough")
def test_every_scope_that_is_named_is_asked_for():
    wire = Wire(scopes=("read_orders", "write_third_party_fulfillment_orders"))
    wire.refused(FULFILL, f={"lineItemsByFulfillmentOrder": []})
    wire.close()


@naive("old-version")
def test_a_version_of_long_ago_is_served_by_another(wire: Wire):
    answer = wire.ask(SHOP, at="2024-01")
    assert answer.status_code == 200
    assert answer.headers["X-Shopify-API-Version"] == "2026-01"
    wire.control("versions", supported=["2027-01", "2027-04"])
    assert wire.ask(SHOP).headers["X-Shopify-API-Version"] == "2027-01"


@naive("future-version")
def test_a_version_to_come(wire: Wire):
    assert wire.ask(SHOP, at="2031-01").status_code == 404


@naive("shop-statuses")
@pytest.mark.parametrize(
    ("kind", "status"),
    [("frozen", 402), ("forbidden", 403), ("gone", 404), ("locked", 423), ("http_429", 429)],
)
def test_anything_but_200_is_tried_again(wire: Wire, kind: str, status: int):
    wire.control("faults", kind=kind)
    assert wire.ask(SHOP).status_code == status
    assert wire.ask(SHOP).status_code == 200


@naive("errors-in-200")
def test_200_is_taken_for_success(wire: Wire):
    answer = wire.ask("{ shop { favouriteColour } }")
    assert (answer.status_code, "errors" in answer.json) == (200, True)
    wire.control("faults", kind="internal")
    answer = wire.ask(SHOP)
    assert answer.status_code == 200
    assert answer.json["errors"][0]["extensions"]["code"] == "INTERNAL_SERVER_ERROR"


# --- points ---


@naive("throttled-is-200")
def test_calls_without_pacing_are_lost():
    wire = Wire(bucket=None)
    wire.control("bucket", available=12)
    refused = wire.body(PRODUCTS, first=250)
    assert [error["extensions"]["code"] for error in refused["errors"]] == ["THROTTLED"]
    assert "data" not in refused
    assert spent(refused) == (13, None, 12)
    wire.forward(0.01)
    assert wire.data(PRODUCTS, first=250)["nodes"] == []
    wire.close()


@naive("bucket-refills")
def test_the_pause_is_forgotten():
    for plan, rate in (("basic", 100), ("advanced", 200), ("plus", 1000)):
        wire = Wire(plan=plan, bucket=None)
        wire.control("bucket", available=0)
        assert spent(wire.body(SHOP))[1] is None
        wire.forward(1)
        assert spent(wire.body(SHOP))[2] == rate - 1
        wire.close()


@naive("bucket-size")
def test_a_larger_burst_than_the_bucket_holds():
    wire = Wire(bucket=None)
    wire.forward(3600)
    status = wire.body(SHOP)["extensions"]["cost"]["throttleStatus"]
    assert status["maximumAvailable"] == 2000
    wire.close()


@naive("query-1000")
def test_one_query_for_everything(wire: Wire):
    text = """{ products(first: 250) { nodes { id variants(first: 250) { nodes { id
      inventoryItem { id inventoryLevels(first: 50) { nodes { id } } } } } } } }"""
    body = wire.body(text)
    assert body["errors"][0]["extensions"]["code"] == "MAX_COST_EXCEEDED"
    assert spent(body)[0] > 1000
    assert wire.simulator.parts.executor.bucket.available == 1e9


def points(text: str, **variables) -> int:
    return requested(parse(text), variables)


@naive("connection-cost")
def test_small_pages_are_taken_for_cheap_ones():
    text = "{ products(first: %d) { nodes { id variants(first: 10) { nodes { id } } } } }"
    assert points("{ products(first: 250) { nodes { id } } }") == 13
    assert points("{ products(first: 10) { nodes { id } } }") == 6
    assert points(text % 250) == 2 + 11 * (1 + 2 + 4)
    item = "{ productVariants(first: 250) { nodes { id inventoryItem { id } } } }"
    assert points(item) == 24


@naive("mutation-10")
def test_a_hundred_aliases_are_taken_for_one_call(wire: Wire):
    variant = wire.variant(200)
    works = [wire.work(wire.buy((variant, 1)))["id"] for _ in range(100)]
    names = [f"$f{n}: FulfillmentInput!" for n in range(100)]
    calls = [
        f"a{n}: fulfillmentCreate(fulfillment: $f{n}) {{ userErrors {{ message }} }}"
        for n in range(100)
    ]
    text = f"mutation({', '.join(names)}) {{ {' '.join(calls)} }}"
    given = {
        f"f{n}": {"lineItemsByFulfillmentOrder": [{"fulfillmentOrderId": gid}]}
        for n, gid in enumerate(works)
    }
    assert spent(wire.body(text, **given))[:2] == (1000, 1000)
    assert len(wire.state.fulfillments) == 100
    one_more = text.replace("a0:", "b: fulfillmentCreate(fulfillment: $f0) { userErrors {"
                            " message } } a0:")  # fmt: skip
    assert wire.error(one_more, **given) == "MAX_COST_EXCEEDED"


@naive("product-set-surcharge")
@naive("surcharge-adds")
def test_a_large_product_is_taken_for_a_small_one():
    text = """mutation($input: ProductSetInput!) {
      productSet(input: $input) { userErrors { message } } }"""
    file = {"originalSource": "https://kiln.example/mug.jpg"}
    variants = [sized(str(n), file=file) for n in range(100)]
    data = goods(files=[file] * 3, variants=variants)
    assert points(text, input={}) == 10
    assert points(text, input=data) == 10 + 20 + 60 + 6 + 1  # 5.7 and 0.4, rounded up


@naive("refund-of-points")
@naive("actual-cost")
def test_the_points_asked_for_are_taken_for_spent(wire: Wire):
    wire.product()
    before = wire.simulator.parts.executor.bucket.available
    asked, actual, _ = spent(wire.body(PRODUCTS, first=250))
    assert (asked, actual) == (13, 3)
    assert before - wire.simulator.parts.executor.bucket.available == 3


# --- sizes ---


@naive("first-needed")
def test_a_connection_without_first(wire: Wire):
    assert wire.error("{ products { nodes { id } } }") == "BAD_REQUEST"


@naive("page-250")
def test_a_page_of_251(wire: Wire):
    assert wire.error(PRODUCTS, first=251) == "INVALID_FIELD_ARGUMENTS"


@naive("variants-page-2000")
def test_variants_by_the_usual_page(wire: Wire):
    wire.define()
    payload = wire.set(sizes=tuple(str(n) for n in range(300)))
    text = """query($id: ID!, $first: Int) {
      product(id: $id) { variants(first: $first) { nodes { id } } } }"""
    found = wire.data(text, id=payload["product"]["id"], first=2000)
    assert len(found["variants"]["nodes"]) == 300
    assert wire.error(text, id=payload["product"]["id"], first=2001) == "INVALID_FIELD_ARGUMENTS"


@naive("depth-25000")
def test_paging_through_everything(wire: Wire):
    row = wire.state.products[wire.product()["id"]]
    for number in range(25_300):
        gid = f"gid://shopify/Product/{2_000_000 + number}"
        wire.state.products[gid] = {**row, "id": gid}
    after = None
    for _ in range(100):
        after = wire.data(PRODUCTS, first=250, after=after)["pageInfo"]["endCursor"]
    assert wire.error(PRODUCTS, first=250, after=after) == "BAD_REQUEST"


@naive("counts-stop")
def test_a_count_is_taken_for_the_number(wire: Wire):
    text = "query($limit: Int) { productsCount(limit: $limit) { count precision } }"
    for _ in range(3):
        wire.product()
    assert wire.data(text, limit=2) == {"count": 2, "precision": "AT_LEAST"}
    assert wire.data(text, limit=10) == {"count": 3, "precision": "EXACT"}


@naive("large-numbers-are-text")
def test_a_count_is_compared_as_a_number(wire: Wire):
    gid = wire.product()["id"]
    found = wire.data("query($id: ID!) { product(id: $id) { legacyResourceId } }", id=gid)
    assert found == {"legacyResourceId": gid.rpartition("/")[2]}


@naive("input-250")
def test_251_ids(wire: Wire):
    text = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    ids = [f"gid://shopify/Product/{n}" for n in range(251)]
    assert wire.error(text, ids=ids) == "MAX_INPUT_SIZE_EXCEEDED"
    assert wire.data(text, ids=ids[:250]) == [None] * 250


def test_a_right_product_set_is_affordable(wire: Wire):
    wire.define()
    body = wire.body(PRODUCT_SET, identifier=custom("1"), input=goods())
    assert spent(body)[0] < 60
