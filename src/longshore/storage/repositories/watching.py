"""Hot products as rows: those sold lately, noted as they sell, and those of which little is left,
chosen after each walk. They are read most often.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F, Min, Q

from longshore.domain.lanes import LITTLE_LEFT, MOST_HOT, SOLD_LATELY, Candidate, hottest
from longshore.storage.models import (
    ListingVariant,
    StoreReading,
    VendorVariant,
    WatchedBecause,
    WatchedProduct,
)

CHOSEN_FOR = timedelta(minutes=10)

_SOLD = """
INSERT INTO storage_watchedproduct (marketplace_id, store_id, product_id, because, sold_at)
SELECT DISTINCT v.marketplace_id, v.store_id, v.product_id_in_store, 'sold', %(at)s::timestamptz
FROM storage_vendorvariant v JOIN storage_listingvariant lv ON lv.variant_id = v.id
WHERE v.id = ANY(%(ids)s) AND lv.inventory_item_gid <> ''
ORDER BY v.store_id, v.product_id_in_store
ON CONFLICT (store_id, product_id) DO UPDATE SET sold_at = EXCLUDED.sold_at, because = 'sold'
"""


def note_sold(variant_ids: Collection[int], at: datetime) -> None:
    """Units of these variants (primary keys) were sold, anywhere: they are hot from now on."""
    if not variant_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(_SOLD, {"ids": sorted(variant_ids), "at": at})


def products(store_id: int, at: datetime) -> Mapping[int, Sequence[int]]:
    """The hot products of a store, with the variations on sale of each."""
    reading = StoreReading.objects.filter(store_id=store_id)
    if reading.filter(Q(watched_at=None) | Q(watched_at__lte=at - CHOSEN_FOR)).exists():
        choose(store_id, at)
    watched = WatchedProduct.objects.filter(store_id=store_id).values_list("product_id", flat=True)
    found: dict[int, list[int]] = {number: [] for number in watched}
    rows = ListingVariant.objects.filter(
        variant__store_id=store_id,
        variant__product_id_in_store__in=list(found),
        variant__variation_id__gt=0,
        variant__absent_since=None,
    )
    pairs = rows.values_list("variant__product_id_in_store", "variant__variation_id")
    for product_id, variation_id in pairs:
        found[product_id].append(variation_id)
    return found


def choose(store_id: int, at: datetime) -> None:
    """Chooses the hot products anew."""
    StoreReading.objects.filter(store_id=store_id).update(watched_at=at)
    sold = dict(
        WatchedProduct.objects.filter(store_id=store_id, sold_at__gte=at - SOLD_LATELY).values_list(
            "product_id", "sold_at"
        )
    )
    left = _left(store_id, sold)
    numbers = sold.keys() | left.keys()
    chosen = hottest([Candidate(one, left.get(one), sold.get(one)) for one in numbers], at)
    WatchedProduct.objects.filter(store_id=store_id).exclude(
        product_id__in=[one.product_id for one in chosen]
    ).delete()
    if not chosen:
        return
    owner = StoreReading.objects.values_list("marketplace_id", flat=True).get(store_id=store_id)
    rows = [
        WatchedProduct(
            marketplace_id=owner,
            store_id=store_id,
            product_id=one.product_id,
            because=WatchedBecause.SOLD if one.sold_at else WatchedBecause.LITTLE_LEFT,
            left=one.left,
            sold_at=one.sold_at,
        )
        for one in chosen
    ]
    WatchedProduct.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["store", "product_id"],
        update_fields=["because", "left", "sold_at"],
    )


def _left(store_id: int, sold: Collection[int]) -> dict[int, int | None]:
    """The fewest left of each product on Shopify: of those sold lately, and where it is little."""
    rows = VendorVariant.objects.filter(store_id=store_id, absent_since=None, tracked=True)
    rows = rows.filter(listed__inventory_item_gid__gt="")
    number = F("product_id_in_store")
    little = rows.filter(quantity__gt=0, quantity__lte=LITTLE_LEFT)
    fewest = little.values_list(number).annotate(least=Min("quantity"))
    found: dict[int, int | None] = dict(fewest.order_by("least", number)[: 2 * MOST_HOT])
    of_sold = rows.filter(product_id_in_store__in=list(sold)).values_list(number)
    positive = Min("quantity", filter=Q(quantity__gt=0))
    for product_id, least in of_sold.annotate(least=positive):
        found.setdefault(product_id, least or 0)
    return found
