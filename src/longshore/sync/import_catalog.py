"""Import a store's whole catalog, one slice at a time: products, then the variations of variable
ones. What a proven walk has not seen is asked for by id; half a walk removes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from longshore.domain.catalog import VendorVariant, options_in_order
from longshore.ports.clock import Clock
from longshore.ports.ledger.catalog import CatalogLedger, Phase, ScanMark, Walk
from longshore.ports.stores import ScanSlice, VendorStore

SLICE_S = 5.0


def import_catalog(
    store: VendorStore,
    ledger: CatalogLedger,
    clock: Clock,
    *,
    store_id: int,
    budget_s: float = SLICE_S,
) -> ScanMark | None:
    """Reads the next slice of the open walk and keeps it part by part; the ledger asks for the one
    after it. Returns where the walk is then, `Phase.DONE` at its end, None where there is none.
    Raises the errors of `ports.errors`; then it goes on after the last part that was kept.
    """
    mark = ledger.open_scan(store_id, Walk.FULL)
    if mark is None:
        return None
    counted = store.requests_made
    if mark.phase is Phase.PRODUCTS:
        for products in store.scan_products(mark.cursor, budget_s):
            made, counted = store.requests_made - counted, store.requests_made
            mark = ledger.keep_products(mark, products, clock.now(), made)
        return mark
    parents = ledger.variable_parents(store_id)
    for variants in store.scan_variants(mark.cursor, budget_s, sorted(parents)):
        made, counted = store.requests_made - counted, store.requests_made
        mark = ledger.keep_variants(mark, _in_order(variants, parents), clock.now(), made)
    return mark


def _in_order(
    part: ScanSlice[VendorVariant], parents: Mapping[int, Sequence[str]]
) -> ScanSlice[VendorVariant]:
    """Every variation with its product's options, as a product read whole has them."""
    items = tuple(
        replace(one, options=options_in_order(parents[one.product_id], one.options))
        for one in part.items
        if one.product_id in parents
    )
    return replace(part, items=items)
