"""What follows from a part of a reading: merged rows, stock decided anew, history, listings to
review, hints, findings. Every function works in its caller's transaction.
"""

from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.backends.utils import CursorWrapper

from longshore.domain.brakes import UNREADABLE, BrakeKind
from longshore.domain.catalog import VendorProduct as Product
from longshore.domain.catalog import VendorVariant as Variant
from longshore.domain.findings import Finding
from longshore.domain.lanes import Lane
from longshore.ports.stores import StockLine, Unreadable
from longshore.storage import work
from longshore.storage.models import OpenFinding, Store, StoreReading, VendorProduct
from longshore.storage.repositories import brakes, watching
from longshore.storage.repositories.brakes import Seen
from longshore.storage.repositories.catalog_holding import hold_back_products
from longshore.storage.repositories.catalog_products import (
    Where,
    fill_products,
    merge_products,
    touch_unreadable,
)
from longshore.storage.repositories.catalog_variants import (
    LINES,
    Changes,
    mark_gone_variants,
    merge_stock,
    merge_variants,
)
from longshore.storage.repositories.findings import note_finding
from longshore.storage.repositories.hints import ask_again
from longshore.storage.repositories.oversold import check_oversold
from longshore.storage.repositories.stock import redecide
from longshore.storage.repositories.stock_lines import StockEventRow, keep_events
from longshore.storage.repositories.translations import INCOMING

_UNREADABLE = "product_unreadable"


def keep_whole(cursor: CursorWrapper, where: Where, items: Sequence[Product]) -> int:
    """Merges products, and the variants of those that name them all; returns how many products
    changed.
    """
    fill_products(cursor, where, items)
    if not items:
        return 0
    hold_back_products(cursor, where, INCOMING)
    content = merge_products(cursor, where)
    changes = Changes()
    variants = [variant for one in items for variant in one.variants or ()]
    merge_variants(cursor, where, variants, changes)
    mark_gone_variants(cursor, where, changes)
    return _follow(where, changes, content)


def keep_variants(cursor: CursorWrapper, where: Where, items: Sequence[Variant]) -> int:
    """Merges variations read by themselves; returns how many products changed."""
    if not items:
        return 0
    changes = Changes()
    merge_variants(cursor, where, items, changes)
    return _follow(where, changes, set())


def keep_lines(cursor: CursorWrapper, where: Where, items: Sequence[StockLine]) -> int:
    """Merges light readings; returns of how many products something changed. Products that are
    unknown, changed or back become hints.
    """
    changes = Changes()
    merge_stock(cursor, where, items, changes)
    _touch_seen(cursor, where)
    if changes.readings and _polls_miss(cursor, changes):
        StoreReading.objects.filter(store_id=where.store_id).update(drifted_at=where.at)
    ask_by_id(where, _worth_a_look(cursor, where))
    return _follow(where, changes, set())


def ask_by_id(where: Where, product_ids: Iterable[int]) -> None:
    ask_again(where.marketplace_id, where.store_id, product_ids, where.at)


def note_change(where: Where, changed: int) -> None:
    """Remembers that something changed, and of which webhooks told nothing."""
    if not changed:
        return
    rows = StoreReading.objects.filter(store_id=where.store_id)
    rows.update(changed_at=where.at)
    if where.lane not in {Lane.HINT, Lane.IMPORT}:
        rows.filter(unheard_since=None).update(unheard_since=where.at)


def _follow(where: Where, changes: Changes, products: set[int]) -> int:
    """Decides stock anew, notes readings, marks listings for review; returns how many products
    changed. A product's own change may put its variants on or off sale.
    """
    changed = products | changes.content
    if changes.content:
        rows = VendorProduct.objects.filter(pk__in=changes.content, review_due=False)
        if where.lane is Lane.IMPORT:  # new ones wait for all their variants (`catalog_ends`)
            rows = rows.exclude(kind="variable", listing=None)
        rows.update(review_due=True)
    if changed:
        work.review_listings(where.store_id)
    variants = set(changes.stock)
    if not variants and not products:
        return len(changed)
    if products:
        variants |= _listed_of(products)
    _note_readings(where, changes)
    redecide(where.marketplace_id, variants, where.at)
    fell = [row_id for row_id, before, after in changes.readings if _fell(before or 0, after or 0)]
    check_oversold(where.marketplace_id, fell, where.at)
    return len(changed) + len(changes.moved - changed)


def _fell(before: int, after: int) -> bool:
    """Whether orders may want more than is there now."""
    return after < before or after < 0


def _listed_of(products: set[int]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT v.id FROM storage_vendorvariant v WHERE v.product_id = ANY(%s) AND ("
            " EXISTS (SELECT FROM storage_listingvariant lv WHERE lv.variant_id = v.id)"
            " OR EXISTS (SELECT FROM storage_variantsource vs WHERE vs.variant_id = v.id))",
            [list(products)],
        )
        return {row[0] for row in cursor.fetchall()}


def _note_readings(where: Where, changes: Changes) -> None:
    """Each listed variant's new figure goes to its history; what was sold is watched."""
    if not changes.readings:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT variant_id, id FROM storage_listingvariant WHERE variant_id = ANY(%s)",
            [[row_id for row_id, _, _ in changes.readings]],
        )
        lines: dict[int, int] = dict(cursor.fetchall())
    data = {"lane": where.lane.value, "requested_at": where.requested_at.isoformat()}
    events = [
        StockEventRow(lines[row_id], "reading", before, after, data)
        for row_id, before, after in changes.readings
        if row_id in lines
    ]
    keep_events(where.marketplace_id, events, where.at)
    sold = [row_id for row_id, before, after in changes.readings if (after or 0) < (before or 0)]
    watching.note_sold([row_id for row_id in sold if row_id in lines], where.at)


def note_unreadable(
    cursor: CursorWrapper, where: Where, unreadable: Sequence[Unreadable], readable: int
) -> None:
    """A finding for each product that could not be understood; for a mass of them one: then it is
    the answer that makes no sense.
    """
    if not unreadable:
        return
    touch_unreadable(cursor, where, [one.product_id for one in unreadable])
    if UNREADABLE.passed_by(len(unreadable), len(unreadable) + readable):
        seen = Seen(where.marketplace_id, where.store_id, where.lane, where.at, where.requested_at)
        brakes.hold(seen, BrakeKind.ANSWERS, (), len(unreadable) + readable, unreadable[0].why)
        return
    vendor_id = Store.objects.values_list("vendor_id", flat=True).get(pk=where.store_id)
    for one in unreadable:
        finding = Finding(_UNREADABLE, {"product_id": one.product_id, "why": one.why})
        subject = f"store_product:{where.store_id}:{one.product_id}"
        note_finding(where.marketplace_id, subject, finding, where.at, vendor_id=vendor_id)


def resolve_readable(where: Where, product_ids: Sequence[int]) -> None:
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


def ask_for_lost_variations(cursor: CursorWrapper, where: Where) -> None:
    """Products just merged that name their variations, but no longer one that we know: read whole,
    they say what became of it.
    """
    cursor.execute(
        f"""SELECT DISTINCT v.product_id_in_store FROM {INCOMING} i
        JOIN storage_vendorvariant v ON v.store_id = %(store)s
            AND v.product_id_in_store = i.product_id AND v.variation_id > 0
        WHERE NOT i.complete AND v.absent_since IS NULL
            AND NOT i.variation_ids @> to_jsonb(v.variation_id)""",  # noqa: S608
        where.names(),
    )
    ask_by_id(where, [row[0] for row in cursor.fetchall()])


def _touch_seen(cursor: CursorWrapper, where: Where) -> None:
    names = where.names()
    cursor.execute(
        f"UPDATE storage_vendorproduct p SET missing_since = NULL,"  # noqa: S608
        f" scan_id = greatest(p.scan_id, %(scan)s) FROM {LINES} i"
        " WHERE p.store_id = %(store)s AND i.variation_id = 0"
        " AND p.product_id = i.product_id_in_store AND p.absent_since IS NULL"
        " AND (p.scan_id < %(scan)s OR p.missing_since IS NOT NULL)",
        names,
    )
    cursor.execute(
        f"UPDATE storage_heldchange h SET requested_at = %(requested)s FROM {LINES} i"  # noqa: S608
        " WHERE h.store_id = %(store)s AND h.kind = 'vanished' AND i.variation_id = 0"
        " AND h.product_id = i.product_id_in_store AND h.says ->> 'status' = i.status",
        names,
    )


def _polls_miss(cursor: CursorWrapper, changes: Changes) -> bool:
    """Whether stock changed of something that was not modified since: a write past WooCommerce."""
    cursor.execute(
        f"""SELECT EXISTS (SELECT 1 FROM storage_vendorvariant v
        JOIN storage_vendorproduct p ON p.id = v.product_id
        JOIN {LINES} i ON i.product_id_in_store = v.product_id_in_store
            AND i.variation_id = v.variation_id
        WHERE v.id = ANY(%s) AND i.modified_at <= p.modified_in_store)""",  # noqa: S608
        [[row_id for row_id, _, _ in changes.readings]],
    )
    return bool(cursor.fetchone()[0])


def _worth_a_look(cursor: CursorWrapper, where: Where) -> list[int]:
    """Products that light readings show as unknown, changed, back, or with an unknown variation.
    A product that could not be read is asked for again with each sweep. What is held, looks
    changed for as long.
    """
    cursor.execute(
        f"""SELECT DISTINCT i.product_id_in_store FROM {LINES} i
        LEFT JOIN storage_vendorproduct p
            ON p.store_id = %(store)s AND p.product_id = i.product_id_in_store
        LEFT JOIN storage_vendorvariant v ON v.store_id = %(store)s
            AND v.product_id_in_store = i.product_id_in_store AND v.variation_id = i.variation_id
        WHERE (p.id IS NULL OR p.absent_since IS NOT NULL
            OR (i.variation_id = 0 AND (p.status <> i.status OR p.raw_type <> i.raw_type
                OR p.visible <> i.visible
                OR i.modified_at > coalesce(p.modified_in_store, '-infinity')))
            OR (i.variation_id > 0 AND p.left_out = ''
                AND (v.id IS NULL OR v.absent_since IS NOT NULL))
            OR (v.absent_since IS NULL AND (v.regular_price, v.sale_price)
                IS DISTINCT FROM (i.regular_price, i.sale_price) AND v.id IS NOT NULL))
            AND NOT EXISTS (SELECT 1 FROM storage_heldchange h WHERE h.store_id = %(store)s
                AND h.product_id = i.product_id_in_store AND h.kind <> 'sold_out')""",  # noqa: S608
        where.names(),
    )
    return [row[0] for row in cursor.fetchall()]
