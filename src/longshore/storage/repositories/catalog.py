"""Catalogs as rows: slices of walks, polls, and products read by id. What follows from a reading is
in `catalog_parts`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from longshore.domain.catalog import VendorProduct as Product
from longshore.domain.catalog import VendorVariant as Variant
from longshore.domain.lanes import Lane
from longshore.ports.ledger.catalog import Hinted, Phase, PollMark, ScanMark, Walk
from longshore.ports.stores import Changes as Changed
from longshore.ports.stores import Found, ScanSlice, StockLine
from longshore.storage import work
from longshore.storage.models import HintKind, Scan, ScanPhase, Store, StoreReading, VendorProduct
from longshore.storage.postgres import release_connection
from longshore.storage.repositories import catalog_parts as parts
from longshore.storage.repositories import inbox, watching
from longshore.storage.repositories.catalog_ends import end_walk, mark_missing, missed_once
from longshore.storage.repositories.catalog_products import Where
from longshore.storage.repositories.reading_plan import reading_of
from longshore.storage.repositories.walks import OPEN


class Catalog:
    """Implements `ports.ledger.catalog.CatalogLedger`. Connections are given back after reading:
    what follows is a wait for the shop.
    """

    # --- walks ---

    def open_scan(self, store_id: int, walk: Walk) -> ScanMark | None:
        scan = Scan.objects.filter(store_id=store_id, kind=walk.value, phase__in=OPEN).first()
        release_connection()
        return None if scan is None else _mark(scan)

    def variable_parents(self, store_id: int) -> Mapping[int, Sequence[str]]:
        rows = _variable(store_id)
        found = dict(rows.order_by("product_id").values_list("product_id", "option_names"))
        release_connection()
        return found

    def option_names(
        self, store_id: int, product_ids: Sequence[int]
    ) -> Mapping[int, Sequence[str]]:
        if not product_ids:
            return {}
        rows = _variable(store_id).filter(product_id__in=list(product_ids))
        return dict(rows.values_list("product_id", "option_names"))

    def keep_products(
        self, mark: ScanMark, part: ScanSlice[Product], at: datetime, requests: int
    ) -> ScanMark:
        with transaction.atomic(), connection.cursor() as cursor:
            scan = _locked(mark)
            if scan.phase == ScanPhase.STOPPED:
                return _mark(scan)
            where = _where(scan, at, part.requested_at, Lane.IMPORT)
            changed = parts.keep_whole(cursor, where, part.items)
            parts.note_unreadable(cursor, where, part.unreadable, len(part.items))
            parts.resolve_readable(where, [one.product_id for one in part.items])
            scan.products_seen = part.seen
            scan.products_total = part.total
            _count(scan, part, changed, requests, at)
            if part.cursor is None:
                scan.proven = part.proven
                if _variable(scan.store_id).exists():
                    scan.phase = ScanPhase.VARIANTS
                else:
                    end_walk(scan, at)
            return _saved(scan)

    def keep_variants(
        self, mark: ScanMark, part: ScanSlice[Variant], at: datetime, requests: int
    ) -> ScanMark:
        with transaction.atomic(), connection.cursor() as cursor:
            scan = _locked(mark)
            if scan.phase == ScanPhase.STOPPED:
                return _mark(scan)
            where = _where(scan, at, part.requested_at, Lane.IMPORT)
            changed = parts.keep_variants(cursor, where, part.items)
            parts.note_unreadable(cursor, where, part.unreadable, len(part.items))
            scan.variants_seen = part.seen
            scan.variants_total = part.total
            _count(scan, part, changed, requests, at)
            if part.cursor is None:
                scan.proven = scan.proven and part.proven
                end_walk(scan, at)
            return _saved(scan)

    def keep_stock(
        self, mark: ScanMark, part: ScanSlice[StockLine], at: datetime, requests: int
    ) -> ScanMark:
        with transaction.atomic(), connection.cursor() as cursor:
            scan = _locked(mark)
            if scan.phase == ScanPhase.STOPPED:
                return _mark(scan)
            where = _where(scan, at, part.requested_at, Lane.SWEEP)
            changed = parts.keep_lines(cursor, where, part.items)
            parts.note_unreadable(cursor, where, part.unreadable, len(part.items))
            parts.note_change(where, changed)
            scan.products_seen = part.seen
            scan.products_total = part.total
            _count(scan, part, changed, requests, at)
            if part.cursor is None:
                scan.proven = part.proven
                end_walk(scan, at)
                Store.objects.filter(pk=scan.store_id).update(swept_at=at)
            return _saved(scan)

    # --- single products ---

    def hinted_products(self, store_id: int, limit: int, at: datetime) -> Hinted:
        seen = inbox.hints(f"store:{store_id}", HintKind.PRODUCT, limit)
        again = missed_once(store_id, at, limit)
        release_connection()
        ids = {int(text) for text, _ in seen if text.isdecimal()} | set(again)
        return Hinted(tuple(sorted(ids)), tuple(seen))

    def keep_found(
        self,
        store_id: int,
        found: Found[Product],
        at: datetime,
        *,
        lane: Lane,
        followed: Sequence[tuple[str, datetime]] = (),
    ) -> int:
        with transaction.atomic(), connection.cursor() as cursor:
            where = _of_store(store_id, at, found.requested_at, lane)
            changed = parts.keep_whole(cursor, where, found.items)
            parts.note_unreadable(cursor, where, found.unreadable, len(found.items))
            parts.resolve_readable(where, [one.product_id for one in found.items])
            changed += mark_missing(where, found.missing)
            inbox.clear_hints(f"store:{store_id}", HintKind.PRODUCT, followed)
            parts.note_change(where, changed)
            return changed

    # --- polls ---

    def poll_mark(self, store_id: int) -> PollMark | None:
        read_to = Store.objects.values_list("products_read_to", flat=True).get(pk=store_id)
        cursor = StoreReading.objects.filter(store_id=store_id).values_list(
            "poll_cursor", flat=True
        )
        found = None if read_to is None else PollMark(read_to, cursor.first() or None)
        release_connection()
        return found

    def keep_changes(self, store_id: int, changes: Changed, at: datetime) -> int:
        with transaction.atomic(), connection.cursor() as cursor:
            where = _of_store(store_id, at, changes.requested_at, Lane.POLL)
            changed = parts.keep_whole(cursor, where, changes.items)
            parts.ask_for_lost_variations(cursor, where)
            changed += parts.keep_variants(cursor, where, changes.variants)
            count = len(changes.items) + len(changes.variants)
            parts.note_unreadable(cursor, where, changes.unreadable, count)
            parts.resolve_readable(where, [one.product_id for one in changes.items])
            reading = reading_of(store_id, at)
            reading.poll_cursor = changes.cursor or ""
            reading.save(update_fields=["poll_cursor"])
            if changes.cursor is None:
                rows = Store.objects.filter(pk=store_id)
                if changes.newest is not None:
                    rows.filter(products_read_to__lt=changes.newest).update(
                        products_read_to=changes.newest
                    )
                rows.update(polled_at=at)
            parts.note_change(where, changed)
            return changed

    # --- hot products ---

    def watched(self, store_id: int, at: datetime) -> Mapping[int, Sequence[int]]:
        with transaction.atomic():
            found = watching.products(store_id, at)
        release_connection()
        return found

    def keep_watched(self, store_id: int, found: Found[StockLine], at: datetime) -> int:
        with transaction.atomic(), connection.cursor() as cursor:
            where = _of_store(store_id, at, found.requested_at, Lane.HOT)
            changed = parts.keep_lines(cursor, where, found.items)
            parts.note_unreadable(cursor, where, found.unreadable, len(found.items))
            if found.missing:
                parts.ask_by_id(where, found.missing)
            parts.note_change(where, changed)
            return changed


def _variable(store_id: int) -> "QuerySet[VendorProduct]":
    return VendorProduct.objects.filter(
        store_id=store_id, kind="variable", absent_since__isnull=True
    )


def _locked(mark: ScanMark) -> Scan:
    return Scan.objects.select_for_update().get(pk=mark.scan_id)


def _where(scan: Scan, at: datetime, requested_at: datetime, lane: Lane) -> Where:
    return Where(scan.marketplace_id, scan.store_id, scan.pk, at, requested_at, lane)


def _of_store(store_id: int, at: datetime, requested_at: datetime, lane: Lane) -> Where:
    store = Store.objects.select_for_update(no_key=True).only("marketplace_id").get(pk=store_id)
    return Where(store.marketplace_id, store_id, 0, at, requested_at, lane)


def _count(
    scan: Scan,
    part: "ScanSlice[Product] | ScanSlice[Variant] | ScanSlice[StockLine]",
    changed: int,
    requests: int,
    at: datetime,
) -> None:
    scan.cursor = part.cursor or ""
    scan.unreadable += len(part.unreadable)
    scan.changed += changed
    scan.requests += requests
    scan.slice_at = at


def _saved(scan: Scan) -> ScanMark:
    scan.save()
    Store.objects.filter(pk=scan.store_id).update(last_answer_at=scan.slice_at)
    if scan.phase in OPEN:
        (work.import_catalog if scan.kind == Walk.FULL else work.sweep_stock)(scan.store_id)
    return _mark(scan)


def _mark(scan: Scan) -> ScanMark:
    return ScanMark(scan.pk, scan.store_id, Phase(scan.phase), scan.cursor or None)
