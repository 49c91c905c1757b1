"""What is remembered of buyers' orders and of the purchase orders made from them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from longshore.domain.catalog import VendorProduct
from longshore.domain.orders import (
    PurchaseOrderState,
    PutBack,
    StorefrontOrder,
    StoreOrder,
    StoreOrderDraft,
)
from longshore.ports.stores import Found


@dataclass(frozen=True, slots=True)
class OrderHint:
    """An order that somebody says has changed; `noted_at` tells a later note from this one."""

    order_id: str
    noted_at: datetime


class OrderLedger(Protocol):
    """Buyers' orders of one marketplace. Each call commits on its own."""

    def read_to(self) -> datetime:
        """The time up to which Shopify's orders have been read."""
        ...

    def move_read_to(self, at: datetime) -> None: ...

    def hints(self) -> Sequence[OrderHint]: ...

    def unseen(self, changed_at: Mapping[str, datetime]) -> Collection[str]:
        """Of orders that changed at these times, by id, those that were not read since."""
        ...

    def clear_hints(self, followed: Sequence[OrderHint]) -> None: ...

    def keep_order(self, order: StorefrontOrder, at: datetime) -> str:
        """Remembers the order as it is now, reserves its goods, lowers what we believe Shopify
        shows, and routes it: all in one transaction. Safe to repeat. Returns why it cannot be kept,
        "" where it is.
        """
        ...

    def gone(self, order_ids: Collection[str], at: datetime) -> None:
        """Shopify does not show these. Once that is sure, what no vendor has is over, as if it had
        been canceled; of what one has a person is told.
        """
        ...

    def note_read(self, read: Collection[str], unreadable: Mapping[str, str], at: datetime) -> None:
        """Tells of orders that could not be read, by their id, with the reason: they are tried
        again in a while and whenever they change. Of those `read` there is no more to tell.
        """
        ...


@dataclass(frozen=True, slots=True)
class WaitingPurchaseOrder:
    """A purchase order that is not settled; `clean_since`: when its first look-up found nothing,
    `half_made_since`: when it was first seen unfinished. `attempt` counts the times it was sent.
    `shared`: products of one never sent that other vendors have as well.
    """

    purchase_order_id: int
    reference: str
    state: PurchaseOrderState
    attempt: int
    sending_since: datetime | None
    clean_since: datetime | None
    clean_look_ups: int
    half_made_since: datetime | None = None
    shared: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Sending:
    """What is sent now, and the number of this attempt: its outcome counts only while nobody made
    a later one. `instead_of`: a dead order of the store to be canceled before.
    """

    draft: StoreOrderDraft
    attempt: int
    instead_of: int | None = None


@dataclass(frozen=True, slots=True)
class Cancellation:
    """A purchase order to be canceled in its store. `born_completed`: that it looks completed there
    does not say that it was shipped.
    """

    purchase_order_id: int
    store_order_id: int
    born_completed: bool = False


@dataclass(frozen=True, slots=True)
class NoteDue:
    """A note for the store's people on an order of theirs."""

    purchase_order_id: int
    store_order_id: int
    text: str


@dataclass(frozen=True, slots=True)
class Return:
    """Units of one line to be put back; `before`: what the store counted when it was begun."""

    line_id: int
    product_id: int
    variation_id: int
    units: int
    before: int | None


@dataclass(frozen=True, slots=True)
class Chores:
    """What a store has to be asked for beside new orders: whether there is any of each kind."""

    cancellations: bool
    put_backs: bool
    notes: bool


class PurchaseOrderLedger(Protocol):
    """The purchase orders of one store. Each call commits on its own: what is on disk before the
    POST is what makes an order sent exactly once. An `attempt` that is not the newest changes
    nothing, so two workers that both believe in themselves do no harm.
    """

    def waiting(self, at: datetime) -> Sequence[WaitingPurchaseOrder]:
        """Those to work on now, oldest first."""
        ...

    def any_waiting(self, at: datetime) -> bool:
        """Whether there are some to work on now."""
        ...

    def chores(self) -> Chores:
        """What else there is to do; one look for all of it."""
        ...

    def goods_read(self, purchase_order_id: int, found: Found[VendorProduct], at: datetime) -> None:
        """Keeps what the store has of its goods now. Lines it has too little of go to another
        vendor that has all of them; what nobody has stays.
        """
        ...

    def begin_sending(
        self, purchase_order_id: int, after_attempt: int, at: datetime
    ) -> Sending | None:
        """Puts the exact draft and SENDING on disk; None when it may not be sent any more, or
        somebody sent it since `after_attempt`.
        """
        ...

    def accepted(
        self, purchase_order_id: int, order: StoreOrder, at: datetime, *, adopted: bool
    ) -> None:
        """The store has it: checks every line, links line items, notes reduced stock. An answer
        that comes late is never lost: a second order of the store becomes a finding.
        """
        ...

    def refused(self, purchase_order_id: int, attempt: int, why: str, at: datetime) -> None: ...

    def put_back(
        self, purchase_order_id: int, attempt: int, why: str, at: datetime, again_at: datetime
    ) -> None:
        """Surely not sent; it waits again."""
        ...

    def dead_is_over(self, purchase_order_id: int, attempt: int) -> None:
        """What this attempt is sent instead of is canceled in the store."""
        ...

    def uncertain(self, purchase_order_id: int, attempt: int, at: datetime) -> None:
        """It may have been sent although no answer came."""
        ...

    def looked_up(
        self, purchase_order_id: int, attempt: int, at: datetime, again_at: datetime, *, found: bool
    ) -> None:
        """A look-up without a settled order; `found`: a half-made one is there."""
        ...

    def put_off(
        self, purchase_order_id: int, attempt: int, why: str, at: datetime, again_at: datetime
    ) -> None:
        """It could not be looked for."""
        ...

    def half_made(self, purchase_order_id: int, order: StoreOrder, at: datetime) -> None:
        """The store's order stays half made: a person decides."""
        ...

    def cancellations(self) -> Sequence[Cancellation]:
        """Accepted ones whose order was canceled before anything was shipped."""
        ...

    def canceled(self, purchase_order_id: int, order: StoreOrder | None, at: datetime) -> None:
        """It is over in the store; None: gone from it."""
        ...

    def left_already(self, purchase_order_id: int, order: StoreOrder, at: datetime) -> None:
        """The vendor shipped it meanwhile: it was not canceled, and is to be read at once."""
        ...

    def notes_due(self) -> Sequence[NoteDue]:
        """What vendors are still to be told on their orders."""
        ...

    def told(self, note: NoteDue, at: datetime, *, refused: str = "") -> None:
        """The note is there, or the store does not take it."""
        ...

    def put_backs(self) -> Sequence[Return]:
        """Goods of canceled orders that are still to be put back on the store's shelf."""
        ...

    def put_back_begins(self, line_id: int, before: int) -> None:
        """On disk before the store's number is written: what it was."""
        ...

    def put_back_ends(self, line_id: int, state: PutBack, at: datetime) -> None: ...

    def cancel_refused(self, purchase_order_id: int, why: str, at: datetime) -> None: ...
