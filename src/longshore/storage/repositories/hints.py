"""Hints noted by ourselves: products to be read by their id."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from longshore.storage import work
from longshore.storage.models import HintKind

_HINT = """
INSERT INTO storage_hint (marketplace_id, source, kind, resource_id, noted_at)
SELECT %s, %s, %s, unnest(%s::text[]), %s
ON CONFLICT (source, kind, resource_id) DO UPDATE SET noted_at = EXCLUDED.noted_at
"""


def ask_again(marketplace_id: int, store_id: int, product_ids: Iterable[int], at: datetime) -> None:
    """Notes hints that these products are to be read, and asks for the job that follows them."""
    ids = sorted(set(product_ids))
    if not ids:
        return
    source = f"store:{store_id}"
    with connection.cursor() as cursor:
        cursor.execute(
            _HINT,
            [marketplace_id, source, HintKind.PRODUCT.value, [str(number) for number in ids], at],
        )
    work.refresh_products(store_id)
