"""Naive requests about fulfillment orders and fulfillments."""

import pytest

from support.shopify_shop import Wire, naive

FULFILL = """
mutation($fulfillment: FulfillmentInput!) {
  fulfillmentCreate(fulfillment: $fulfillment) {
    fulfillment { id status trackingInfo { company number url } }
    userErrors { field message }
  }
}"""
CANCEL = """
mutation($id: ID!) {
  fulfillmentCancel(id: $id) { fulfillment { status } userErrors { message } }
}"""
TRACKING = """
mutation($id: ID!, $tracking: FulfillmentTrackingInput!) {
  fulfillmentTrackingInfoUpdate(fulfillmentId: $id, trackingInfoInput: $tracking) {
    fulfillment { trackingInfo { company number url } }
    userErrors { message }
  }
}"""
MOVE = """
mutation($id: ID!, $to: ID!, $lines: [FulfillmentOrderLineItemInput!]) {
  fulfillmentOrderMove(id: $id, newLocationId: $to, fulfillmentOrderLineItems: $lines) {
    movedFulfillmentOrder { id status }
    originalFulfillmentOrder { id status }
    userErrors { code message }
  }
}"""
SPLIT = """
mutation($splits: [FulfillmentOrderSplitInput!]!) {
  fulfillmentOrderSplit(fulfillmentOrderSplits: $splits) {
    fulfillmentOrderSplits { fulfillmentOrder { id } remainingFulfillmentOrder { id } }
    userErrors { code message }
  }
}"""
HOLD = """
mutation($id: ID!, $hold: FulfillmentOrderHoldInput!) {
  fulfillmentOrderHold(id: $id, fulfillmentHold: $hold) {
    fulfillmentHold { id }
    remainingFulfillmentOrder { id }
    userErrors { code message }
  }
}"""
RELEASE = """
mutation($id: ID!, $holds: [ID!]) {
  fulfillmentOrderReleaseHold(id: $id, holdIds: $holds) {
    fulfillmentOrder { status }
    userErrors { code message }
  }
}"""
CLOSE = """
mutation($id: ID!) { fulfillmentOrderClose(id: $id) { userErrors { message } } }"""
WORK = """
query($id: ID!) { fulfillmentOrder(id: $id) { status supportedActions { action } } }"""
SHIPMENTS = """
query($id: ID!) {
  order(id: $id) { fulfillments(first: 10) { status trackingInfo { number } } }
}"""


@pytest.fixture
def variant(wire: Wire) -> str:
    return wire.variant(20)


def entry(work, *units: int):
    """All of a fulfillment order, or so many units of its lines."""
    found = {"fulfillmentOrderId": work["id"]}
    if units:
        lines = zip(work["lines"], units, strict=True)
        found["fulfillmentOrderLineItems"] = [
            {"id": line["id"], "quantity": one} for line, one in lines
        ]
    return found


def lines(work, *units: int):
    return entry(work, *units)["fulfillmentOrderLineItems"]


def ship(wire: Wire, *entries, **given) -> list[str]:
    fulfillment = {"lineItemsByFulfillmentOrder": list(entries), **given}
    return wire.refused(FULFILL, fulfillment=fulfillment)


def shipped(wire: Wire, *entries, **given):
    fulfillment = {"lineItemsByFulfillmentOrder": list(entries), **given}
    return wire.done(FULFILL, fulfillment=fulfillment)["fulfillment"]


def second_place(wire: Wire, *variants: str, available: int = 0) -> str:
    place = wire.control("locations", name="Kiln")["id"]
    for variant in variants:
        wire.state.levels[wire.item(variant), place] = {
            "available": available, "committed": 0, "updatedAt": wire.state.clock.now()
        }  # fmt: skip
    return place


# --- what one call is about ---


@naive("one-location-a-call")
def test_work_of_two_locations_in_one_call(wire: Wire, variant: str):
    second_place(wire, variant, available=5)
    order = wire.buy((variant, 23))
    works = wire.work(order), wire.work(order, 1)
    refused = ship(wire, *map(entry, works))
    assert refused == ["All fulfillment orders must be assigned to the same location."]
    assert not wire.state.fulfillments


@naive("one-order-a-call")
def test_work_of_two_orders_in_one_call(wire: Wire, variant: str):
    works = [wire.work(wire.buy((variant, 1))) for _ in range(2)]
    assert ship(wire, *map(entry, works)) == ["All must belong to the same order."]


@naive("not-more-than-remains")
def test_more_than_remains(wire: Wire, variant: str):
    work = wire.work(wire.buy((variant, 2)))
    assert ship(wire, entry(work, 3))
    twice = {**entry(work), "fulfillmentOrderLineItems": lines(work, 2) * 2}
    assert ship(wire, twice)
    assert not wire.state.fulfillments


@naive("no-lines-means-all")
def test_one_parcel_without_lines_ships_the_whole_order(wire: Wire, variant: str):
    work = wire.work(wire.buy((variant, 2), (wire.variant(5), 3)))
    shipped(wire, entry(work))
    assert work["status"] == "CLOSED"


@naive("no-key-ships-twice")
def test_a_repeated_call_ships_again(wire: Wire, variant: str):
    work = wire.work(wire.buy((variant, 2)))
    for _ in range(2):
        shipped(wire, entry(work, 1))
    assert len(wire.state.fulfillments) == 2
    assert ship(wire, entry(work, 1))


@naive("lines-512")
def test_513_lines(wire: Wire, variant: str):
    work = wire.work(wire.buy((variant, 2)))
    many = {"fulfillmentOrderId": work["id"], "fulfillmentOrderLineItems": lines(work, 1) * 513}
    code = wire.error(FULFILL, fulfillment={"lineItemsByFulfillmentOrder": [many]})
    assert code == "MAX_INPUT_SIZE_EXCEEDED"


# --- tracking ---


@naive("url-needs-a-number")
def test_a_tracking_link_without_a_number(wire: Wire, variant: str):
    work = wire.work(wire.buy((variant, 1)))
    refused = ship(wire, entry(work), trackingInfo={"url": "https://track.example/1"})
    assert refused == ["A url requires a number."]
    assert work["status"] == "OPEN"


@naive("number-or-numbers")
def test_number_and_numbers(wire: Wire, variant: str):
    work = wire.work(wire.buy((variant, 1)))
    assert ship(wire, entry(work), trackingInfo={"number": "1", "numbers": ["1", "2"]})
    url = "https://track.example/1"
    assert ship(wire, entry(work), trackingInfo={"number": "1", "url": url, "urls": [url]})


@naive("carriers-by-exact-name")
def test_a_carrier_by_another_spelling(wire: Wire, variant: str):
    urls = []
    for name in ("dhl express", "DHL Express"):
        work = wire.work(wire.buy((variant, 1)))
        given = {"number": "FAKE1", "company": name}
        urls.append(shipped(wire, entry(work), trackingInfo=given)["trackingInfo"][0]["url"])
    assert urls[0] is None
    assert urls[1] is not None


@naive("tracking-replaced")
def test_a_second_number_sent_alone_replaces_the_first(wire: Wire, variant: str):
    work = wire.work(wire.buy((variant, 1)))
    given = {"number": "FAKE1", "company": "DPD", "url": "https://track.example/1"}
    gid = shipped(wire, entry(work), trackingInfo=given)["id"]
    changed = wire.done(TRACKING, id=gid, tracking={"number": "FAKE2"})
    assert changed["fulfillment"]["trackingInfo"] == [
        {"company": None, "number": "FAKE2", "url": None}
    ]


@naive("silent-by-default")
def test_a_buyer_is_not_told_by_itself(wire: Wire, variant: str):
    gid = shipped(wire, entry(wire.work(wire.buy((variant, 1)))))["id"]
    assert not wire.state.fulfillments[gid]["notified"]


@naive("fulfillment-errors-without-code")
def test_codes_are_asked_of_a_fulfillment(wire: Wire):
    asked = FULFILL.replace("field message", "code message")
    given = {"lineItemsByFulfillmentOrder": [{"fulfillmentOrderId": "gid://shopify/X/1"}]}
    assert wire.error(asked, fulfillment=given) == "undefinedField"
    assert wire.refused(FULFILL, fulfillment=given) == ["Fulfillment order does not exist."]


# --- states ---


def unfulfillable(wire: Wire, work) -> str:
    (refused,) = ship(wire, entry(work))
    return refused.partition("status=")[2]


@naive("closed-is-closed")
def test_work_that_is_closed(wire: Wire, variant: str):
    work = wire.work(wire.buy((variant, 1)))
    shipped(wire, entry(work))
    assert unfulfillable(wire, work) == "closed."


@naive("held-is-held")
def test_work_on_hold(wire: Wire, variant: str):
    work = wire.work(wire.buy((variant, 1)))
    wire.control("fulfillment_orders/hold", fulfillment_order_id=work["id"])
    assert unfulfillable(wire, work) == "on_hold."
    wire.control("fulfillment_orders/release", fulfillment_order_id=work["id"])
    shipped(wire, entry(work))


@naive("scheduled-waits")
def test_work_for_later(wire: Wire, variant: str):
    work = wire.work(wire.buy((variant, 1), fulfill_in_s=3600))
    assert unfulfillable(wire, work) == "scheduled."
    wire.forward(3601)
    shipped(wire, entry(work))


@naive("canceled-work")
def test_work_of_a_canceled_order(wire: Wire, variant: str):
    order = wire.buy((variant, 1))
    wire.control("orders/cancel", order_id=order["id"])
    assert unfulfillable(wire, wire.work(order)) == "cancelled."


@naive("incomplete-work")
def test_work_that_was_given_up(wire: Wire, variant: str):
    work = wire.work(wire.buy((variant, 1)))
    wire.control("fulfillment_orders/incomplete", fulfillment_order_id=work["id"])
    assert unfulfillable(wire, work) == "incomplete."


@naive("actions-tell")
def test_open_work_is_not_the_only_sign(wire: Wire, variant: str):
    work = wire.work(wire.buy((variant, 2)))

    def actions() -> set[str]:
        shown = wire.data(WORK, id=work["id"])["supportedActions"]
        return {one["action"] for one in shown}

    assert {"CREATE_FULFILLMENT", "MOVE", "HOLD", "SPLIT"} <= actions()
    wire.control("fulfillment_orders/report", fulfillment_order_id=work["id"])
    assert {"CREATE_FULFILLMENT", "MARK_AS_OPEN"} <= actions()
    assert "MOVE" not in actions()
    wire.control("fulfillment_orders/hold", fulfillment_order_id=work["id"])
    assert "CREATE_FULFILLMENT" not in actions()
    wire.control("fulfillment_orders/release", fulfillment_order_id=work["id"])
    shipped(wire, entry(work))
    assert actions() == set()


@naive("part-shipped-in-progress")
def test_only_open_work_is_looked_for(wire: Wire, variant: str):
    work = wire.work(wire.buy((variant, 2)))
    shipped(wire, entry(work, 1))
    assert wire.data(WORK, id=work["id"])["status"] == "IN_PROGRESS"


@naive("close-is-for-services")
def test_our_app_gives_its_work_up(wire: Wire, variant: str):
    work = wire.work(wire.buy((variant, 1)))
    assert wire.refused(CLOSE, id=work["id"])
    assert work["status"] == "OPEN"


# --- canceled fulfillments ---


@naive("cancel-makes-new-work")
def test_old_ids_after_a_fulfillment_was_canceled(wire: Wire, variant: str):
    order = wire.buy((variant, 2))
    work = wire.work(order)
    gid = shipped(wire, entry(work))["id"]
    wire.done(CANCEL, id=gid)
    assert unfulfillable(wire, work) == "closed."
    fresh = wire.work(order, 1)
    assert fresh["lines"][0]["id"] != work["lines"][0]["id"]
    assert wire.level(variant) == (18, 2)
    shipped(wire, entry(fresh))
    assert wire.level(variant) == (18, 0)


@naive("canceled-keeps-tracking")
def test_a_canceled_fulfillment_is_counted_as_shipped(wire: Wire, variant: str):
    order = wire.buy((variant, 2))
    gid = shipped(wire, entry(wire.work(order)), trackingInfo={"number": "FAKE1"})["id"]
    wire.done(CANCEL, id=gid)
    assert wire.data(SHIPMENTS, id=order["id"])["fulfillments"] == [
        {"status": "CANCELLED", "trackingInfo": [{"number": "FAKE1"}]}
    ]


# --- moved, split, held in part ---


@naive("moved-part-is-new")
def test_old_line_ids_after_a_part_was_moved(wire: Wire, variant: str):
    place = second_place(wire, variant)
    work = wire.work(wire.buy((variant, 3)))
    old = lines(work, 2)
    moved = wire.done(MOVE, id=work["id"], to=place, lines=old)["movedFulfillmentOrder"]
    assert moved["id"] != work["id"]
    fresh = wire.state.fulfillment_orders[moved["id"]]
    stale = {"fulfillmentOrderId": fresh["id"], "fulfillmentOrderLineItems": old}
    assert ship(wire, stale) == ["Fulfillment order line item does not exist."]
    shipped(wire, entry(fresh, 2))


@naive("moved-to-taken-is-new")
def test_work_moved_to_where_the_order_has_work_already(wire: Wire, variant: str):
    place = second_place(wire, variant, available=5)
    order = wire.buy((variant, 23))
    first = wire.work(order)
    payload = wire.done(MOVE, id=first["id"], to=place, lines=None)
    assert payload["originalFulfillmentOrder"] == {"id": first["id"], "status": "CLOSED"}
    assert payload["movedFulfillmentOrder"]["id"] != first["id"]


@naive("move-needs-stock")
def test_work_moved_to_where_the_item_is_not_stocked(wire: Wire, variant: str):
    place = second_place(wire)
    work = wire.work(wire.buy((variant, 3)))
    assert wire.refused(MOVE, id=work["id"], to=place)
    assert work["locationId"] == wire.place


@naive("move-before-progress")
def test_work_in_progress_is_moved(wire: Wire, variant: str):
    place = second_place(wire, variant)
    work = wire.work(wire.buy((variant, 3)))
    wire.control("fulfillment_orders/report", fulfillment_order_id=work["id"])
    refused = wire.refused(MOVE, id=work["id"], to=place)
    assert refused == ["CANNOT_MOVE_FULFILLMENT_ORDER_WITH_REPORTED_PROGRESS"]


@naive("move-carries-stock")
def test_stock_after_work_was_moved(wire: Wire, variant: str):
    place = second_place(wire, variant, available=5)
    work = wire.work(wire.buy((variant, 3)))
    wire.done(MOVE, id=work["id"], to=place)
    assert (wire.level(variant), wire.level(variant, place)) == ((20, 0), (2, 3))


@naive("split-is-new")
@naive("split-keeps-the-rest")
def test_old_ids_after_a_split(wire: Wire, variant: str):
    work = wire.work(wire.buy((variant, 3)))
    split = {"fulfillmentOrderId": work["id"], "fulfillmentOrderLineItems": lines(work, 1)}
    (made,) = wire.done(SPLIT, splits=[split])["fulfillmentOrderSplits"]
    assert made["fulfillmentOrder"]["id"] == work["id"]
    fresh = wire.state.fulfillment_orders[made["remainingFulfillmentOrder"]["id"]]
    assert [line["remainingQuantity"] for line in (*work["lines"], *fresh["lines"])] == [2, 1]
    assert ship(wire, entry(work, 3))
    shipped(wire, entry(work), entry(fresh))
    refused = wire.refused(SPLIT, splits=[{**split, "fulfillmentOrderLineItems": []}])
    assert refused == ["NO_LINE_ITEMS_PROVIDED_TO_SPLIT"]


def hold(wire: Wire, work, handle: str = "", **given) -> list[str]:
    wanted = {"reason": "OTHER", "handle": handle, **given}
    return wire.refused(HOLD, id=work["id"], hold=wanted)


@naive("holds-10")
def test_an_eleventh_hold(wire: Wire, variant: str):
    work = wire.work(wire.buy((variant, 1)))
    assert [hold(wire, work, str(number)) for number in range(10)] == [[]] * 10
    assert hold(wire, work, "more") == ["FULFILLMENT_ORDER_HOLD_LIMIT_REACHED"]


@naive("hold-handle-once")
def test_the_same_hold_again(wire: Wire, variant: str):
    work = wire.work(wire.buy((variant, 1)))
    hold(wire, work, "hub")
    assert hold(wire, work, "hub") == ["DUPLICATE_FULFILLMENT_HOLD_HANDLE"]


@naive("hold-of-a-part-splits")
def test_a_part_on_hold_leaves_the_rest_elsewhere(wire: Wire, variant: str):
    order = wire.buy((variant, 3))
    work = wire.work(order)
    assert hold(wire, work, fulfillmentOrderLineItems=lines(work, 1)) == []
    rest = wire.work(order, 1)
    assert (work["status"], rest["status"]) == ("ON_HOLD", "OPEN")
    assert (work["lines"][0]["remainingQuantity"], rest["lines"][0]["remainingQuantity"]) == (1, 2)


@naive("release-without-ids")
def test_releasing_our_hold_without_its_id(wire: Wire, variant: str):
    work = wire.work(wire.buy((variant, 1)))
    wire.control("fulfillment_orders/hold", fulfillment_order_id=work["id"])
    ours = wire.done(HOLD, id=work["id"], hold={"reason": "OTHER"})["fulfillmentHold"]["id"]
    released = wire.done(RELEASE, id=work["id"], holds=[ours])
    assert released["fulfillmentOrder"]["status"] == "ON_HOLD"
    assert wire.done(RELEASE, id=work["id"])["fulfillmentOrder"]["status"] == "OPEN"
