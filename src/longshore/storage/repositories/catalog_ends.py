"""What ends a walk or follows a reading by id: what is gone, and the brake before a mass of it."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import connection, transaction

from longshore.domain.catalog import vanishing_is_massive
from longshore.domain.findings import Finding
from longshore.storage import work
from longshore.storage.models import (
    HintKind,
    OpenFinding,
    Scan,
    ScanKind,
    ScanPhase,
    Store,
    VendorProduct,
    VendorVariant,
)
from longshore.storage.repositories.catalog_products import Where
from longshore.storage.repositories.findings import note_finding, resolve_findings
from longshore.storage.repositories.stock import redecide
from longshore.storage.repositories.translations import late_originals, translations_that_differ
from longshore.storage.repositories.walks import begin_sweep

HELD = "held_vanished"
DIFFER = "translations_differ"

_HINT = """
INSERT INTO storage_hint (marketplace_id, source, kind, resource_id, noted_at)
SELECT %s, %s, %s, unnest(%s::text[]), %s
ON CONFLICT (source, kind, resource_id) DO UPDATE SET noted_at = EXCLUDED.noted_at
"""


def end_walk(scan: Scan, at: datetime) -> None:
    """Ends a walk. Rows that a proven one has not seen are asked for by id before they count as
    gone; a mass of them is held. An unproven walk removes nothing. Saves all but `scan` itself.
    """
    scan.phase = ScanPhase.DONE
    scan.finished_at = at
    where = Where(scan.marketplace_id, scan.store_id, scan.pk, at, at)
    subject = held_subject(scan.store_id)
    if scan.proven:
        resolve_findings(scan.marketplace_id, subject, at, ["scan_incomplete"])
        unseen, known = _unseen(scan)
        if vanishing_is_massive(len(unseen), known):
            _hold(where, len(unseen), known, scan.pk)
        else:
            resolve_findings(scan.marketplace_id, subject, at, [HELD])
            ask_again(where, unseen, at)
    else:
        _note_incomplete(scan, at)
    if scan.kind == ScanKind.FULL:
        store = Store.objects.select_related("vendor").get(pk=scan.store_id)
        if store.products_read_to is None or store.products_read_to < scan.started_at:
            Store.objects.filter(pk=store.pk).update(products_read_to=scan.started_at, swept_at=at)
        if store.profile.get("languages"):
            _look_at_translations(store, where)
        work.review_listings(scan.store_id)


def _look_at_translations(store: Store, where: Where) -> None:
    ask_again(where, late_originals(store.pk), where.at)
    count = translations_that_differ(store.pk)
    subject = held_subject(store.pk)
    if not count:
        resolve_findings(store.marketplace_id, subject, where.at, [DIFFER])
        return
    finding = Finding(DIFFER, {"count": count, "vendor": store.vendor.name})
    note_finding(store.marketplace_id, subject, finding, where.at, vendor_id=store.vendor_id)


def held_subject(store_id: int) -> str:
    """What findings about a store's whole catalog are filed under."""
    return f"catalog:{store_id}"


@transaction.atomic
def apply_held_vanish(store_id: int, at: datetime) -> int:
    """A person says that what is held is really gone. Returns how many products that are. They are
    kept, and come back by themselves when the store shows them again.
    """
    row = OpenFinding.objects.filter(
        subject=held_subject(store_id), code=HELD, resolved_at__isnull=True
    ).first()
    if row is None:
        return 0
    scan = Scan.objects.get(pk=row.evidence["scan"])
    unseen, _ = _unseen(scan)
    resolve_findings(row.marketplace_id, row.subject, at, [HELD])
    VendorProduct.objects.filter(store_id=store_id, product_id__in=unseen).update(
        absent_since=at, changed_at=at, review_due=True
    )
    _decide_products(row.marketplace_id, store_id, unseen, at)
    work.review_listings(store_id)
    return len(unseen)


def ask_again(where: Where, product_ids: Iterable[int], at: datetime) -> None:
    """Notes hints that these products are to be read by id."""
    ids = sorted(set(product_ids))
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _HINT,
            [
                where.marketplace_id,
                f"store:{where.store_id}",
                HintKind.PRODUCT.value,
                [str(number) for number in ids],
                at,
            ],
        )
    work.refresh_products(where.store_id)


def mark_missing(where: Where, missing: Collection[int], at: datetime) -> int:
    """Marks products gone that the store, asked by id, does not have; returns how many. With a mass
    of them at once nothing is marked: an answer without anything in it proves nothing. A sweep
    then looks whether they are gone, and holds them if so.
    """
    rows = VendorProduct.objects.filter(store_id=where.store_id, absent_since__isnull=True)
    gone = list(rows.filter(product_id__in=missing).values_list("product_id", flat=True))
    if not gone:
        return 0
    known = rows.count()
    if vanishing_is_massive(len(gone), known):
        begin_sweep(where.store_id, at)
        return 0
    rows.filter(product_id__in=gone).update(absent_since=at, changed_at=at, review_due=True)
    _decide_products(where.marketplace_id, where.store_id, gone, at)
    return len(gone)


def _decide_products(
    marketplace_id: int, store_id: int, product_ids: Collection[int], at: datetime
) -> None:
    variants = VendorVariant.objects.filter(
        store_id=store_id, product_id_in_store__in=product_ids, listed__isnull=False
    )
    redecide(marketplace_id, list(variants.values_list("pk", flat=True)), at)


def _unseen(scan: Scan) -> tuple[list[int], int]:
    """Products that the walk, or one of whose variants it, has not seen, and how many products are
    known. A sweep and a full walk both see variants.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT product_id FROM storage_vendorproduct WHERE store_id = %(store)s"
            " AND absent_since IS NULL AND scan_id < %(scan)s"
            " UNION SELECT v.product_id_in_store FROM storage_vendorvariant v"
            " JOIN storage_vendorproduct p ON p.id = v.product_id AND p.absent_since IS NULL"
            " WHERE v.store_id = %(store)s AND v.absent_since IS NULL AND v.scan_id < %(scan)s",
            {"store": scan.store_id, "scan": scan.pk},
        )
        unseen = [row[0] for row in cursor.fetchall()]
    rows = VendorProduct.objects.filter(store_id=scan.store_id, absent_since__isnull=True)
    return unseen, rows.count()


def _hold(where: Where, count: int, known: int, scan_id: int) -> None:
    store = Store.objects.select_related("vendor").get(pk=where.store_id)
    finding = Finding(
        HELD, {"count": count, "total": known, "vendor": store.vendor.name, "scan": scan_id}
    )
    note_finding(
        where.marketplace_id,
        held_subject(where.store_id),
        finding,
        where.at,
        vendor_id=store.vendor_id,
    )


def _note_incomplete(scan: Scan, at: datetime) -> None:
    store = Store.objects.get(pk=scan.store_id)
    seen = scan.products_seen + scan.variants_seen
    total = (scan.products_total or 0) + (scan.variants_total or 0)
    finding = Finding("scan_incomplete", {"host": store.base_url, "seen": seen, "total": total})
    note_finding(
        scan.marketplace_id, held_subject(store.pk), finding, at, vendor_id=store.vendor_id
    )
