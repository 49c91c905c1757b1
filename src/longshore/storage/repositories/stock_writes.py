"""Stock writes as rows: the lines that are due, and each batch with what became of it."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from longshore.domain.findings import Finding
from longshore.ports.ledger.stock import Intent, StockLine
from longshore.ports.storefronts import StockWrite
from longshore.storage.models import ListingVariant, StockWriteIntent
from longshore.storage.postgres import release_connection
from longshore.storage.repositories.findings import note_finding
from longshore.storage.repositories.stock import refresh_dirty
from longshore.storage.repositories.stock_lines import StockEventRow, keep_events

_DUE = """
SELECT lv.id, l.product_gid, lv.variant_gid, lv.inventory_item_gid,
    coalesce(nullif(lv.stocked_at_location, ''), vendor.location_id),
    lv.stocked_at_location <> '', lv.wanted_tracked, lv.wanted_quantity, lv.wanted_oversell,
    lv.known_tracked, lv.known_oversell, lv.known_quantity
FROM storage_listingvariant lv JOIN storage_listing l ON l.id = lv.listing_id
JOIN storage_vendor vendor ON vendor.id = l.vendor_id
WHERE lv.marketplace_id = %s AND lv.stock_dirty AND lv.inventory_item_gid <> ''
    AND lv.wanted_tracked IS NOT NULL AND NOT lv.id = ANY(%s)
    AND coalesce(nullif(lv.stocked_at_location, ''), vendor.location_id) <> ''
ORDER BY lv.wanted_quantity NULLS LAST, lv.id LIMIT %s
"""
"""What is sold out goes first: it is what must not be sold any more."""

_WRITTEN = """
UPDATE storage_listingvariant lv
SET known_quantity = w.quantity + coalesce(lv.known_quantity - w.known, 0), known_at = %s,
    write_error = ''
FROM unnest(%s::bigint[], %s::int[], %s::int[]) AS w (id, quantity, known)
WHERE lv.id = w.id RETURNING lv.id, w.known, lv.known_quantity
"""


class StockWrites:
    """Implements `ports.ledger.stock.StockLedger`. Connections are given back: a wait for Shopify
    follows.
    """

    def open_intents(self, marketplace_id: int) -> Sequence[Intent]:
        rows = StockWriteIntent.objects.filter(
            marketplace_id=marketplace_id, settled_at__isnull=True
        )
        found = [_intent(row) for row in rows.order_by("pk")]
        release_connection()
        return found

    def due_lines(
        self, marketplace_id: int, limit: int, but: Sequence[int] = ()
    ) -> Sequence[StockLine]:
        with connection.cursor() as cursor:
            cursor.execute(_DUE, [marketplace_id, list(but), limit])
            found = [StockLine(*row) for row in cursor.fetchall()]
        release_connection()
        return found

    def keep_intent(
        self, marketplace_id: int, rows: Sequence[tuple[int, StockWrite]], at: datetime
    ) -> Intent:
        kept = [
            [line_id, one.inventory_item_id, one.location_id, one.quantity, one.known]
            for line_id, one in rows
        ]
        row = StockWriteIntent.objects.create(
            marketplace_id=marketplace_id, key=uuid.uuid4(), rows=kept, created_at=at
        )
        release_connection()
        return _intent(row)

    def settle(
        self,
        intent: Intent,
        written: Sequence[int],
        stale: Sequence[int],
        refused: Mapping[int, str],
        at: datetime,
    ) -> None:
        with transaction.atomic():
            row = StockWriteIntent.objects.select_for_update().get(pk=intent.intent_id)
            if row.settled_at is None:
                row.settled_at = at
                row.save(update_fields=["settled_at"])
                events = self._note_written(intent, written, at)
                events += [
                    StockEventRow(intent.line_ids[index], "stale", intent.writes[index].known, None,
                                  {"wanted": intent.writes[index].quantity})
                    for index in stale
                ]  # fmt: skip
                keep_events(row.marketplace_id, events, at)
                refresh_dirty([intent.line_ids[index] for index in written])
                for index, why in refused.items():
                    _refuse([intent.line_ids[index]], why, at)
        release_connection()

    def _note_written(
        self, intent: Intent, written: Sequence[int], at: datetime
    ) -> list[StockEventRow]:
        with connection.cursor() as cursor:
            cursor.execute(
                _WRITTEN,
                [
                    at,
                    [intent.line_ids[index] for index in written],
                    [intent.writes[index].quantity for index in written],
                    [intent.writes[index].known for index in written],
                ],
            )
            return [
                StockEventRow(line_id, "write", before, after, {"key": intent.key})
                for line_id, before, after in cursor.fetchall()
            ]

    def keep_stocked(self, line_ids: Sequence[int], location_id: str, at: datetime) -> None:
        with transaction.atomic():
            lines = ListingVariant.objects.filter(pk__in=list(line_ids))
            lines.update(stocked_at_location=location_id)
            lines.filter(known_quantity__isnull=True).update(known_quantity=0, known_at=at)
            refresh_dirty(line_ids)
        release_connection()

    def keep_read(self, quantities: Mapping[int, int | None], at: datetime) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE storage_listingvariant lv SET known_quantity = r.quantity, known_at = %s,"
                " stocked_at_location = CASE WHEN r.quantity IS NULL THEN ''"
                "     ELSE stocked_at_location END"
                " FROM unnest(%s::bigint[], %s::int[]) AS r (id, quantity) WHERE lv.id = r.id",
                [at, list(quantities), list(quantities.values())],
            )
            refresh_dirty(list(quantities))
        release_connection()

    def keep_switched(
        self, lines: Sequence[StockLine], refused: Mapping[str, str], at: datetime
    ) -> None:
        done = [one for one in lines if one.variant_gid not in refused]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE storage_listingvariant lv SET known_tracked = s.tracked,"
                " known_oversell = s.oversell, write_error = ''"
                " FROM unnest(%s::bigint[], %s::bool[], %s::bool[]) AS s (id, tracked, oversell)"
                " WHERE lv.id = s.id",
                [
                    [one.line_id for one in done],
                    [one.wanted_tracked for one in done],
                    [one.wanted_oversell for one in done],
                ],
            )
            refresh_dirty([one.line_id for one in done])
            for one in lines:
                if one.variant_gid in refused:
                    _refuse([one.line_id], refused[one.variant_gid], at)
        release_connection()

    def keep_refused(self, line_ids: Sequence[int], why: str, at: datetime) -> None:
        with transaction.atomic():
            _refuse(line_ids, why, at)
        release_connection()


def _refuse(line_ids: Sequence[int], why: str, at: datetime) -> None:
    """Not sent again until another number is wanted; shown on the listing."""
    lines = ListingVariant.objects.filter(pk__in=list(line_ids))
    lines.update(stock_dirty=False, write_error=why)
    for line in lines.select_related("listing__product"):
        note_finding(
            line.marketplace_id,
            f"listing:{line.listing_id}",
            Finding("publish_refused", {"product": line.listing.product.name, "why": why}),
            at,
            vendor_id=line.listing.vendor_id,
        )


def _intent(row: StockWriteIntent) -> Intent:
    rows: list[Any] = row.rows
    return Intent(
        row.pk,
        str(row.key),
        tuple(one[0] for one in rows),
        tuple(StockWrite(one[1], one[2], one[3], one[4]) for one in rows),
    )
