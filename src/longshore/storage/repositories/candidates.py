"""Products on Shopify that a vendor product may be: the same barcode, else the same SKU."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from longshore.storage.repositories.outcomes import review_again

_MATCHES = """
SELECT v.product_id, f.product_gid, fits.by, row_number() OVER (
    PARTITION BY v.product_id ORDER BY fits.by, count(*) DESC, f.id) AS place
FROM storage_vendorvariant v
LEFT JOIN storage_listing l ON l.product_id = v.product_id
JOIN storage_foreignvariant fv ON fv.marketplace_id = v.marketplace_id
    AND ((v.barcode <> '' AND fv.barcode = lower(btrim(v.barcode)))
        OR (v.sku <> '' AND fv.sku = lower(btrim(v.sku))))
JOIN storage_foreignproduct f ON f.id = fv.product_id
CROSS JOIN LATERAL (SELECT CASE WHEN v.barcode <> '' AND fv.barcode = lower(btrim(v.barcode))
    THEN 'barcode' ELSE 'sku' END AS by) fits
WHERE v.marketplace_id = %(owner)s AND v.absent_since IS NULL AND {only}
    AND (l.id IS NULL
        OR (l.product_gid = '' AND NOT l.candidate_refused AND l.joins_id IS NULL))
GROUP BY v.product_id, f.id, f.product_gid, fits.by
"""
"""Barcodes and SKUs are plain letters and digits, so that the database's own folding will do."""

Candidate = tuple[str, str]
"""(product id on Shopify, "barcode" or "sku")"""


def candidates_of(marketplace_id: int, product_ids: Sequence[int]) -> dict[int, Candidate]:
    """The best one for each of these vendor products that is not on Shopify yet."""
    found = _found("v.product_id = ANY(%(ids)s)", {"owner": marketplace_id, "ids": product_ids})
    return {product_id: (gid, by) for product_id, gid, by, place in found if place == 1}


def review_those_like(marketplace_id: int, product_gids: Sequence[str]) -> None:
    """Vendor products that may be one of these are due for review."""
    values = {"owner": marketplace_id, "gids": list(product_gids)}
    found = _found("f.product_gid = ANY(%(gids)s)", values)
    review_again({row[0] for row in found})


def _found(only: str, values: dict[str, Any]) -> list[tuple[int, str, str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_MATCHES.format(only=only), values)
        return list(cursor.fetchall())
