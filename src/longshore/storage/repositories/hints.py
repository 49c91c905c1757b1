"""Hints noted by ourselves: products and orders to be read by their id."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection

from longshore.storage import work
from longshore.storage.models import HintKind, PurchaseOrder, Storefront

ORDER_AGAIN_S = 5.0

_HINT = """
INSERT INTO storage_hint (marketplace_id, source, kind, resource_id, noted_at)
SELECT %s, %s, %s, unnest(%s::text[]), %s
ON CONFLICT (source, kind, resource_id) DO UPDATE SET noted_at = EXCLUDED.noted_at
"""


def ask_again(
    marketplace_id: int,
    store_id: int,
    product_ids: Iterable[int],
    at: datetime,
    in_s: float | None = None,
) -> None:
    """Notes hints that these products are to be read, and asks for the job that follows them, in
    so many seconds where it does not press.
    """
    ids = sorted(set(product_ids))
    if ids:
        _note(marketplace_id, f"store:{store_id}", HintKind.PRODUCT, ids, at)
        work.refresh_products(store_id, in_s=in_s)


def ask_order_again(row: PurchaseOrder, store_order_id: int, at: datetime) -> None:
    """The store's order is read again in a moment, when its host has done what follows."""
    source = f"store:{row.store_id}"
    _note(row.marketplace_id, source, HintKind.STORE_ORDER, [store_order_id], at)
    work.pull_shipments(row.store_id, in_s=ORDER_AGAIN_S)


def look_at_orders_again(waiting: Iterable[tuple[int, str]], at: datetime) -> None:
    """Buyers' orders, as (marketplace, Shopify's id), are read again by the next pull."""
    orders: defaultdict[int, list[str]] = defaultdict(list)
    for owner, order_gid in waiting:
        orders[owner].append(order_gid)
    shops = Storefront.objects.filter(marketplace_id__in=orders)
    for owner, shop in shops.values_list("marketplace_id", "pk"):
        _note(owner, f"storefront:{shop}", HintKind.STOREFRONT_ORDER, orders[owner], at)


def _note(
    marketplace_id: int,
    source: str,
    kind: HintKind,
    ids: Sequence[int] | Sequence[str],
    at: datetime,
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_HINT, [marketplace_id, source, kind.value, [str(one) for one in ids], at])
