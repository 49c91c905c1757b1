"""A marketplace as it looks on a working day: for tests of the pages, and for their pictures."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User

from longshore.storage.models import (
    Examination,
    Listing,
    ListingVariant,
    Marketplace,
    PurchaseOrder,
    Reservation,
    SavedFilter,
    SenderChoice,
    StockEvent,
    Store,
    Storefront,
    StorefrontOrder,
    Vendor,
)
from longshore.storage.repositories.api_tokens import make_token
from longshore.storage.repositories.deeds import Doer, What, note_deed
from support.screen_rows import (
    ago,
    find,
    happen,
    make_line,
    make_listing,
    make_order,
    make_part,
    make_product,
    make_reading,
    make_store,
    person,
    ship,
)
from support.screen_rules import make_held, make_rules, make_run


@dataclass
class World:
    """One marketplace with what the pages need to name."""

    marketplace: Marketplace
    owner: User
    operator: User
    reader: User
    key_id: int
    check: Examination
    deed_id: int
    filter_id: int
    vendor_user: User
    vendor: Vendor
    second: Vendor
    store: Store
    other_store: Store
    review: Listing
    published: Listing
    line: ListingVariant
    loose_line: ListingVariant
    order: StorefrontOrder
    waiting: StorefrontOrder
    purchase: PurchaseOrder
    decided: dict[str, int]

    def ids(self) -> dict[str, Any]:
        """What the addresses of pages are made of."""
        return {
            "vendor_id": self.vendor.pk,
            "listing_id": self.review.pk,
            "line_id": self.line.pk,
            "order_id": self.order.pk,
            "order_line_id": self.order.lines.order_by("pk").last().pk,
            "member_id": self.reader.membership_set.get().pk,
            "key_id": self.key_id,
            "examination": self.check.uuid,
            "part_id": self.purchase.pk,
            "deed_id": self.deed_id,
            "code": "line_without_vendor",
            "filter_id": self.filter_id,
            **self.decided,
        }


def make_world(slug: str = "nordic", name: str = "Nordic Table", *, live: bool = True) -> World:
    """Four vendors, products in every state, orders in most, and a few problems."""
    marketplace = Marketplace.objects.create(
        name=name, timezone="Europe/Oslo", live_since=ago(days=30) if live else None
    )
    owner = person(f"owner@{slug}.example", marketplace, "owner")
    operator = person(f"operator@{slug}.example", marketplace, "operator")
    reader = person(f"reader@{slug}.example", marketplace, "reader")
    key_id, _key = make_token(marketplace.pk, owner.pk, "Bookkeeping", ["orders:read"], ago(days=9))
    _make_front(marketplace, slug, name)
    linden, salt, kopra, _oak = _make_vendors(marketplace, slug)
    vendor_user = person(f"shop@linden.{slug}.example", marketplace, "vendor", linden)
    first = make_store(linden, f"https://linden.{slug}.example")
    silent = ("last_answer_at", "polled_at", "swept_at", "orders_read_at", "last_webhook_at")
    since = dict.fromkeys(silent, ago(minutes=50))
    other = make_store(salt, f"http://saltmarsh.{slug}.example", state="broken", **since)
    dollars = make_store(kopra, f"https://kopra.{slug}.example", currency="USD")

    goods = _make_products(first, other, dollars)
    order, purchase = _split_order(marketplace, first, other, goods)
    waiting = make_order(
        marketplace,
        1001,
        ("Jan", "Ghent"),
        routing="waiting",
        waits_for="before_go_live",
        created_in_shop=ago(days=33),
        routed_at=None,
    )
    mug = goods["mug"].variants.first()
    make_line(waiting, mug, "Stoneware mug, sand", 1, "21.00")
    _other_orders(marketplace, first, other, goods)
    _one_stock_line(marketplace, first, mug)
    _make_problems(marketplace, (linden, salt, kopra), (first, other), order)
    make_reading(first)
    return World(
        marketplace=marketplace,
        owner=owner,
        operator=operator,
        reader=reader,
        key_id=key_id,
        check=_make_checks(linden, first, salt),
        deed_id=_make_deeds(owner, linden, goods["mug"]),
        filter_id=_keep_a_list(owner, marketplace),
        vendor_user=vendor_user,
        vendor=linden,
        second=salt,
        store=first,
        other_store=other,
        review=goods["vase"],
        published=goods["mug"],
        line=mug,
        loose_line=goods["dish"].variants.first(),
        order=order,
        waiting=waiting,
        purchase=purchase,
        decided={
            **make_rules(marketplace),
            "choice_id": _remember(marketplace, goods["mug"]),
            "brake_id": make_held(first, goods["mug"]),
            "run_id": make_run(goods["mug"]),
        },
    )


def _remember(marketplace: Marketplace, listing: Listing) -> int:
    """Who sends something that no listing sells."""
    variant = listing.product.variants.order_by("pk").first()
    return SenderChoice.objects.create(
        marketplace=marketplace,
        variant_gid="gid://shopify/ProductVariant/77",
        title="Blue mug, small",
        variant=variant,
        made_at=ago(days=4),
    ).pk


def _keep_a_list(owner: User, marketplace: Marketplace) -> int:
    return SavedFilter.objects.create(
        marketplace=marketplace, user=owner, page="orders", name="To ship", query="tab=to_ship"
    ).pk


def _make_deeds(owner: User, vendor: Vendor, listing: Listing) -> int:
    doer = Doer(vendor.marketplace_id, owner.pk, owner.email)
    changed = What(
        "vendor_changed",
        f"vendor:{vendor.pk}",
        vendor.name,
        vendor.pk,
        {"buffer": 0, "auto_approve": True},
        {"buffer": 1, "auto_approve": False},
    )
    approved = What(
        "listings_approved",
        f"listing:{listing.pk}",
        listing.product.name,
        after={"count": 1, "ids": [listing.pk]},
    )
    note_deed(doer, approved, ago(days=3))
    return note_deed(doer, changed, ago(minutes=94))


def _make_checks(linden: Vendor, store: Store, salt: Vendor) -> Examination:
    """One visit that ended well, and one that found a firewall."""
    well = ("keys as typed", "address", "REST API", "versions", "key", "sign-in", "rights", "facts")
    row = Examination.objects.create(
        marketplace=linden.marketplace,
        vendor=linden,
        store=store,
        address=store.base_url,
        state="done",
        outcome="connected",
        verdict="connected",
        steps=[
            {"name": name, "code": "", "evidence": {}, "seconds": 0.4 * number}
            for number, name in enumerate(well)
        ],
        profile=store.profile,
        requests=13,
        seconds=3.2,
        asked_at=ago(minutes=9),
        ended_at=ago(minutes=8),
    )
    stopped = {"code": "D24", "evidence": {"host": "saltmarsh.example"}}
    Examination.objects.create(
        marketplace=salt.marketplace,
        vendor=salt,
        address="saltmarsh.example",
        state="done",
        outcome="needs_somebody",
        verdict="D24",
        steps=[
            {"name": "address", "code": "", "evidence": {}, "seconds": 0.3},
            {"name": "REST API", **stopped, "seconds": 0.9},
        ],
        findings=[stopped],
        requests=4,
        seconds=0.9,
        asked_at=ago(minutes=50),
        ended_at=ago(minutes=50),
    )
    return row


def _make_front(marketplace: Marketplace, slug: str, name: str) -> None:
    Storefront.objects.create(
        marketplace=marketplace,
        shop_domain=f"{slug}.myshopify.com",
        client_id="fake-client",
        name=name,
        currency="EUR",
        taxes_included=True,
        timezone="Europe/Oslo",
        publication_id="gid://shopify/Publication/1",
        publication_name="Online Store",
        facts_read_at=ago(minutes=7),
        orders_polled_at=ago(seconds=8),
        last_webhook_at=ago(minutes=3),
        webhooks_active=["orders/create", "orders/updated"],
    )


def _make_vendors(marketplace: Marketplace, slug: str) -> list[Vendor]:
    rows = (
        ("Linden & Loom", f"shop@linden.{slug}.example", 1),
        ("Saltmarsh Soap", "", 0),
        ("Kopra Coffee", f"hello@kopra.{slug}.example", 0),
        ("Oak & Ember", f"hello@oak.{slug}.example", 0),
    )
    return [
        Vendor.objects.create(marketplace=marketplace, name=name, email=email, buffer=buffer)
        for name, email, buffer in rows
    ]


def _make_products(first: Store, other: Store, dollars: Store) -> dict[str, Listing]:
    """Ten listings in every state, and two products that rules keep out."""
    goods = {
        "mug": make_listing(make_product(first, 11, "Stoneware mug", variants=3), "published"),
        "napkin": make_listing(
            make_product(first, 12, "Linen napkin, oat", price="12.00", quantity=118), "published"
        ),
        "soap": make_listing(
            make_product(other, 21, "Seaweed soap bar", price="9.00", quantity=41), "published"
        ),
        "dish": make_listing(
            make_product(other, 22, "Soap dish, slate", price="34.00", quantity=None), "published"
        ),
        "vase": make_listing(
            make_product(first, 13, "Tall vase “Tindra”", price="64.00"), "review"
        ),
    }
    make_listing(make_product(first, 14, "Serving bowl, oval", variants=2, price="52.00"), "review")
    make_listing(make_product(first, 18, "Dinner plate, 27 cm", price="19.00"), "review")
    make_listing(
        make_product(first, 15, "Water jug 1.2 l", price="0"),
        "review",
        problems=[["no_price", {"product": "Water jug 1.2 l"}]],
    )
    rule = ["price_needs_currency_rule", {"vendor": "Kopra Coffee", "from": "USD", "to": "EUR"}]
    for number, name in ((31, "Filter roast, 250 g"), (32, "Espresso roast, 1 kg")):
        make_listing(make_product(dollars, number, name, price="14.00"), "review", problems=[rule])
    make_product(
        first,
        16,
        "Gift box of the season",
        left_out="product_type_left_out",
        left_out_evidence={"type": "grouped"},
    )
    make_product(
        first, 17, "Old plate", left_out="product_not_public", left_out_evidence={"status": "draft"}
    )
    return goods


def _split_order(
    marketplace: Marketplace, first: Store, other: Store, goods: dict[str, Listing]
) -> tuple[StorefrontOrder, PurchaseOrder]:
    """Over two vendors: one shipped all, one a part; a third line is nobody's."""
    order = make_order(marketplace, 1042, ("Maren", "Bergen"))
    four = make_line(order, goods["napkin"].variants.first(), "Linen napkin, oat", 4, "12.00")
    three = make_line(order, goods["soap"].variants.first(), "Seaweed soap bar", 3, "9.00")
    dish = make_line(order, goods["dish"].variants.first(), "Soap dish, slate", 1, "34.00")
    make_line(order, None, "Blue mug, large", 1, "38.00")
    purchase = make_part(order, first, [four], 5531)
    ship(purchase, "370722581014402", 4)
    second = make_part(order, other, [three, dish], 812)
    ship(second, "703511902284", 1)
    happen(order, "seen", minutes=41, name="#1042")
    happen(order, "routed", minutes=40.9, vendors=2, by_hand=False)
    happen(order, "accepted", purchase, minutes=40.8, number="5531")
    happen(order, "accepted", second, minutes=40.7, number="812")
    happen(order, "shipped", second, minutes=34, number="703511902284", units=1)
    happen(order, "shipped", purchase, minutes=29, number="370722581014402", units=4)
    happen(order, "fulfilled", purchase, minutes=28, number="370722581014402")
    return order, purchase


def _other_orders(
    marketplace: Marketplace, first: Store, other: Store, goods: dict[str, Listing]
) -> None:
    mug, soap = goods["mug"].variants.first(), goods["soap"].variants.first()
    napkin = goods["napkin"].variants.first()
    shipped = make_order(marketplace, 1039, ("Elin", "Malmö"), created_in_shop=ago(days=2))
    line = make_line(shipped, mug, "Stoneware mug, sand", 2, "21.00")
    ship(make_part(shipped, first, [line], 5520), "370722581014555", 2)
    make_order(
        marketplace,
        1037,
        ("Noor", "Utrecht"),
        canceled_at=ago(days=1),
        created_in_shop=ago(days=3),
    )
    packing = make_order(marketplace, 1044, ("Ida", "Aarhus"), created_in_shop=ago(minutes=26))
    line = make_line(packing, napkin, "Linen napkin, oat", 2, "12.00")
    make_part(packing, first, [line], 5533)
    for number, buyer, units in ((1047, ("Sam", "Leeds"), 2), (1050, ("Pia", "Lund"), 5)):
        stuck = make_order(marketplace, number, buyer, created_in_shop=ago(minutes=20))
        line = make_line(stuck, soap, "Seaweed soap bar", units, "9.00")
        why = "The shop does not answer; it is sent as soon as it does."
        make_part(stuck, other, [line], None, why=why, created_at=ago(minutes=20))


def _one_stock_line(marketplace: Marketplace, store: Store, line: ListingVariant) -> None:
    """The stoneware mug: 7 at the vendor, 2 reserved, buffer 1, so 4 on Shopify; and its day."""
    sold = make_order(marketplace, 1051, ("Tove", "Oslo"), created_in_shop=ago(minutes=3))
    held = make_line(sold, line, "Stoneware mug, sand", 2, "21.00")
    lost = {"state": "uncertain", "created_at": ago(minutes=3), "look_ups": 1}
    part = make_part(sold, store, [held], None, **lost)
    happen(sold, "seen", minutes=3, name="#1051")
    happen(sold, "uncertain", part, minutes=2)
    Reservation.objects.create(
        marketplace=marketplace,
        variant=line.variant,
        order_line=held,
        quantity=2,
        opened_at=ago(minutes=3),
    )
    line.reserved, line.wanted_quantity, line.known_quantity = 2, 4, 4
    line.save()
    day = (
        (22.5, "reading", 4, 3),
        (22.4, "write", 3, 2),
        (18.2, "reading", 3, 12),
        (18.1, "decision", 2, 11),
        (18.0, "write", 2, 11),
        (15.5, "sale", 11, 10),
        (15.4, "reading", 12, 11),
        (9.0, "reading", 11, 9),
        (8.9, "write", 10, 8),
        (4.0, "stale", 8, None),
        (3.9, "write", 8, 7),
        (3.8, "reading", 9, 7),
        (3.7, "write", 7, 6),
        (0.05, "sale", 6, 4),
    )
    sums = {"reserved": 0, "buffer": 1, "rule": 3}
    for hours, kind, before, after in day:
        StockEvent.objects.create(
            marketplace=marketplace,
            listing_variant=line,
            at=ago(hours=hours),
            kind=kind,
            before=before,
            after=after,
            data=sums if kind == "decision" else {},
        )
    uncertain = {"vendor": store.vendor.name, "order": "#1051"}
    find(marketplace, f"purchase_order:{part.pk}", "order_uncertain", store.vendor, **uncertain)


def _make_problems(
    marketplace: Marketplace,
    vendors: tuple[Vendor, Vendor, Vendor],
    stores: tuple[Store, Store],
    order: StorefrontOrder,
) -> None:
    linden, salt, kopra = vendors
    first, other = stores
    host = other.base_url.partition("://")[2]
    find(marketplace, f"store:{other.pk}", "store_unreachable", salt, host=host)
    line = {"order": order.name, "line": "Blue mug, large"}
    find(marketplace, f"order:{order.pk}", "line_without_vendor", **line)
    money = {"vendor": kopra.name, "from": "USD", "to": "EUR"}
    find(marketplace, f"vendor:{kopra.pk}", "price_needs_currency_rule", kopra, **money)
    host = first.base_url.partition("://")[2]
    find(marketplace, f"store:{first.pk}", "webhooks_dead", linden, host=host)
