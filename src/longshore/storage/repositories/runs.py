"""Runs as rows: what each wrote, and how it is undone."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from longshore.domain.listing import Field
from longshore.domain.ownership import By, OwnValue
from longshore.domain.undoing import Done, Undoing, undo
from longshore.ports.errors import Rejected
from longshore.ports.ledger.listings import ON, UNDONE
from longshore.storage import work
from longshore.storage.models import (
    Listing,
    ListingChange,
    ListingState,
    ListingVariant,
    Outcome,
    SyncRun,
)
from longshore.storage.repositories.listing_sources import own_values, plain_own
from longshore.storage.repositories.outcomes import review_again, said_of

KEPT = timedelta(days=60)
"""So long a run can be undone."""


@transaction.atomic
def undo_run(marketplace_id: int, run_id: int, user_id: int | None, at: datetime) -> int:
    """Takes back what a run wrote: content, prices, links and what is on sale; stock is computed
    anew from what the stores say. What was taken back is held, so that it is not done again; a
    newer change of the vendor's is no longer held. Returns how many listings follow; they are
    written by the next run. Raises Rejected.
    """
    run = SyncRun.objects.select_for_update().filter(marketplace_id=marketplace_id, pk=run_id)
    row = run.first()
    if row is None:
        raise Rejected("There is no such run.")
    if row.finished_at is None:
        raise Rejected("This run is still going on. Undo it when it has ended.")
    if row.undone_at is not None:
        raise Rejected("This run was undone already.")
    plans = _plans(row)
    rows = Listing.objects.filter(pk__in=plans).order_by("pk").select_for_update()
    listings = [one for one in rows if _apply(one, plans[one.pk])]
    row.undone_at, row.undone_by_id = at, user_id
    row.save(update_fields=["undone_at", "undone_by"])
    if listings:
        SyncRun.objects.get_or_create(
            marketplace_id=marketplace_id,
            finished_at=None,
            defaults={"started_at": at, "cause": "undo", "undoes": row},
        )
        review_again([one.product_id for one in listings])
        work.publish_listings(marketplace_id)
    return len(listings)


def _plans(run: SyncRun) -> dict[int, Undoing]:
    done: defaultdict[int, list[Done]] = defaultdict(list)
    for one in ListingChange.objects.filter(run=run, outcome=Outcome.DONE).order_by("pk"):
        step = Done(one.step, said_of(one.before), said_of(one.after))
        done[one.listing_id].append(step)
    return {listing_id: undo(steps) for listing_id, steps in done.items()}


def _apply(row: Listing, plan: Undoing) -> bool:
    """Whether anything follows."""
    own = own_values(row.own) | dict(plan.own)
    if plan.take_off and row.state in ON:
        row.state, row.unpublished_because = ListingState.UNPUBLISHED, UNDONE
        row.dirty = bool(row.product_gid)
    if plan.put_on and row.state not in ON and row.product_gid:
        row.state, row.unpublished_because = ListingState.APPROVED, ""
        own[Field.ON_SALE] = OwnValue(value=True, by=By.UNDO, undone=True)
        row.dirty = True
    if plan.unlink and row.linked:
        row.unlink_asked = True
    if plan.link_to and not row.product_gid:
        row.link_gid, row.state, row.dirty = plan.link_to, ListingState.APPROVED, True
    row.own = plain_own(own)
    row.publish_error = ""
    row.save()
    lines = ListingVariant.objects.filter(pk__in=plan.variants, listing=row)
    for line in lines:
        line.own = plain_own(own_values(line.own) | dict(plan.variants[line.pk]))
    ListingVariant.objects.bulk_update(lines, ("own",), batch_size=500)
    moved = plan.take_off or plan.put_on or plan.unlink or bool(plan.link_to)
    return moved or bool(plan.own or plan.variants)


def forget_old_runs(now: datetime) -> int:
    """Deletes runs that can no longer be undone, with what they wrote; returns how many."""
    old = SyncRun.objects.filter(Q(finished_at__lt=now - KEPT))
    return old.delete()[0]
