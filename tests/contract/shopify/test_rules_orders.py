"""Naive requests about orders: read, canceled, refunded, returned."""

import pytest

from simulators.shopify import MORE_SCOPES
from support.shopify_shop import Wire, naive

ORDER = """
query($id: ID!) {
  order(id: $id) {
    name
    test
    email
    phone
    updatedAt
    cancelledAt
    displayFinancialStatus
    displayFulfillmentStatus
    risk { recommendation }
    shippingAddress { firstName address1 city zip countryCodeV2 phone }
    totalRefundedSet { shopMoney { amount } }
    lineItems(first: 10) {
      nodes {
        id
        quantity
        currentQuantity
        unfulfilledQuantity
        originalUnitPriceSet { shopMoney { amount } }
        discountedUnitPriceAfterAllDiscountsSet { shopMoney { amount } }
      }
    }
    fulfillmentOrders(first: 10) {
      nodes { id status deliveryMethod { methodType } supportedActions { action } }
    }
    fulfillments(first: 10) { status trackingInfo { number } }
  }
}"""
ORDERS = "query($q: String) { orders(first: 50, query: $q) { nodes { id name } } }"
CANCEL = """
mutation($id: ID!, $restock: Boolean = true) {
  orderCancel(orderId: $id, reason: CUSTOMER, restock: $restock) {
    job { id done }
    orderCancelUserErrors { code message }
  }
}"""
REFUND = """
mutation($input: RefundInput!, $key: String!) {
  refundCreate(input: $input) @idempotent(key: $key) {
    refund { id totalRefundedSet { shopMoney { amount } } }
    userErrors { field message }
  }
}"""
RETURN = """
mutation($input: ReturnInput!) {
  returnCreate(returnInput: $input) { return { id } userErrors { code message } }
}"""
FULFILL = """
mutation($fulfillment: FulfillmentInput!) {
  fulfillmentCreate(fulfillment: $fulfillment) { fulfillment { id } userErrors { message } }
}"""
TAGS = """
mutation($input: OrderInput!) { orderUpdate(input: $input) { userErrors { message } } }"""


def order_of(wire: Wire, gid: str):
    return wire.data(ORDER, id=gid)


def ship(wire: Wire, order, units: int | None = None, number: str = "FAKE1") -> str:
    work = wire.work(order)
    entry = {"fulfillmentOrderId": work["id"]}
    if units is not None:
        entry["fulfillmentOrderLineItems"] = [{"id": work["lines"][0]["id"], "quantity": units}]
    given = {"lineItemsByFulfillmentOrder": [entry], "trackingInfo": {"number": number}}
    return wire.done(FULFILL, fulfillment=given)["fulfillment"]["id"]


@pytest.fixture
def variant(wire: Wire) -> str:
    return wire.variant(10)


# --- reading ---


@naive("orders-60-days")
def test_an_old_order_without_its_scope(wire: Wire, variant: str):
    order = wire.buy((variant, 1))
    wire.forward(61 * 24 * 3600)
    assert len(wire.data(ORDERS)["nodes"]) == 1
    wire.control("scopes", remove=["read_all_orders"])
    assert wire.data(ORDERS)["nodes"] == []
    assert order_of(wire, order["id"]) is None


@naive("orders-deleted")
def test_a_deleted_order(wire: Wire, variant: str):
    paid, test = wire.buy((variant, 1)), wire.buy((variant, 1), test=True)
    answer = wire.client.post("/_sim/orders/delete", json={"order_id": paid["id"]})
    assert answer.status_code == 400
    wire.control("orders/delete", order_id=test["id"])
    assert order_of(wire, test["id"]) is None
    assert [node["id"] for node in wire.data(ORDERS)["nodes"]] == [paid["id"]]


@naive("protected-data")
def test_an_address_without_access_to_protected_data():
    wire = Wire(protected_data=False)
    order = order_of(wire, wire.buy((wire.variant(), 1))["id"])
    assert (order["email"], order["phone"]) == (None, None)
    assert order["shippingAddress"] == {
        "firstName": None, "address1": None, "city": "Exampleton", "zip": None,
        "countryCodeV2": "CZ", "phone": None,
    }  # fmt: skip
    wire.close()


@naive("current-quantity")
def test_the_quantity_of_an_edited_line(wire: Wire, variant: str):
    order = wire.buy((variant, 3))
    wire.control("orders/edit", order_id=order["id"], line_id=order["lines"][0]["id"], quantity=2)
    (line,) = order_of(wire, order["id"])["lineItems"]["nodes"]
    assert (line["quantity"], line["currentQuantity"], line["unfulfilledQuantity"]) == (3, 1, 1)


@naive("price-after-discounts")
def test_the_unit_price_of_a_discounted_line(wire: Wire, variant: str):
    lines = [{"variant_id": variant, "quantity": 1, "discount": "2.50"}]
    gid = wire.control("checkout", lines=lines)["id"]
    (line,) = order_of(wire, gid)["lineItems"]["nodes"]
    assert line["originalUnitPriceSet"]["shopMoney"]["amount"] == "12.50"
    paid = line["discountedUnitPriceAfterAllDiscountsSet"]["shopMoney"]["amount"]
    assert paid == "10.00"


@naive("test-orders")
def test_a_test_order_looks_paid_and_open(wire: Wire, variant: str):
    order = order_of(wire, wire.buy((variant, 1), test=True)["id"])
    assert (order["test"], order["displayFinancialStatus"]) == (True, "PAID")
    assert order["fulfillmentOrders"]["nodes"][0]["status"] == "OPEN"


@naive("authorized-is-not-paid")
def test_an_authorized_order_is_waited_for_by_orders_paid(wire: Wire, variant: str):
    wire.listen("ORDERS_CREATE", "ORDERS_PAID")
    order = wire.buy((variant, 1), financial_status="AUTHORIZED")
    assert wire.heard() == ["orders/create"]
    assert order_of(wire, order["id"])["fulfillmentOrders"]["nodes"][0]["status"] == "OPEN"
    wire.control("orders/pay", order_id=order["id"])
    assert wire.heard() == ["orders/create", "orders/paid"]


@naive("risk-is-advice")
def test_a_risky_order_is_paid_and_open(wire: Wire, variant: str):
    order = order_of(wire, wire.buy((variant, 1), risk="HIGH")["id"])
    assert order["risk"]["recommendation"] == "CANCEL"
    assert order["displayFinancialStatus"] == "PAID"
    assert order["fulfillmentOrders"]["nodes"][0]["status"] == "OPEN"


@naive("gift-cards-ship-themselves")
def test_a_gift_card_is_waited_for(wire: Wire):
    order = wire.buy((wire.variant(giftCard=True), 1))
    shown = order_of(wire, order["id"])
    assert [work["status"] for work in shown["fulfillmentOrders"]["nodes"]] == ["CLOSED"]
    assert shown["fulfillments"] == [{"status": "SUCCESS", "trackingInfo": []}]


@naive("pickup-is-a-method")
def test_an_order_to_be_picked_up_has_work_like_any_other(wire: Wire, variant: str):
    order = order_of(wire, wire.buy((variant, 1), delivery="pickup")["id"])
    (work,) = order["fulfillmentOrders"]["nodes"]
    assert (work["status"], work["deliveryMethod"]["methodType"]) == ("OPEN", "PICK_UP")


@naive("changes-move-updated-at")
def test_a_sweep_by_updated_at_finds_every_change(wire: Wire, variant: str):
    order = wire.buy((variant, 4))
    line = order["lines"][0]["id"]
    for path, given in (
        ("orders/change", {"note": "Ring twice"}),
        ("orders/edit", {"line_id": line, "quantity": 1}),
        ("orders/refund", {"line_id": line, "quantity": 1}),
        ("fulfillment_orders/hold", {"fulfillment_order_id": wire.work(order)["id"]}),
        ("orders/cancel", {}),
    ):
        wire.forward(60)
        before = order_of(wire, order["id"])["updatedAt"]
        wire.control(path, order_id=order["id"], **given)
        assert order_of(wire, order["id"])["updatedAt"] > before, path


@naive("orders-sorted")
def test_pages_without_a_sort_key_do_not_come_by_change(wire: Wire, variant: str):
    first, second = wire.buy((variant, 1)), wire.buy((variant, 1))
    wire.forward(60)
    wire.control("orders/change", order_id=first["id"], note="late")
    names = [node["name"] for node in wire.data(ORDERS)["nodes"]]
    assert names == [first["name"], second["name"]]


# --- routing ---


@naive("routed-later")
def test_fulfillment_orders_right_after_the_order(wire: Wire, variant: str):
    wire.listen("ORDERS_CREATE", "FULFILLMENT_ORDERS_ORDER_ROUTING_COMPLETE")
    wire.control("settings", routing_s=30)
    order = wire.buy((variant, 1))
    assert order_of(wire, order["id"])["fulfillmentOrders"]["nodes"] == []
    assert wire.level(variant) == (9, 1)
    wire.forward(31)
    assert len(order_of(wire, order["id"])["fulfillmentOrders"]["nodes"]) == 1
    assert wire.heard() == ["orders/create", "fulfillment_orders/order_routing_complete"]


@naive("routing-by-rank")
def test_a_line_is_shipped_from_two_places(wire: Wire, variant: str):
    place = wire.control("locations", name="Kiln")["id"]
    wire.state.levels[wire.item(variant), place] = {
        "available": 5, "committed": 0, "updatedAt": wire.state.clock.now()
    }  # fmt: skip
    small, large = wire.buy((variant, 4)), wire.buy((variant, 9))
    works = [wire.work(small), wire.work(large), wire.work(large, 1)]
    assert [(w["locationId"], w["lines"][0]["totalQuantity"]) for w in works] == [
        (wire.place, 4),
        (wire.place, 6),
        (place, 3),
    ]
    assert works[1]["lines"][0]["lineId"] == works[2]["lines"][0]["lineId"]
    wire.control("locations/rank", location_ids=[place])
    assert wire.work(wire.buy((variant, 1)))["locationId"] == place


# --- edits ---


@naive("edit-only-unshipped")
def test_a_shipped_unit_is_edited_away(wire: Wire, variant: str):
    order = wire.buy((variant, 2))
    ship(wire, order, 1)
    line = order["lines"][0]["id"]
    given = {"order_id": order["id"], "line_id": line, "quantity": 2}
    assert wire.client.post("/_sim/orders/edit", json=given).status_code == 400
    wire.control("orders/edit", **{**given, "quantity": 1})
    assert wire.level(variant) == (9, 0)


@naive("edit-adds-work")
def test_goods_added_after_the_order_was_read(wire: Wire, variant: str):
    order = wire.buy((variant, 1))
    ship(wire, order)
    other = wire.variant(5)
    add = [{"variant_id": other, "quantity": 2}]
    wire.control("orders/edit", order_id=order["id"], add=add)
    shown = order_of(wire, order["id"])
    assert [one["status"] for one in shown["fulfillmentOrders"]["nodes"]] == ["CLOSED", "OPEN"]
    assert len(shown["lineItems"]["nodes"]) == 2
    assert shown["displayFinancialStatus"] == "PARTIALLY_PAID"
    assert wire.level(other) == (3, 2)


# --- cancels ---


@naive("cancel-is-a-job")
def test_an_order_right_after_its_cancel(wire: Wire, variant: str):
    order = wire.buy((variant, 2))
    payload = wire.done(CANCEL, id=order["id"])
    assert not payload["job"]["done"]
    assert order_of(wire, order["id"])["cancelledAt"] is None
    wire.forward()
    assert order_of(wire, order["id"])["cancelledAt"] is not None
    assert wire.level(variant) == (10, 0)


@naive("cancel-errors-apart")
def test_user_errors_of_a_cancel(wire: Wire):
    asked = CANCEL.replace("orderCancelUserErrors", "userErrors")
    assert wire.error(asked, id="gid://shopify/Order/1") == "undefinedField"
    assert wire.refused(CANCEL, id="gid://shopify/Order/1") == ["NOT_FOUND"]


@naive("cancel-once")
def test_a_second_cancel(wire: Wire, variant: str):
    order = wire.buy((variant, 1))
    wire.control("orders/cancel", order_id=order["id"])
    assert wire.refused(CANCEL, id=order["id"]) == ["INVALID"]


@naive("cancel-after-shipping")
def test_a_cancel_of_what_was_shipped(wire: Wire, variant: str):
    order = wire.buy((variant, 2))
    ship(wire, order, 1)
    assert wire.refused(CANCEL, id=order["id"]) == ["INVALID"]


@naive("cancel-keeps-shipments")
def test_a_canceled_order_still_has_its_shipment(wire: Wire, variant: str):
    order = wire.buy((variant, 2))
    ship(wire, order, 1)
    wire.control("orders/cancel", order_id=order["id"])
    shown = order_of(wire, order["id"])
    assert shown["cancelledAt"] is not None
    assert shown["fulfillments"] == [{"status": "SUCCESS", "trackingInfo": [{"number": "FAKE1"}]}]
    assert wire.level(variant) == (9, 0)


@naive("cancel-without-restock")
def test_a_cancel_that_puts_nothing_back(wire: Wire, variant: str):
    order = wire.buy((variant, 2))
    wire.done(CANCEL, id=order["id"], restock=False)
    wire.forward()
    assert wire.level(variant) == (8, 0)


@naive("cancel-ends-work")
def test_work_of_a_canceled_order(wire: Wire, variant: str):
    order = wire.buy((variant, 2))
    wire.control("orders/cancel", order_id=order["id"])
    (work,) = order_of(wire, order["id"])["fulfillmentOrders"]["nodes"]
    assert (work["status"], work["supportedActions"]) == ("CANCELLED", [])


@naive("cancel-is-a-refund")
@pytest.mark.parametrize(("restock", "kind"), [(True, "CANCEL"), (False, "NO_RESTOCK")])
def test_the_money_of_a_canceled_order(wire: Wire, variant: str, restock: bool, kind: str):
    order = wire.buy((variant, 2))
    wire.control("orders/cancel", order_id=order["id"], restock=restock)
    (row,) = wire.state.refunds.values()
    assert [(one["quantity"], one["restockType"]) for one in row["lines"]] == [(2, kind)]
    assert row["amount"] == order_of(wire, order["id"])["totalRefundedSet"]["shopMoney"]["amount"]
    wire.control("orders/cancel", order_id=wire.buy((variant, 1))["id"], refund=False)
    assert len(wire.state.refunds) == 1, "no money, no refund"


# --- refunds ---


def refund(wire: Wire, order, key: str = "k", **given) -> list[str]:
    return wire.refused(REFUND, input={"orderId": order["id"], **given}, key=key)


def of_line(order, units: int = 1, **given):
    return [{"lineItemId": order["lines"][0]["id"], "quantity": units, **given}]


def money(order, amount: str):
    return [{"orderId": order["id"], "kind": "REFUND", "gateway": "bogus", "amount": amount}]


@naive("refund-needs-a-key")
def test_a_refund_without_a_key(wire: Wire, variant: str):
    order = wire.buy((variant, 1))
    bare = REFUND.replace(" @idempotent(key: $key)", "").replace(", $key: String!", "")
    assert wire.error(bare, input={"orderId": order["id"]}) == "BAD_REQUEST"
    assert not wire.state.refunds


@naive("refund-moves-named-money")
def test_a_refund_of_a_line_without_transactions(wire: Wire, variant: str):
    order = wire.buy((variant, 2))
    assert refund(wire, order, refundLineItems=of_line(order)) == []
    shown = order_of(wire, order["id"])
    assert shown["totalRefundedSet"]["shopMoney"]["amount"] == "0.00"
    assert shown["displayFinancialStatus"] == "PAID"
    assert refund(wire, order, "again", transactions=money(order, "12.50")) == []
    shown = order_of(wire, order["id"])
    assert shown["displayFinancialStatus"] == "PARTIALLY_REFUNDED"


@naive("refund-more-than-paid")
def test_more_money_than_was_paid(wire: Wire, variant: str):
    order = wire.buy((variant, 1))
    assert refund(wire, order, transactions=money(order, "99.00"))
    rest = money(order, "17.40")
    assert refund(wire, order, "all", transactions=rest) == []
    assert order_of(wire, order["id"])["displayFinancialStatus"] == "REFUNDED"


@naive("refund-more-units")
def test_more_units_than_are_left(wire: Wire, variant: str):
    order = wire.buy((variant, 2))
    assert refund(wire, order, refundLineItems=of_line(order, 3))
    assert refund(wire, order, "two", refundLineItems=of_line(order, 2)) == []
    assert refund(wire, order, "more", refundLineItems=of_line(order, 1))


@naive("restock-needs-a-place")
def test_restocking_nowhere(wire: Wire, variant: str):
    order = wire.buy((variant, 1))
    assert refund(wire, order, refundLineItems=of_line(order, restockType="CANCEL"))
    assert wire.level(variant) == (9, 1)


def restock(wire: Wire, kind: str):
    return {"restockType": kind, "locationId": wire.place}


@naive("cancel-is-for-unshipped")
def test_shipped_units_refunded_as_canceled(wire: Wire, variant: str):
    order = wire.buy((variant, 2))
    ship(wire, order, 1)
    lines = of_line(order, 2, **restock(wire, "CANCEL"))
    assert refund(wire, order, refundLineItems=lines)
    lines = of_line(order, 1, **restock(wire, "CANCEL"))
    assert refund(wire, order, "one", refundLineItems=lines) == []
    assert wire.level(variant) == (9, 0)


def test_canceled_units_go_back_to_where_they_were_to_be_shipped_from(wire: Wire, variant: str):
    place = wire.control("locations", name="Kiln")["id"]
    order = wire.buy((variant, 2))
    lines = of_line(order, 1, restockType="CANCEL", locationId=place)
    assert refund(wire, order, refundLineItems=lines) == [
        "Only unfulfilled units can be canceled there"
    ]
    lines = of_line(order, 1, **restock(wire, "CANCEL"))
    assert refund(wire, order, "one", refundLineItems=lines) == []
    assert wire.level(variant) == (9, 1)


@naive("return-is-for-shipped")
def test_unshipped_units_refunded_as_returned(wire: Wire, variant: str):
    order = wire.buy((variant, 2))
    lines = of_line(order, 1, **restock(wire, "RETURN"))
    assert refund(wire, order, refundLineItems=lines)
    ship(wire, order, 1)
    assert refund(wire, order, "one", refundLineItems=lines) == []
    assert wire.level(variant) == (9, 1)


@naive("no-restock-takes-work")
def test_units_refunded_without_restocking_are_not_shipped_and_not_back(wire: Wire, variant: str):
    order = wire.buy((variant, 2))
    assert refund(wire, order, refundLineItems=of_line(order)) == []
    assert wire.work(order)["lines"][0]["remainingQuantity"] == 1
    assert wire.level(variant) == (8, 1)


@naive("refund-without-code")
def test_codes_are_asked_of_a_refund(wire: Wire):
    asked = REFUND.replace("field message", "code message")
    given = {"orderId": "gid://shopify/Order/1"}
    assert wire.error(asked, input=given, key="k") == "undefinedField"
    assert wire.refused(REFUND, input=given, key="k") == ["Order does not exist"]


@naive("return-needs-a-reason")
def test_a_return_without_a_reason(wire: Wire, variant: str):
    order = wire.buy((variant, 1))
    shipment = wire.state.fulfillments[ship(wire, order)]
    line = {"fulfillmentLineItemId": shipment["lines"][0]["id"], "quantity": 1}
    given = {"orderId": order["id"], "returnLineItems": [line]}
    assert wire.refused(RETURN, input=given) == ["BLANK"]


@naive("order-tags-overwritten")
def test_a_tag_set_on_an_order_removes_the_others(wire: Wire, variant: str):
    order = wire.buy((variant, 1), tags=["vip"])
    wire.done(TAGS, input={"id": order["id"], "tags": ["sent"]})
    assert wire.state.orders[order["id"]]["tags"] == ["sent"]


def test_scopes_for_these_tests_are_more_than_the_hub_asks():
    assert {"write_orders", "read_all_orders"} <= set(MORE_SCOPES)
