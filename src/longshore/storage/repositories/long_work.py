"""Long work that a person stops and lets go on: reading a catalog, writing to Shopify. What is on
its way at that moment is finished; nothing that was done is taken back.
"""

from datetime import datetime

from django.db import transaction

from longshore.ports.errors import Rejected
from longshore.storage import work
from longshore.storage.models import IN_USE, Scan, ScanKind, ScanPhase, Store, Storefront
from longshore.storage.repositories.walks import OPEN, begin_import


@transaction.atomic
def stop_publishing(marketplace_id: int, at: datetime) -> None:
    """Nothing differing is written to Shopify from now on. Stock and orders go on. Raises Rejected
    where there is nothing to stop.
    """
    rows = Storefront.objects.filter(marketplace_id=marketplace_id, publishing_stopped_at=None)
    if not rows.update(publishing_stopped_at=at):
        raise Rejected("Writing to Shopify is stopped already.")


@transaction.atomic
def go_on_publishing(marketplace_id: int) -> None:
    rows = Storefront.objects.filter(marketplace_id=marketplace_id)
    rows.update(publishing_stopped_at=None)
    work.publish_listings(marketplace_id)


@transaction.atomic
def stop_import(marketplace_id: int, vendor_id: int, at: datetime) -> None:
    """Ends the full readings of a vendor's shops where they are. Polls and sweeps go on. Raises
    Rejected where none is under way.
    """
    rows = Scan.objects.filter(
        marketplace_id=marketplace_id,
        store__vendor_id=vendor_id,
        kind=ScanKind.FULL,
        phase__in=OPEN,
    )
    if not rows.update(phase=ScanPhase.STOPPED, finished_at=at):
        raise Rejected("The shop is not being read now.")


def read_again(marketplace_id: int, vendor_id: int, at: datetime) -> None:
    """Asks for a full reading of each of a vendor's shops in use. Raises Rejected."""
    rows = Store.objects.filter(
        marketplace_id=marketplace_id, vendor_id=vendor_id, state__in=IN_USE
    )
    stores = list(rows.values_list("pk", flat=True))
    if not stores:
        raise Rejected("There is no shop that can be read now.")
    for store_id in stores:
        begin_import(store_id, at)
