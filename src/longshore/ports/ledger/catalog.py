"""What is remembered of the stores' catalogs, and of the walks that read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from longshore.domain.catalog import VendorProduct, VendorVariant
from longshore.ports.stores import Found, ScanSlice, StockLine


class Walk(StrEnum):
    """The two whole walks over a store: everything, or only ids, states and stock."""

    FULL = "full"
    SWEEP = "sweep"


class Phase(StrEnum):
    PRODUCTS = "products"
    VARIANTS = "variants"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class ScanMark:
    """Where a walk is. `cursor` None: at the beginning of its phase."""

    scan_id: int
    store_id: int
    phase: Phase
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Hinted:
    """Products that hints name. `seen` are the notes behind them, to be cleared when followed."""

    product_ids: tuple[int, ...]
    seen: tuple[tuple[str, datetime], ...]


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

    def hinted_products(self, store_id: int, limit: int) -> Hinted:
        """The oldest hints to read a product anew."""
        ...

    def read_to(self, store_id: int) -> datetime | None:
        """Up to when the store's changes are known; None before the first import ended."""
        ...

    def keep_found(
        self,
        store_id: int,
        found: Found[VendorProduct],
        at: datetime,
        *,
        followed: Sequence[tuple[str, datetime]] = (),
        read_to: datetime | None = None,
    ) -> int:
        """Keeps products read whole; those in `found.missing` are gone (unless they are a mass of
        them, see `keep_products`). Clears followed hints, moves the mark of the poll. Returns how
        many products changed.
        """
        ...
