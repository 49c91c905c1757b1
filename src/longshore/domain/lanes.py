"""What is true about reading a store: how often each lane asks it, from how large it is, how fast
its host answers, what changed lately, and whether its webhooks work.

Three lanes find changes: hints of webhooks, polls of what was modified, and light sweeps over
everything. A fourth reads the few hot items, which hurt most when they are wrong. Each alone keeps
the data right, later. None may take more than its share of the host's time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Lane(StrEnum):
    """Where a reading came from."""

    HINT = "hint"
    POLL = "poll"
    HOT = "hot"
    SWEEP = "sweep"
    IMPORT = "import"


class Webhooks(StrEnum):
    """NONE: there are none of ours. SILENT: something changed of which they told nothing."""

    NONE = "none"
    SILENT = "silent"
    ALIVE = "alive"


@dataclass(frozen=True, slots=True)
class Wishes:
    """How often an ordinary store is polled and swept."""

    poll: timedelta
    sweep: timedelta


@dataclass(frozen=True, slots=True)
class Traits:
    """What the intervals depend on. `page_s`: seconds of one page, 0.0 while unknown. `pages`:
    how many a sweep reads. `sees_changes`: it can be asked what was modified, `sees_stock`: stock
    is among that. `changed_ago`, `drifted_ago`: since any lane, since a sweep found a change; None:
    never. `waits_for_proof`: a held change waits for a second full reading.
    """

    products: int
    pages: int
    page_s: float
    at_a_time: int
    sees_changes: bool
    sees_stock: bool
    webhooks: Webhooks
    changed_ago: timedelta | None
    drifted_ago: timedelta | None
    waits_for_proof: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """How often each lane asks, with the codes of what decided."""

    poll: timedelta
    hot: timedelta
    sweep: timedelta
    poll_because: tuple[str, ...]
    sweep_because: tuple[str, ...]


LIVELY = timedelta(minutes=10)
"""A store that changed so lately is changing."""
SOONEST_POLL = timedelta(seconds=30)
LATEST_POLL = timedelta(minutes=15)
HOT_ALONE = timedelta(seconds=60)
"""Hot items are read so often where no webhook tells of them: with the way to Shopify they are
right within two minutes.
"""
HOT_BESIDE_WEBHOOKS = timedelta(minutes=3)
SOONEST_SWEEP = timedelta(minutes=2)
SMALL = 1_000
"""Products; a smaller store is swept more often."""
PROOF_AFTER = timedelta(minutes=15)
"""A second full reading proves something when it began so long after the first."""

POLL_SHARE = 0.05
SWEEP_SHARE = 0.10
SWEEP_SHARE_ALONE = 0.25
"""Shares of a host's time: the last for stores where sweeps are all that finds stock."""
HOT_SHARE = 0.10


def plan_lanes(wishes: Wishes, store: Traits) -> Plan:
    """How often a store is asked now."""
    poll, poll_because = _poll(wishes, store)
    sweep, sweep_because = _sweep(wishes, store)
    told = store.webhooks is Webhooks.ALIVE
    hot = max(HOT_BESIDE_WEBHOOKS if told else HOT_ALONE, _at_least(store.page_s, HOT_SHARE))
    return Plan(poll, hot, sweep, poll_because, sweep_because)


def _poll(wishes: Wishes, store: Traits) -> tuple[timedelta, tuple[str, ...]]:
    every, because = wishes.poll, ["usual"]
    if not store.sees_changes:
        return LATEST_POLL, ("cannot_tell_changes",)
    if store.webhooks is Webhooks.ALIVE:
        every, because = every * 2, ["webhooks_alive"]
    elif _within(store.changed_ago, LIVELY):
        every, because = every / 2, ["changing"]
    every = max(every, min(SOONEST_POLL, wishes.poll))
    slow = _at_least(store.page_s, POLL_SHARE)
    if slow > every:
        every, because = slow, ["slow_host"]
    return min(every, max(LATEST_POLL, wishes.poll)), tuple(because)


def _sweep(wishes: Wishes, store: Traits) -> tuple[timedelta, tuple[str, ...]]:
    walk = timedelta(seconds=store.pages * store.page_s / max(1, store.at_a_time))
    # What changes right after its page was read is found at the end of the walk after.
    every, because, share = max(wishes.sweep / 2, wishes.sweep - walk), "usual", SWEEP_SHARE
    if not (store.sees_changes and store.sees_stock):
        every, because, share = SOONEST_SWEEP, "stock_by_sweeps", SWEEP_SHARE_ALONE
    elif store.products < SMALL:
        every, because = every * max(0.25, store.products / SMALL), "small"
    if _within(store.drifted_ago, wishes.sweep * 3) and because != "stock_by_sweeps":
        every, because = every / 2, "drifting"
    every = max(every, min(SOONEST_SWEEP, wishes.sweep))
    slow = _at_least(walk.total_seconds(), share)
    if slow > every:
        every, because = slow, "large_or_slow"
    if store.waits_for_proof and every > PROOF_AFTER:
        every, because = PROOF_AFTER, "waits_for_proof"
    return every, (because,)


def _at_least(seconds: float, share: float) -> timedelta:
    """The interval in which work of so many seconds takes that share of the time."""
    return timedelta(seconds=seconds / share)


def _within(ago: timedelta | None, limit: timedelta) -> bool:
    return ago is not None and ago <= limit


# --- hot items ---

LITTLE_LEFT = 5
"""With so few left a sale elsewhere may be the last one (failures.md R02)."""
SOLD_LATELY = timedelta(hours=48)
MOST_HOT = 100
"""One page: what a host bears every minute."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A product on sale that may be hot: the fewest left of a counted variant of it (None: not
    counted), and when a unit of it was sold at last, anywhere.
    """

    product_id: int
    left: int | None
    sold_at: datetime | None


def hottest(candidates: Sequence[Candidate], now: datetime) -> tuple[Candidate, ...]:
    """The products to watch closely: those sold lately, the latest first, then those of which
    little is left, the fewest first. What is sold out cannot be oversold.
    """

    def is_hot(one: Candidate) -> bool:
        if one.left is not None and one.left <= 0:
            return False
        sold = one.sold_at is not None and now - one.sold_at <= SOLD_LATELY
        return sold or (one.left is not None and one.left <= LITTLE_LEFT)

    def rank(one: Candidate) -> tuple[int, float, int]:
        sold = one.sold_at is not None and now - one.sold_at <= SOLD_LATELY
        age = (now - one.sold_at).total_seconds() if sold and one.sold_at else 0.0
        left = LITTLE_LEFT + 1 if one.left is None else one.left
        return (0, age, left) if sold else (1, 0.0, left)

    return tuple(sorted(filter(is_hot, candidates), key=rank)[:MOST_HOT])


# --- whether webhooks work ---

HINT_PATIENCE = timedelta(minutes=5)
"""A webhook may come so much later than a poll finds the change (WP-Cron)."""


def webhooks_now(
    *,
    active: bool,
    last_heard: datetime | None,
    unheard_since: datetime | None,
    now: datetime,
) -> Webhooks:
    """`unheard_since`: the first change found by other lanes since the last webhook was heard."""
    if not active:
        return Webhooks.NONE
    if last_heard is None:
        return Webhooks.SILENT
    if unheard_since is not None and now - unheard_since > HINT_PATIENCE:
        return Webhooks.SILENT
    return Webhooks.ALIVE
