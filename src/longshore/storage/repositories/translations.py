"""Translations as rows: which product is the original of which, where the shop does not say it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from longshore.domain.catalog import TRANSLATION
from longshore.storage.models import Store, VendorProduct

INCOMING = "incoming_product"
_KNOWN = "(SELECT * FROM storage_vendorproduct WHERE store_id = %(store)s AND absent_since IS NULL)"
_DEFAULT = "(SELECT profile->'languages'->>0 FROM storage_store WHERE id = %(store)s)"


def _twins(translations: str, originals: str) -> str:
    """Pairs (translation, original) that are surely one product: of the same type, one in another
    and one in the shop's default language, with the same SKU, or both without one and with the same
    first image. Of several with the same SKU, the one with the same first image.
    """
    pair = f"""SELECT t.product_id AS translation, o.product_id AS original,
        (t.images->0 = o.images->0) IS TRUE AS alike
        FROM {translations} t JOIN {originals} o ON o.kind = t.kind
            AND o.product_id <> t.product_id AND o.language = {_DEFAULT}"""  # noqa: S608
    foreign = f"t.original_id = 0 AND t.language NOT IN ('', {_DEFAULT})"
    return f"""
    SELECT translation, (array_agg(original))[1] AS original FROM (
        SELECT translation, original, alike,
            alike = bool_or(alike) OVER (PARTITION BY translation) AS nearest
        FROM (
            {pair} AND lower(o.sku) = lower(t.sku) WHERE {foreign} AND t.sku <> ''
            UNION
            {pair} AND o.sku = '' AND o.images->0 = t.images->0
            WHERE {foreign} AND t.sku = '' AND t.images <> '[]'
        ) pairs
    ) ranked WHERE nearest GROUP BY translation HAVING count(DISTINCT original) = 1
    """  # noqa: S608 - our own constants


_MARK = f"""
UPDATE {INCOMING} i SET original_id = twins.original,
    left_out = CASE WHEN i.left_out = '' THEN '{TRANSLATION}' ELSE i.left_out END,
    left_out_evidence = CASE WHEN i.left_out = ''
        THEN jsonb_build_object('product', i.name, 'language', i.language)
        ELSE i.left_out_evidence END
FROM ({
    _twins(
        INCOMING,
        f"(SELECT product_id, kind, language, sku, images FROM {_KNOWN} known"
        f" WHERE product_id NOT IN (SELECT product_id FROM {INCOMING})"
        f" UNION ALL SELECT product_id, kind, language, sku, images FROM {INCOMING})",
    )
}) twins WHERE i.product_id = twins.translation
"""  # noqa: S608

_LATE = f"SELECT translation FROM ({_twins(_KNOWN, _KNOWN)}) twins"  # noqa: S608

_DIFFER = f"""
SELECT count(*) FROM {_KNOWN} t JOIN storage_vendorproduct o
    ON o.store_id = t.store_id AND o.product_id = t.original_id AND o.absent_since IS NULL
JOIN storage_vendorvariant tv ON tv.product_id = t.id AND tv.variation_id = 0
JOIN storage_vendorvariant ov ON ov.product_id = o.id AND ov.variation_id = 0
WHERE t.original_id <> 0 AND tv.absent_since IS NULL AND ov.absent_since IS NULL
    AND (tv.tracked, tv.quantity, tv.stock_status)
        IS DISTINCT FROM (ov.tracked, ov.quantity, ov.stock_status)
"""  # noqa: S608


def find_originals(cursor: CursorWrapper, names: Mapping[str, Any]) -> None:
    """Marks those of the incoming products that are translations although the shop does not say of
    which. `names` has the "store".
    """
    cursor.execute(_MARK, dict(names))


def late_originals(store_id: int) -> list[int]:
    """Translations whose original was read after them: they should be read again."""
    with connection.cursor() as cursor:
        cursor.execute(_LATE, {"store": store_id})
        return [row[0] for row in cursor.fetchall()]


def translations_that_differ(store_id: int) -> int:
    """How many simple products show another stock in a translation than in the original."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFER, {"store": store_id})
        found: int = cursor.fetchone()[0]
    return found


_ORIGINALS = """
UPDATE storage_vendorproduct o SET review_due = true
FROM storage_vendorproduct t JOIN storage_store s ON s.id = t.store_id
WHERE t.id = ANY(%s) AND t.original_id <> 0 AND t.language = s.import_language
    AND o.store_id = t.store_id AND o.product_id = t.original_id AND NOT o.review_due
"""


def review_originals(cursor: CursorWrapper, changed: Iterable[int]) -> None:
    """A changed translation (row ids) changes the listing of its original, where its language is
    the one that the marketplace chose.
    """
    cursor.execute(_ORIGINALS, [list(changed)])


def chosen_translations(products: Sequence[VendorProduct]) -> dict[int, VendorProduct]:
    """By the original's row id: the product in the language that the marketplace chose for its
    store, where there is one. One question for each store that has such a choice.
    """
    stores = Store.objects.filter(pk__in={one.store_id for one in products})
    found: dict[int, VendorProduct] = {}
    for store in stores.exclude(import_language=""):
        own = {one.product_id: one.pk for one in products if one.store_id == store.pk}
        rows = VendorProduct.objects.filter(
            store=store,
            original_id__in=list(own),
            language=store.import_language,
            absent_since=None,
            status="publish",
        )
        found |= {own[row.original_id]: row for row in rows}
    return found
