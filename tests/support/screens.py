"""A marketplace as it looks on a working day, for tests of the pages."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.contrib.auth.models import User
from django.utils import timezone

from longshore.domain.findings import Finding
from longshore.storage.models import (
    Listing,
    ListingVariant,
    Marketplace,
    Membership,
    OrderEvent,
    PurchaseOrder,
    PurchaseOrderLine,
    Reservation,
    Scan,
    Shipment,
    ShipmentLine,
    StockEvent,
    Store,
    Storefront,
    StorefrontOrder,
    StorefrontOrderLine,
    Vendor,
    VendorProduct,
    VendorVariant,
)
from longshore.storage.repositories.findings import note_finding

PASSWORD = "fake-password-for-tests"
HOSTILE = "<script>alert('x')</script>\"'&{{ 7|add:7 }}"


@dataclass
class World:
    """One marketplace with what the pages need to name."""

    marketplace: Marketplace
    owner: User
    vendor_user: User
    vendor: Vendor
    second: Vendor
    store: Store
    review: Listing
    published: Listing
    line: ListingVariant
    order: StorefrontOrder
    waiting: StorefrontOrder
    purchase: PurchaseOrder

    def ids(self) -> dict[str, int]:
        """What the addresses of pages are made of."""
        return {
            "vendor_id": self.vendor.pk,
            "listing_id": self.review.pk,
            "line_id": self.line.pk,
            "order_id": self.order.pk,
        }


def ago(**delta: float) -> datetime:
    return timezone.now() - timedelta(**delta)


def person(email: str, marketplace: Marketplace, role: str, vendor: Vendor | None = None) -> User:
    user = User.objects.create_user(email, email, PASSWORD)
    Membership.objects.create(user=user, marketplace=marketplace, role=role, vendor=vendor)
    return user


def make_store(vendor: Vendor, url: str, **more: object) -> Store:
    facts = {
        "dialect": "wc/v3",
        "auth": "key in the header",
        "platform_version": "9.9.5",
        "wordpress_version": "6.8",
        "can_write": True,
    }
    values: dict[str, object] = {
        "name": vendor.name,
        "currency": "EUR",
        "prices_include_tax": True,
        "facts": facts,
        "connected_at": ago(days=40),
        "last_answer_at": ago(seconds=12),
        "polled_at": ago(seconds=12),
        "orders_polled_at": ago(seconds=40),
        "swept_at": ago(minutes=31),
        "last_webhook_at": ago(minutes=2),
        "webhooks_active": ["product.updated", "order.updated"],
        **more,
    }
    store = Store(marketplace=vendor.marketplace, vendor=vendor, base_url=url, **values)
    store.consumer_key, store.consumer_secret = "ck_fake", "cs_fake"
    store.save()
    Scan.objects.create(
        marketplace=vendor.marketplace,
        store=store,
        kind="full",
        phase="done",
        products_seen=412,
        products_total=412,
        variants_seen=930,
        requests=14,
        started_at=ago(days=1),
        finished_at=ago(days=1),
        proven=True,
    )
    return store


def make_product(
    store: Store,
    number: int,
    name: str,
    *,
    variants: int = 1,
    price: str = "21.00",
    quantity: int | None = 7,
    left_out: str = "",
    **more: object,
) -> VendorProduct:
    """`quantity` None: the store does not count it."""
    product = VendorProduct.objects.create(
        marketplace=store.marketplace,
        store=store,
        product_id=number,
        kind="variable" if variants > 1 else "simple",
        raw_type="simple",
        status="publish",
        name=name,
        sku=f"SKU-{number}",
        permalink=f"{store.base_url}/product/{number}",
        left_out=left_out,
        read_at=ago(seconds=12),
        changed_at=ago(days=2),
        **more,
    )
    for index in range(variants):
        VendorVariant.objects.create(
            marketplace=store.marketplace,
            store=store,
            product=product,
            product_id_in_store=number,
            variation_id=0 if variants == 1 else number * 100 + index,
            sku=f"SKU-{number}-{index}",
            regular_price=Decimal(price),
            tracked=quantity is not None,
            quantity=quantity,
            stock_status="instock",
            stock_requested_at=ago(seconds=12),
            options=[["Color", ("sand", "slate", "moss", "clay")[index % 4]]] if variants > 1 else [],
            position=index,
            changed_at=ago(days=2),
        )
    return product


def make_listing(product: VendorProduct, state: str, **more: object) -> Listing:
    """A listing with its stock lines; on Shopify when it is published."""
    public = state == "published"
    listing = Listing.objects.create(
        marketplace=product.marketplace,
        vendor=product.store.vendor,
        product=product,
        state=state,
        published_at=ago(days=3) if public else None,
        **more,
    )
    for variant in product.variants.order_by("position"):
        tracked = variant.tracked
        wanted = max(0, (variant.quantity or 0) - 3) if tracked else None
        ListingVariant.objects.create(
            marketplace=product.marketplace,
            listing=listing,
            variant=variant,
            variant_gid=f"gid://shopify/ProductVariant/{variant.pk}" if public else "",
            inventory_item_gid=f"gid://shopify/InventoryItem/{variant.pk}" if public else "",
            rule=3 if tracked else 1,
            reserved=2 if tracked else 0,
            buffer=1 if tracked else 0,
            wanted_tracked=tracked,
            wanted_quantity=wanted,
            decided_at=ago(seconds=10),
            known_tracked=tracked if public else None,
            known_quantity=wanted if public else None,
            known_at=ago(seconds=9) if public else None,
        )
    return listing


def make_order(
    marketplace: Marketplace, number: int, buyer: tuple[str, str, str], **more: object
) -> StorefrontOrder:
    values: dict[str, object] = {
        "created_in_shop": ago(minutes=41),
        "updated_in_shop": ago(minutes=5),
        "payment": "paid",
        "currency": "EUR",
        "email": f"{buyer[0].lower()}@example.org",
        "shipping_address": {
            "first_name": buyer[0],
            "last_name": buyer[1],
            "line1": "Strandgaten 12",
            "line2": "",
            "city": buyer[2],
            "postcode": "5013",
            "country": "NO",
        },
        "shipping_title": "Standard",
        "shipping_price": Decimal("9.00"),
        "routing": "routed",
        "first_seen_at": ago(minutes=40, seconds=57),
        "read_at": ago(seconds=20),
        "routed_at": ago(minutes=40, seconds=56),
        **more,
    }
    return StorefrontOrder.objects.create(
        marketplace=marketplace,
        order_gid=f"gid://shopify/Order/{number}",
        name=f"#{number}",
        **values,
    )


def make_line(
    order: StorefrontOrder, line: ListingVariant | None, title: str, quantity: int, price: str
) -> StorefrontOrderLine:
    count = order.lines.count()
    return StorefrontOrderLine.objects.create(
        marketplace=order.marketplace,
        order=order,
        line_gid=f"{order.order_gid}/{count}",
        listing_variant=line,
        variant_gid=line.variant_gid if line else "",
        title=title,
        sku=line.variant.sku if line else "",
        quantity=quantity,
        unit_price=Decimal(price),
    )


def make_part(
    order: StorefrontOrder,
    store: Store,
    lines: list[StorefrontOrderLine],
    number: int,
    **more: object,
) -> PurchaseOrder:
    values: dict[str, object] = {
        "state": "accepted",
        "created_at": ago(minutes=40, seconds=56),
        "sending_since": ago(minutes=40, seconds=55),
        "answered_at": ago(minutes=40, seconds=54),
        "store_order_id": number,
        "store_order_number": str(number),
        "store_state": "processing",
        "raw_status": "processing",
        "store_read_at": ago(seconds=40),
        **more,
    }
    part = PurchaseOrder.objects.create(
        marketplace=order.marketplace,
        order=order,
        vendor=store.vendor,
        store=store,
        reference=f"LS-{order.pk}-{store.pk}",
        **values,
    )
    for line in lines:
        PurchaseOrderLine.objects.create(
            marketplace=order.marketplace,
            purchase_order=part,
            order_line=line,
            variant=line.listing_variant.variant,
            quantity=line.quantity,
            unit_price=line.unit_price,
        )
    return part


def ship(part: PurchaseOrder, number: str, quantity: int) -> Shipment:
    parcel = Shipment.objects.create(
        marketplace=part.marketplace,
        purchase_order=part,
        key=number,
        state="fulfilled",
        tracking_number=number,
        carrier="Posten",
        tracking_url=f"https://track.example.org/{number}",
        found_at=ago(minutes=29),
        fulfilled_at=ago(minutes=28),
        told_number=number,
    )
    line = part.lines.first()
    ShipmentLine.objects.create(
        marketplace=part.marketplace, shipment=parcel, purchase_line=line, quantity=quantity
    )
    line.shipped = quantity
    line.save()
    if all(one.shipped >= one.quantity for one in part.lines.all()):
        part.shipped_at = ago(minutes=29)
        part.store_state = "completed"
        part.save()
    return parcel


def happen(order: StorefrontOrder, kind: str, part: PurchaseOrder | None = None, **data: object):
    minutes = data.pop("minutes", 40)
    OrderEvent.objects.create(
        marketplace=order.marketplace,
        order=order,
        purchase_order=part,
        at=ago(minutes=minutes),
        kind=kind,
        data=data,
    )


def find(row: Marketplace, subject: str, code: str, of: Vendor | None = None, /, **evidence: object):
    note_finding(
        row.pk,
        subject,
        Finding(code, evidence),
        ago(minutes=50),
        vendor_id=of.pk if of else None,
    )


def make_world(slug: str = "nordic", name: str = "Nordic Table", *, live: bool = True) -> World:
    """Two vendors, products in every state, orders in most, and a few problems."""
    marketplace = Marketplace.objects.create(
        name=name, timezone="Europe/Oslo", live_since=ago(days=30) if live else None
    )
    owner = person(f"ana@{slug}.example", marketplace, "owner")
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
    linden = Vendor.objects.create(
        marketplace=marketplace, name="Linden & Loom", email=f"greta@{slug}.example", buffer=1
    )
    salt = Vendor.objects.create(marketplace=marketplace, name="Saltmarsh Soap")
    vendor_user = person(f"greta@{slug}.example", marketplace, "vendor", linden)
    first = make_store(linden, f"https://linden.{slug}.example")
    other = make_store(
        salt, f"http://saltmarsh.{slug}.example", state="broken", last_answer_at=ago(minutes=50)
    )
    mug = make_listing(make_product(first, 11, "Stoneware mug", variants=3), "published")
    napkin = make_listing(make_product(first, 12, "Linen napkin, oat", price="12.00"), "published")
    soap = make_listing(make_product(other, 21, "Seaweed soap bar", price="9.00"), "published")
    make_listing(make_product(other, 22, "Soap dish, slate", price="34.00", quantity=None), "published")
    review = make_listing(make_product(first, 13, "Tall vase “Tindra”", price="64.00"), "review")
    make_listing(make_product(first, 14, "Serving bowl, oval", variants=2, price="52.00"), "review")
    make_listing(
        make_product(first, 15, "Water jug 1.2 l", price="0"),
        "review",
        problems=[["no_price", {"product": "Water jug 1.2 l"}]],
    )
    make_product(
        first,
        16,
        "Gift box of the season",
        left_out="product_type_left_out",
        left_out_evidence={"type": "grouped"},
    )
    make_product(first, 17, "Old plate", left_out="product_not_public", left_out_evidence={"status": "draft"})

    order = make_order(marketplace, 1042, ("Maren", "Holt", "Bergen"))
    four = make_line(order, napkin.variants.first(), "Linen napkin, oat", 4, "12.00")
    three = make_line(order, soap.variants.first(), "Seaweed soap bar", 3, "9.00")
    make_line(order, None, "Blue mug, large", 1, "38.00")
    purchase = make_part(order, first, [four], 5531)
    ship(purchase, "370722581014402", 4)
    second = make_part(order, other, [three], 812)
    happen(order, "seen", minutes=41, name="#1042")
    happen(order, "routed", minutes=40.9, vendors=2, by_hand=False)
    happen(order, "accepted", purchase, minutes=40.8, number="5531")
    happen(order, "accepted", second, minutes=40.7, number="812")
    happen(order, "shipped", purchase, minutes=29, number="370722581014402", units=4)
    happen(order, "fulfilled", purchase, minutes=28, number="370722581014402")
    waiting = make_order(
        marketplace,
        1001,
        ("Jan", "Peeters", "Ghent"),
        routing="waiting",
        waits_for="before_go_live",
        created_in_shop=ago(days=33),
        routed_at=None,
    )
    make_line(waiting, mug.variants.first(), "Stoneware mug, sand", 1, "21.00")
    shipped = make_order(marketplace, 1039, ("Elin", "Åkesson", "Malmö"), created_in_shop=ago(days=2))
    whole = make_part(
        shipped, first, [make_line(shipped, mug.variants.first(), "Stoneware mug, sand", 2, "21.00")], 5520
    )
    ship(whole, "370722581014555", 2)
    make_order(
        marketplace, 1037, ("Noor", "de Wit", "Utrecht"), canceled_at=ago(days=1), created_in_shop=ago(days=3)
    )

    line = mug.variants.first()
    sold = make_order(marketplace, 1051, ("Ida", "Krog", "Aarhus"), created_in_shop=ago(minutes=3))
    held = make_line(sold, line, "Stoneware mug, sand", 2, "21.00")
    make_part(sold, first, [held], 5540, state="uncertain", answered_at=None, store_order_id=None, store_order_number="")
    Reservation.objects.create(
        marketplace=marketplace, variant=line.variant, order_line=held, quantity=2, opened_at=ago(minutes=3)
    )
    for minutes, kind, before, after in (
        (3, "sale", 6, 4),
        (12, "write", None, 6),
        (12.1, "decision", 7, 6),
        (240, "stale", 9, 8),
    ):
        StockEvent.objects.create(
            marketplace=marketplace,
            listing_variant=line,
            at=ago(minutes=minutes),
            kind=kind,
            before=before,
            after=after,
            data={"reserved": 2, "buffer": 1, "rule": 3} if kind == "decision" else {},
        )
    find(marketplace, f"store:{other.pk}", "store_unreachable", salt, host=other.base_url.partition("://")[2])
    find(marketplace, f"order:{order.pk}", "line_without_vendor", order="#1042", line="Blue mug, large")
    find(marketplace, f"purchase_order:{sold.purchase_orders.get().pk}", "order_uncertain", linden, vendor=linden.name, order="#1051")
    find(marketplace, f"store:{first.pk}", "webhooks_dead", linden, host="linden.example")
    return World(
        marketplace, owner, vendor_user, linden, salt, first, review, mug, line, order, waiting, purchase
    )
