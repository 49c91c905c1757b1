"""Finish bulk operations: looks how far Shopify is, and accounts for every line of those that have
ended. A line without a result is in doubt until it has been compared.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import TypeVar

from longshore.domain.listing import Step
from longshore.ports.clock import Clock
from longshore.ports.ledger.publication import Bulk, PublicationLedger
from longshore.ports.publishing import BulkProgress
from longshore.ports.storefronts import Storefront
from longshore.sync.keep_readings import keep_readings

Item = TypeVar("Item")
AT_A_TIME = 500
LINES_A_SECOND = 400.0
"""What we expect before the first look tells."""
SOONEST_S, LATEST_S = 1.0, 60.0


def first_look(lines: int) -> float:
    """Seconds after which an operation of so many lines may be done."""
    return min(max(lines / LINES_A_SECOND, SOONEST_S), LATEST_S)


def finish_bulks(
    storefront: Storefront, ledger: PublicationLedger, clock: Clock, *, marketplace_id: int
) -> float | None:
    """Returns the seconds until the next look, None when nothing is under way."""
    soonest: float | None = None
    for bulk in ledger.open_bulks(marketplace_id):
        wait_s = _finish(storefront, ledger, clock, marketplace_id, bulk)
        if wait_s is not None:
            soonest = wait_s if soonest is None else min(soonest, wait_s)
    return soonest


def _finish(
    storefront: Storefront,
    ledger: PublicationLedger,
    clock: Clock,
    marketplace_id: int,
    bulk: Bulk,
) -> float | None:
    now = clock.now()
    if bulk.look_at is not None and now < bulk.look_at:
        return (bulk.look_at - now).total_seconds()
    operation_id = bulk.operation_id or storefront.find_bulk(bulk.mark)
    if operation_id is None:
        ledger.drop_bulk(bulk.bulk_id, now)
        return None
    if not bulk.operation_id:
        ledger.keep_bulk_begun(bulk.bulk_id, operation_id, bulk.lines, now, SOONEST_S)
    progress = storefront.bulk_progress(operation_id)
    if not progress.ended:
        wait_s = _next_look(bulk, progress, (now - bulk.started_at).total_seconds())
        ledger.keep_bulk_look(bulk.bulk_id, progress.done, now, now + timedelta(seconds=wait_s))
        return wait_s
    if bulk.step is None:
        keep_readings(storefront, ledger, clock, marketplace_id=marketplace_id, bulk=bulk,
                      progress=progress)  # fmt: skip
    else:
        _account(storefront, ledger, clock, bulk, progress, bulk.step)
    ledger.end_bulk(bulk.bulk_id, clock.now(), progress.error)
    return None


def _next_look(bulk: Bulk, progress: BulkProgress, ran_s: float) -> float:
    """By how fast it went so far; what cannot be told is looked at less and less often."""
    if not bulk.lines or not progress.done or ran_s <= 0:
        return min(max(ran_s / 2, 2.0), LATEST_S)
    left_s = (bulk.lines - progress.done) * ran_s / progress.done
    return min(max(left_s * 1.05 + 0.5, SOONEST_S), LATEST_S)


def _account(
    storefront: Storefront,
    ledger: PublicationLedger,
    clock: Clock,
    bulk: Bulk,
    progress: BulkProgress,
    step: Step,
) -> None:
    for part in _parts(storefront.bulk_outcomes(progress, step)):
        ledger.keep_bulk_outcomes(bulk.bulk_id, dict(part), clock.now())


def _parts(items: Iterable[Item]) -> Iterator[list[Item]]:
    iterator = iter(items)
    while part := list(islice(iterator, AT_A_TIME)):
        yield part
