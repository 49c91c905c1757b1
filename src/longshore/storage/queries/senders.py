"""Who could send an order line that no vendor has, and what was chosen for good."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from longshore.storage.models import (
    PurchaseOrderLine,
    Reservation,
    SenderChoice,
    StorefrontOrderLine,
)
from longshore.storage.models import VendorVariant as VariantRow
from longshore.storage.queries.search import found_variants

SHOWN = 50


@dataclass(frozen=True, slots=True)
class OpenLine:
    """`may_remember`: it is of a variant on Shopify, so the same can be ordered again. `placed`: a
    vendor has it or is about to get it.
    """

    id: int
    order_id: int
    order: str
    title: str
    sku: str
    quantity: int
    total: Decimal
    currency: str
    may_remember: bool
    placed: bool
    held_id: int | None
    held_by: str
    """The vendor variant whose goods it is by the rules, and its vendor."""


@dataclass(frozen=True, slots=True)
class Candidate:
    id: int
    product: str
    options: str
    sku: str
    barcode: str
    vendor_id: int
    vendor: str
    tracked: bool
    quantity: int | None
    price: Decimal | None
    currency: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice that is remembered; `vendor` "": the marketplace sends it itself."""

    id: int
    title: str
    vendor_id: int | None
    vendor: str
    product: str
    made_at: datetime


def open_line(marketplace_id: int, order_id: int, line_id: int) -> OpenLine | None:
    """A line of the marketplace's own order, else None."""
    rows = StorefrontOrderLine.objects.filter(
        marketplace_id=marketplace_id, order_id=order_id, pk=line_id
    )
    row = rows.select_related("order").first()
    if row is None:
        return None
    held = (
        Reservation.objects.filter(order_line=row).select_related("variant__store__vendor").first()
    )
    return OpenLine(
        id=row.pk,
        order_id=order_id,
        order=row.order.name,
        title=row.title,
        sku=row.sku,
        quantity=row.quantity,
        total=row.unit_price * row.quantity,
        currency=row.order.currency,
        may_remember=bool(row.variant_gid) and row.listing_variant_id is None,
        placed=PurchaseOrderLine.objects.filter(order_line=row).exists(),
        held_id=held.variant_id if held is not None else None,
        held_by=held.variant.store.vendor.name if held is not None else "",
    )


def candidates(marketplace_id: int, text: str) -> tuple[Candidate, ...]:
    """Vendor variants found by SKU, barcode or words, at most SHOWN; three queries at most."""
    ids = found_variants(marketplace_id, text) if text else []
    if not ids:
        return ()
    rows = VariantRow.objects.filter(
        marketplace_id=marketplace_id, pk__in=ids, absent_since=None, product__absent_since=None
    )
    rows = rows.select_related("product", "store__vendor").order_by("product__name", "pk")
    return tuple(_candidate(row) for row in rows[:SHOWN])


def _candidate(row: VariantRow) -> Candidate:
    return Candidate(
        id=row.pk,
        product=row.product.name,
        options=_options(row),
        sku=row.sku or row.product.sku,
        barcode=row.barcode,
        vendor_id=row.store.vendor_id,
        vendor=row.store.vendor.name,
        tracked=row.tracked,
        quantity=row.quantity,
        price=row.regular_price,
        currency=row.store.currency,
    )


def _options(row: VariantRow) -> str:
    return ", ".join(str(value) for _name, value in row.options if value)


def chosen_senders(marketplace_id: int) -> tuple[Chosen, ...]:
    """What is remembered, by the words of the lines; at most 500."""
    rows = SenderChoice.objects.filter(marketplace_id=marketplace_id)
    rows = rows.select_related("variant__product", "variant__store__vendor")
    return tuple(_chosen(row) for row in rows.order_by("title", "pk")[:500])


def chosen_sender(marketplace_id: int, choice_id: int) -> Chosen | None:
    rows = SenderChoice.objects.filter(marketplace_id=marketplace_id, pk=choice_id)
    row = rows.select_related("variant__product", "variant__store__vendor").first()
    return None if row is None else _chosen(row)


def _chosen(row: SenderChoice) -> Chosen:
    variant = row.variant
    if variant is None:
        return Chosen(row.pk, row.title, None, "", "", row.made_at)
    product = " · ".join(filter(None, (variant.product.name, _options(variant))))
    vendor = variant.store.vendor
    return Chosen(row.pk, row.title, vendor.pk, vendor.name, product, row.made_at)
