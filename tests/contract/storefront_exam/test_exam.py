"""What every storefront must do; run on the simulated shop."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from longshore.domain.fulfillment import plan_fulfillment
from longshore.domain.listing import (
    ListingDraft,
    ListingVariantDraft,
    Said,
    Step,
    Writing,
    said_by,
)
from longshore.domain.orders import Address, Payment
from longshore.domain.tracking import Tracking
from longshore.ports.errors import NeedsOperator, Rejected, TryLater
from longshore.ports.publishing import ListingWrite, Made, NotMade
from longshore.ports.storefronts import StockWrite, VariantSwitch
from simulators.shopify import ShopSettings
from support.shopify_shop import Shop


@pytest.fixture
def shop() -> Iterator[Shop]:
    made = Shop()
    yield made
    made.simulator.close()


def draft(sizes: tuple[str, ...] = ("S", "M"), uuid: str = "", **changes: object) -> ListingDraft:
    fields: dict = {
        "uuid": uuid or str(uuid4()),
        "product_id": None,
        "title": "Mug",
        "description_html": "<p>Blue</p>",
        "vendor": "Kiln",
        "product_type": "Mugs",
        "tags": ("blue",),
        "option_names": ("Size",) if sizes else (),
        "images": (("https://kiln.example/mug.jpg", "A mug"),),
        "variants": tuple(
            ListingVariantDraft(
                key=number,
                variant_id=None,
                options=(("Size", size),),
                sku=f"MUG-{size}",
                barcode="",
                price=Decimal("12.50"),
                compare_at=None,
                tracked=True,
                oversell=False,
                weight=Decimal("0.4"),
                image_url="",
            )
            for number, size in enumerate(sizes)
        ),
    }
    return ListingDraft(**{**fields, **changes})


def published(shop: Shop, one: ListingDraft | None = None) -> Made:
    """Made, or changed whole, and put on sale. Raises Rejected."""
    one = one or draft()
    shop.storefront.prepare()
    writing = Writing(Step.SET, Said(said_by(one).product, said_by(one).variants))
    made = write(shop, one, writing)
    if isinstance(made, NotMade):
        raise Rejected(made.why)
    on_sale = Writing(Step.PUBLISH, Said({"on_sale": True}))
    assert isinstance(write(shop, replace(one, product_id=made.product_id), on_sale), Made)
    return made


def write(shop: Shop, one: ListingDraft, writing: Writing) -> Made | NotMade:
    place = "" if writing.step is Step.SET else shop.storefront.list_publications()[0]
    publication = place.publication_id if place else ""
    ((_, outcome),) = shop.storefront.write_listings([ListingWrite(one, writing)], publication)
    return outcome


def stocked(shop: Shop, quantity: int = 10) -> tuple[Made, str]:
    listing = published(shop)
    place = shop.storefront.list_locations()[0].location_id
    items = [variant.inventory_item_id for variant in listing.variants]
    shop.storefront.activate_stock(items, place)
    rows = [StockWrite(item, place, quantity, 0) for item in items]
    assert shop.storefront.write_stock(str(uuid4()), rows).written == (0, 1)
    return listing, place


def test_the_shop_tells_its_facts(shop: Shop):
    facts = shop.storefront.read_facts()
    assert (facts.currency, facts.location_limit, facts.variant_limit) == ("EUR", 10, 2048)
    assert not facts.missing_scopes


def test_a_missing_scope_is_named_with_its_feature():
    shop = Shop(ShopSettings(scopes=("write_products", "read_orders")))
    missing = shop.storefront.read_facts().missing_scopes
    assert missing["write_inventory"] == "keeping stock right"
    assert "write_products" not in missing


def test_publishing_twice_makes_one_product_and_keeps_its_variants(shop: Shop):
    one = draft()
    first = published(shop, one)
    second = published(shop, one)
    assert (first.product_id, first.variants) == (second.product_id, second.variants)
    assert len(shop.state.products) == 1


def test_a_renamed_option_keeps_the_variant_by_its_id(shop: Shop):
    one = draft(uuid="5d0c1f0e-0000-4000-8000-000000000001")
    first = published(shop, one)
    ids = [variant.variant_id for variant in first.variants]
    renamed = replace(
        one,
        product_id=first.product_id,
        variants=tuple(
            replace(old, variant_id=gid, options=(("Size", value),))
            for old, gid, value in zip(one.variants, ids, ("Small", "Medium"), strict=True)
        ),
    )
    assert [variant.variant_id for variant in published(shop, renamed).variants] == ids


def test_a_product_without_options_has_one_variant(shop: Shop):
    variant = ListingVariantDraft(
        key=7, variant_id=None, options=(), sku="X", barcode="", price=Decimal(5), compare_at=None,
        tracked=False, oversell=False, weight=None, image_url="",
    )  # fmt: skip
    listing = published(shop, draft((), variants=(variant,)))
    assert [v.options for v in listing.variants] == [()]
    assert published(shop, draft((), variants=(variant,), uuid=str(uuid4()))) != listing


def test_more_options_than_shopify_takes_are_refused_whole(shop: Shop):
    names = ("A", "B", "C", "D")
    bad = draft(
        option_names=names,
        variants=(
            ListingVariantDraft(
                key=1, variant_id=None, options=tuple((n, "1") for n in names), sku="", barcode="",
                price=Decimal(1), compare_at=None, tracked=True, oversell=False, weight=None,
                image_url="",
            ),
        ),
    )  # fmt: skip
    with pytest.raises(Rejected, match="maximum of 3 options"):
        published(shop, bad)
    assert not shop.state.products


def test_unpublishing_takes_it_off_sale_and_keeps_it(shop: Shop):
    one = draft()
    listing = published(shop, one)
    off = Writing(Step.UNPUBLISH, Said({"on_sale": False}))
    assert write(shop, replace(one, product_id=listing.product_id), off) == Made("")
    row = shop.state.products[listing.product_id]
    assert row["publishedOn"] == []


def test_a_stale_row_is_set_aside_and_the_others_are_written(shop: Shop):
    listing, place = stocked(shop)
    first, second = (variant.inventory_item_id for variant in listing.variants)
    rows = [StockWrite(first, place, 4, 99), StockWrite(second, place, 6, 10)]
    report = shop.storefront.write_stock(str(uuid4()), rows)
    assert (report.written, report.stale, dict(report.refused)) == ((1,), (0,), {})
    assert shop.storefront.read_stock([first, second], place) == {first: 10, second: 6}


def test_the_same_key_writes_once(shop: Shop):
    listing, place = stocked(shop)
    item = listing.variants[0].inventory_item_id
    rows = [StockWrite(item, place, 3, 10)]
    key = str(uuid4())
    assert shop.storefront.write_stock(key, rows).written == (0,)
    assert shop.storefront.write_stock(key, rows).written == (0,)
    assert shop.storefront.read_stock([item], place) == {item: 3}


def test_a_lost_answer_of_a_stock_write_is_safe_to_repeat(shop: Shop):
    listing, place = stocked(shop)
    item = listing.variants[0].inventory_item_id
    rows, key = [StockWrite(item, place, 3, 10)], str(uuid4())
    shop.control("faults", kind="internal_after", match="StockSet")
    with pytest.raises(TryLater) as caught:
        shop.storefront.write_stock(key, rows)
    assert caught.value.maybe_done
    assert shop.storefront.write_stock(key, rows).written == (0,)


def test_an_item_not_stocked_there_is_refused_not_looped(shop: Shop):
    listing, _ = stocked(shop)
    other = shop.storefront.add_location("Kiln", "CZ").location_id
    item = listing.variants[0].inventory_item_id
    assert shop.storefront.read_stock([item], other) == {item: None}
    report = shop.storefront.write_stock(str(uuid4()), [StockWrite(item, other, 1, None)])
    assert list(report.refused) == [0]


def test_250_rows_are_one_call(shop: Shop):
    sizes = tuple(str(number) for number in range(250))
    listing = published(shop, draft(sizes))
    place = shop.storefront.list_locations()[0].location_id
    rows = [StockWrite(v.inventory_item_id, place, 5, 0) for v in listing.variants]
    before = len(shop.operations())
    assert len(shop.storefront.write_stock(str(uuid4()), rows).written) == 250
    assert len(shop.operations()) - before == 1


def test_tracking_is_switched(shop: Shop):
    listing = published(shop)
    variant = listing.variants[0]
    wanted = VariantSwitch(listing.product_id, variant.variant_id, tracked=False, oversell=True)
    assert not shop.storefront.switch_tracking([wanted])
    assert not shop.state.items[variant.inventory_item_id]["tracked"]
    gone = VariantSwitch(
        listing.product_id, "gid://shopify/ProductVariant/1", tracked=True, oversell=False
    )
    assert list(shop.storefront.switch_tracking([gone, wanted])) == [gone.variant_id]


def buy(shop: Shop, listing: Made, *quantities: int) -> str:
    lines = [
        {"variant_id": variant.variant_id, "quantity": quantity}
        for variant, quantity in zip(listing.variants, quantities, strict=False)
    ]
    return shop.control("checkout", lines=lines)["id"]


def test_an_order_is_read_whole(shop: Shop):
    listing, place = stocked(shop)
    order_id = buy(shop, listing, 2, 1)
    since = shop.clock.now() - timedelta(hours=1)
    changed = shop.storefront.changed_orders(since, None)
    assert ([*changed.changed_at], changed.cursor) == ([order_id], None)
    order = shop.storefront.read_orders([order_id]).by_id[order_id]
    assert changed.changed_at == {order_id: order.updated_at}
    assert order.payment is Payment.PAID
    assert [line.quantity for line in order.lines] == [2, 1]
    assert str(order.lines[0].unit_price) == "12.50 EUR"
    assert order.shipping_address is not None
    assert order.shipping_address.country == "CZ"
    (work,) = order.fulfillment_orders
    assert (work.location_id, work.can_fulfill) == (place, True)
    item = listing.variants[0].inventory_item_id
    assert shop.storefront.read_stock([item], place) == {item: 8}


def test_an_invoice_address_is_read_where_it_is_another(shop: Shop):
    listing, _ = stocked(shop)
    order_id = buy(shop, listing, 1)
    before = len(shop.operations())
    assert shop.storefront.read_orders([order_id]).by_id[order_id].billing_address is None
    payer = {"firstName": "Bo", "lastName": "Payer", "company": None, "address1": "Plein 2",
             "address2": None, "city": "Breda", "provinceCode": "NB", "zip": "4811",
             "countryCodeV2": "NL", "phone": None}  # fmt: skip
    shop.control("orders/change", order_id=order_id, billing_address=payer)
    order = shop.storefront.read_orders([order_id]).by_id[order_id]
    assert order.billing_address == Address(
        "Bo", "Payer", line1="Plein 2", city="Breda", region="NB", postcode="4811", country="NL"
    )
    assert order.shipping_address is not None
    assert order.shipping_address.country == "CZ"
    shop.control("orders/change", order_id=order_id, billing_address=None)
    assert shop.storefront.read_orders([order_id]).by_id[order_id].billing_address is None
    assert len(shop.operations()) - before == 3, "it costs no call of its own"


def test_an_order_of_300_lines_and_7_pieces_of_work_is_read_whole_in_few_calls(shop: Shop):
    listing, _ = stocked(shop, 400)
    one = {"variant_id": listing.variants[0].variant_id, "quantity": 1}
    made = shop.control("checkout", lines=[one] * 300)
    (first,) = shop.state.orders[made["id"]]["fulfillmentOrderIds"]
    for _ in range(6):
        lines = shop.state.fulfillment_orders[first]["lines"]
        some = [{"id": line["id"], "quantity": 1} for line in lines if line["remainingQuantity"]]
        shop.control("fulfillment_orders/split", fulfillment_order_id=first, lines=some[:20])
    before = len(shop.operations())
    order = shop.storefront.read_orders([made["id"]]).by_id[made["id"]]
    assert len(shop.operations()) - before <= 6
    told = [line.line_id for line in order.lines]
    assert told == [line["id"] for line in made["lines"]]
    assert len(order.fulfillment_orders) == 7
    work = Counter(
        line.line_id for one in order.fulfillment_orders for line in one.lines if line.remaining
    )
    assert work == Counter(told)


def test_what_a_buyer_filled_in_is_read(shop: Shop):
    listing, _ = stocked(shop)
    answer = shop.control(
        "checkout",
        lines=[
            {
                "variant_id": listing.variants[0].variant_id,
                "quantity": 1,
                "attributes": {"Engraving": "F\u00fcr Ada\u0000", "_app": "hidden"},
            }
        ],
        attributes={"Gift message": "Happy birthday!", "_ref": "x", "Empty": ""},
        note="Ring\u0000 twice",
    )
    order = shop.storefront.read_orders([answer["id"]]).by_id[answer["id"]]
    assert order.attributes == (("Gift message", "Happy birthday!"),)
    assert order.lines[0].details == (("Engraving", "Für Ada"),)
    assert order.note == "Ring twice"


def test_a_buyer_cannot_have_what_is_not_there(shop: Shop):
    listing, _ = stocked(shop, 1)
    answer = shop.http.request(
        "POST",
        "http://shop.test/_sim/checkout",
        headers={"Content-Type": "application/json"},
        content=b'{"lines": [{"variant_id": "%s", "quantity": 2}]}'
        % listing.variants[0].variant_id.encode(),
    )
    assert (answer.status, b"sold out" in answer.body) == (422, True)


def test_a_shipment_in_two_parts_with_tracking(shop: Shop):
    listing, _ = stocked(shop)
    order_id = buy(shop, listing, 2)
    order = shop.storefront.read_orders([order_id]).by_id.get(order_id)
    assert order is not None
    line = order.lines[0].line_id
    (call,) = plan_fulfillment({line: 1}, order.fulfillment_orders).calls
    tracking = Tracking("k", "FAKE123", "dhl", "https://track.example/FAKE123")
    first = shop.storefront.fulfill(call, tracking, notify=True)
    again = shop.storefront.read_orders([order_id]).by_id.get(order_id)
    assert again is not None
    (call,) = plan_fulfillment({line: 1}, again.fulfillment_orders).calls
    shop.storefront.fulfill(call, None, notify=False)
    found = shop.storefront.read_fulfillments(order_id)
    assert [(one.numbers, dict(one.quantities)) for one in found] == [
        (("FAKE123",), {line: 1}),
        ((), {line: 1}),
    ]
    shop.storefront.update_tracking(first, Tracking("k", "FAKE124", "dhl", ""), notify=True)
    assert shop.storefront.read_fulfillments(order_id)[0].numbers == ("FAKE124",)
    done = shop.storefront.read_orders([order_id]).by_id.get(order_id)
    assert done is not None
    assert not done.fulfillment_orders[0].can_fulfill


def test_more_than_is_left_is_refused(shop: Shop):
    listing, _ = stocked(shop)
    (order,) = shop.storefront.read_orders([buy(shop, listing, 1)]).by_id.values()
    (call,) = plan_fulfillment({order.lines[0].line_id: 1}, order.fulfillment_orders).calls
    shop.storefront.fulfill(call, None, notify=False)
    with pytest.raises(Rejected, match="unfulfillable"):
        shop.storefront.fulfill(call, None, notify=False)


def test_webhooks_are_made_once_and_moved_with_the_hub(shop: Shop):
    topics = ["ORDERS_CREATE", "ORDERS_UPDATED"]
    old, new = (f"https://{name}.example/hooks/shopify/abc/" for name in ("old", "new"))
    assert shop.storefront.ensure_webhooks(topics, old) == topics
    assert shop.storefront.ensure_webhooks(topics, old) == topics
    assert len(shop.state.subscriptions) == 2
    shop.storefront.ensure_webhooks(topics, new)
    assert {row["uri"] for row in shop.state.subscriptions.values()} == {new}


def test_credentials_give_a_token_that_is_renewed_by_itself():
    shop = Shop(by_credentials=True)
    shop.storefront.read_facts()
    first = shop.tokens.load()
    shop.storefront.read_facts()
    assert shop.tokens.load() == first
    shop.simulator.parts.tokens.expire_all()
    shop.storefront.read_facts()
    second = shop.tokens.load()
    assert second is not None
    assert second != first
    shop.clock.time += timedelta(hours=23, minutes=55)
    shop.storefront.read_facts()
    assert shop.tokens.load() != second


def test_wrong_credentials_say_what_to_copy():
    shop = Shop(by_credentials=True)
    shop.simulator.settings.client_secret = "shpss_fake_other"
    with pytest.raises(NeedsOperator) as caught:
        shop.storefront.read_facts()
    assert "client id or secret" in caught.value.person


@pytest.mark.parametrize("fault", ["throttled", "http_429"])
def test_throttling_waits_and_goes_on(shop: Shop, fault: str):
    shop.control("faults", kind=fault, times=2)
    assert shop.storefront.read_facts().currency == "EUR"
    assert len(shop.sleeps) >= 2


@pytest.mark.parametrize(
    ("fault", "error", "text"),
    [
        ("unauthorized", NeedsOperator, "token"),
        ("frozen", NeedsOperator, "frozen"),
        ("locked", NeedsOperator, "locked"),
        ("internal", TryLater, "INTERNAL"),
        ("http_502", TryLater, "502"),
        ("html", TryLater, "200"),
        ("old_version", NeedsOperator, "2027-01"),
    ],
)
def test_every_failure_has_its_name(shop: Shop, fault: str, error: type, text: str):
    shop.control("faults", kind=fault, times=9)
    with pytest.raises(error) as caught:
        shop.storefront.read_facts()
    assert text in f"{caught.value.person} {caught.value.internal}"


def test_a_scope_taken_away_later_is_named(shop: Shop):
    shop.simulator.settings.scopes = ("read_orders",)
    with pytest.raises(NeedsOperator) as caught:
        published(shop)
    assert "write_products" in caught.value.person
