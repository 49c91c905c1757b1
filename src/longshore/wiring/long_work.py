"""Long work that people stop and let go on."""

from longshore.storage.repositories import long_work
from longshore.wiring.shops import clock

go_on_publishing = long_work.go_on_publishing


def stop_publishing(marketplace_id: int) -> None:
    """Nothing differing is written to Shopify until somebody lets it go on. Raises Rejected."""
    long_work.stop_publishing(marketplace_id, clock.now())


def stop_import(marketplace_id: int, vendor_id: int) -> None:
    """Ends the full reading of a vendor's shops where it is. Raises Rejected."""
    long_work.stop_import(marketplace_id, vendor_id, clock.now())


def read_again(marketplace_id: int, vendor_id: int) -> None:
    """Asks for a full reading of a vendor's shops. Raises Rejected."""
    long_work.read_again(marketplace_id, vendor_id, clock.now())
