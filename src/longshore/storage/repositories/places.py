"""Where vendors' goods stand on Shopify, as rows."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from longshore.domain.findings import Finding
from longshore.ports.ledger.listings import ShopTerms
from longshore.storage.models import Storefront, Vendor
from longshore.storage.postgres import release_connection
from longshore.storage.repositories.findings import note_finding
from longshore.storage.repositories.listing_sources import shop_terms


class Places:
    """Implements `ports.ledger.places.PlacesLedger`. Connections are given back: a wait for
    Shopify follows.
    """

    def shop_terms(self, marketplace_id: int) -> ShopTerms | None:
        found = shop_terms(marketplace_id)
        release_connection()
        return found

    def taken_locations(self, marketplace_id: int) -> Sequence[str]:
        rows = Vendor.objects.filter(marketplace_id=marketplace_id).exclude(location_id="")
        found = list(rows.values_list("location_id", flat=True))
        release_connection()
        return found

    def keep_location(
        self, marketplace_id: int, vendor_id: int, location_id: str, *, shared: bool
    ) -> None:
        with transaction.atomic():
            vendor = Vendor.objects.get(pk=vendor_id, marketplace_id=marketplace_id)
            Vendor.objects.filter(pk=vendor_id).update(location_id=location_id)
            if shared:
                note_finding(
                    marketplace_id,
                    f"vendor:{vendor_id}",
                    Finding("location_limit", {"vendor": vendor.name}),
                    timezone.now(),
                    vendor_id=vendor_id,
                )
        release_connection()

    def keep_shared_location(self, marketplace_id: int, location_id: str) -> None:
        Storefront.objects.filter(marketplace_id=marketplace_id).update(
            shared_location_id=location_id
        )
        release_connection()
