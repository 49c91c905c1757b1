"""When each lane asks a store next, as rows: what is due is asked for, and planned anew from what
the last readings showed.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from longshore.domain.lanes import Plan, Traits, Webhooks, Wishes, plan_lanes, webhooks_now
from longshore.domain.pacing import LARGEST_PAGE, PaceState
from longshore.storage import work
from longshore.storage.models import IN_USE, Brake, BrakeState, Store, StoreReading
from longshore.storage.repositories.walks import begin_sweeps

_MISSING = """
INSERT INTO storage_storereading (marketplace_id, store_id, poll_due_at, hot_due_at, sweep_due_at,
    poll_every_s, hot_every_s, sweep_every_s, because, products, variations, pace, poll_cursor,
    failures, most_requests_an_hour)
SELECT s.marketplace_id, s.id, %(now)s, %(now)s, %(now)s, 0, 0, 0, '{}', 0, 0, '{}', '', 0, 0
FROM storage_store s LEFT JOIN storage_storereading r ON r.store_id = s.id WHERE r.id IS NULL
ON CONFLICT DO NOTHING
"""
_DUE = """
UPDATE storage_storereading r SET {lane}_due_at = %(now)s
    + make_interval(secs => CASE WHEN r.{lane}_every_s > 0 THEN r.{lane}_every_s ELSE %(usual)s END)
FROM (SELECT due.id FROM storage_storereading due JOIN storage_store s ON s.id = due.store_id
    WHERE due.{lane}_due_at <= %(now)s AND s.state = ANY(%(states)s)
        AND (due.paused_until IS NULL OR due.paused_until <= %(now)s) {also}
    FOR UPDATE OF due SKIP LOCKED) AS found
WHERE r.id = found.id RETURNING r.store_id
"""
_WATCHED = "AND EXISTS (SELECT 1 FROM storage_watchedproduct w WHERE w.store_id = due.store_id)"
_IMPORTED = "AND s.products_read_to IS NOT NULL"
"""Before the first import has ended nothing is known that could have changed."""


def ask_for_lanes(wishes: Wishes, now: datetime) -> int:
    """Asks for every lane that is due; returns how many jobs were added."""
    with connection.cursor() as cursor:
        cursor.execute(_MISSING, {"now": now})
    asked = _ask("hot", wishes.poll, now, _asking(work.read_hot_stock), _WATCHED)
    asked += _ask("poll", wishes.poll, now, _asking(work.poll_store), _IMPORTED)
    return asked + _ask("sweep", wishes.sweep, now, _begin_sweeps(now), _IMPORTED)


def _asking(request: Callable[[int], bool]) -> Callable[[Sequence[int]], int]:
    return lambda due: work.ask_many(request, due)


def _begin_sweeps(now: datetime) -> Callable[[Sequence[int]], int]:
    return lambda due: begin_sweeps(due, now)


def _ask(
    lane: str,
    usual: timedelta,
    now: datetime,
    request: Callable[[Sequence[int]], int],
    also: str = "",
) -> int:
    given: dict[str, Any] = {
        "now": now,
        "usual": usual.total_seconds(),
        "states": [state.value for state in IN_USE],
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_DUE.format(lane=lane, also=also), given)
        due = sorted(row[0] for row in cursor.fetchall())
        return request(due)


def reading_of(store_id: int, at: datetime) -> StoreReading:
    """The store's row, made when there is none."""
    found = StoreReading.objects.filter(store_id=store_id).first()
    if found is not None:
        return found
    owner = Store.objects.values_list("marketplace_id", flat=True).get(pk=store_id)
    defaults = {
        "marketplace_id": owner,
        **dict.fromkeys(("poll_due_at", "hot_due_at", "sweep_due_at"), at),
    }
    return StoreReading.objects.get_or_create(store_id=store_id, defaults=defaults)[0]


def pace_of(store_id: int) -> PaceState:
    """How hard the store's host was asked at last."""
    kept = StoreReading.objects.filter(store_id=store_id).values_list("pace", flat=True).first()
    return PaceState(**kept) if kept else PaceState()


@transaction.atomic
def plan(store_id: int, wishes: Wishes, at: datetime) -> Plan:
    """Plans the store's lanes anew; what is due moves with its interval."""
    reading = reading_of(store_id, at)
    reading = StoreReading.objects.select_for_update().get(pk=reading.pk)
    store = Store.objects.get(pk=store_id)
    made = plan_lanes(wishes, traits_of(store, reading, at))
    usual = {"poll": wishes.poll, "hot": wishes.poll, "sweep": wishes.sweep}
    for lane, every in (("poll", made.poll), ("hot", made.hot), ("sweep", made.sweep)):
        before = getattr(reading, f"{lane}_every_s") or usual[lane].total_seconds()
        due = getattr(reading, f"{lane}_due_at")
        moved = due + (every - timedelta(seconds=before))
        setattr(reading, f"{lane}_due_at", moved)
        setattr(reading, f"{lane}_every_s", every.total_seconds())
    reading.because = {"poll": list(made.poll_because), "sweep": list(made.sweep_because)}
    reading.save()
    return made


def traits_of(store: Store, reading: StoreReading, at: datetime) -> Traits:
    """What the plan of a store depends on."""
    profile: Mapping[str, Any] = store.profile
    pace = PaceState(**reading.pace) if reading.pace else PaceState()
    size = pace.page_size or LARGEST_PAGE
    changes = bool(profile.get("changes_by", "modified_after"))
    return Traits(
        products=reading.products,
        pages=-(-reading.products // size) + -(-reading.variations // size),
        page_s=pace.page_s,
        at_a_time=pace.at_a_time,
        sees_changes=changes,
        sees_stock="stock_by_sweeps" not in profile.get("limits", ()),
        webhooks=webhooks_of(store, reading, at),
        changed_ago=None if reading.changed_at is None else at - reading.changed_at,
        drifted_ago=None if reading.drifted_at is None else at - reading.drifted_at,
        waits_for_proof=Brake.objects.filter(store=store, state=BrakeState.HELD).exists(),
    )


def webhooks_of(store: Store, reading: StoreReading, at: datetime) -> Webhooks:
    heard, unheard = store.last_webhook_at, reading.unheard_since
    if heard is not None and unheard is not None and heard >= unheard:
        unheard = reading.unheard_since = None
    active = bool(store.webhooks_active)
    return webhooks_now(active=active, last_heard=heard, unheard_since=unheard, now=at)
