"""A marketplace in the database: one storefront, two vendors with a store each, listed variants."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from longshore.domain.money import Money
from longshore.domain.orders import Address, OrderLine, Payment, StorefrontOrder
from longshore.storage.models import (
    Listing,
    ListingState,
    ListingVariant,
    Marketplace,
    Store,
    Storefront,
    VariantSource,
    Vendor,
    VendorProduct,
    VendorVariant,
)


@dataclass
class Harbor:
    marketplace: Marketplace
    storefront: Storefront
    stores: list[Store] = field(default_factory=list)
    lines: list[ListingVariant] = field(default_factory=list)
    """Two stock lines for each store, in the order of the stores."""


def make_harbor(at: datetime, *, live: bool = True) -> Harbor:
    marketplace = Marketplace.objects.create(name="Harbor", live_since=at if live else None)
    storefront = Storefront.objects.create(
        marketplace=marketplace,
        shop_domain="harbor.myshopify.com",
        currency="EUR",
        taxes_included=True,
        orders_read_to=at,
    )
    harbor = Harbor(marketplace, storefront)
    for name in ("Kiln", "Loom"):
        vendor = Vendor.objects.create(marketplace=marketplace, name=name)
        store = Store.objects.create(
            marketplace=marketplace,
            vendor=vendor,
            base_url=f"https://{name.lower()}.example",
            currency="EUR",
            prices_include_tax=True,
        )
        harbor.stores.append(store)
        harbor.lines += [_line(store, number, at) for number in (1, 2)]
    return harbor


def make_shared_harbor(at: datetime) -> Harbor:
    """Kiln's first line is sold by Loom too; Kiln is on sale now."""
    made = make_harbor(at)
    line, other = made.lines[0], made.lines[2]
    theirs = VendorVariant.objects.get(pk=other.variant_id)
    other.listing.delete()
    for place, variant in enumerate((line.variant, theirs)):
        VariantSource.objects.create(
            marketplace=made.marketplace,
            listing_variant=line,
            variant=variant,
            priority=100 * (place + 1),
            cost=(9, 7)[place],
        )
    return made


def _line(store: Store, number: int, at: datetime) -> ListingVariant:
    product = VendorProduct.objects.create(
        marketplace=store.marketplace,
        store=store,
        product_id=number,
        kind="simple",
        raw_type="simple",
        status="publish",
        name=f"{store.vendor.name} {number}",
        read_at=at,
        changed_at=at,
    )
    variant = VendorVariant.objects.create(
        marketplace=store.marketplace,
        store=store,
        product=product,
        product_id_in_store=number,
        regular_price=Decimal(10),
        tracked=True,
        quantity=20,
        stock_status="instock",
        stock_requested_at=at,
        changed_at=at,
    )
    listing = Listing.objects.create(
        marketplace=store.marketplace,
        vendor=store.vendor,
        product=product,
        state=ListingState.PUBLISHED,
    )
    key = f"{store.pk}-{number}"
    return ListingVariant.objects.create(
        marketplace=store.marketplace,
        listing=listing,
        variant=variant,
        variant_gid=f"gid://shopify/ProductVariant/{key}",
        inventory_item_gid=f"gid://shopify/InventoryItem/{key}",
        stocked_at_location="gid://shopify/Location/1",
        wanted_tracked=True,
        wanted_quantity=20,
        known_tracked=True,
        known_oversell=False,
        known_quantity=20,
    )


def bought(
    number: int, at: datetime, *lines: tuple[ListingVariant, int], **changes: object
) -> StorefrontOrder:
    """A paid order of these stock lines, 10.00 EUR a piece."""
    fields: dict = {
        "order_id": f"gid://shopify/Order/{number}",
        "name": f"#{number}",
        "created_at": at,
        "updated_at": at,
        "canceled_at": None,
        "payment": Payment.PAID,
        "test": False,
        "currency": "EUR",
        "email": "buyer@example.test",
        "shipping_address": Address("Ada", "Buyer", line1="Street 1", city="Town", country="CZ"),
        "shipping_title": "Standard",
        "shipping_price": Money(Decimal(5), "EUR"),
        "note": "",
        "lines": tuple(
            OrderLine(
                line_id=f"gid://shopify/LineItem/{number}{index}",
                variant_id=line.variant_gid,
                title="A thing",
                sku="",
                quantity=units,
                unit_price=Money(Decimal(10), "EUR"),
            )
            for index, (line, units) in enumerate(lines)
        ),
    }
    return StorefrontOrder(**{**fields, **changes})
