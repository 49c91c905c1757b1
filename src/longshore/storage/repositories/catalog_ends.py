"""What ends a walk or follows a reading by id: what is gone, and the brake before a mass of it."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q

from longshore.domain.brakes import (
    CONFIRM_AFTER,
    RECENT,
    UNREADABLE,
    VANISHED,
    BrakeKind,
    confirmed_gone,
)
from longshore.domain.findings import Finding
from longshore.domain.lanes import Lane
from longshore.storage import work
from longshore.storage.models import (
    BrakeState,
    HeldChange,
    Scan,
    ScanKind,
    ScanPhase,
    Store,
    StoreReading,
    VendorProduct,
    VendorVariant,
)
from longshore.storage.repositories import brakes, watching
from longshore.storage.repositories.brakes import ABSENT, Held, Seen
from longshore.storage.repositories.catalog_products import Where
from longshore.storage.repositories.findings import note_finding, resolve_findings
from longshore.storage.repositories.hints import ask_again
from longshore.storage.repositories.stock import redecide
from longshore.storage.repositories.translations import late_originals, translations_that_differ

_LANES = {ScanKind.FULL: Lane.IMPORT, ScanKind.SWEEP: Lane.SWEEP}
DIFFER = "translations_differ"


def end_walk(scan: Scan, at: datetime) -> None:
    """Ends a walk. Rows that a proven one has not seen are asked for by id before they count as
    gone; a mass of them is held. An unproven walk removes nothing. Saves all but `scan` itself.
    """
    scan.phase = ScanPhase.DONE
    scan.finished_at = at
    lane = _LANES[ScanKind(scan.kind)]
    seen = Seen(scan.marketplace_id, scan.store_id, lane, at, at)
    if scan.proven:
        subject = brakes.subject(scan.store_id)
        resolve_findings(scan.marketplace_id, subject, at, ["scan_incomplete"])
        _look_for_unseen(scan, seen)
        brakes.prove(scan.store_id, scan.started_at, at)
    else:
        _note_incomplete(scan, at)
    _release_answers(scan, at)
    if scan.kind == ScanKind.FULL:
        _end_import(scan, at)
    _count_store(scan)
    watching.choose(scan.store_id, at)


def _end_import(scan: Scan, at: datetime) -> None:
    rows = Store.objects.filter(pk=scan.store_id)
    older = Q(products_read_to=None) | Q(products_read_to__lt=scan.started_at)
    rows.filter(older).update(products_read_to=scan.started_at, swept_at=at)
    # A new variable product is reviewed when all its variations are there.
    VendorProduct.objects.filter(
        store_id=scan.store_id, kind="variable", review_due=False, listing=None
    ).update(review_due=True)
    store = Store.objects.select_related("vendor").get(pk=scan.store_id)
    if store.profile.get("languages"):
        _look_at_translations(store, at)
    work.review_listings(scan.store_id)


def _look_at_translations(store: Store, at: datetime) -> None:
    ask_again(store.marketplace_id, store.pk, late_originals(store.pk), at)
    count = translations_that_differ(store.pk)
    subject = brakes.subject(store.pk)
    if not count:
        resolve_findings(store.marketplace_id, subject, at, [DIFFER])
        return
    finding = Finding(DIFFER, {"count": count, "vendor": store.vendor.name})
    note_finding(store.marketplace_id, subject, finding, at, vendor_id=store.vendor_id)


def _count_store(scan: Scan) -> None:
    """What the lanes' intervals depend on."""
    products = VendorProduct.objects.filter(store_id=scan.store_id, absent_since=None)
    variants = VendorVariant.objects.filter(store_id=scan.store_id, absent_since=None)
    StoreReading.objects.filter(store_id=scan.store_id).update(
        products=products.count(), variations=variants.filter(variation_id__gt=0).count()
    )


def _look_for_unseen(scan: Scan, seen: Seen) -> None:
    known = VendorProduct.objects.filter(store_id=scan.store_id, absent_since=None).count()
    unseen = set(_unseen(scan)) - brakes.ignored(scan.store_id)
    held = HeldChange.objects.filter(
        store_id=scan.store_id,
        kind=BrakeKind.VANISHED,
        says__has_key=ABSENT,
        brake__state=BrakeState.HELD,
    )
    brakes.let_go(held.exclude(product_id__in=unseen), seen.at)
    held.filter(product_id__in=unseen).update(requested_at=seen.requested_at)
    fresh = unseen - set(held.values_list("product_id", flat=True))
    if fresh and (held.exists() or VANISHED.passed_by(len(fresh), known)):
        changes = [Held(number, None, {}, {ABSENT: True}) for number in sorted(fresh)]
        brakes.hold(seen, BrakeKind.VANISHED, changes, known)
    else:
        ask_again(seen.marketplace_id, seen.store_id, fresh, seen.at)


def _release_answers(scan: Scan, at: datetime) -> None:
    """A walk that was understood shows that the answers make sense again."""
    brake = brakes.open_brake(scan.store_id, BrakeKind.ANSWERS)
    if brake is None or brake.opened_at > scan.started_at:
        return
    if scan.proven and not UNREADABLE.passed_by(scan.unreadable, scan.products_total or 0):
        brakes.close(brake, BrakeState.RELEASED, at)


def missed_once(store_id: int, at: datetime, limit: int) -> list[int]:
    """Products that were not there when asked for by id, long enough ago to be asked again."""
    rows = VendorProduct.objects.filter(
        store_id=store_id, missing_since__lte=at - CONFIRM_AFTER, absent_since=None
    )
    return list(rows.order_by("missing_since").values_list("product_id", flat=True)[:limit])


def mark_missing(where: Where, missing: Collection[int]) -> int:
    """Products that the store, asked by id, does not have: the second time they count as gone.
    Returns how many that are. A mass of them is held: an answer without anything in it proves
    nothing.
    """
    rows = VendorProduct.objects.filter(store_id=where.store_id, absent_since__isnull=True)
    found = dict(rows.filter(product_id__in=missing).values_list("product_id", "missing_since"))
    believed = found.keys() & brakes.settled(where.store_id, found)
    kept = found.keys() & brakes.ignored(where.store_id)
    doubtful = found.keys() - believed - kept
    rows.filter(product_id__in=kept, missing_since__isnull=False).update(missing_since=None)
    if doubtful and _mass_missing(where, doubtful):
        _hold_missing(where, doubtful)
        doubtful = set()
    gone = [
        number
        for number in sorted(believed | doubtful)
        if confirmed_gone(found[number], where.requested_at)
    ]
    first = [number for number in believed | doubtful if found[number] is None]
    rows.filter(product_id__in=first).update(missing_since=where.requested_at)
    if first:
        work.refresh_products(where.store_id, in_s=(CONFIRM_AFTER + _A_LITTLE).total_seconds())
    if gone:
        _mark_gone(where, gone)
    return len(gone)


_A_LITTLE = timedelta(seconds=2)


def _mass_missing(where: Where, missing: Collection[int]) -> bool:
    """Together with those that are missing already, or went a short while ago."""
    rows = VendorProduct.objects.filter(store_id=where.store_id)
    known = rows.filter(absent_since=None)
    lately = Q(absent_since=None, missing_since__isnull=False) | Q(
        absent_since__gt=where.at - RECENT
    )
    others = rows.filter(lately).exclude(product_id__in=missing).count()
    held = brakes.open_brake(where.store_id, BrakeKind.VANISHED) is not None
    return held or VANISHED.passed_by(len(missing) + others, known.count() + others)


def _hold_missing(where: Where, missing: Iterable[int]) -> None:
    ids = sorted(missing)
    rows = VendorProduct.objects.filter(store_id=where.store_id, absent_since=None)
    seen = Seen(where.marketplace_id, where.store_id, where.lane, where.at, where.requested_at)
    changes = [Held(number, None, {}, {ABSENT: True}) for number in ids]
    brakes.hold(seen, BrakeKind.VANISHED, changes, rows.count())
    rows.filter(product_id__in=ids).update(missing_since=None)


def _mark_gone(where: Where, product_ids: Collection[int]) -> None:
    VendorProduct.objects.filter(store_id=where.store_id, product_id__in=product_ids).update(
        absent_since=where.at, changed_at=where.at, review_due=True
    )
    HeldChange.objects.filter(
        store_id=where.store_id, kind=BrakeKind.VANISHED, product_id__in=product_ids
    ).delete()
    variants = VendorVariant.objects.filter(
        store_id=where.store_id, product_id_in_store__in=product_ids
    )
    variants = variants.filter(Q(listed__isnull=False) | Q(source__isnull=False))
    redecide(where.marketplace_id, list(variants.values_list("pk", flat=True)), where.at)
    work.review_listings(where.store_id)


def _unseen(scan: Scan) -> list[int]:
    """Products that the walk, or one of whose variants it, has not seen. A sweep and a full walk
    both see variants.
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
        return [row[0] for row in cursor.fetchall()]


def _note_incomplete(scan: Scan, at: datetime) -> None:
    store = Store.objects.get(pk=scan.store_id)
    seen = scan.products_seen + scan.variants_seen
    total = (scan.products_total or 0) + (scan.variants_total or 0)
    finding = Finding("scan_incomplete", {"host": store.base_url, "seen": seen, "total": total})
    note_finding(
        scan.marketplace_id, brakes.subject(store.pk), finding, at, vendor_id=store.vendor_id
    )
