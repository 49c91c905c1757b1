"""How a vendor's orders are written, from rows: what is chosen for each vendor, what is held back
until a person decides, and what statuses of a vendor's own mean.
"""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from longshore.domain.money import Money
from longshore.domain.orders import Address, StatusMeaning, StorefrontOrder, StoreOrderState
from longshore.ports.errors import Rejected
from longshore.storage.models import (
    OpenFinding,
    OrderEvent,
    PurchaseOrder,
    Reservation,
    StorefrontOrderLine,
    VendorVariant,
)
from longshore.storage.models import StorefrontOrder as OrderRow
from longshore.storage.repositories.orders import Orders
from longshore.storage.repositories.purchase_drafts import draft_of, read, shown
from longshore.storage.repositories.purchase_orders import PurchaseOrders
from longshore.storage.repositories.resending import send_as_it_is
from longshore.storage.repositories.shipments import StoreOrders
from longshore.storage.repositories.status_meanings import choose_meaning, forget_meaning
from longshore.storage.repositories.vendors import change_vendor
from longshore.sync.place_purchase_order import place_purchase_orders
from support.fake_store import FakeStore, HandClock
from support.harbor import Harbor, bought

TIMEOUT = timedelta(seconds=60)
pytestmark = pytest.mark.django_db


def ordered(harbor: Harbor, clock: HandClock, number: int = 1, **changes: object) -> PurchaseOrder:
    order = bought(number, clock.now(), (harbor.lines[0], 2), **changes)
    Orders(harbor.marketplace.pk).keep_order(order, clock.now())
    return PurchaseOrder.objects.get(order__name=f"#{number}")


def run(harbor: Harbor, store: FakeStore, clock: HandClock) -> None:
    ledger = PurchaseOrders(harbor.stores[0].pk)
    place_purchase_orders(
        store,  # type: ignore[arg-type]
        ledger,
        clock,
        request_timeout=TIMEOUT,
    )


def vendor_with(harbor: Harbor, clock: HandClock, **placing: object) -> None:
    change_vendor(harbor.stores[0].vendor_id, clock.now(), placing=placing)
    harbor.stores[0].vendor.refresh_from_db()


def open_codes() -> set[str]:
    return set(OpenFinding.objects.filter(resolved_at=None).values_list("code", flat=True))


def drafted(row: PurchaseOrder, clock: HandClock):
    return draft_of(PurchaseOrder.objects.get(pk=row.pk), clock.now())


@pytest.mark.parametrize(
    ("placing", "unit"),
    [
        ({}, "10"),
        ({"prices": "own"}, "8"),
        ({"prices": "cost", "cost_percent": "62.5"}, "5"),
        ({"prices": "zero"}, "0"),
        ({"tax_percent": "25"}, "8"),
        ({"prices": "own", "tax_percent": "60"}, "5"),
    ],
)
def test_prices_follow_the_vendors_policy(
    harbor: Harbor, clock: HandClock, placing: dict[str, str], unit: str
):
    variant = harbor.lines[0].variant
    variant.regular_price = Decimal(8)
    variant.save()
    vendor_with(harbor, clock, **placing)
    draft = drafted(ordered(harbor, clock), clock)
    assert [line.unit_price for line in draft.lines] == [Money(Decimal(unit), "EUR")]


def test_a_part_carries_its_share_of_the_shipping(harbor: Harbor, clock: HandClock):
    vendor_with(harbor, clock, shipping_price="share")
    order = bought(7, clock.now(), (harbor.lines[0], 3), (harbor.lines[2], 1))
    Orders(harbor.marketplace.pk).keep_order(order, clock.now())
    mine, other = PurchaseOrder.objects.order_by("pk")
    assert drafted(mine, clock).shipping_price == Money(Decimal("3.75"), "EUR")
    assert drafted(other, clock).shipping_price.amount == 0


def test_what_the_buyer_said_reaches_the_vendor(harbor: Harbor, clock: HandClock):
    order = bought(
        1,
        clock.now(),
        (harbor.lines[0], 1),
        note="Ring twice",
        attributes=(("Gift message", "Happy birthday!"),),
    )
    (line,) = order.lines
    order = replace(order, lines=(replace(line, details=(("Engraving", "Für Ada"),)),))
    Orders(harbor.marketplace.pk).keep_order(order, clock.now())
    draft = drafted(PurchaseOrder.objects.get(), clock)
    assert "Ring twice\nGift message: Happy birthday!" in draft.note
    assert draft.lines[0].details == (("Engraving", "Für Ada"),)
    assert read(shown(draft)) == draft


def test_a_vendors_choice_of_address_goes_before_the_marketplaces(harbor: Harbor, clock: HandClock):
    harbor.marketplace.buyer_email = "buyer"
    harbor.marketplace.relay_domain = "relay.harbor.example"
    harbor.marketplace.save()
    row = ordered(harbor, clock)
    assert drafted(row, clock).buyer_email == "buyer@example.test"
    vendor_with(harbor, clock, email="relay")
    told = drafted(row, clock)
    assert told.buyer_email == f"{row.reference.lower()}@relay.harbor.example"
    vendor_with(harbor, clock, email="none")
    assert drafted(row, clock).buyer_email == ""
    assert drafted(row, clock).fallback_email == told.buyer_email


BILLED = Address("Bo", "Payer", line1="Plein 2", city="Breda", country="NL", phone="2")


def test_the_invoice_address_follows_the_vendors_policy(harbor: Harbor, clock: HandClock):
    row = ordered(harbor, clock, billing_address=BILLED)
    assert drafted(row, clock).billing_address is None
    vendor_with(harbor, clock, invoice="buyer")
    assert drafted(row, clock).billing_address == BILLED
    vendor_with(harbor, clock, invoice="marketplace")
    assert drafted(row, clock).billing_address is None, "none is set"
    harbor.marketplace.invoice_address = {"company": "Harbor", "line1": "Quay 3", "country": "BE"}
    harbor.marketplace.save()
    draft = drafted(row, clock)
    assert draft.billing_address == Address(company="Harbor", line1="Quay 3", country="BE")
    assert draft.shipping_address.last_name == "Buyer"
    assert read(shown(draft)) == draft


def test_a_buyer_without_an_invoice_address_is_billed_where_the_goods_go(
    harbor: Harbor, clock: HandClock
):
    vendor_with(harbor, clock, invoice="buyer")
    assert drafted(ordered(harbor, clock), clock).billing_address is None


@pytest.mark.parametrize("status", ["pending", "packing-line", "completed"])
def test_a_status_that_takes_no_stock_is_refused(harbor: Harbor, clock: HandClock, status: str):
    with pytest.raises(Rejected):
        vendor_with(harbor, clock, status=status)


def test_without_an_address_it_waits_and_goes_out_once_there_is_one(
    harbor: Harbor, clock: HandClock
):
    store = FakeStore(clock)
    row = ordered(harbor, clock, shipping_address=None)
    run(harbor, store, clock)
    run(harbor, store, clock)
    assert store.posts == []
    assert open_codes() == {"order_without_address"}
    assert OrderEvent.objects.filter(kind="held_back").count() == 1
    mended = bought(
        1,
        clock.now(),
        (harbor.lines[0], 2),
        shipping_address=Address("Ada", "Buyer", line1="Street 1", city="Town", country="CZ"),
    )
    Orders(harbor.marketplace.pk).keep_order(mended, clock.now())
    clock.forward(301)
    run(harbor, store, clock)
    assert store.posts == [row.reference]
    assert open_codes() == set()


def test_without_an_address_it_goes_out_when_a_person_wants_it(harbor: Harbor, clock: HandClock):
    store = FakeStore(clock)
    row = ordered(harbor, clock, shipping_address=Address("Ada", "Buyer"))
    run(harbor, store, clock)
    send_as_it_is(harbor.marketplace.pk, row.pk, clock.now())
    run(harbor, store, clock)
    run(harbor, store, clock)
    assert store.posts == [row.reference]
    assert open_codes() == set()


def test_nothing_is_converted_without_a_rate(harbor: Harbor, clock: HandClock):
    kiln = harbor.stores[0]
    kiln.currency = "USD"
    kiln.save()
    store = FakeStore(clock)
    row = ordered(harbor, clock)
    run(harbor, store, clock)
    assert store.posts == []
    assert open_codes() == {"order_needs_rate"}
    change_vendor(kiln.vendor_id, clock.now(), rate=Decimal("0.8"))
    clock.forward(301)
    run(harbor, store, clock)
    assert store.posts == [row.reference]
    row.refresh_from_db()
    (line,) = read(row.draft).lines
    assert line.unit_price == Money(Decimal("12.5"), "USD")
    assert open_codes() == set()


def test_a_vendors_own_prices_need_no_rate(harbor: Harbor, clock: HandClock):
    kiln = harbor.stores[0]
    kiln.currency = "USD"
    kiln.save()
    vendor_with(harbor, clock, prices="own")
    store = FakeStore(clock)
    row = ordered(harbor, clock)
    run(harbor, store, clock)
    row.refresh_from_db()
    (line,) = read(row.draft).lines
    assert line.unit_price == Money(Decimal(10), "USD")


def test_a_price_nobody_knows_is_not_sent_as_nothing(harbor: Harbor, clock: HandClock):
    variant = harbor.lines[0].variant
    variant.regular_price = None
    variant.save()
    vendor_with(harbor, clock, prices="own")
    store = FakeStore(clock)
    row = ordered(harbor, clock)
    run(harbor, store, clock)
    assert (store.posts, open_codes()) == ([], {"order_price_unknown"})
    send_as_it_is(harbor.marketplace.pk, row.pk, clock.now())
    run(harbor, store, clock)
    row.refresh_from_db()
    assert read(row.draft).lines[0].unit_price.amount == 0


def test_it_cannot_be_sent_as_it_is_twice_or_by_others(harbor: Harbor, clock: HandClock):
    store = FakeStore(clock)
    row = ordered(harbor, clock)
    run(harbor, store, clock)
    with pytest.raises(Rejected):
        send_as_it_is(harbor.marketplace.pk, row.pk, clock.now())
    with pytest.raises(Rejected):
        send_as_it_is(harbor.marketplace.pk + 1, row.pk, clock.now())
    assert store.posts == [row.reference]


# --- completed at once ---


@pytest.mark.parametrize(
    ("completed", "digital", "shipped"),
    [
        ("ask", True, False),
        ("digital", False, False),
        ("digital", True, True),
        ("shipped", False, True),
    ],
)
def test_completed_at_once_is_shipped_only_where_a_rule_says_so(
    harbor: Harbor,
    clock: HandClock,
    completed: str,
    digital: bool,
    shipped: bool,
):
    vendor_with(harbor, clock, completed=completed)
    row = ordered(harbor, clock)
    store = FakeStore(clock)
    made = store._made(drafted(row, clock))
    order = replace(made, state=StoreOrderState.COMPLETED, digital=digital)
    ledger = PurchaseOrders(harbor.stores[0].pk)
    assert ledger.begin_sending(row.pk, 0, clock.now()) is not None
    ledger.accepted(row.pk, order, clock.now(), adopted=False)
    StoreOrders(harbor.stores[0].pk).keep_store_order(order, clock.now())
    row.refresh_from_db()
    assert (row.shipped_at is not None) is shipped
    assert row.shipments.exists() is shipped
    assert ("order_born_completed" in open_codes()) is not shipped


# --- statuses of a vendor's own ---


def test_an_unknown_status_is_told_until_somebody_says_what_it_means(
    harbor: Harbor, clock: HandClock
):
    store = FakeStore(clock)
    row = ordered(harbor, clock)
    run(harbor, store, clock)
    (number,) = store.orders
    ledger = StoreOrders(harbor.stores[0].pk)
    store.change(number, state=StoreOrderState.OTHER, raw_status="packing-line")
    ledger.keep_store_order(store.orders[number], clock.now())
    assert open_codes() == {"order_status_unknown"}
    owner, kiln = harbor.marketplace.pk, harbor.stores[0]
    with pytest.raises(Rejected):
        choose_meaning(owner, row.pk, "another", StatusMeaning.SHIPPED)
    with pytest.raises(Rejected):
        choose_meaning(owner + 1, row.pk, "packing-line", StatusMeaning.SHIPPED)
    choose_meaning(owner, row.pk, "packing-line", StatusMeaning.SHIPPED)
    kiln.refresh_from_db()
    assert kiln.status_meanings == {"packing-line": "shipped"}
    store.change(number, state=StatusMeaning(kiln.status_meanings["packing-line"]).state)
    ledger.keep_store_order(store.orders[number], clock.now())
    row.refresh_from_db()
    assert row.shipped_at is not None
    assert open_codes() == set()
    forget_meaning(owner, kiln.pk, "packing-line")
    with pytest.raises(Rejected):
        forget_meaning(owner, kiln.pk, "packing-line")


def test_a_status_that_means_refused_is_a_refusal(harbor: Harbor, clock: HandClock):
    store = FakeStore(clock)
    ordered(harbor, clock)
    run(harbor, store, clock)
    (number,) = store.orders
    store.change(number, state=StatusMeaning.REFUSED.state, raw_status="declined")
    StoreOrders(harbor.stores[0].pk).keep_store_order(store.orders[number], clock.now())
    assert open_codes() == {"order_canceled_by_vendor"}


# --- bad input ---


def test_an_order_of_300_lines_in_every_script_goes_out_whole(harbor: Harbor, clock: HandClock):
    VendorVariant.objects.filter(store=harbor.stores[0]).update(quantity=1000)
    order = bought(
        1,
        clock.now(),
        *((harbor.lines[number % 2], 1) for number in range(300)),
        note="👩‍🚀 שלום \u202e evil " + "x" * 5000,
        shipping_address=Address("شيماء", "O'Buyer 🎁", line1="כתובת 1", city="חיפה", country="IL"),
    )
    Orders(harbor.marketplace.pk).keep_order(order, clock.now())
    store = FakeStore(clock)
    run(harbor, store, clock)
    row = PurchaseOrder.objects.get()
    draft = read(row.draft)
    assert len(draft.lines) == 300
    assert draft.shipping_address.first_name == "شيماء"
    assert len(draft.note) <= 2000
    assert all(row.lines.values_list("line_item_id", flat=True))
    assert open_codes() == set()


def test_more_than_the_vendor_has_is_told(harbor: Harbor, clock: HandClock):
    store = FakeStore(clock)
    order = bought(1, clock.now(), (harbor.lines[0], 21))
    Orders(harbor.marketplace.pk).keep_order(order, clock.now())
    run(harbor, store, clock)
    assert open_codes() == {"order_oversold"}


def test_two_orders_with_one_number_stay_two(harbor: Harbor, clock: HandClock):
    for number in (1, 2):
        order = bought(number, clock.now(), (harbor.lines[0], 1), name="#1001")
        Orders(harbor.marketplace.pk).keep_order(order, clock.now())
    store = FakeStore(clock)
    run(harbor, store, clock)
    rows = PurchaseOrder.objects.filter(order__name="#1001")
    assert len(set(rows.values_list("reference", flat=True))) == 2
    assert len({row.store_order_id for row in rows}) == 2


def odd(order: StorefrontOrder, **changes: object) -> StorefrontOrder:
    """The same order with its last line changed."""
    *lines, last = order.lines
    return replace(order, lines=(*lines, replace(last, **changes)))  # type: ignore[arg-type]


def test_lines_that_are_nobodys_goods_keep_the_others_from_nothing(
    harbor: Harbor, clock: HandClock
):
    """A tip, a line without a variant, one of no units, one for nothing: each has its place."""
    goods = [(harbor.lines[0], 1)] * 5
    order = bought(1, clock.now(), *goods)
    sound, tip, custom, none, free = order.lines
    zero = Money(Decimal(0), "EUR")
    order = replace(
        order,
        lines=(
            sound,
            replace(tip, title="Tip", variant_id=None, ships=False),
            replace(custom, title="Made for you", variant_id=None),
            replace(none, quantity=0),
            replace(free, unit_price=zero),
        ),
    )
    store = FakeStore(clock)
    Orders(harbor.marketplace.pk).keep_order(order, clock.now())
    run(harbor, store, clock)
    (row,) = PurchaseOrder.objects.all()
    assert [line.unit_price for line in read(row.draft).lines] == [sound.unit_price, zero]
    kept = dict(StorefrontOrderLine.objects.values_list("line_gid", "left_out"))
    assert (kept[tip.line_id], kept[none.line_id]) == ("no_shipping", "removed")
    assert open_codes() == {"line_without_vendor"}
    (told,) = OpenFinding.objects.filter(code="line_without_vendor")
    assert told.evidence["line"] == "Made for you"


def test_a_negative_price_is_asked_about_and_never_sent(harbor: Harbor, clock: HandClock):
    order = bought(1, clock.now(), (harbor.lines[0], 1), (harbor.lines[1], 1))
    order = odd(order, unit_price=Money(Decimal(-5), "EUR"))
    Orders(harbor.marketplace.pk).keep_order(order, clock.now())
    store = FakeStore(clock)
    run(harbor, store, clock)
    assert store.posts == []
    assert open_codes() == {"order_price_unknown"}
    send_as_it_is(harbor.marketplace.pk, PurchaseOrder.objects.get().pk, clock.now())
    run(harbor, store, clock)
    (draft,) = [read(row.draft) for row in PurchaseOrder.objects.all()]
    assert all(line.unit_price.amount >= 0 for line in draft.lines)


@pytest.mark.parametrize(
    "changes",
    [
        {"unit_price": Money(Decimal(10) ** 15, "EUR")},
        {"quantity": 3_000_000_000},
    ],
)
def test_numbers_beyond_reason_are_told_and_the_next_order_goes_out(
    harbor: Harbor, clock: HandClock, changes: dict
):
    ledger, store = Orders(harbor.marketplace.pk), FakeStore(clock)
    absurd = odd(bought(1, clock.now(), (harbor.lines[0], 1)), **changes)
    why = ledger.keep_order(absurd, clock.now())
    assert why
    ledger.note_read((), {absurd.order_id: why}, clock.now())
    assert open_codes() == {"order_unreadable"}
    ordered(harbor, clock, 2)
    run(harbor, store, clock)
    assert len(store.posts) == 1


def test_what_is_written_too_long_arrives_cut_and_whole_here(harbor: Harbor, clock: HandClock):
    long = "שלום 👩‍🚀 " * 2000
    order = bought(
        1,
        clock.now(),
        (harbor.lines[0], 1),
        note=long,
        shipping_title=long,
        email=f"{'x' * 300}@example.test",
        attributes=tuple((f"{long}{number}", long) for number in range(50)),
        shipping_address=Address(long, long, long, long, long, long, long, long, "IL", long),
    )
    order = odd(order, title=long, sku=long, details=((long, long),))
    assert Orders(harbor.marketplace.pk).keep_order(order, clock.now()) == ""
    vendor_with(harbor, clock, email="buyer")
    store = FakeStore(clock)
    run(harbor, store, clock)
    draft = read(PurchaseOrder.objects.get().draft)
    parts = [getattr(draft.shipping_address, one) for one in ("first_name", "line1", "phone")]
    assert all(0 < len(part) <= 200 for part in (*parts, draft.shipping_title))
    assert len(draft.note) <= 2000
    assert draft.buyer_email == "", "no shop would take it"
    assert OrderRow.objects.get().note == order.note
    assert open_codes() == set()


def test_an_edit_that_removes_every_line_ends_it(harbor: Harbor, clock: HandClock):
    store = FakeStore(clock)
    order = bought(1, clock.now(), (harbor.lines[0], 2), (harbor.lines[1], 1))
    empty = replace(order, lines=tuple(replace(line, quantity=0) for line in order.lines))
    ledger = Orders(harbor.marketplace.pk)
    ledger.keep_order(order, clock.now())
    ledger.keep_order(empty, clock.now())
    run(harbor, store, clock)
    assert store.posts == []
    assert PurchaseOrder.objects.get().state == "canceled"
    assert not Reservation.objects.filter(closed_at=None).exists()
    assert open_codes() == set()
