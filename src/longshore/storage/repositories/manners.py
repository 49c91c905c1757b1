"""How we behave in a store, as rows: pauses that every machine obeys, the load we cause, quiet
hours and limits that people chose.
"""

from dataclasses import asdict
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import F

from longshore.domain.manners import (
    SLOW_FOR,
    SLOW_PAGE_S,
    Manners,
    QuietHours,
    Weight,
    pause_after,
    stay_away_for,
)
from longshore.domain.pacing import PaceState
from longshore.ports.errors import LongshoreError, Rejected, TryLater
from longshore.ports.stores import VendorStore
from longshore.storage.models import StoreLoad, StoreReading
from longshore.storage.repositories.reading_plan import reading_of

_LOAD = """
INSERT INTO storage_storeload AS l (marketplace_id, store_id, hour, requests, jobs, seconds,
    waited_s, slowest_s)
SELECT marketplace_id, id, date_trunc('hour', %(at)s::timestamptz, 'UTC'), %(requests)s, 1,
    %(seconds)s, %(waited_s)s, %(slowest_s)s FROM storage_store WHERE id = %(store)s
ON CONFLICT (store_id, hour) DO UPDATE SET requests = l.requests + EXCLUDED.requests,
    jobs = l.jobs + 1, seconds = l.seconds + EXCLUDED.seconds,
    waited_s = l.waited_s + EXCLUDED.waited_s,
    slowest_s = greatest(l.slowest_s, EXCLUDED.slowest_s)
"""
LOAD_KEPT = timedelta(days=14)
_SILENT = frozenset({"store_unreachable", "store_answer_broken"})


def wait_for(store_id: int, weight: Weight, at: datetime) -> timedelta:
    """How long a visit to this store must wait; zero when it may go now."""
    reading = StoreReading.objects.select_related("marketplace").filter(store_id=store_id).first()
    if reading is None:
        return timedelta(0)
    quiet = None
    if reading.quiet_from is not None and reading.quiet_to is not None:
        quiet = QuietHours(reading.quiet_from, reading.quiet_to)
    manners = Manners(
        quiet=quiet,
        most_an_hour=reading.most_requests_an_hour,
        asked_this_hour=_asked(store_id, at) if reading.most_requests_an_hour else 0,
        paused_until=reading.paused_until,
    )
    zone = ZoneInfo(reading.marketplace.timezone)
    return stay_away_for(manners, weight, at, at.astimezone(zone))


def is_slow(store_id: int, at: datetime) -> bool:
    """Whether its host was slow or silent a short while ago."""
    return StoreReading.objects.filter(store_id=store_id, slow_until__gt=at).exists()


def _asked(store_id: int, at: datetime) -> int:
    hour = at.replace(minute=0, second=0, microsecond=0)
    rows = StoreLoad.objects.filter(store_id=store_id, hour=hour)
    return rows.values_list("requests", flat=True).first() or 0


def note_visit(store: VendorStore, store_id: int, seconds: float, at: datetime) -> bool:
    """A job is done with the store: counts its load, remembers the pace its host bears. Returns
    whether the store failed before: a success is to be noted.
    """
    if store.requests_made:
        took = store.answer_times
        names: dict[str, datetime | float] = {
            "at": at,
            "requests": store.requests_made,
            "seconds": seconds,
            "waited_s": took.total_s,
            "slowest_s": took.slowest_s,
        }
        with connection.cursor() as cursor:
            cursor.execute(_LOAD, {**names, "store": store_id})
    return _note_pace(store_id, store.pace, at)


def _note_pace(store_id: int, pace: PaceState, at: datetime) -> bool:
    kept = asdict(pace)
    rows = StoreReading.objects.filter(store_id=store_id)
    known = rows.values_list("pace", "slow_until", "failures").first()
    changes: dict[str, Any] = {}
    if known is None or _differs(known[0], kept):
        changes["pace"] = kept
    # It ends by itself: a quick answer says nothing of the requests that got none.
    if pace.page_s > SLOW_PAGE_S and (
        known is None or not known[1] or known[1] < at + SLOW_FOR / 2
    ):
        changes["slow_until"] = at + SLOW_FOR
    if changes:
        reading_of(store_id, at)
        rows.update(**changes)
    return known is not None and known[2] > 0


def _differs(known: dict[str, float], pace: dict[str, float]) -> bool:
    """Whether it is worth a write: seconds move with every page."""
    if {**known, "page_s": 0} != {**pace, "page_s": 0}:
        return True
    before, now = known.get("page_s", 0.0), pace["page_s"]
    return abs(now - before) > 0.25 * max(before, 0.001)


def note_failure(store_id: int, error: LongshoreError, at: datetime) -> None:
    """The store did not answer as it should: after the second time, or when it asks for a pause,
    everybody stays away for a while. Errors about one item only are no failure of the store.
    """
    if not isinstance(error, TryLater) or error.finding is None:
        return
    if not error.finding.code.startswith("store_"):
        return
    reading = reading_of(store_id, at)
    rows = StoreReading.objects.filter(pk=reading.pk)
    rows.update(failures=F("failures") + 1)
    pause = pause_after(reading.failures + 1, error.after)
    changes: dict[str, datetime] = {}
    if pause:
        changes["paused_until"] = at + pause
    if error.finding.code in _SILENT:
        changes["slow_until"] = at + SLOW_FOR
    if changes:
        rows.update(**changes)


def note_success(store_id: int) -> None:
    """The store answers: nobody stays away any longer."""
    rows = StoreReading.objects.filter(store_id=store_id, failures__gt=0)
    rows.update(failures=0, paused_until=None)


def change_manners(
    marketplace_id: int,
    store_id: int,
    at: datetime,
    *,
    quiet_from: time | None,
    quiet_to: time | None,
    most_requests_an_hour: int,
) -> None:
    """A person chooses when a store is spared, and how much it may be asked. Raises Rejected."""
    if (quiet_from is None) != (quiet_to is None) or (quiet_from and quiet_from == quiet_to):
        raise Rejected("Quiet hours need a beginning and an end that differ.")
    if most_requests_an_hour < 0:
        raise Rejected("The limit must be zero (none) or more.")
    reading = reading_of(store_id, at)
    if reading.marketplace_id != marketplace_id:
        raise Rejected("There is no such store.")
    StoreReading.objects.filter(pk=reading.pk).update(
        quiet_from=quiet_from, quiet_to=quiet_to, most_requests_an_hour=most_requests_an_hour
    )


def forget_old_load(at: datetime) -> int:
    """Deletes counts that nobody looks at any more; returns how many."""
    return StoreLoad.objects.filter(hour__lt=at - LOAD_KEPT).delete()[0]
