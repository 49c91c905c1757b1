"""What is remembered of stock lines: what Shopify shall show, what it is believed to show, and the
writes that are under way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from longshore.ports.storefronts import StockWrite


@dataclass(frozen=True, slots=True)
class StockLine:
    """A line that differs. `known_*` None: nothing is known yet. `location_id` is where its stock
    stands, `stocked` whether it was activated there.
    """

    line_id: int
    product_gid: str
    variant_gid: str
    item_gid: str
    location_id: str
    stocked: bool
    wanted_tracked: bool
    wanted_quantity: int | None
    wanted_oversell: bool
    known_tracked: bool | None
    known_oversell: bool | None
    known_quantity: int | None


@dataclass(frozen=True, slots=True)
class Intent:
    """A batch of quantities as it was, or will be, sent. `line_ids` and `writes` go together."""

    intent_id: int
    key: str
    line_ids: tuple[int, ...]
    writes: tuple[StockWrite, ...]


@dataclass(frozen=True, slots=True)
class Belief:
    """What a line is believed to show, since when: a counted line that agrees."""

    line_id: int
    item_gid: str
    location_id: str
    quantity: int
    since: datetime | None


class StockCheckLedger(Protocol):
    """Every call commits on its own."""

    def beliefs(self, marketplace_id: int, after: int, limit: int) -> Sequence[Belief]:
        """Lines on Shopify that are counted and agree, in the order of their ids."""
        ...

    def keep_checked(
        self,
        marketplace_id: int,
        beliefs: Sequence[Belief],
        shown: Mapping[int, int | None],
        at: datetime,
    ) -> int:
        """Keeps what Shopify shows (by line; None: it is not stocked there any more) of those that
        nothing moved meanwhile, tells of those that differ, and asks for their writing. Returns how
        many differ.
        """
        ...


class StockLedger(Protocol):
    """Every call commits on its own."""

    def open_intents(self, marketplace_id: int) -> Sequence[Intent]:
        """Batches whose answer never came, oldest first."""
        ...

    def due_lines(
        self, marketplace_id: int, limit: int, but: Sequence[int] = ()
    ) -> Sequence[StockLine]:
        """Lines that differ from what Shopify is believed to show, except `but`."""
        ...

    def keep_intent(
        self, marketplace_id: int, rows: Sequence[tuple[int, StockWrite]], at: datetime
    ) -> Intent:
        """Remembers a batch before it is sent."""
        ...

    def settle(
        self,
        intent: Intent,
        written: Sequence[int],
        stale: Sequence[int],
        refused: Mapping[int, str],
        at: datetime,
    ) -> None:
        """Keeps what became of a batch, by index into it. A written line is believed to show its
        quantity less what was sold since the batch was made: by the compare-and-set, those sales
        came after the write.
        """
        ...

    def keep_stocked(self, line_ids: Sequence[int], location_id: str, at: datetime) -> None:
        """The lines were activated there; new ones start at 0."""
        ...

    def keep_read(self, quantities: Mapping[int, int | None], at: datetime) -> None:
        """What Shopify shows now, by line; None: it is not stocked where it should be."""
        ...

    def keep_switched(
        self, lines: Sequence[StockLine], refused: Mapping[str, str], at: datetime
    ) -> None:
        """Tracking and policy were set as wanted, except `refused` (by variant gid)."""
        ...

    def keep_refused(self, line_ids: Sequence[int], why: str, at: datetime) -> None:
        """Shopify said no for good: they are not sent again until something else is wanted."""
        ...
