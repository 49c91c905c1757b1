"""A marketplace's own settings as rows: its vendors, its clock, its mail, its places on Shopify."""

from typing import Any

from django.db import IntegrityError, transaction

from longshore.ports.errors import NeedsOperator, Rejected
from longshore.storage.models import LocationLayout, Marketplace, Storefront, Vendor


def add_vendor(marketplace_id: int, name: str, email: str = "") -> int:
    """A new vendor without a store; returns its id. Raises Rejected when the name is taken."""
    try:
        with transaction.atomic():
            row = Vendor.objects.create(
                marketplace_id=marketplace_id, name=name.strip(), email=email.strip()
            )
    except IntegrityError:
        raise Rejected(f"There is a vendor named {name} already. Choose another name.") from None
    return row.pk


def change_marketplace(marketplace_id: int, **values: Any) -> None:
    """Sets columns of the marketplace (name, timezone, purchase_prices, mail_url, ...)."""
    row = Marketplace.objects.get(pk=marketplace_id)
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))


def choose_places(
    marketplace_id: int, publication: tuple[str, str], layout: str, shared_location_id: str
) -> None:
    """Where listings are sold, as (id, name), and where stock stands. Raises NeedsOperator when no
    storefront is connected.
    """
    found = Storefront.objects.filter(marketplace_id=marketplace_id).update(
        publication_id=publication[0],
        publication_name=publication[1],
        location_layout=LocationLayout(layout),
        shared_location_id=shared_location_id,
    )
    if not found:
        raise NeedsOperator("No Shopify shop is connected yet. Connect one first.")
