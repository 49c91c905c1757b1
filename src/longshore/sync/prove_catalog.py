"""Prove that a store still is the one whose products we know."""

from collections.abc import Mapping

from longshore.domain.same_catalog import CatalogProof, Fingerprint, compare
from longshore.ports.stores import VendorStore


def prove_catalog(store: VendorStore, known: Mapping[int, Fingerprint]) -> CatalogProof:
    """Reads the products of `known` (a hundred fit in one request) and compares what stays with a
    product for life. A store of which nothing is known proves itself.
    """
    if not known:
        return CatalogProof(0, 0, 0)
    now = {
        product.product_id: Fingerprint(product.created_at, product.slug, product.sku)
        for product in store.read_products(sorted(known)).items
    }
    return compare(known, now)
