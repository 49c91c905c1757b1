"""Naive requests about stock and locations."""

from support.shopify_shop import Wire, naive

SET = """
mutation($input: InventorySetQuantitiesInput!, $key: String!) {
  inventorySetQuantities(input: $input) @idempotent(key: $key) {
    inventoryAdjustmentGroup { id }
    userErrors { field code message }
  }
}"""
SET_WITHOUT_KEY = SET.replace(" @idempotent(key: $key)", "").replace(", $key: String!", "")
ADJUST = """
mutation($input: InventoryAdjustQuantitiesInput!, $key: String!) {
  inventoryAdjustQuantities(input: $input) @idempotent(key: $key) {
    userErrors { code message }
  }
}"""
TOGGLE = """
mutation($item: ID!, $updates: [InventoryBulkToggleActivationInput!]!) {
  inventoryBulkToggleActivation(inventoryItemId: $item, inventoryItemUpdates: $updates) {
    userErrors { code message }
  }
}"""
ACTIVATE = """
mutation($item: ID!, $place: ID!, $available: Int) {
  inventoryActivate(inventoryItemId: $item, locationId: $place, available: $available) KEY {
    userErrors { message }
  }
}"""
LOCATION_ADD = """
mutation($input: LocationAddInput!) {
  locationAdd(input: $input) { location { id } userErrors { code message } }
}"""
LOCATION_OFF = """
mutation($id: ID!, $to: ID) {
  locationDeactivate(locationId: $id, destinationLocationId: $to) KEY {
    locationDeactivateUserErrors { code message }
  }
}"""


def keyed(document: str, key: str = "") -> str:
    return document.replace("KEY", f'@idempotent(key: "{key}")' if key else "")


def row(wire: Wire, variant: str, quantity: int, expected: int | None = None, **given):
    return {"inventoryItemId": wire.item(variant), "locationId": wire.place, "quantity": quantity,
            "changeFromQuantity": expected, **given}  # fmt: skip


def data(*rows, **given):
    return {"name": "available", "reason": "correction", "quantities": list(rows), **given}


def put(wire: Wire, *rows, key: str = "k", **given) -> list[str]:
    """What setting these rows is refused for."""
    return wire.refused(SET, input=data(*rows, **given), key=key)


# --- keys and comparing ---


@naive("stock-needs-a-key")
def test_no_idempotency_key(wire: Wire):
    variant = wire.variant(10)
    assert wire.error(SET_WITHOUT_KEY, input=data(row(wire, variant, 3, 10))) == "BAD_REQUEST"
    assert wire.level(variant) == (10, 0)


@naive("change-from-named")
def test_no_change_from_quantity(wire: Wire):
    variant = wire.variant(10)
    bare = row(wire, variant, 3)
    del bare["changeFromQuantity"]
    assert wire.error(SET, input=data(bare), key="k") == "INVALID_FIELD_ARGUMENTS"
    assert wire.level(variant) == (10, 0)


@naive("change-from-first")
def test_no_change_from_quantity_and_a_wrong_reason(wire: Wire):
    bare = row(wire, wire.variant(), 3)
    del bare["changeFromQuantity"]
    assert wire.error(SET, input=data(bare, reason="no"), key="k") == "INVALID_FIELD_ARGUMENTS"


@naive("null-overwrites")
def test_null_brings_back_what_was_sold_meanwhile(wire: Wire):
    variant = wire.variant(10)
    wire.buy((variant, 4))
    assert put(wire, row(wire, variant, 10, None)) == []
    assert wire.level(variant) == (10, 4)


@naive("stale-quantity")
def test_the_quantity_known_from_before_a_sale(wire: Wire):
    variant = wire.variant(10)
    wire.buy((variant, 4))
    assert put(wire, row(wire, variant, 9, 10)) == ["CHANGE_FROM_QUANTITY_STALE"]
    assert wire.level(variant) == (6, 4)


@naive("all-or-nothing")
def test_a_good_row_beside_a_stale_one(wire: Wire):
    good, bad = wire.variant(10), wire.variant(10)
    assert put(wire, row(wire, good, 3, 10), row(wire, bad, 3, 99))
    assert wire.level(good) == (10, 0)


@naive("key-repeats")
def test_the_same_key_does_not_write_again(wire: Wire):
    variant = wire.variant(10)
    assert put(wire, row(wire, variant, 5, None), key="once") == []
    wire.control("stock", variant_id=variant, available=8)
    assert put(wire, row(wire, variant, 5, None), key="once") == []
    assert wire.level(variant) == (8, 0)


@naive("key-other-content")
def test_the_same_key_for_something_else(wire: Wire):
    variant = wire.variant(10)
    put(wire, row(wire, variant, 5, 10), key="once")
    refused = put(wire, row(wire, variant, 4, 5), key="once")
    assert refused == ["IDEMPOTENCY_KEY_PARAMETER_MISMATCH"]
    assert wire.level(variant) == (5, 0)


@naive("key-spent-by-failure")
def test_the_key_of_a_call_that_was_refused(wire: Wire):
    variant = wire.variant(10)
    put(wire, row(wire, variant, 5, 99), key="once")
    wire.control("stock", variant_id=variant, available=99)
    refused = put(wire, row(wire, variant, 5, 99), key="once")
    assert refused == ["IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED"]
    assert put(wire, row(wire, variant, 5, 99), key="another") == []


@naive("key-under-way")
def test_a_second_call_while_the_first_is_under_way(wire: Wire):
    variant = wire.variant(10)
    wire.control("faults", kind="concurrent")
    assert put(wire, row(wire, variant, 5, 10)) == ["IDEMPOTENCY_CONCURRENT_REQUEST"]
    assert put(wire, row(wire, variant, 5, 10)) == []


# --- rows ---


@naive("rows-250")
def test_251_rows(wire: Wire):
    variant = wire.variant(10)
    rows = [row(wire, variant, 1)] * 251
    assert wire.error(SET, input=data(*rows), key="k") == "MAX_INPUT_SIZE_EXCEEDED"


@naive("pair-once")
def test_an_item_twice(wire: Wire):
    variant = wire.variant(10)
    refused = put(wire, row(wire, variant, 1, 10), row(wire, variant, 2, 10))
    assert refused == ["NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR"]


@naive("not-negative")
def test_a_negative_quantity(wire: Wire):
    assert put(wire, row(wire, wire.variant(), -1)) == ["INVALID_QUANTITY_NEGATIVE"]


@naive("not-too-high")
def test_a_quantity_beyond_everything(wire: Wire):
    assert put(wire, row(wire, wire.variant(), 1_000_000_001)) == ["INVALID_QUANTITY_TOO_HIGH"]


@naive("reasons")
def test_a_reason_of_our_own(wire: Wire):
    assert put(wire, row(wire, wire.variant(), 1), reason="sync") == ["INVALID_REASON"]


@naive("names")
def test_a_quantity_that_cannot_be_set(wire: Wire):
    assert put(wire, row(wire, wire.variant(), 1), name="committed") == ["INVALID_NAME"]


@naive("reference-is-an-address")
def test_a_reference_without_a_scheme(wire: Wire):
    refused = put(wire, row(wire, wire.variant(), 1), referenceDocumentUri="job 7")
    assert refused == ["INVALID_REFERENCE_DOCUMENT"]


@naive("unknown-item")
def test_an_item_that_is_gone(wire: Wire):
    product = wire.product()
    gone = row(wire, product["variantIds"][0], 1)
    wire.control("products/delete", product_id=product["id"])
    payload = wire.data(SET, input=data(gone), key="k")["userErrors"][0]
    assert payload["code"] == "INVALID_INVENTORY_ITEM"
    assert payload["field"] == ["input", "quantities", "0", "inventoryItemId"]


@naive("unstocked-is-refused")
def test_a_location_that_does_not_stock_the_item(wire: Wire):
    variant = wire.variant(10)
    place = wire.control("locations", name="Kiln")["id"]
    assert put(wire, row(wire, variant, 3, None, locationId=place)) == ["INVALID_LOCATION"]


# --- quantities fit together ---


@naive("on-hand-holds-committed")
def test_what_can_be_sold_written_as_on_hand(wire: Wire):
    variant = wire.variant(10)
    wire.buy((variant, 4))
    assert put(wire, row(wire, variant, 6, None), name="on_hand") == []
    assert wire.level(variant) == (2, 4)


@naive("order-commits")
def test_stock_read_after_an_order_is_not_what_was_written(wire: Wire):
    variant = wire.variant(10)
    wire.buy((variant, 4))
    assert wire.level(variant) == (6, 4)


FULFILL = """
mutation($fulfillment: FulfillmentInput!) {
  fulfillmentCreate(fulfillment: $fulfillment) { fulfillment { id } userErrors { message } }
}"""


@naive("shipping-uncommits")
def test_shipping_does_not_lower_what_can_be_sold(wire: Wire):
    variant = wire.variant(10)
    work = wire.work(wire.buy((variant, 4)))
    given = {"lineItemsByFulfillmentOrder": [{"fulfillmentOrderId": work["id"]}]}
    wire.done(FULFILL, fulfillment=given)
    assert wire.level(variant) == (6, 0)


@naive("untracked-stands-still")
def test_a_sale_of_what_is_not_tracked(wire: Wire):
    variant = wire.variant(variants=[{"tracked": False}])
    wire.buy((variant, 4))
    assert wire.level(variant) == (0, 0)


@naive("untracked-sells")
def test_zero_does_not_stop_what_is_not_tracked(wire: Wire):
    variant = wire.variant(variants=[{"tracked": False}])
    assert wire.buy((variant, 100))["name"] == "#1001"


def checkout_status(wire: Wire, variant: str, units: int) -> int:
    lines = [{"variant_id": variant, "quantity": units}]
    return wire.client.post("/_sim/checkout", json={"lines": lines}).status_code


@naive("deny-ends-at-zero")
def test_more_than_there_is(wire: Wire):
    variant = wire.variant(3)
    assert checkout_status(wire, variant, 4) == 422
    assert wire.level(variant) == (3, 0)


@naive("continue-goes-below")
def test_what_is_continued_sells_below_zero(wire: Wire):
    variant = wire.variant(variants=[{"policy": "CONTINUE", "available": 3}])
    assert checkout_status(wire, variant, 4) == 200
    assert wire.level(variant) == (-1, 4)


@naive("adjust-needs-change-from")
def test_an_adjustment_that_compares_with_nothing(wire: Wire):
    variant = wire.variant(10)
    change = {"inventoryItemId": wire.item(variant), "locationId": wire.place, "delta": -1}
    given = {"name": "available", "reason": "correction", "changes": [change]}
    assert wire.error(ADJUST, input=given, key="k") == "INVALID_FIELD_ARGUMENTS"
    given["changes"] = [{**change, "changeFromQuantity": 9}]
    assert wire.refused(ADJUST, input=given, key="k") == ["CHANGE_FROM_QUANTITY_STALE"]
    bare = ADJUST.replace(" @idempotent(key: $key)", "").replace(", $key: String!", "")
    assert wire.error(bare, input=given) == "BAD_REQUEST"


# --- stocking ---


@naive("activate-needs-a-key")
def test_activating_without_a_key(wire: Wire):
    variant = wire.variant()
    place = wire.control("locations", name="Kiln")["id"]
    given = {"item": wire.item(variant), "place": place}
    assert wire.error(keyed(ACTIVATE), **given) == "BAD_REQUEST"
    wire.done(keyed(ACTIVATE, "one"), **given)


@naive("activate-is-not-set")
def test_activating_with_a_quantity_what_is_stocked_already(wire: Wire):
    variant = wire.variant(10)
    given = {"item": wire.item(variant), "place": wire.place, "available": 3}
    assert wire.refused(keyed(ACTIVATE, "one"), **given)
    assert wire.level(variant) == (10, 0)


def unstock(wire: Wire, variant: str, place: str) -> list[str]:
    updates = [{"locationId": place, "activate": False}]
    return wire.refused(TOGGLE, item=wire.item(variant), updates=updates)


@naive("only-location-stays")
def test_unstocking_everywhere(wire: Wire):
    refused = unstock(wire, wire.variant(), wire.place)
    assert refused == ["CANNOT_DEACTIVATE_FROM_ONLY_LOCATION"]


@naive("committed-stays")
def test_unstocking_what_was_sold_there(wire: Wire):
    variant = wire.variant()
    place = wire.control("locations", name="Kiln")["id"]
    updates = [{"locationId": place, "activate": True}]
    wire.done(TOGGLE, item=wire.item(variant), updates=updates)
    wire.buy((variant, 1))
    assert unstock(wire, variant, wire.place) == ["COMMITTED_INVENTORY_AT_LOCATION"]
    assert unstock(wire, variant, place) == []


# --- locations ---


def add(wire: Wire, name: str) -> list[str]:
    given = {"name": name, "address": {"countryCode": "CZ"}}
    return wire.refused(LOCATION_ADD, input=given)


@naive("location-limit")
@naive("location-limit-answer")
def test_a_location_for_the_tenth_vendor(wire: Wire):
    refused = [add(wire, f"Vendor {number}") for number in range(10)]
    assert refused == [*[[]] * 9, ["INVALID"]]
    plus = Wire(plan="plus")
    assert [add(plus, f"Vendor {number}") for number in range(10)] == [[]] * 10


@naive("inactive-does-not-count")
def test_a_location_that_was_given_up_makes_room(wire: Wire):
    for number in range(9):
        add(wire, f"Vendor {number}")
    last = list(wire.state.locations)[-1]
    wire.done(keyed(LOCATION_OFF, "one"), id=last)
    assert add(wire, "Vendor 10") == []


@naive("location-name-once")
def test_two_locations_of_one_name(wire: Wire):
    add(wire, "Kiln")
    assert add(wire, "Kiln") == ["TAKEN"]


@naive("location-with-stock")
def test_a_location_with_stock_is_deactivated(wire: Wire):
    variant = wire.variant(10)
    add(wire, "Kiln")
    place = list(wire.state.locations)[-1]
    refused = wire.refused(keyed(LOCATION_OFF, "one"), id=wire.place)
    assert refused == ["HAS_ACTIVE_INVENTORY_ERROR"]
    assert wire.refused(keyed(LOCATION_OFF, "two"), id=wire.place, to=place) == []
    assert wire.level(variant, place) == (10, 0)


@naive("location-needs-a-key")
def test_a_location_is_deactivated_without_a_key(wire: Wire):
    add(wire, "Kiln")
    place = list(wire.state.locations)[-1]
    assert wire.error(keyed(LOCATION_OFF), id=place) == "BAD_REQUEST"
    assert wire.state.locations[place]["isActive"]
