"""When shops were away, and which returns nobody was told of yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from longshore.domain import outages
from longshore.domain.orders import PurchaseOrderState
from longshore.domain.outages import TOO_OLD, CaughtUp, may_tell
from longshore.storage.models import IN_USE, Outage, PurchaseOrder, StockEvent, Store

_WAITING = (PurchaseOrderState.PENDING, PurchaseOrderState.SENDING, PurchaseOrderState.UNCERTAIN)
MOST_AT_ONCE = 200


def begin(store: Store, at: datetime) -> None:
    """The shop goes out of use now; in the caller's transaction, before its state changes."""
    since = store.last_answer_at if store.state in IN_USE else None
    Outage.objects.get_or_create(
        store=store,
        ended_at=None,
        defaults={"marketplace_id": store.marketplace_id, "began_at": since or at},
    )


def end(store: Store, at: datetime) -> None:
    """The shop answers again. It may not have been away."""
    Outage.objects.filter(store=store, ended_at=None).update(ended_at=at)


def forget(store: Store) -> None:
    """A person paused the shop: that it comes back some day is no news."""
    Outage.objects.filter(store=store, ended_at=None).delete()


@dataclass(frozen=True, slots=True)
class Recovery:
    """A shop that came back, with all the times it was away that are told together."""

    store_id: int
    vendor_id: int
    vendor: str
    shop: str
    outages: tuple[outages.Outage, ...]
    outage_ids: tuple[int, ...]
    told_to: frozenset[int]
    done: CaughtUp


def recoveries(marketplace_id: int, now: datetime) -> Sequence[Recovery]:
    """The returns that may be told now; those that are no news any more are closed."""
    untold = Outage.objects.filter(
        marketplace_id=marketplace_id, told_at=None, ended_at__isnull=False
    )
    untold.filter(ended_at__lte=now - TOO_OLD).update(told_at=now)
    rows = untold.filter(store__state__in=IN_USE).select_related("store__vendor")
    by_store: dict[int, list[Outage]] = {}
    for row in rows.order_by("ended_at", "pk")[:MOST_AT_ONCE]:
        by_store.setdefault(row.store_id, []).append(row)
    told = _told(by_store)
    found = (_recovery(rows) for rows in by_store.values())
    return [
        one
        for one in found
        if may_tell(one.outages[-1].ended_at, told.get(one.store_id), one.done, now)
    ]


def _told(stores: Mapping[int, object]) -> Mapping[int, datetime]:
    """When each of these shops' last letter went out."""
    rows = Outage.objects.filter(store_id__in=list(stores), told_at__isnull=False)
    return dict(rows.values_list("store_id").annotate(Max("told_at")))


def _recovery(rows: Sequence[Outage]) -> Recovery:
    store = rows[0].store
    return Recovery(
        store_id=store.pk,
        vendor_id=store.vendor_id,
        vendor=store.vendor.name,
        shop=store.base_url.partition("://")[2],
        outages=tuple(outages.Outage(row.began_at, row.ended_at) for row in rows if row.ended_at),
        outage_ids=tuple(row.pk for row in rows),
        told_to=frozenset.intersection(*(frozenset(row.told_to) for row in rows)),
        done=_caught_up(store, [row.ended_at for row in rows if row.ended_at]),
    )


def _caught_up(store: Store, ends: Sequence[datetime]) -> CaughtUp:
    """What was done since the shop came back, by what is remembered."""
    waited = Q()
    for end_ in ends:
        waited |= Q(created_at__lt=end_, answered_at__gte=end_)
    of_store = OuterRef("pk")
    corrected = StockEvent.objects.filter(
        listing_variant__variant__store=of_store, kind="reading", at__gte=ends[0]
    )
    orders = PurchaseOrder.objects.filter(store=of_store, created_at__lt=ends[-1])
    counted = Store.objects.filter(pk=store.pk).values_list(
        _counted(orders.filter(waited, state=PurchaseOrderState.ACCEPTED), "pk"),
        _counted(orders.filter(state__in=_WAITING), "pk"),
        _counted(corrected, "listing_variant"),
    )
    sent, waiting, lines = counted.get()
    return CaughtUp(
        orders_sent=sent,
        stock_corrected=lines,
        waiting=waiting,
        read=store.polled_at is not None and store.polled_at >= ends[-1],
    )


def _counted(rows: "QuerySet[Any]", column: str) -> Coalesce:
    """How many different values of `column` there are, as a part of another query."""
    many = rows.order_by().annotate(same=Value(1)).values("same")
    return Coalesce(Subquery(many.annotate(n=Count(column, distinct=True)).values("n")), 0)


def note_told(told: Sequence[Recovery], choice_id: int) -> None:
    """Somebody got the letter; noted at once, so that nobody gets it twice."""
    ids = [pk for one in told for pk in one.outage_ids]
    rows = list(Outage.objects.filter(pk__in=ids))
    for row in rows:
        row.told_to = [*row.told_to, choice_id]
    Outage.objects.bulk_update(rows, ["told_to"])


def close(told: Recovery, at: datetime) -> None:
    """All who are to hear of it did."""
    Outage.objects.filter(pk__in=told.outage_ids).update(told_at=at)
