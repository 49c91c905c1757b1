"""What people decide of single fields, as rows: values of the marketplace's own, the vendor's
again, prices that were held.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from longshore.domain.listing import LISTING_FIELDS, VARIANT_FIELDS, Field, plain
from longshore.domain.ownership import By, OwnValue
from longshore.ports.errors import Rejected
from longshore.storage.models import Listing, ListingVariant
from longshore.storage.repositories.findings import resolve_findings
from longshore.storage.repositories.listing_sources import own_values, plain_own
from longshore.storage.repositories.outcomes import review_again


@transaction.atomic
def edit_listing(
    marketplace_id: int,
    listing_id: int,
    product: Mapping[str, Any],
    variants: Mapping[int, Mapping[str, Any]],
) -> None:
    """Gives fields a value of the marketplace's own, by the names of `domain.listing.Field`;
    `variants` by listing variant id. It stays whatever the vendor does. HTML must be clean.
    Raises Rejected.
    """
    row = _listing(marketplace_id, listing_id)
    row.own = _with(row.own, product, LISTING_FIELDS)
    row.save(update_fields=["own"])
    lines = list(ListingVariant.objects.filter(listing=row, pk__in=variants).select_for_update())
    if len(lines) < len(variants):
        raise Rejected("There is no such variant.")
    for line in lines:
        line.own = _with(line.own, variants[line.pk], VARIANT_FIELDS)
        line.save(update_fields=["own"])
    review_again([row.product_id])


def _with(
    kept: dict[str, Any], values: Mapping[str, Any], known: frozenset[Field]
) -> dict[str, Any]:
    unknown = sorted(set(values) - known)
    if unknown:
        raise Rejected(f"{unknown[0]} cannot be changed here.")
    own = own_values(kept)
    for name, value in values.items():
        own[name] = OwnValue(_checked(name, value), By.HUB)
    return plain_own(own)


def _checked(name: str, value: Any) -> Any:
    if name in {Field.PRICE, Field.COMPARE_AT}:
        amount = None if value in {None, ""} else Decimal(str(value))
        if amount is not None and (not amount.is_finite() or amount <= 0):
            raise Rejected("A price must be above zero.")
        if amount is None and name == Field.PRICE:
            raise Rejected("A price must be above zero.")
        return plain(amount)
    if name == Field.TITLE and not str(value).strip():
        raise Rejected("A title must not be empty.")
    return value


@transaction.atomic
def take_vendors_value(
    marketplace_id: int, listing_id: int, names: Sequence[str], at: datetime
) -> None:
    """Of these fields, of the product and of all its variants, the vendor decides again. Raises
    Rejected.
    """
    row = _listing(marketplace_id, listing_id)
    row.own = {name: one for name, one in row.own.items() if name not in names}
    row.save(update_fields=["own"])
    lines = list(ListingVariant.objects.filter(listing=row).exclude(own={}).select_for_update())
    for line in lines:
        line.own = {name: one for name, one in line.own.items() if name not in names}
        line.save(update_fields=["own"])
    left = set(row.own).union(*(line.own for line in lines))
    if not left:
        codes = ("edited_on_shopify", "taken_off_on_shopify")
        resolve_findings(marketplace_id, f"listing:{row.pk}", at, codes)
    review_again([row.product_id])


@transaction.atomic
def bring_back_variant(marketplace_id: int, line_id: int, at: datetime) -> None:
    """A variant that was deleted on Shopify is made anew. Raises Rejected."""
    rows = ListingVariant.objects.filter(
        marketplace_id=marketplace_id, pk=line_id, removed_at__isnull=False
    )
    line = rows.select_related("listing").first()
    if line is None:
        raise Rejected("There is no such variant.")
    rows.update(removed_at=None)
    codes = ["variant_deleted_on_shopify"]
    resolve_findings(marketplace_id, f"listing:{line.listing_id}", at, codes)
    review_again([line.listing.product_id])


@transaction.atomic
def decide_held_prices(marketplace_id: int, listing_ids: Sequence[int], *, accept: bool) -> int:
    """Lets prices through that were held, or keeps the old ones until the vendor changes them
    again. Returns how many there were.
    """
    lines = list(
        ListingVariant.objects.filter(
            marketplace_id=marketplace_id,
            listing_id__in=list(listing_ids),
            held_price__isnull=False,
        )
        .select_related("listing")
        .select_for_update(of=("self",))
    )
    for line in lines:
        if accept:
            line.accepted_price = line.held_price
        else:
            price = OwnValue(line.known.get(Field.PRICE), By.UNDO, plain(line.held_price))
            line.own = plain_own({**own_values(line.own), Field.PRICE: price})
        line.save(update_fields=["accepted_price", "own"])
    review_again({line.listing.product_id for line in lines})
    return len(lines)


def _listing(marketplace_id: int, listing_id: int) -> Listing:
    rows = Listing.objects.filter(marketplace_id=marketplace_id, pk=listing_id)
    row = rows.select_for_update().first()
    if row is None:
        raise Rejected("There is no such product.")
    return row
