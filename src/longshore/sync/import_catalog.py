"""Import a store's whole catalog, one slice at a time: products, then the variations of variable
ones. What a proven walk has not seen is asked for by id; half a walk removes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from longshore.domain.catalog import VendorVariant, options_in_order
from longshore.ports.clock import Clock
from longshore.ports.ledger.catalog import CatalogLedger, Phase, ScanMark, Walk
from longshore.ports.stores import VendorStore
from longshore.ports.turns import Turn


def import_catalog(
    store: VendorStore, ledger: CatalogLedger, clock: Clock, *, store_id: int, turn: Turn
) -> ScanMark | None:
    """Goes on with the open walk until the turn is over, and keeps what it read part by part; the
    ledger asks for the slice after it. Returns where the walk is then: `Phase.DONE` at its end,
    `Phase.STOPPED` where a person stopped it meanwhile; None where there is none. Raises the errors
    of `ports.errors`; then it goes on after the last part that was kept.
    """
    mark = ledger.open_scan(store_id, Walk.FULL)
    if mark is None:
        return None
    counted = store.requests_made
    if mark.phase is Phase.PRODUCTS:
        for products in store.scan_products(mark.cursor, turn):
            made, counted = store.requests_made - counted, store.requests_made
            mark = ledger.keep_products(mark, products, clock.now(), made)
            if mark.phase is Phase.STOPPED:
                return mark
        if mark.phase is not Phase.VARIANTS or turn.over():
            return mark
    parents = ledger.variable_parents(store_id)
    for variants in store.scan_variants(mark.cursor, turn, sorted(parents)):
        made, counted = store.requests_made - counted, store.requests_made
        items = in_order(variants.items, parents)
        mark = ledger.keep_variants(mark, replace(variants, items=items), clock.now(), made)
        if mark.phase is Phase.STOPPED:
            break
    return mark


def in_order(
    variants: Iterable[VendorVariant], option_names: Mapping[int, Sequence[str]]
) -> tuple[VendorVariant, ...]:
    """Every variation with its product's options, as a product read whole has them. Those of
    products that are not known are left out.
    """
    return tuple(
        replace(one, options=options_in_order(option_names[one.product_id], one.options))
        for one in variants
        if one.product_id in option_names
    )
