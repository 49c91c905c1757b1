"""Runs of writes to Shopify: how far the open one is, and what each wrote."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from longshore.storage.models import ListingChange, Storefront, SyncRun
from longshore.storage.queries.paging import TOP, Cursor, Slice, slice_of
from longshore.storage.queries.tallies import counts


@dataclass(frozen=True, slots=True)
class RunRow:
    """`counts`: listings by what happened to them (created, changed, on, off, refused). `cause` is
    "", undo or link.
    """

    id: int
    cause: str
    counts: Mapping[str, int]
    started_at: datetime
    finished_at: datetime | None
    undone_at: datetime | None
    undone_by: str

    @property
    def undoable(self) -> bool:
        return self.finished_at is not None and self.undone_at is None


@dataclass(frozen=True, slots=True)
class Publishing:
    """How far writing to Shopify is: listings `done` since the open run began, those `left` that
    still differ, and when a person stopped it.
    """

    done: int
    left: int
    run_id: int | None
    stopped_at: datetime | None

    @property
    def total(self) -> int:
        return self.done + self.left


def publishing(marketplace_id: int) -> Publishing | None:
    """None while nothing is to be written."""
    left = counts(marketplace_id, ["listing"])["listing"].of(
        *(f"{state}|*|1|0" for state in ("approved", "published", "unpublished", "declined"))
    )
    if not left:
        return None
    run = SyncRun.objects.filter(marketplace_id=marketplace_id, finished_at=None).first()
    fronts = Storefront.objects.filter(marketplace_id=marketplace_id)
    return Publishing(
        done=sum(run.counts.values()) if run else 0,
        left=left,
        run_id=run.pk if run else None,
        stopped_at=fronts.values_list("publishing_stopped_at", flat=True).first(),
    )


@dataclass(frozen=True, slots=True)
class Written:
    """One write of one listing; `before` and `after` by field, of the product and of its first
    variant that changed.
    """

    listing_id: int
    product: str
    step: str
    outcome: str
    why: str
    at: datetime
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def run_rows(marketplace_id: int, cursor: Cursor = TOP) -> Slice[RunRow]:
    """The newest first."""
    rows = SyncRun.objects.filter(marketplace_id=marketplace_id)
    return slice_of(
        rows, cursor, lambda page: map(_run, page), dress=lambda q: q.select_related("undone_by")
    )


def run_row(marketplace_id: int, run_id: int) -> RunRow | None:
    rows = SyncRun.objects.filter(marketplace_id=marketplace_id, pk=run_id)
    row = rows.select_related("undone_by").first()
    return _run(row) if row is not None else None


def written_in(marketplace_id: int, run_id: int, cursor: Cursor = TOP) -> Slice[Written]:
    rows = ListingChange.objects.filter(marketplace_id=marketplace_id, run_id=run_id)
    return slice_of(rows, cursor, _writes, dress=lambda q: q.select_related("listing__product"))


def written_of(marketplace_id: int, listing_id: int, limit: int = 20) -> tuple[Written, ...]:
    """What was last written of one listing, the newest first."""
    rows = ListingChange.objects.filter(marketplace_id=marketplace_id, listing_id=listing_id)
    return tuple(_writes(rows.select_related("listing__product").order_by("-at", "-pk")[:limit]))


def _run(row: SyncRun) -> RunRow:
    return RunRow(
        id=row.pk,
        cause=row.cause,
        counts=row.counts,
        started_at=row.started_at,
        finished_at=row.finished_at,
        undone_at=row.undone_at,
        undone_by=row.undone_by.email if row.undone_by else "",
    )


def _writes(found: Iterable[Any]) -> Iterable[Written]:
    for row in found:
        yield Written(
            listing_id=row.listing_id,
            product=row.listing.product.name,
            step=row.step,
            outcome=row.outcome,
            why=row.why,
            at=row.at,
            before=_flat(row.before),
            after=_flat(row.after),
        )


def _flat(said: Mapping[str, Any]) -> dict[str, Any]:
    variants: Mapping[str, Any] = said.get("variants") or {}
    first: Mapping[str, Any] = next(iter(variants.values()), {})
    return {**first, **(said.get("product") or {})}
