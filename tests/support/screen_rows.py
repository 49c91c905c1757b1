"""Rows as the hub would have written them, for pages to show; each with what makes it look real."""

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
    Scan,
    Shipment,
    ShipmentLine,
    Store,
    StorefrontOrder,
    StorefrontOrderLine,
    StoreLoad,
    StoreReading,
    Vendor,
    VendorProduct,
    VendorVariant,
)
from longshore.storage.repositories.findings import note_finding

PASSWORD = "fake-password-for-tests"
COLORS = ("sand", "slate", "moss", "clay")


def ago(**delta: float) -> datetime:
    return timezone.now() - timedelta(**delta)


def person(email: str, marketplace: Marketplace, role: str, vendor: Vendor | None = None) -> User:
    user = User.objects.create_user(email, email, PASSWORD)
    Membership.objects.create(user=user, marketplace=marketplace, role=role, vendor=vendor)
    return user


def make_store(vendor: Vendor, url: str, *, read: bool = True, **more: object) -> Store:
    """A store that is well; `read`: its whole catalog was walked once, and swept since."""
    profile = {
        "dialect": "wc/v3",
        "signing": "basic" if url.startswith("https") else "oauth",
        "platform_version": "9.9.5",
        "wordpress_version": "6.8",
        "can_write": True,
        "clock_offset_s": 0.4,
    }
    values: dict[str, object] = {
        "name": vendor.name,
        "currency": "EUR",
        "prices_include_tax": True,
        "profile": profile,
        "connected_at": ago(days=40),
        "last_answer_at": ago(seconds=12),
        "polled_at": ago(seconds=12),
        "orders_polled_at": ago(seconds=40),
        "orders_read_at": ago(seconds=40),
        "swept_at": ago(minutes=31),
        "last_webhook_at": ago(minutes=2),
        "webhooks_active": ["product.updated", "order.updated"],
        **more,
    }
    store = Store(marketplace=vendor.marketplace, vendor=vendor, base_url=url, **values)
    store.consumer_key, store.consumer_secret = "ck_fake", "cs_fake"
    store.save()
    if read:
        walk(store, "full", 412, days=1)
        walk(store, "sweep", 412, changed=2, minutes=31)
    return store


def walk(store: Store, kind: str, products: int, *, changed: int = 0, **since: float) -> Scan:
    return Scan.objects.create(
        marketplace=store.marketplace,
        store=store,
        kind=kind,
        phase="done",
        products_seen=products,
        products_total=products,
        variants_seen=930,
        changed=changed,
        requests=14,
        started_at=ago(**since),
        finished_at=ago(**since),
        proven=True,
    )


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
    VendorVariant.objects.bulk_create(
        VendorVariant(
            marketplace=store.marketplace,
            store=store,
            product=product,
            product_id_in_store=number,
            variation_id=0 if variants == 1 else number * 100 + index,
            sku=f"SKU-{number}-{index}",
            regular_price=Decimal(price),
            tracked=quantity is not None,
            quantity=None if quantity is None else quantity + 3 * index,
            stock_status="instock",
            stock_requested_at=ago(seconds=12),
            options=[["Color", COLORS[index % 4]]] if variants > 1 else [],
            position=index,
            changed_at=ago(days=2),
        )
        for index in range(variants)
    )
    return product


def make_listing(product: VendorProduct, state: str, **more: object) -> Listing:
    """A listing with its stock lines; on Shopify when it is published."""
    listing = Listing.objects.create(
        marketplace=product.marketplace,
        vendor=product.store.vendor,
        product=product,
        state=state,
        published_at=ago(days=3) if state == "published" else None,
        **more,
    )
    variants = product.variants.order_by("position")
    ListingVariant.objects.bulk_create(_line(listing, variant) for variant in variants)
    return listing


def _line(listing: Listing, variant: VendorVariant) -> ListingVariant:
    public, tracked, buffer = listing.state == "published", variant.tracked, listing.vendor.buffer
    wanted = max(0, (variant.quantity or 0) - buffer) if tracked else None
    return ListingVariant(
        marketplace=listing.marketplace,
        listing=listing,
        variant=variant,
        variant_gid=f"gid://shopify/ProductVariant/{variant.pk}" if public else "",
        inventory_item_gid=f"gid://shopify/InventoryItem/{variant.pk}" if public else "",
        rule=3 if tracked else 1,
        buffer=buffer if tracked else 0,
        wanted_tracked=tracked,
        wanted_quantity=wanted,
        decided_at=ago(seconds=10),
        known_tracked=tracked if public else None,
        known_quantity=wanted if public else None,
        known_at=ago(seconds=9) if public else None,
    )


def make_order(
    marketplace: Marketplace, number: int, buyer: tuple[str, str], **more: object
) -> StorefrontOrder:
    """`buyer` is a first name and a city; everybody's last name is Example."""
    name, city = buyer
    values: dict[str, object] = {
        "created_in_shop": ago(minutes=41),
        "updated_in_shop": ago(minutes=5),
        "payment": "paid",
        "currency": "EUR",
        "email": f"{name.lower()}@example.org",
        "shipping_address": {
            "first_name": name,
            "last_name": "Example",
            "line1": "Example street 12",
            "line2": "",
            "city": city,
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
    gid = f"gid://shopify/Order/{number}"
    return StorefrontOrder.objects.create(
        marketplace=marketplace, order_gid=gid, name=f"#{number}", **values
    )


def make_line(
    order: StorefrontOrder, line: ListingVariant | None, title: str, quantity: int, price: str
) -> StorefrontOrderLine:
    return StorefrontOrderLine.objects.create(
        marketplace=order.marketplace,
        order=order,
        line_gid=f"{order.order_gid}/{order.lines.count()}",
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
    number: int | None,
    **more: object,
) -> PurchaseOrder:
    """`number` is the store's own; None: the store has not got it."""
    values: dict[str, object] = {
        "state": "accepted" if number else "pending",
        "created_at": ago(minutes=40, seconds=56),
        "sending_since": ago(minutes=40, seconds=55),
        "answered_at": ago(minutes=40, seconds=54) if number else None,
        "store_order_id": number,
        "store_order_number": str(number or ""),
        "store_state": "processing" if number else "",
        "raw_status": "processing" if number else "",
        "store_read_at": ago(seconds=40) if number else None,
        "posts": 1,
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
    PurchaseOrderLine.objects.bulk_create(
        PurchaseOrderLine(
            marketplace=order.marketplace,
            purchase_order=part,
            order_line=line,
            variant=line.listing_variant.variant,
            quantity=line.quantity,
            unit_price=line.unit_price,
        )
        for line in lines
    )
    return part


def ship(part: PurchaseOrder, number: str, quantity: int) -> Shipment:
    """A parcel with that many units of the part's first line, told to Shopify."""
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


def find(
    row: Marketplace, subject: str, code: str, of: Vendor | None = None, /, **evidence: object
):
    note_finding(
        row.pk,
        subject,
        Finding(code, evidence),
        ago(minutes=50),
        vendor_id=of.pk if of else None,
    )


def make_reading(store: Store) -> None:
    """The store was planned, and asked in the last hours."""
    owner, due = store.marketplace, ago(seconds=-40)
    StoreReading.objects.create(
        marketplace=owner,
        store=store,
        poll_due_at=due,
        hot_due_at=due,
        sweep_due_at=due,
        poll_every_s=120,
        hot_every_s=60,
        sweep_every_s=3600,
        because={"poll": ["changing"], "sweep": ["usual"]},
        products=240,
        pace={"at_a_time": 2, "page_size": 100, "page_s": 0.8},
    )
    hour = ago(hours=2).replace(minute=0, second=0, microsecond=0)
    took = {"waited_s": 20.74, "slowest_s": 1.25}
    StoreLoad.objects.create(
        marketplace=owner, store=store, hour=hour, requests=61, jobs=30, **took
    )
