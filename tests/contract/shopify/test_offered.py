"""Every operation that the simulator offers is played once: what the shipped schema holds beyond
the hub's own operations is modelled, field by field.
"""

import io
import json
from importlib.resources import files

import pytest
from graphql import OperationDefinitionNode, parse, print_ast
from graphql.language import FragmentDefinitionNode

from simulators.shopify.schema import schema
from support.shopify_shop import Wire, custom, goods, sized

TEXT = (files("simulators.shopify") / "schema" / "offered.graphql").read_text()
DOCUMENT = parse(TEXT)
OPERATIONS = {
    one.name.value: one
    for one in DOCUMENT.definitions
    if isinstance(one, OperationDefinitionNode) and one.name
}
FRAGMENTS = {
    one.name.value: one for one in DOCUMENT.definitions if isinstance(one, FragmentDefinitionNode)
}


def text(name: str) -> str:
    """An operation with the fragments it needs."""
    parts, waiting, seen = [OPERATIONS[name]], [print_ast(OPERATIONS[name])], set()
    while waiting:
        words = waiting.pop()
        for fragment, node in FRAGMENTS.items():
            if f"...{fragment}" in words and fragment not in seen:
                seen.add(fragment)
                parts.append(node)
                waiting.append(print_ast(node))
    return "\n".join(print_ast(part) for part in parts)


class Player:
    def __init__(self) -> None:
        self.wire = Wire()
        self.played: set[str] = set()

    def ask(self, name: str, /, **variables):
        """The answer's data, all of it; nothing may go wrong."""
        self.played.add(name)
        body = self.wire.body(text(name), **variables)
        assert "errors" not in body, body["errors"]
        for value in body["data"].values():
            for key in value if isinstance(value, dict) else ():
                assert not key.lower().endswith("usererrors") or not value[key], (name, value[key])
        return body["data"]

    def one(self, name: str, /, **variables):
        (value,) = self.ask(name, **variables).values()
        return value


@pytest.fixture
def player():
    made = Player()
    yield made
    made.wire.close()


def shop_and_places(player: Player) -> str:
    player.ask("App")
    assert player.one("Publications")["nodes"][0]["catalog"]["title"] == "Online Store"
    given = {"name": "Kiln", "address": {"countryCode": "CZ"}}
    place = player.one("LocationAdd", input=given)["location"]["id"]
    player.one("LocationEdit", id=place, input={"name": "Fern Kiln"})
    player.one("LocationDeactivate", id=place, key="one", to=None)
    player.one("LocationActivate", id=place, key="two")
    assert [node["name"] for node in player.one("Locations")["nodes"]] == [
        "Fern Kiln",
        "Harbor warehouse",
    ]
    player.one("Location", id=place)
    return place


def product_and_variants(player: Player) -> tuple[str, list[str]]:
    player.wire.define()
    player.one("Definitions", owner="PRODUCT", namespace="$app:hub")
    player.one(
        "DefinitionCreate",
        definition={"name": "N", "namespace": "custom", "key": "note", "ownerType": "PRODUCT",
                    "type": "single_line_text_field"},
    )  # fmt: skip
    file = {"originalSource": "https://kiln.example/mug.jpg", "alt": "A mug"}
    variants = [sized("S", file=file, sku="S", barcode="1"), sized("M")]
    given = goods(files=[file], variants=variants, handle="mug", seo={"title": "A mug"})
    payload = player.one("ProductSet", identifier=custom("1"), input=given, now=True)
    gid = payload["product"]["id"]
    later = player.one("ProductSet", identifier=custom("2"), input=goods("2"), now=False)
    player.wire.forward()
    operation = player.one("ProductOperation", id=later["productSetOperation"]["id"])
    assert operation["status"] == "COMPLETE"
    place = next(iter(player.wire.state.publications))
    player.one("Publish", id=gid, input=[{"publicationId": place}])
    player.one("Unpublish", id=operation["product"]["id"], input=[{"publicationId": place}])
    player.one("ProductUpdate", product={"id": gid, "title": "Mug, blue", "tags": ["blue"]})
    player.one(
        "MetafieldsSet",
        metafields=[{"ownerId": gid, "namespace": "custom", "key": "note", "value": "fragile"}],
    )
    player.one("VariantsCreate", product=gid, variants=[sized("L")], strategy=None)
    shown = player.one("Product", id=gid, publication=place)
    ids = [node["id"] for node in shown["variants"]["nodes"]]
    assert (shown["metafield"]["value"], len(ids)) == ("fragile", 3)
    player.one("VariantsUpdate", product=gid, variants=[{"id": ids[0], "price": 9}], partial=True)
    player.one("VariantsDelete", product=gid, ids=ids[2:])
    deleted = player.one("ProductDelete", id=operation["product"]["id"], now=False)
    player.wire.forward()
    gone = player.one("ProductOperation", id=deleted["productDeleteOperation"]["id"])
    assert gone["deletedProductId"] == operation["product"]["id"]
    return gid, ids[:2]


def finding(player: Player, product: str, variant: str) -> None:
    assert player.ask("Products", query="vendor:'' AND status:active", key="UPDATED_AT")
    found = player.one("Variants", query="sku:'s' OR barcode:\"nobody's\"", key="ID")
    assert [node["id"] for node in found["nodes"]] == [variant]
    player.one("Variant", id=variant)
    assert player.one("ProductBy", identifier=custom("1"))["id"] == product
    item = player.wire.item(variant)
    player.ask("Nodes", ids=[product, variant, item, "gid://shopify/Product/1"], id=product)


def stock(player: Player, variants: list[str], place: str) -> None:
    items = [player.wire.item(variant) for variant in variants]
    player.one("InventoryToggle", item=items[0], updates=[{"locationId": place, "activate": True}])
    activated = player.one(
        "InventoryActivate", item=items[1], place=place, available=3, onHand=None, key="three"
    )
    player.one("InventoryLevel", id=activated["inventoryLevel"]["id"])
    here = player.wire.place
    rows = [
        {"inventoryItemId": item, "locationId": where, "quantity": 8, "changeFromQuantity": None}
        for item in items
        for where in (here, place)
    ]
    data = {"name": "available", "reason": "correction", "quantities": rows}
    player.one("InventorySet", input=data, key="four")
    changes = [{"inventoryItemId": items[0], "locationId": here, "delta": -1,
                "changeFromQuantity": 8}]  # fmt: skip
    given = {"name": "available", "reason": "correction", "changes": changes}
    player.one("InventoryAdjust", input=given, key="five")
    weight = {"measurement": {"weight": {"value": 0.4, "unit": "KILOGRAMS"}}, "cost": "3.20"}
    for item in items:
        player.one("InventoryItemUpdate", id=item, input={"tracked": True, **weight})
    shown = player.one("InventoryItem", id=items[0], place=here)
    amounts = {one["name"]: one["quantity"] for one in shown["inventoryLevel"]["quantities"]}
    assert amounts == {"available": 7, "committed": 0, "on_hand": 7, "reserved": 0}
    player.one("InventoryItems", query="sku:s")


def work(player: Player, variants: list[str], place: str) -> str:
    wire = player.wire
    order = wire.buy((variants[0], 4), (variants[1], 3), attributes={"gift": "yes"}, tags=["vip"])
    gid = wire.work(order)["id"]
    shown = player.one("FulfillmentOrder", id=gid)
    assert shown["locationsForMove"]["nodes"][0]["movable"]
    player.one("FulfillmentOrders", query="status:open", key="UPDATED_AT", closed=False)
    held = player.one("Hold", id=gid, hold={"reason": "OTHER", "handle": "a"})
    player.one("ReleaseHold", id=gid, holds=[held["fulfillmentHold"]["id"]])
    player.one("ReportProgress", id=gid, report={"reasonNotes": "packing"})
    player.one("Open", id=gid)
    lines = [{"id": wire.work(order)["lines"][0]["id"], "quantity": 1}]
    parts = [{"fulfillmentOrderId": gid, "fulfillmentOrderLineItems": lines}]
    split = player.one("Split", splits=parts)["fulfillmentOrderSplits"][0]
    player.one("Move", id=split["remainingFulfillmentOrder"]["id"], to=place, lines=None)
    tracking = {"number": "FAKE1", "company": "DHL Express"}
    given = {"lineItemsByFulfillmentOrder": [{"fulfillmentOrderId": gid}], "trackingInfo": tracking}
    shipment = player.one("Fulfill", fulfillment=given)["fulfillment"]["id"]
    player.one("Tracking", id=shipment, tracking={"number": "FAKE2"}, notify=True)
    event = {"fulfillmentId": shipment, "status": "DELIVERED"}
    player.one("FulfillmentEvent", event=event)
    assert player.one("Fulfillment", id=shipment)["displayStatus"] == "DELIVERED"
    payload = wire.body(text("Close"), id=split["remainingFulfillmentOrder"]["id"])
    assert payload["data"]["fulfillmentOrderClose"]["userErrors"]
    player.played.add("Close")
    return order["id"]


def orders(player: Player, gid: str, variants: list[str]) -> None:
    wire = player.wire
    shown = player.one("Order", id=gid)
    assert shown["displayFulfillmentStatus"] == "PARTIALLY_FULFILLED"
    player.one("Orders", query="updated_at:>='2020-01-01' -test:true", key="UPDATED_AT")
    player.one("OrderUpdate", input={"id": gid, "note": "Ring twice"})
    player.one("TagsAdd", id=gid, tags=["b2b"])
    player.one("TagsRemove", id=gid, tags=["B2B"])
    line = shown["lineItems"]["nodes"][0]["id"]
    suggested = player.one(
        "SuggestedRefund", id=gid, lines=[{"lineItemId": line, "quantity": 1}], shipping=False,
        all=False,
    )["suggestedRefund"]  # fmt: skip
    amount = suggested["amountSet"]["shopMoney"]["amount"]
    paid = {"orderId": gid, "gateway": "bogus", "kind": "REFUND", "amount": amount}
    lines = [{"lineItemId": line, "quantity": 1, "restockType": "RETURN",
              "locationId": wire.place}]  # fmt: skip
    given = {"orderId": gid, "refundLineItems": lines, "transactions": [paid]}
    refund = player.one("RefundCreate", input=given, key="six")["refund"]["id"]
    player.one("Refund", id=refund)
    shipped = shown["fulfillments"][0]["fulfillmentLineItems"]["nodes"][0]["id"]
    reason = "gid://shopify/ReturnReasonDefinition/1"
    one = {"fulfillmentLineItemId": shipped, "quantity": 1, "returnReasonDefinitionId": reason}
    for ending in ("ReturnClose", "ReturnCancel"):
        given = {"orderId": gid, "returnLineItems": [one]}
        returned = player.one("ReturnCreate", input=given)["return"]["id"]
        player.one("Return", id=returned)
        player.one(ending, id=returned)
    player.one("FulfillmentCancel", id=shown["fulfillments"][0]["id"])
    other = {"lineItems": [{"variantId": variants[1], "quantity": 1}], "financialStatus": "PENDING"}
    made = player.one("OrderCreate", order=other, options=None)["order"]["id"]
    job = player.one("OrderCancel", id=made, reason="STAFF", restock=True)["job"]["id"]
    wire.forward()
    assert player.one("Job", id=job)["done"]
    player.one("Order", id=gid)


def bulk(player: Player) -> None:
    wire = player.wire
    wanted = {"resource": "BULK_MUTATION_VARIABLES", "filename": "x.jsonl",
              "mimeType": "text/jsonl", "httpMethod": "POST"}  # fmt: skip
    target = player.one("StagedUploads", input=[wanted])["stagedTargets"][0]
    form = {one["name"]: one["value"] for one in target["parameters"]}
    content = json.dumps({"product": {"id": next(iter(wire.state.products)), "vendor": "Kiln"}})
    file = {"file": (io.BytesIO(content.encode()), "x.jsonl")}
    assert wire.client.post("/staged-uploads/", data={**form, **file}).status_code == 201
    mutation = text("ProductUpdate")
    player.one("BulkMutation", mutation=mutation, path=form["key"], client="a-client-of-ours")
    query = "{ products { edges { node { id variants { nodes { id } } } } } }"
    running = player.one("BulkQuery", query=query)["bulkOperation"]["id"]
    player.one("BulkCancel", id=running)
    wire.forward()
    found = player.one("BulkOperations", query="operation_type:mutation status:completed")
    assert len(found["nodes"]) == 1
    shown = player.one("BulkOperation", id=found["nodes"][0]["id"])
    assert wire.client.get(shown["url"].removeprefix("http://localhost")).text.count("\n") == 1


def webhooks(player: Player) -> None:
    given = {"uri": "https://hub.test/a", "includeFields": ["id"]}
    made = player.one("WebhookCreate", topic="ORDERS_PAID", input=given)
    gid = made["webhookSubscription"]["id"]
    player.one("WebhookUpdate", id=gid, input={"uri": "https://hub.test/b"})
    assert player.one("Webhooks", topics=["ORDERS_PAID"])["nodes"][0]["uri"] == "https://hub.test/b"
    player.one("WebhookDelete", id=gid)


def test_every_operation_is_played_and_every_field_answered(player: Player):
    place = shop_and_places(player)
    product, variants = product_and_variants(player)
    finding(player, product, variants[0])
    stock(player, variants, place)
    order = work(player, variants, place)
    orders(player, order, variants)
    bulk(player)
    webhooks(player)
    assert player.played == set(OPERATIONS)


def test_the_operations_are_valid_on_the_shipped_schema():
    from graphql import validate

    assert validate(schema(), DOCUMENT) == []


def test_connections_come_with_edges_as_well(player: Player):
    player.wire.buy((player.wire.variant(), 1))
    text = """{ orders(first: 5) { edges { cursor node { id lineItems(first: 5) { edges { node {
      id title } } } } } pageInfo { endCursor } } }"""
    found = player.wire.data(text)
    (edge,) = found["edges"]
    assert edge["cursor"] == found["pageInfo"]["endCursor"]
    assert edge["node"]["lineItems"]["edges"][0]["node"]["title"] == "Mug"
