"""How a vendor's orders are written: addresses, shares, titles, notes, and what is refused."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshore.domain.money import Money
from longshore.domain.orders import Address, StoreOrderLineDraft
from longshore.domain.placing_policy import (
    USUAL,
    Addressed,
    BuyerEmail,
    CompletedAtOnce,
    PlacingPolicy,
    ShippingPrice,
    Start,
    ToPlace,
    draft_for,
    email_for,
    fallback_email,
    is_email,
    is_field_key,
    lacks_address,
    one_line,
    policy_of,
    share_of,
    some_lines,
    start,
    unknown_words,
)
from longshore.domain.pricing import PurchasePrices

TO = Addressed("ada@example.com", "orders@harbor.example", "relay.harbor.example")
FACTS = ToPlace(
    reference="LS-7Q2M9KXA4T",
    order="#1001",
    marketplace="Harbor",
    vendor="Kiln",
    currency="EUR",
    lines=(StoreOrderLineDraft(1, 0, 2, Money(Decimal("9.50"), "EUR")),),
    address=Address("Ada", "Buyer", line1="Street 1", city="Town", country="NL"),
    email=BuyerEmail.NONE,
    to=TO,
    shipping_title="Express",
    shipping_share=Money(Decimal("6.05"), "EUR"),
    buyer_note="Ring twice",
    attributes=(("Gift message", "Happy birthday!"), ("_app", "hidden")),
)


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        (BuyerEmail.NONE, ""),
        (BuyerEmail.RELAY, "ls-7q2m9kxa4t@relay.harbor.example"),
        (BuyerEmail.MARKETPLACE, "orders@harbor.example"),
        (BuyerEmail.BUYER, "ada@example.com"),
    ],
)
def test_the_address_follows_the_choice(how: BuyerEmail, expected: str) -> None:
    assert email_for(how, FACTS.reference, TO) == expected


@pytest.mark.parametrize(
    "hostile",
    [
        "",
        "ada",
        "ada@",
        "@example.com",
        "a b@example.com",
        "ada@example.com\nBcc: all@example.com",
        "ada@example.com,eve@example.com",
        "<ada@example.com>",
        "ada@exämple.com",
        "ada@example",
        f"{'a' * 65}@example.com",
        f"ada@{'example.' * 40}com",
        "ada@@example.com",
        "ada@-\x00.com",
    ],
)
def test_what_no_shop_takes_as_an_address_is_left_out(hostile: str) -> None:
    assert not is_email(hostile)
    assert email_for(BuyerEmail.BUYER, "LS-1", Addressed(hostile)) == ""
    assert email_for(BuyerEmail.MARKETPLACE, "LS-1", Addressed("", hostile)) == ""


@pytest.mark.parametrize("domain", ["", "localhost", "a b.example", "x@y.example", "-a.example"])
def test_a_relay_needs_a_domain(domain: str) -> None:
    assert email_for(BuyerEmail.RELAY, "LS-1", Addressed("", "", domain)) == ""


def test_the_fallback_is_never_the_buyers() -> None:
    assert fallback_email("LS-1", TO) == "ls-1@relay.harbor.example"
    assert fallback_email("LS-1", replace(TO, relay_domain="")) == "orders@harbor.example"
    assert fallback_email("LS-1", Addressed("ada@example.com")) == ""


@given(st.sets(st.text("23456789ABCDEFGHJKMNPQRSTUVWXYZ", min_size=10, max_size=10), min_size=2))
def test_no_two_orders_share_a_relay_address(marks: set[str]) -> None:
    assert len({email_for(BuyerEmail.RELAY, f"LS-{one}", TO) for one in marks}) == len(marks)


@pytest.mark.parametrize(
    ("status", "new", "old"),
    [
        ("processing", Start.FINE, Start.FINE),
        ("wc-processing", Start.FINE, Start.FINE),
        ("", Start.FINE, Start.FINE),
        ("on-hold", Start.FINE, Start.LEAVES_STOCK_HERE),
        ("pending", Start.LEAVES_STOCK, Start.LEAVES_STOCK),
        ("packing-line", Start.LEAVES_STOCK, Start.LEAVES_STOCK),
        ("Completed", Start.SHIPPED, Start.SHIPPED),
    ],
)
def test_only_statuses_that_take_stock_may_begin_an_order(
    status: str, new: Start, old: Start
) -> None:
    assert start(status) is new
    assert start(status, status_moves_stock=False) is old


def test_an_older_shop_begins_with_what_takes_its_stock() -> None:
    policy = replace(USUAL, status="on-hold")
    assert draft_for(policy, FACTS).status == "on-hold"
    assert draft_for(policy, replace(FACTS, status_moves_stock=False)).status == "processing"


def test_the_usual_order() -> None:
    draft = draft_for(USUAL, FACTS)
    assert draft.note == ("Harbor #1001, LS-7Q2M9KXA4T\nRing twice\nGift message: Happy birthday!")
    assert (draft.shipping_title, draft.shipping_method) == ("Express", "marketplace")
    assert draft.shipping_price.amount == 0
    assert (draft.status, draft.buyer_email) == ("processing", "")


def test_a_policy_shapes_the_order() -> None:
    policy = PlacingPolicy(
        email=BuyerEmail.RELAY,
        tax_percent=Decimal(21),
        shipping_title="{marketplace}: {method} ({order})",
        shipping_method="flat_rate",
        shipping_price=ShippingPrice.SHARE,
        tells_note=False,
        fields=(("channel", "{marketplace} {reference}"),),
    )
    draft = draft_for(policy, replace(FACTS, email=BuyerEmail.RELAY))
    assert draft.shipping_title == "Harbor: Express (#1001)"
    assert draft.shipping_price == Money(Decimal("5.00"), "EUR")
    assert draft.note == "Harbor #1001, LS-7Q2M9KXA4T"
    assert draft.fields == (("channel", "Harbor LS-7Q2M9KXA4T"),)
    assert draft.buyer_email == "ls-7q2m9kxa4t@relay.harbor.example"


def test_what_a_buyer_typed_is_no_pattern() -> None:
    policy = replace(USUAL, shipping_title="{method}")
    draft = draft_for(policy, replace(FACTS, shipping_title="{reference} {vendor}"))
    assert draft.shipping_title == "{reference} {vendor}"


@given(st.text(max_size=400))
def test_typed_text_becomes_one_field(text: str) -> None:
    kept = one_line(text)
    assert "\n" not in kept
    assert "\x00" not in kept
    assert len(kept) <= 200
    assert one_line(kept) == kept


@given(st.text(max_size=5000), st.text(max_size=300), st.text(max_size=3000))
def test_our_reference_stands_in_every_note(note: str, name: str, text: str) -> None:
    draft = draft_for(USUAL, replace(FACTS, buyer_note=note, attributes=((name, text),)))
    assert FACTS.reference in draft.note.replace(",", " ").split()
    assert len(draft.note) <= 2000


def test_letters_of_every_script_stay_but_nothing_turns_the_line_over() -> None:
    assert one_line("שלום 👩‍🚀 مرحبا") == "שלום 👩‍🚀 مرحبا"
    assert one_line("a\u202eevil\u2069b") == "aevilb"
    assert some_lines("a\r\n\r\nb\x07c") == "a\nb c"


money = st.decimals("0", "10000", places=2)


@given(money, st.lists(money, min_size=1, max_size=8))
def test_shares_make_exactly_the_whole(total: Decimal, worths: list[Decimal]) -> None:
    whole = Money(total, "EUR")
    shares = [share_of(whole, worths, place) for place in range(len(worths))]
    assert sum(share.amount for share in shares) == total
    assert all(share.amount >= 0 for share in shares)


def test_shares_follow_the_worth() -> None:
    worths = [Decimal(30), Decimal(10)]
    assert share_of(Money(Decimal(5), "EUR"), worths, 0) == Money(Decimal("3.75"), "EUR")
    assert share_of(Money(Decimal(5), "EUR"), worths, 1) == Money(Decimal("1.25"), "EUR")


@pytest.mark.parametrize(
    ("address", "lacks"),
    [
        (None, True),
        (Address(), True),
        (Address("Ada", "Buyer", country="NL"), True),
        (Address(line1="Street 1", city="Town"), True),
        (Address(line1="Street 1", country="SG"), False),
        (Address(postcode="018956", country="SG"), False),
    ],
)
def test_who_can_send_a_parcel_there(address: Address | None, lacks: bool) -> None:
    assert lacks_address(address) is lacks


def test_a_policy_is_kept_by_what_differs() -> None:
    policy = PlacingPolicy(
        email=BuyerEmail.BUYER,
        prices=PurchasePrices.COST,
        cost_percent=Decimal("62.5"),
        completed=CompletedAtOnce.DIGITAL,
        tells_note=False,
        fields=(("channel", "x"),),
    )
    assert USUAL.as_row() == {}
    assert policy_of({}) == USUAL
    assert policy_of(policy.as_row()) == policy


@pytest.mark.parametrize(
    "row",
    [
        {"email": "everybody"},
        {"prices": "free"},
        {"cost_percent": "much"},
        {"cost_percent": "-1"},
        {"tax_percent": "NaN"},
        {"completed": "maybe"},
        {"fields": [["a"]]},
    ],
)
def test_no_policy_of_nonsense(row: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        policy_of(row)


def test_names_of_own_fields() -> None:
    good = ["channel", "Order-No", "a1_b"]
    bad = ["", "_hidden", "1st", "longshore_reference", "a b", "ü", "x" * 61, "a\n"]
    assert [one for one in good if not is_field_key(one)] == []
    assert [one for one in bad if is_field_key(one)] == []
    assert unknown_words("{method} {secret} {order}") == ("secret",)


@pytest.mark.parametrize(
    ("how", "parcels", "digital"),
    [
        (CompletedAtOnce.ASK, False, False),
        (CompletedAtOnce.DIGITAL, False, True),
        (CompletedAtOnce.SHIPPED, True, True),
    ],
)
def test_what_completed_at_once_may_mean(
    how: CompletedAtOnce,
    parcels: bool,
    digital: bool,
) -> None:
    assert how.allows(digital=False) is parcels
    assert how.allows(digital=True) is digital
