"""Changes that are held: what a store says, what stays in force meanwhile."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from longshore.storage.models import Brake, HeldChange, VendorProduct
from longshore.storage.queries.paging import TOP, Cursor, Slice, slice_of


@dataclass(frozen=True, slots=True)
class HeldPage:
    """`state` is held, applied, ignored or released."""

    id: int
    kind: str
    state: str
    vendor_id: int
    vendor: str
    count: int
    total: int
    why: str
    opened_at: datetime
    proven_at: datetime | None
    closed_at: datetime | None
    closed_by: str


@dataclass(frozen=True, slots=True)
class HeldRow:
    """`was` is in force, `says` is what the store says, by the names of a variant's columns."""

    product: str
    options: str
    listing_id: int | None
    was: Mapping[str, Any]
    says: Mapping[str, Any]


def held_page(marketplace_id: int, brake_id: int) -> HeldPage | None:
    rows = Brake.objects.filter(marketplace_id=marketplace_id, pk=brake_id)
    row = rows.select_related("store__vendor", "closed_by").first()
    if row is None:
        return None
    return HeldPage(
        id=row.pk,
        kind=row.kind,
        state=row.state,
        vendor_id=row.store.vendor_id,
        vendor=row.store.vendor.name,
        count=row.count,
        total=row.total,
        why=row.why,
        opened_at=row.opened_at,
        proven_at=row.proven_at,
        closed_at=row.closed_at,
        closed_by=row.closed_by.email if row.closed_by else "",
    )


def held_rows(marketplace_id: int, brake_id: int, cursor: Cursor = TOP) -> Slice[HeldRow]:
    """The things of a brake that are still held or ignored, the newest first."""
    rows = HeldChange.objects.filter(marketplace_id=marketplace_id, brake_id=brake_id)

    def build(found: list[Any]) -> Iterable[HeldRow]:
        ids = {one.product_id for one in found}
        products = {
            row.product_id: row
            for row in VendorProduct.objects.filter(
                store_id__in={one.store_id for one in found}, product_id__in=ids
            )
            .select_related("listing")
            .only("name", "product_id", "listing__id")
        }
        return [_row(one, products.get(one.product_id)) for one in found]

    return slice_of(rows, cursor, build, dress=lambda page: page.select_related("variant"))


def _row(one: HeldChange, product: VendorProduct | None) -> HeldRow:
    options = one.variant.options if one.variant else []
    listing = getattr(product, "listing", None)
    return HeldRow(
        product=product.name if product else str(one.product_id),
        options=", ".join(value for _name, value in options if value),
        listing_id=listing.pk if listing else None,
        was=one.was,
        says=one.says,
    )
