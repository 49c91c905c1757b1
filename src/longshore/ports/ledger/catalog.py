"""What is remembered of the stores' catalogs, and of the walks that read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from longshore.domain.catalog import VendorProduct, VendorVariant
from longshore.domain.lanes import Lane
from longshore.ports.stores import Changes, Found, ScanSlice, StockLine


class Walk(StrEnum):
    """The two whole walks over a store: everything, or only ids, states and stock."""

    FULL = "full"
    SWEEP = "sweep"


class Phase(StrEnum):
    PRODUCTS = "products"
    VARIANTS = "variants"
    DONE = "done"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class ScanMark:
    """Where a walk is. `cursor` None: at the beginning of its phase."""

    scan_id: int
    store_id: int
    phase: Phase
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Hinted:
    """Products to read by id: those that hints name, and those that were missed once and must be
    missed again before they count as gone. `seen` are the hints, to be cleared when followed.
    """

    product_ids: tuple[int, ...]
    seen: tuple[tuple[str, datetime], ...]


@dataclass(frozen=True, slots=True)
class PollMark:
    """Up to when a store's changes are known, and where a poll of many goes on."""

    read_to: datetime
    cursor: str | None


class CatalogLedger(Protocol):
    """Every `keep_*` commits rows, cursor, the stock decisions they cause and the jobs that follow,
    all or nothing. Only what differs is written. `at` is now; `requests` how many the slice took.
    """

    def open_scan(self, store_id: int, walk: Walk) -> ScanMark | None:
        """Where the store's open walk of that kind is, None where nobody asked for one."""
        ...

    def variable_parents(self, store_id: int) -> Mapping[int, Sequence[str]]:
        """Option names of every variable product there is, by product id."""
        ...

    def option_names(
        self, store_id: int, product_ids: Sequence[int]
    ) -> Mapping[int, Sequence[str]]:
        """The same of those variable products among `product_ids` that are known."""
        ...

    def keep_products(
        self, mark: ScanMark, part: ScanSlice[VendorProduct], at: datetime, requests: int
    ) -> ScanMark:
        """Keeps a slice of products; returns where the walk is now.

        What a proven walk has not seen becomes a hint to ask for it by id, never "gone" by itself.
        A mass of unseen products is held as a finding, and nothing is asked.
        """
        ...

    def keep_variants(
        self, mark: ScanMark, part: ScanSlice[VendorVariant], at: datetime, requests: int
    ) -> ScanMark:
        """Keeps a slice of variations; returns where the walk is now."""
        ...

    def keep_stock(
        self, mark: ScanMark, part: ScanSlice[StockLine], at: datetime, requests: int
    ) -> ScanMark:
        """Keeps light readings. Products that are unknown, changed or back become hints."""
        ...

    def hinted_products(self, store_id: int, limit: int, at: datetime) -> Hinted:
        """The oldest hints to read a product anew."""
        ...

    def keep_found(
        self,
        store_id: int,
        found: Found[VendorProduct],
        at: datetime,
        *,
        lane: Lane,
        followed: Sequence[tuple[str, datetime]] = (),
    ) -> int:
        """Keeps products read whole by id. One that is missing for the second time is gone (unless
        a mass of them is, see `keep_products`). Clears followed hints. Returns how many products
        changed.
        """
        ...

    def poll_mark(self, store_id: int) -> PollMark | None:
        """Where the poll stands; None before the first import has ended."""
        ...

    def keep_changes(self, store_id: int, changes: Changes, at: datetime) -> int:
        """Keeps a part of what was modified, and where the poll goes on; its last part moves the
        mark. Returns how many products really changed.
        """
        ...

    def watched(self, store_id: int, at: datetime) -> Mapping[int, Sequence[int]]:
        """The hot products, with the variations of each (none: it is simple)."""
        ...

    def keep_watched(self, store_id: int, found: Found[StockLine], at: datetime) -> int:
        """Keeps light readings of hot products; returns how many products changed."""
        ...
