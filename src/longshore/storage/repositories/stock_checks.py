"""Checks of stock as rows: what we believe Shopify shows beside what it does."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction

from longshore.domain.findings import Finding
from longshore.ports.ledger.stock import Belief
from longshore.storage import work
from longshore.storage.models import ListingVariant, OpenFinding, Storefront
from longshore.storage.postgres import release_connection
from longshore.storage.repositories.findings import note_many
from longshore.storage.repositories.stock import refresh_dirty
from longshore.storage.repositories.stock_lines import StockEventRow, keep_events

CODE = "stock_changed_on_shopify"
_BELIEFS = """
SELECT id, inventory_item_gid, stocked_at_location, known_quantity, known_at
FROM storage_listingvariant
WHERE marketplace_id = %s AND id > %s AND inventory_item_gid <> '' AND stocked_at_location <> ''
    AND wanted_tracked AND known_tracked AND known_quantity IS NOT NULL AND NOT stock_dirty
ORDER BY id LIMIT %s
"""
_DRIFTED = """
UPDATE storage_listingvariant lv SET known_quantity = r.shown, known_at = %s,
    stocked_at_location = CASE WHEN r.shown IS NULL THEN '' ELSE lv.stocked_at_location END
FROM unnest(%s::bigint[], %s::int[], %s::timestamptz[], %s::int[]) AS r (id, known, since, shown)
WHERE lv.id = r.id AND NOT lv.stock_dirty AND r.shown IS DISTINCT FROM r.known
    AND lv.known_quantity IS NOT DISTINCT FROM r.known AND lv.known_at IS NOT DISTINCT FROM r.since
RETURNING lv.id, r.known, r.shown
"""
"""Only lines that nothing moved since they were chosen: neither a sale nor a write of ours."""


class StockChecks:
    """Implements `ports.ledger.stock.StockCheckLedger`. Connections are given back: a wait for
    Shopify follows.
    """

    def beliefs(self, marketplace_id: int, after: int, limit: int) -> Sequence[Belief]:
        with connection.cursor() as cursor:
            cursor.execute(_BELIEFS, [marketplace_id, after, limit])
            found = [Belief(*row) for row in cursor.fetchall()]
        release_connection()
        return found

    def keep_checked(
        self,
        marketplace_id: int,
        beliefs: Sequence[Belief],
        shown: Mapping[int, int | None],
        at: datetime,
    ) -> int:
        with transaction.atomic():
            with connection.cursor() as cursor:
                ids = [one.line_id for one in beliefs]
                known = [one.quantity for one in beliefs]
                since = [one.since for one in beliefs]
                now = [shown[one.line_id] for one in beliefs]
                cursor.execute(_DRIFTED, [at, ids, known, since, now])
                drifted = cursor.fetchall()
            events = [
                StockEventRow(line_id, "drift", before, after, {})
                for line_id, before, after in drifted
            ]
            keep_events(marketplace_id, events, at)
            _tell(marketplace_id, ids, {row[0]: (row[1], row[2]) for row in drifted}, at)
            if refresh_dirty([row[0] for row in drifted]):
                work.push_stock(marketplace_id)
        release_connection()
        return len(drifted)


def _tell(
    marketplace_id: int,
    checked: Sequence[int],
    drifted: Mapping[int, tuple[int, int | None]],
    at: datetime,
) -> None:
    """On the product, until a check finds its lines right."""
    rows = ListingVariant.objects.filter(pk__in=list(drifted)).order_by("pk")
    told = {
        f"listing:{row.listing_id}": (
            row.listing.vendor_id,
            Finding(
                CODE,
                {
                    "product": row.listing.product.name,
                    "before": drifted[row.pk][0],
                    "shown": drifted[row.pk][1] or 0,
                },
            ),
        )
        for row in rows.select_related("listing__product")
    }
    note_many(marketplace_id, [(subject, *one) for subject, one in told.items()], at)
    listings = ListingVariant.objects.filter(pk__in=list(checked)).values_list("listing_id")
    right = {f"listing:{pk}" for (pk,) in listings.distinct()} - told.keys()
    over = OpenFinding.objects.filter(marketplace_id=marketplace_id, code=CODE, resolved_at=None)
    over.filter(subject__in=right).update(resolved_at=at)


def check_after(marketplace_id: int) -> int:
    """The line that the walk over all lines goes on behind."""
    rows = Storefront.objects.filter(marketplace_id=marketplace_id)
    found = rows.values_list("stock_check_after", flat=True).first() or 0
    release_connection()
    return found


def keep_check_after(marketplace_id: int, after: int) -> None:
    Storefront.objects.filter(marketplace_id=marketplace_id).update(stock_check_after=after)
