"""The inbox: verified webhooks kept once, the hints they leave, and the jobs that follow hints."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from longshore.storage import work
from longshore.storage.models import Delivery, Hint, HintKind, Store, Storefront

KEPT = timedelta(days=7)
"""Longer than either platform repeats a delivery."""
HEARD_TO = timedelta(seconds=5)
"""How exactly it is known when a shop was last heard of."""


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a webhook address belongs to. Its secret is `repr`-safe only here: never log it."""

    marketplace_id: int
    source: str
    owner_id: int
    secret: str

    def __repr__(self) -> str:
        return f"Target({self.source})"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One verified webhook. `kind` None: nothing of ours to look at (a ping, another topic)."""

    target: Target
    delivery_id: str
    topic: str
    kind: str | None
    resource_id: str
    received_at: datetime


def store_target(hook_token: str) -> Target | None:
    """The store behind a webhook address."""
    store = Store.objects.filter(hook_token=hook_token).first()
    if store is None:
        return None
    secret = store.webhook_secret.reveal()
    return Target(store.marketplace_id, f"store:{store.pk}", store.pk, secret)


def storefront_target(uuid: str) -> Target | None:
    """The storefront behind a webhook address."""
    row = Storefront.objects.filter(uuid=uuid).first()
    if row is None:
        return None
    secret = row.client_secret.reveal()
    return Target(row.marketplace_id, f"storefront:{row.pk}", row.pk, secret)


_DELIVERIES = """
INSERT INTO storage_delivery
    (marketplace_id, source, delivery_id, topic, resource_id, received_at)
SELECT * FROM unnest(
    %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::timestamptz[])
ON CONFLICT (source, delivery_id) DO NOTHING
RETURNING source, delivery_id
"""

_HINTS = """
INSERT INTO storage_hint (marketplace_id, source, kind, resource_id, noted_at)
SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::timestamptz[])
ON CONFLICT (source, kind, resource_id) DO UPDATE SET noted_at = EXCLUDED.noted_at
"""

_FOLLOWED = """
DELETE FROM storage_hint h USING unnest(%s::text[], %s::timestamptz[]) AS seen (id, noted_at)
WHERE h.source = %s AND h.kind = %s AND h.resource_id = seen.id AND h.noted_at <= seen.noted_at
"""

# A row that a job holds is passed over: an answer to a webhook waits for nobody.
_HEARD_OF = """
UPDATE storage_{table} shop SET last_webhook_at = %s FROM (
    SELECT id FROM storage_{table}
    WHERE id = ANY(%s) AND (last_webhook_at IS NULL OR last_webhook_at < %s)
    FOR NO KEY UPDATE SKIP LOCKED
) found WHERE shop.id = found.id
"""
_HEARD = {kind: _HEARD_OF.format(table=kind) for kind in ("store", "storefront")}


@transaction.atomic
def keep(incoming: Sequence[Incoming]) -> int:
    """Stores deliveries, notes their hints and asks for the jobs, all or nothing; returns how many
    were new. A repeated delivery leaves no second hint.
    """
    ordered = sorted(incoming, key=lambda one: (one.target.source, one.delivery_id))
    with connection.cursor() as cursor:
        cursor.execute(
            _DELIVERIES,
            [
                [one.target.marketplace_id for one in ordered],
                [one.target.source for one in ordered],
                [one.delivery_id for one in ordered],
                [one.topic for one in ordered],
                [one.resource_id for one in ordered],
                [one.received_at for one in ordered],
            ],
        )
        new = set(cursor.fetchall())
    fresh = [one for one in ordered if (one.target.source, one.delivery_id) in new]
    _note(fresh)
    _note_heard(fresh)
    return len(new)


def _note(fresh: Sequence[Incoming]) -> None:
    hints = {
        (one.target.source, one.kind, one.resource_id): one for one in fresh if one.kind is not None
    }
    if not hints:
        return
    rows = [hints[key] for key in sorted(hints, key=str)]
    with connection.cursor() as cursor:
        cursor.execute(
            _HINTS,
            [
                [one.target.marketplace_id for one in rows],
                [one.target.source for one in rows],
                [one.kind for one in rows],
                [one.resource_id for one in rows],
                [one.received_at for one in rows],
            ],
        )
    work.ask_missing(
        (_FOLLOWED_BY[str(one.kind)], _owner(one)) for one in rows if one.kind is not None
    )


def _note_heard(fresh: Sequence[Incoming]) -> None:
    """Remembers when each shop was last heard of, to some seconds."""
    heard: dict[str, set[int]] = {}
    for one in fresh:
        heard.setdefault(one.target.source.partition(":")[0], set()).add(one.target.owner_id)
    with connection.cursor() as cursor:
        for kind, ids in sorted(heard.items()):
            at = max(one.received_at for one in fresh)
            cursor.execute(_HEARD[kind], [at, sorted(ids), at - HEARD_TO])


_FOLLOWED_BY = {
    HintKind.PRODUCT.value: work.refresh_products,
    HintKind.STORE_ORDER.value: work.pull_shipments,
    HintKind.STOREFRONT_ORDER.value: work.pull_orders,
    HintKind.STOREFRONT_PRODUCT.value: work.compare_listings,
    HintKind.STOREFRONT_BULK.value: work.publish_listings,
}


def _owner(one: Incoming) -> int:
    """Whose job follows the hint: a store's, or the storefront's marketplace."""
    storefront = str(one.kind).startswith("storefront_")
    return one.target.marketplace_id if storefront else one.target.owner_id


def hints(source: str, kind: HintKind, limit: int) -> list[tuple[str, datetime]]:
    """The oldest hints as (resource id, noted at)."""
    rows = Hint.objects.filter(source=source, kind=kind).order_by("noted_at", "id")
    return list(rows.values_list("resource_id", "noted_at")[:limit])


def clear_hints(source: str, kind: HintKind, seen: Sequence[tuple[str, datetime]]) -> None:
    """Removes hints that were followed, except those noted again meanwhile."""
    if not seen:
        return
    ids, noted = [one for one, _ in seen], [noted_at for _, noted_at in seen]
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOWED, [ids, noted, source, kind.value])


def forget_old_deliveries() -> int:
    """Deletes deliveries that no platform repeats any more; returns how many."""
    return Delivery.objects.filter(received_at__lt=timezone.now() - KEPT).delete()[0]
