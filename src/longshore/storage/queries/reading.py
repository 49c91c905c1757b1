"""How a vendor's shops are read: when each lane asks next and why, the load it causes, the limits
that people set.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count

from longshore.storage.models import (
    Brake,
    BrakeState,
    Store,
    StoreLoad,
    StoreReading,
    WatchedProduct,
)

DRAWN_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class LanePlan:
    """`every_s` 0: not planned yet. `because`: codes of `domain.lanes`."""

    lane: str
    every_s: float
    due_at: datetime
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Load:
    """What a store was asked in one hour, which begins at `hour`. `answer_ms`: how long an answer
    took on average, `slowest_ms` the longest; both None where it was not measured.
    """

    hour: datetime
    requests: int
    answer_ms: int | None
    slowest_ms: int | None


@dataclass(frozen=True, slots=True)
class ReadingCard:
    """`page_s`: seconds of a page asked for alone; `most_an_hour` 0: no limit; `hot`: products read
    most often.
    """

    store_id: int
    host: str
    lanes: tuple[LanePlan, ...]
    load: tuple[Load, ...]
    at_a_time: int
    page_size: int
    page_s: float
    hot: int
    paused_until: datetime | None
    quiet_from: time | None
    quiet_to: time | None
    most_an_hour: int
    held: tuple[int, ...]


def reading_cards(marketplace_id: int, vendor_id: int, now: datetime) -> tuple[ReadingCard, ...]:
    """One for each of the vendor's stores that was planned at least once."""
    stores = Store.objects.filter(marketplace_id=marketplace_id, vendor_id=vendor_id)
    hosts = dict(stores.order_by("pk").values_list("pk", "base_url"))
    readings = StoreReading.objects.filter(store_id__in=hosts).order_by("store_id")
    loads = _loads(list(hosts), now)
    held = _held(list(hosts))
    hot = _hot(list(hosts))
    return tuple(
        _card(one, hosts[one.store_id], loads, held.get(one.store_id, ()), hot) for one in readings
    )


def _card(
    row: StoreReading,
    url: str,
    loads: Mapping[int, tuple[Load, ...]],
    held: tuple[int, ...],
    hot: Mapping[int, int],
) -> ReadingCard:
    pace: Mapping[str, Any] = row.pace
    return ReadingCard(
        store_id=row.store_id,
        host=url.partition("://")[2],
        lanes=(
            _lane(row, "hot"),
            _lane(row, "poll"),
            _lane(row, "sweep"),
        ),
        load=loads.get(row.store_id, ()),
        at_a_time=int(pace.get("at_a_time") or 1),
        page_size=int(pace.get("page_size") or 0),
        page_s=float(pace.get("page_s") or 0.0),
        hot=hot.get(row.store_id, 0),
        paused_until=row.paused_until,
        quiet_from=row.quiet_from,
        quiet_to=row.quiet_to,
        most_an_hour=row.most_requests_an_hour,
        held=held,
    )


def _lane(row: StoreReading, lane: str) -> LanePlan:
    because = tuple(row.because.get(lane, ()))
    return LanePlan(lane, getattr(row, f"{lane}_every_s"), getattr(row, f"{lane}_due_at"), because)


def _loads(store_ids: list[int], now: datetime) -> dict[int, tuple[Load, ...]]:
    rows = StoreLoad.objects.filter(store_id__in=store_ids, hour__gt=now - DRAWN_FOR)
    found: dict[int, list[Load]] = {}
    for one in rows.order_by("store_id", "hour"):
        found.setdefault(one.store_id, []).append(_load(one))
    return {store: tuple(hours) for store, hours in found.items()}


def _load(row: StoreLoad) -> Load:
    if not row.requests or not row.waited_s:
        return Load(row.hour, row.requests, None, None)
    usual, slowest = round(1000 * row.waited_s / row.requests), round(1000 * row.slowest_s)
    return Load(row.hour, row.requests, usual, slowest)


def _hot(store_ids: list[int]) -> dict[int, int]:
    rows = WatchedProduct.objects.filter(store_id__in=store_ids).values("store_id")
    return {row["store_id"]: row["n"] for row in rows.annotate(n=Count("id"))}


def _held(store_ids: list[int]) -> dict[int, tuple[int, ...]]:
    rows = Brake.objects.filter(store_id__in=store_ids, state=BrakeState.HELD).order_by("pk")
    found: dict[int, tuple[int, ...]] = {}
    for store, brake in rows.values_list("store_id", "pk"):
        found[store] = (*found.get(store, ()), brake)
    return found
