"""What arrives of an order in shops of every generation, looked at from inside the shop."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest

from longshore.domain.money import Money
from longshore.domain.orders import Address, StatusMeaning, StoreOrderDraft, StoreOrderState
from longshore.ports.errors import Rejected
from longshore.stores.woocommerce import StoreAccess, WooCommerceStore
from simulators.woocommerce.orders import Order
from support.exam_shop import ExamShop, now, simulated_shop

SHOPS = ["9.9.5 https", "3.0.9 https", "2.6.14 https", "2.5.5 https", "2.3.13 https", "2.2.0 https"]
REFERENCE = "LS-PLACED2345"
KEEPS_LINE_META = frozenset({"wc/v3", "wc/v2"})
KEEPS_META = frozenset({"wc/v3", "wc/v2", "v3", "v2", "v2 of 2.2"})
THREE_BYTES = frozenset({"v2", "v2 of 2.2"})


@pytest.fixture(params=SHOPS)
def shop(request: pytest.FixtureRequest) -> Iterator[ExamShop]:
    with simulated_shop(*request.param.split()) as made:
        yield made


def whole(shop: ExamShop) -> StoreOrderDraft:
    """An order that uses everything an order may say."""
    draft = shop.draft(REFERENCE, (shop.tracked(), 2))
    (line,) = draft.lines
    return replace(
        draft,
        lines=(replace(line, details=(("Engraving", "Für Ada"),)),),
        shipping_address=Address(
            first_name="شيماء",
            last_name="O'Buyer 🎁 & Söhne",
            company="Kontor GmbH",
            line1="Kade 1",
            line2="2nd floor",
            city="Breda",
            region="NB",
            postcode="4811 AB",
            country="NL",
            phone="+31 6 12345678",
        ),
        shipping_title="Express",
        shipping_method="flat_rate",
        shipping_price=Money(Decimal("4.95"), draft.currency),
        note=f"Harbor #1001, {REFERENCE}\nRing twice\nGift message: Happy birthday!",
        fields=(("channel", "Harbor"),),
    )


def inside(shop: ExamShop) -> list[Order]:
    assert shop.simulator is not None
    return list(shop.simulator.shop.orders.values())


def test_every_detail_arrives(shop: ExamShop) -> None:
    draft = whole(shop)
    shop.order(draft)
    (order,) = inside(shop)
    dialect = shop.profile.dialect
    emoji = "?" if dialect in THREE_BYTES else "🎁"
    for address in (order.billing, order.shipping):
        assert address["first_name"] == "شيماء"
        assert address["last_name"] == f"O'Buyer {emoji} & Söhne"
        assert (address["company"], address["address_2"]) == ("Kontor GmbH", "2nd floor")
        assert (address["state"], address["postcode"]) == ("NB", "4811 AB")
    assert order.billing["phone"] == "+31 6 12345678"
    (shipping,) = order.shipping_lines
    assert (shipping.method_id, shipping.name, shipping.total) == ("flat_rate", "Express", 495)
    assert order.currency == draft.currency
    assert (order.status, order.payment_method_title) == ("processing", "Marketplace")
    for words in (REFERENCE, "Ring twice", "Gift message: Happy birthday!"):
        assert words in order.customer_note


def test_an_invoice_address_of_its_own_arrives_and_the_parcel_goes_to_the_buyer(
    shop: ExamShop,
) -> None:
    ours = Address(company="Harbor Ltd", line1="Quay 3", postcode="1000", country="BE", phone="1")
    shop.order(replace(whole(shop), billing_address=ours))
    (order,) = inside(shop)
    billed = {name: text for name, text in order.billing.items() if text}
    assert billed == {
        "company": "Harbor Ltd",
        "address_1": "Quay 3",
        "postcode": "1000",
        "country": "BE",
        "phone": "1",
    }
    assert (order.shipping["company"], order.shipping["city"]) == ("Kontor GmbH", "Breda")


def test_what_an_old_api_cannot_keep_stands_in_the_note(shop: ExamShop) -> None:
    shop.order(whole(shop))
    (order,) = inside(shop)
    dialect = shop.profile.dialect
    kept = {entry["key"]: entry["value"] for entry in order.lines[0].meta}
    if dialect in KEEPS_LINE_META:
        assert kept["Engraving"] == "Für Ada"
        assert "Engraving" not in order.customer_note
    else:
        assert "2 x Engraving: Für Ada" in order.customer_note
    if dialect in KEEPS_META:
        assert order.meta_value("channel") == "Harbor"
    else:
        assert "channel: Harbor" in order.customer_note


def test_it_is_nobodys_customer_and_nobody_gets_mail(shop: ExamShop) -> None:
    shop.order(whole(shop))
    (order,) = inside(shop)
    assert order.customer_id == 0
    assert order.billing["email"] == ""
    assert shop.simulator is not None
    assert shop.simulator.shop.emails == []


def test_mail_goes_to_the_address_it_carries(shop: ExamShop) -> None:
    """The shop does write: without this the test above would prove nothing."""
    shop.order(replace(whole(shop), buyer_email="ls-1@relay.example"))
    assert shop.simulator is not None
    assert {mail["to"] for mail in shop.simulator.shop.emails} == {"ls-1@relay.example"}


def test_a_shop_that_insists_on_an_address_gets_the_fallback_once(shop: ExamShop) -> None:
    assert shop.simulator is not None
    shop.simulator.faults.add("email_required", "")
    order = shop.order(replace(whole(shop), fallback_email="orders@harbor.example"))
    found = [one for one in inside(shop) if one.status != "pending"]
    assert [one.id for one in found] == [order.order_id]
    assert found[0].billing["email"] == "orders@harbor.example"


def test_without_a_fallback_it_says_what_to_choose(shop: ExamShop) -> None:
    assert shop.simulator is not None
    shop.simulator.faults.add("email_required", "")
    with pytest.raises(Rejected) as refused:
        shop.store.create_order(whole(shop))
    assert "takes no order without an e-mail address" in refused.value.person


def test_an_order_on_hold_takes_the_goods_where_statuses_do(shop: ExamShop) -> None:
    if not shop.profile.restocks:
        return  # the policy never asks for it there (`domain.placing_policy.start`)
    counted = shop.tracked()
    before = shop.stock_of(counted)
    order = shop.order(replace(whole(shop), status="on-hold"))
    assert order.state is StoreOrderState.ON_HOLD
    assert shop.stock_of(counted) == (before or 0) - 2


def change(shop: ExamShop, product_id: int, **values: object) -> None:
    assert shop.simulator is not None
    shop.simulator.shop.edit_product(product_id, **values)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"status": "trash"}, "bin|no longer"),
        ({"status": "draft"}, "not published"),
        ({"status": "private"}, "not published"),
        ({"kind": "grouped"}, "grouped"),
        ({"kind": "external"}, "external"),
    ],
)
def test_goods_that_changed_are_refused_and_leave_no_order(
    shop: ExamShop, values: dict[str, object], why: str
) -> None:
    draft = whole(shop)
    change(shop, draft.lines[0].product_id, **values)
    with pytest.raises(Rejected, match=why):
        shop.store.create_order(draft)
    assert inside(shop) == []


def test_what_is_not_published_is_ordered_when_a_person_wants_it(shop: ExamShop) -> None:
    draft = whole(shop)
    change(shop, draft.lines[0].product_id, status="draft")
    shop.order(replace(draft, as_it_is=True))
    assert len(inside(shop)) == 1


def test_a_deleted_product_is_refused_also_as_it_is(shop: ExamShop) -> None:
    draft = whole(shop)
    assert shop.simulator is not None
    catalog = shop.simulator.shop.catalog
    catalog.remove(catalog.require(draft.lines[0].product_id))
    with pytest.raises(Rejected, match="no longer"):
        shop.store.create_order(replace(draft, as_it_is=True))
    assert inside(shop) == []


def test_a_variation_that_is_gone_is_refused(shop: ExamShop) -> None:
    variant = shop.variation()
    draft = shop.draft(REFERENCE, (variant, 1))
    assert shop.simulator is not None
    catalog = shop.simulator.shop.catalog
    parent = catalog.require(variant.product_id)
    catalog.change(parent, children=[one for one in parent.children if one != variant.variation_id])
    catalog.remove(catalog.require(variant.variation_id))
    with pytest.raises(Rejected, match="variation"):
        shop.store.create_order(draft)
    assert inside(shop) == []


def test_goods_are_asked_for_once_however_many_lines(shop: ExamShop) -> None:
    assert shop.simulator is not None
    simple = [
        product.variants[0]
        for product in shop.products
        if product.variants and product.kind == "simple" and product.status == "publish"
    ]
    draft = shop.draft(REFERENCE, *((variant, 1) for variant in simple[:20]))
    before = shop.store.requests_made
    shop.store.create_order(draft)
    asked = shop.store.requests_made - before
    if shop.name.startswith("WooCommerce 2.2"):
        assert asked == 22  # it knows no list of ids: what it sent is left, each is asked for
    else:
        assert asked == 2  # the goods, the order


def test_an_order_of_digital_goods_says_so(shop: ExamShop) -> None:
    draft = whole(shop)
    number = draft.lines[0].product_id
    assert shop.simulator is not None
    row = shop.simulator.shop.catalog.require(number)
    shop.simulator.shop.catalog.put(
        msgspec.structs.replace(row, content={**row.content, "virtual": True, "downloadable": True})
    )
    order = shop.order(draft)
    assert (order.state, order.digital) == (StoreOrderState.COMPLETED, True)
    found = shop.store.find_order(REFERENCE, now() - timedelta(minutes=5))
    assert found is not None
    assert found.digital


def test_an_order_of_parcels_is_not_digital(shop: ExamShop) -> None:
    order = shop.order(whole(shop))
    shop.complete(order.order_id)
    found = shop.store.find_order(REFERENCE, now() - timedelta(minutes=5))
    assert found is not None
    assert (found.state, found.digital) == (StoreOrderState.COMPLETED, False)


def test_a_removed_order_is_gone_and_removing_it_again_is_no_error(shop: ExamShop) -> None:
    order = shop.order(whole(shop))
    shop.store.remove_order(order.order_id)
    assert inside(shop) == []
    shop.store.remove_order(order.order_id)


def test_a_status_of_its_own_means_what_people_said(shop: ExamShop) -> None:
    order = shop.order(whole(shop))
    assert shop.simulator is not None
    shop.simulator.faults.add("custom_status", "packing-line")
    shop.simulator.shop.orders[order.order_id].status = "packing-line"
    (read,) = shop.store.read_orders([order.order_id]).items
    assert (read.state, read.raw_status) == (StoreOrderState.OTHER, "packing-line")
    access = StoreAccess(
        shop.url,
        shop.key,
        shop.secret,
        shop.profile,
        status_meanings={"packing-line": StatusMeaning.SHIPPED},
    )
    taught = WooCommerceStore(access, shop.client, pause_s=0)
    (again,) = taught.read_orders([order.order_id]).items
    assert again.state is StoreOrderState.COMPLETED
