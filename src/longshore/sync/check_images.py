"""Check images: Shopify loads them after it took the product, and some it cannot load. The product
is on sale all the same; what is missing is a problem of the listing with its cure.
"""

from longshore.ports.clock import Clock
from longshore.ports.ledger.publication import PublicationLedger
from longshore.ports.storefronts import Storefront

AT_A_TIME = 100


def check_images(
    storefront: Storefront, ledger: PublicationLedger, clock: Clock, *, marketplace_id: int
) -> float | None:
    """Looks at the listings whose images should be loaded by now; returns the seconds until the
    next are due, None when none are.
    """
    while due := ledger.images_due(marketplace_id, AT_A_TIME, clock.now()):
        ids = [media_id for one in due for media_id in one.media.values()]
        ledger.keep_images(due, storefront.image_errors(ids), clock.now())
    return ledger.next_images_s(marketplace_id, clock.now())
