"""Begin a comparison: Shopify writes down all it has, so that what people changed is found."""

from longshore.ports.clock import Clock
from longshore.ports.errors import LongshoreError, TryLater
from longshore.ports.ledger.publication import ComparisonLedger
from longshore.ports.storefronts import Storefront

FIRST_LOOK_S = 2.0


def begin_comparison(
    storefront: Storefront, ledger: ComparisonLedger, clock: Clock, *, marketplace_id: int
) -> float | None:
    """Returns the seconds until the first look, None when one is under way already. `finish_bulks`
    keeps what it shows. Raises TryLater.
    """
    shop = ledger.shop_terms(marketplace_id)
    if shop is None or any(one.step is None for one in ledger.open_bulks(marketplace_id)):
        return None
    bulk = ledger.keep_bulk(marketplace_id, None, None, clock.now())
    try:
        operation_id = storefront.begin_reading(bulk.mark, shop.publication_id)
    except TryLater as error:
        if not error.maybe_done:
            ledger.drop_bulk(bulk.bulk_id, clock.now())
        raise
    except LongshoreError:
        ledger.drop_bulk(bulk.bulk_id, clock.now())
        raise
    ledger.keep_bulk_begun(bulk.bulk_id, operation_id, 0, clock.now(), FIRST_LOOK_S)
    return FIRST_LOOK_S
