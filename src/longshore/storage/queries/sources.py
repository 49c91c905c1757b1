"""Several vendors behind one product: who has which variant, and which other products are the same
goods.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from longshore.storage.models import Listing, VariantSource


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A vendor's variant behind a stock line. `sells`: it is sold now. `listing_id` is the product
    that joined, None for the vendor who made the listing.
    """

    id: int
    line_id: int
    options: str
    vendor_id: int
    vendor: str
    priority: int
    cost: Decimal | None
    sells: bool
    listing_id: int | None
    quantity: int | None
    tracked: bool
    price: Decimal | None
    currency: str


@dataclass(frozen=True, slots=True)
class Twin:
    """Another vendor's product with a barcode in common, that is not on Shopify itself."""

    listing_id: int
    product: str
    vendor: str


@dataclass(frozen=True, slots=True)
class Sources:
    """`joined_to` is the product that sells this one's goods, (listing, name), None otherwise."""

    rows: tuple[SourceRow, ...]
    twins: tuple[Twin, ...]
    joined_to: tuple[int, str] | None


_TWINS = """
SELECT other.id FROM storage_listing mine
JOIN storage_vendorvariant v ON v.product_id = mine.product_id AND v.barcode <> ''
JOIN storage_vendorvariant w ON w.marketplace_id = mine.marketplace_id
    AND w.barcode = v.barcode AND w.barcode <> '' AND w.product_id <> v.product_id
JOIN storage_listing other ON other.product_id = w.product_id AND other.joins_id IS NULL
    AND other.product_gid = '' AND other.vendor_id <> mine.vendor_id
WHERE mine.marketplace_id = %(owner)s AND mine.id = %(listing)s AND mine.joins_id IS NULL
GROUP BY other.id ORDER BY count(*) DESC, other.id LIMIT 10
"""
"""That `w.barcode` is not empty follows from the rest, but only written out lets PostgreSQL use the
index of barcodes.
"""


def sources_of(marketplace_id: int, listing_id: int) -> Sources:
    rows = VariantSource.objects.filter(
        marketplace_id=marketplace_id, listing_variant__listing_id=listing_id
    )
    rows = rows.select_related("variant__store__vendor", "variant__product__listing")
    rows = rows.select_related("listing_variant").order_by("listing_variant_id", "priority", "pk")
    mine = Listing.objects.filter(marketplace_id=marketplace_id, pk=listing_id)
    parent = mine.filter(joins__isnull=False).values_list("joins_id", "joins__product__name")
    return Sources(
        tuple(_row(row, listing_id) for row in rows[:500]),
        _twins(marketplace_id, listing_id),
        parent.first(),
    )


def _row(row: VariantSource, listing_id: int) -> SourceRow:
    variant, store = row.variant, row.variant.store
    listing = getattr(variant.product, "listing", None)
    return SourceRow(
        id=row.pk,
        line_id=row.listing_variant_id,
        options=", ".join(value for _name, value in variant.options if value),
        vendor_id=store.vendor_id,
        vendor=store.vendor.name,
        priority=row.priority,
        cost=row.cost,
        sells=row.listing_variant.variant_id == row.variant_id,
        listing_id=listing.pk if listing is not None and listing.pk != listing_id else None,
        quantity=variant.quantity,
        tracked=variant.tracked,
        price=variant.regular_price,
        currency=store.currency,
    )


def _twins(marketplace_id: int, listing_id: int) -> tuple[Twin, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_TWINS, {"owner": marketplace_id, "listing": listing_id})
        ids = [row[0] for row in cursor.fetchall()]
    if not ids:
        return ()
    rows = Listing.objects.filter(pk__in=ids).select_related("product", "vendor")
    return tuple(Twin(row.pk, row.product.name, row.vendor.name) for row in rows)
