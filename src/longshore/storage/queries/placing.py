"""How one vendor's orders are placed, with what its example needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from longshore.storage.models import Marketplace, Store, Storefront, Vendor


@dataclass(frozen=True, slots=True)
class PlacingPage:
    """`placing` is the kept policy; `prices` and `email` are what the marketplace says where it
    says nothing. `moves_stock`: every store takes goods from stock by an order's status.
    """

    vendor: str
    marketplace: str
    placing: Mapping[str, Any]
    prices: str
    email: str
    relay_domain: str
    order_email: str
    invoice_address: Mapping[str, str]
    """The marketplace's own, as fields of `domain.orders.Address`; empty where none is set."""
    currency: str
    front_currency: str
    rate: Decimal | None
    moves_stock: bool
    old_dialect: str
    """Of a store whose API keeps no fields of its own on an order, "" where every one does."""
    meanings: tuple[tuple[int, str, str], ...]
    """(store, status, what it means) of statuses its stores made up."""


def placing_page(marketplace_id: int, vendor_id: int) -> PlacingPage:
    """Of a vendor that is the marketplace's."""
    vendor = Vendor.objects.get(marketplace_id=marketplace_id, pk=vendor_id)
    marketplace = Marketplace.objects.get(pk=marketplace_id)
    stores = list(Store.objects.filter(marketplace_id=marketplace_id, vendor=vendor).order_by("id"))
    front = Storefront.objects.filter(marketplace_id=marketplace_id).first()
    ours = front.currency if front else ""
    dialects = [str(store.profile.get("dialect", "")) for store in stores]
    return PlacingPage(
        vendor=vendor.name,
        marketplace=marketplace.name,
        placing=vendor.placing,
        prices=marketplace.purchase_prices,
        email=marketplace.buyer_email,
        relay_domain=marketplace.relay_domain,
        order_email=marketplace.order_email,
        invoice_address=marketplace.invoice_address,
        currency=next((store.currency for store in stores if store.currency), ours) or "EUR",
        front_currency=ours or "EUR",
        rate=vendor.rate,
        moves_stock=all(store.profile.get("restocks", True) for store in stores),
        old_dialect="wc/v1" if "wc/v1" in dialects else "",
        meanings=tuple(
            (store.pk, status, meant)
            for store in stores
            for status, meant in sorted(store.status_meanings.items())
        ),
    )
