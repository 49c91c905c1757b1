"""Beginning a walk over a store's catalog. Only who wants one begins it: the jobs go on with what
is open, so one that was queued for a walk that ended meanwhile does nothing.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from longshore.storage import work
from longshore.storage.models import Scan, ScanKind, ScanPhase, Store

OPEN = (ScanPhase.PRODUCTS, ScanPhase.VARIANTS)


def begin_import(store_id: int, at: datetime) -> bool:
    """Asks for a full walk; returns False where one is queued already."""
    return _begin(store_id, ScanKind.FULL, at) and work.import_catalog(store_id)


def begin_sweep(store_id: int, at: datetime) -> bool:
    """Asks for a light walk; returns False where one is queued already."""
    return _begin(store_id, ScanKind.SWEEP, at) and work.sweep_stock(store_id)


_SWEEPS = """
INSERT INTO storage_scan (marketplace_id, store_id, kind, phase, cursor, products_seen,
    variants_seen, unreadable, changed, proven, requests, started_at, error)
SELECT marketplace_id, id, 'sweep', 'products', '', 0, 0, 0, 0, false, 0, %s, ''
FROM storage_store WHERE id = ANY(%s) ON CONFLICT DO NOTHING
"""


@transaction.atomic
def begin_sweeps(store_ids: Sequence[int], at: datetime) -> int:
    """The same for many stores at once; returns how many jobs were added."""
    if not store_ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_SWEEPS, [at, list(store_ids)])
    return work.ask_many(work.sweep_stock, store_ids)


@transaction.atomic
def _begin(store_id: int, kind: ScanKind, at: datetime) -> bool:
    owner = Store.objects.values_list("marketplace_id", flat=True).filter(pk=store_id).first()
    if owner is None:
        return False
    Scan.objects.get_or_create(
        store_id=store_id,
        kind=kind,
        phase__in=OPEN,
        defaults={"marketplace_id": owner, "phase": ScanPhase.PRODUCTS, "started_at": at},
    )
    return True
