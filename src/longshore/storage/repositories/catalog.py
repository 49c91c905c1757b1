"""Catalogs as rows: slices of walks and products read by id, with all that follows from them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from longshore.domain.catalog import VendorProduct as Product
from longshore.domain.catalog import VendorVariant as Variant
from longshore.domain.findings import Finding
from longshore.ports.ledger.catalog import Hinted, Phase, ScanMark, Walk
from longshore.ports.stores import Found, ScanSlice, StockLine, Unreadable
from longshore.storage import work
from longshore.storage.models import HintKind, OpenFinding, Scan, ScanPhase, Store, VendorProduct
from longshore.storage.postgres import release_connection
from longshore.storage.repositories import inbox
from longshore.storage.repositories.catalog_ends import ask_again, end_walk, mark_missing
from longshore.storage.repositories.catalog_products import Where, merge_products, touch_unreadable
from longshore.storage.repositories.catalog_variants import (
    LINES,
    Changes,
    mark_gone_variants,
    merge_stock,
    merge_variants,
)
from longshore.storage.repositories.findings import note_finding
from longshore.storage.repositories.stock import StockEventRow, keep_events, redecide
from longshore.storage.repositories.walks import OPEN

_UNREADABLE = "product_unreadable"


class Catalog:
    """Implements `ports.ledger.catalog.CatalogLedger`. Connections are given back after reading:
    what follows is a wait for the shop.
    """

    def open_scan(self, store_id: int, walk: Walk) -> ScanMark | None:
        scan = Scan.objects.filter(store_id=store_id, kind=walk.value, phase__in=OPEN).first()
        release_connection()
        return None if scan is None else _mark(scan)

    def variable_parents(self, store_id: int) -> Mapping[int, Sequence[str]]:
        rows = VendorProduct.objects.filter(
            store_id=store_id, kind="variable", absent_since__isnull=True
        )
        found = dict(rows.order_by("product_id").values_list("product_id", "option_names"))
        release_connection()
        return found

    def keep_products(
        self, mark: ScanMark, part: ScanSlice[Product], at: datetime, requests: int
    ) -> ScanMark:
        with transaction.atomic(), connection.cursor() as cursor:
            scan = _locked(mark)
            where = _where(scan, at, part.requested_at)
            changed = _keep_whole(cursor, where, part.items)
            _note_unreadable(cursor, where, part.unreadable)
            _resolve_readable(where, [one.product_id for one in part.items])
            scan.products_seen = part.seen
            scan.products_total = part.total
            _count(scan, part, changed, requests, at)
            if part.cursor is None:
                scan.proven = part.proven
                parents = VendorProduct.objects.filter(store_id=scan.store_id, kind="variable")
                if parents.filter(absent_since__isnull=True).exists():
                    scan.phase = ScanPhase.VARIANTS
                else:
                    end_walk(scan, at)
            return _saved(scan, work.import_catalog)

    def keep_variants(
        self, mark: ScanMark, part: ScanSlice[Variant], at: datetime, requests: int
    ) -> ScanMark:
        with transaction.atomic(), connection.cursor() as cursor:
            scan = _locked(mark)
            where = _where(scan, at, part.requested_at)
            changes = Changes()
            merge_variants(cursor, where, part.items, changes)
            _note_unreadable(cursor, where, part.unreadable)
            changed = _follow(where, changes, set())
            scan.variants_seen = part.seen
            scan.variants_total = part.total
            _count(scan, part, changed, requests, at)
            if part.cursor is None:
                scan.proven = scan.proven and part.proven
                end_walk(scan, at)
            return _saved(scan, work.import_catalog)

    def keep_stock(
        self, mark: ScanMark, part: ScanSlice[StockLine], at: datetime, requests: int
    ) -> ScanMark:
        with transaction.atomic(), connection.cursor() as cursor:
            scan = _locked(mark)
            where = _where(scan, at, part.requested_at)
            changes = Changes()
            merge_stock(cursor, where, part.items, changes)
            _touch_swept(cursor, where)
            touch_unreadable(cursor, where, [one.product_id for one in part.unreadable])
            ask_again(where, _worth_a_look(cursor, where), at)
            changed = _follow(where, changes, set())
            scan.products_seen = part.seen
            scan.products_total = part.total
            _count(scan, part, changed, requests, at)
            if part.cursor is None:
                scan.proven = part.proven
                end_walk(scan, at)
                Store.objects.filter(pk=scan.store_id).update(swept_at=at)
            return _saved(scan, work.sweep_stock)

    def hinted_products(self, store_id: int, limit: int) -> Hinted:
        seen = inbox.hints(f"store:{store_id}", HintKind.PRODUCT, limit)
        release_connection()
        ids = sorted({int(text) for text, _ in seen if text.isdecimal()})
        return Hinted(tuple(ids), tuple(seen))

    def read_to(self, store_id: int) -> datetime | None:
        mark = Store.objects.values_list("products_read_to", flat=True).get(pk=store_id)
        release_connection()
        return mark

    def keep_found(
        self,
        store_id: int,
        found: Found[Product],
        at: datetime,
        *,
        followed: Sequence[tuple[str, datetime]] = (),
        read_to: datetime | None = None,
    ) -> int:
        with transaction.atomic(), connection.cursor() as cursor:
            store = Store.objects.select_for_update().get(pk=store_id)
            where = Where(store.marketplace_id, store_id, 0, at, found.requested_at)
            changed = _keep_whole(cursor, where, found.items)
            _note_unreadable(cursor, where, found.unreadable)
            _resolve_readable(where, [one.product_id for one in found.items])
            changed += mark_missing(where, found.missing, at)
            inbox.clear_hints(f"store:{store_id}", HintKind.PRODUCT, followed)
            marks: dict[str, datetime] = {"last_answer_at": at}
            if read_to is not None:
                marks |= {"products_read_to": read_to, "polled_at": at}
            Store.objects.filter(pk=store_id).update(**marks)
            if changed:
                work.review_listings(store_id)
            return changed


def _keep_whole(cursor: CursorWrapper, where: Where, items: Sequence[Product]) -> int:
    """Merges products, and the variants of those that name them all; returns how many products
    changed.
    """
    content = merge_products(cursor, where, items)
    changes = Changes()
    variants = [variant for one in items for variant in one.variants or ()]
    merge_variants(cursor, where, variants, changes)
    mark_gone_variants(cursor, where, changes)
    return _follow(where, changes, content)


def _follow(where: Where, changes: Changes, products: set[int]) -> int:
    """Decides stock anew, notes readings, marks listings for review; returns how many products
    changed. A product's own change may put its variants on or off sale.
    """
    changed = products | changes.content
    if changed:
        VendorProduct.objects.filter(pk__in=changed, review_due=False).update(review_due=True)
    variants = set(changes.stock)
    with connection.cursor() as cursor:
        if products:
            cursor.execute(
                "SELECT variant_id FROM storage_listingvariant lv"
                " JOIN storage_vendorvariant v ON v.id = lv.variant_id"
                " WHERE v.product_id = ANY(%s)",
                [list(products)],
            )
            variants |= {row[0] for row in cursor.fetchall()}
        lines: dict[int, int] = {}
        if changes.readings:
            cursor.execute(
                "SELECT variant_id, id FROM storage_listingvariant WHERE variant_id = ANY(%s)",
                [[row_id for row_id, _, _ in changes.readings]],
            )
            lines = dict(cursor.fetchall())
    events = [
        StockEventRow(lines[row_id], "reading", before, after, {})
        for row_id, before, after in changes.readings
        if row_id in lines
    ]
    keep_events(where.marketplace_id, events, where.at)
    redecide(where.marketplace_id, variants, where.at)
    return len(changed)


def _note_unreadable(cursor: CursorWrapper, where: Where, unreadable: Sequence[Unreadable]) -> None:
    if not unreadable:
        return
    vendor_id = Store.objects.values_list("vendor_id", flat=True).get(pk=where.store_id)
    for one in unreadable:
        finding = Finding(_UNREADABLE, {"product_id": one.product_id, "why": one.why})
        subject = f"store_product:{where.store_id}:{one.product_id}"
        note_finding(where.marketplace_id, subject, finding, where.at, vendor_id=vendor_id)
    touch_unreadable(cursor, where, [one.product_id for one in unreadable])


def _resolve_readable(where: Where, product_ids: Sequence[int]) -> None:
    prefix = f"store_product:{where.store_id}:"
    rows = OpenFinding.objects.filter(
        marketplace_id=where.marketplace_id,
        subject__startswith=prefix,
        code=_UNREADABLE,
        resolved_at__isnull=True,
    )
    readable = {f"{prefix}{number}" for number in product_ids}
    mended = [pk for pk, subject in rows.values_list("pk", "subject") if subject in readable]
    if mended:
        OpenFinding.objects.filter(pk__in=mended).update(resolved_at=where.at)


def _touch_swept(cursor: CursorWrapper, where: Where) -> None:
    cursor.execute(
        f"UPDATE storage_vendorproduct p SET scan_id = greatest(p.scan_id, %(scan)s)"  # noqa: S608
        f" FROM {LINES} i WHERE p.store_id = %(store)s AND i.variation_id = 0"
        " AND p.product_id = i.product_id_in_store AND p.absent_since IS NULL"
        " AND p.scan_id < %(scan)s",
        where.names(),
    )


def _worth_a_look(cursor: CursorWrapper, where: Where) -> list[int]:
    """Products that the light walk shows as unknown, changed, back, or with an unknown variation.
    A product that could not be read is asked for again with each sweep.
    """
    cursor.execute(
        f"""SELECT DISTINCT i.product_id_in_store FROM {LINES} i
        LEFT JOIN storage_vendorproduct p
            ON p.store_id = %(store)s AND p.product_id = i.product_id_in_store
        LEFT JOIN storage_vendorvariant v ON v.store_id = %(store)s
            AND v.product_id_in_store = i.product_id_in_store AND v.variation_id = i.variation_id
        WHERE p.id IS NULL OR p.absent_since IS NOT NULL
            OR (i.variation_id = 0 AND (p.status <> i.status
                OR i.modified_at > coalesce(p.modified_in_store, '-infinity')))
            OR (i.variation_id > 0 AND p.left_out = ''
                AND (v.id IS NULL OR v.absent_since IS NOT NULL))""",  # noqa: S608
        where.names(),
    )
    return [row[0] for row in cursor.fetchall()]


def _locked(mark: ScanMark) -> Scan:
    return Scan.objects.select_for_update().get(pk=mark.scan_id)


def _where(scan: Scan, at: datetime, requested_at: datetime) -> Where:
    return Where(scan.marketplace_id, scan.store_id, scan.pk, at, requested_at)


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


def _saved(scan: Scan, next_slice: Callable[[int], bool]) -> ScanMark:
    scan.save()
    Store.objects.filter(pk=scan.store_id).update(last_answer_at=scan.slice_at)
    if scan.phase in OPEN:
        next_slice(scan.store_id)
    return _mark(scan)


def _mark(scan: Scan) -> ScanMark:
    return ScanMark(scan.pk, scan.store_id, Phase(scan.phase), scan.cursor or None)
