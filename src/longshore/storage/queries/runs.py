"""Runs of writes to Shopify, and what each wrote."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from longshore.storage.models import ListingChange, SyncRun
from longshore.storage.queries.paging import TOP, Cursor, Slice, slice_of


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
