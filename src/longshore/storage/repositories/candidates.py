"""Products on Shopify that a waiting listing may be: the same barcode, else the same SKU."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from longshore.storage.repositories.outcomes import review_again

_PROPOSE = """
WITH matches AS (
    SELECT l.id AS listing, f.product_gid, fits.by,
        row_number() OVER (PARTITION BY l.id ORDER BY fits.by, count(*) DESC, f.id) AS place
    FROM storage_listing l
    JOIN storage_vendorvariant v ON v.product_id = l.product_id AND v.absent_since IS NULL
    JOIN storage_foreignvariant fv ON fv.marketplace_id = l.marketplace_id
        AND ((v.barcode <> '' AND fv.barcode = {fold_barcode})
            OR (v.sku <> '' AND fv.sku = {fold_sku}))
    JOIN storage_foreignproduct f ON f.id = fv.product_id
    CROSS JOIN LATERAL (SELECT CASE WHEN v.barcode <> '' AND fv.barcode = {fold_barcode}
        THEN 'barcode' ELSE 'sku' END AS by) fits
    WHERE l.marketplace_id = %(owner)s AND l.product_gid = '' AND NOT l.candidate_refused
        AND l.joins_id IS NULL {only}
    GROUP BY l.id, f.id, f.product_gid, fits.by
)
UPDATE storage_listing l SET candidate_gid = m.product_gid, candidate_by = m.by
FROM matches m WHERE m.listing = l.id AND m.place = 1
    AND (l.candidate_gid, l.candidate_by) IS DISTINCT FROM (m.product_gid, m.by)
RETURNING l.product_id
"""
_FOLD = "lower(btrim({}))"
"""As `domain.folding` for what is written in barcodes and SKUs."""


def propose(
    marketplace_id: int, *, product_gids: Sequence[str] = (), listing_ids: Sequence[int] = ()
) -> list[int]:
    """Proposes products on Shopify to listings that are not there yet: only these products, or
    only to these listings. Returns the vendor products whose listing got another proposal; they
    are due for review.
    """
    only = ""
    values: dict[str, Any] = {"owner": marketplace_id}
    if product_gids:
        only, values["gids"] = "AND f.product_gid = ANY(%(gids)s)", list(product_gids)
    elif listing_ids:
        only, values["ids"] = "AND l.id = ANY(%(ids)s)", list(listing_ids)
    query = _PROPOSE.format(
        only=only, fold_barcode=_FOLD.format("v.barcode"), fold_sku=_FOLD.format("v.sku")
    )
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        changed = [row[0] for row in cursor.fetchall()]
    if changed:
        review_again(changed)
    return changed
