"""What is remembered of goods on their way: store orders read again, shipments to tell Shopify."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from longshore.domain.orders import StoreOrder
from longshore.domain.tracking import Tracking
from longshore.ports.ledger.orders import OrderHint
from longshore.ports.stores import KnownRefunds


class StoreOrderLedger(Protocol):
    """The orders we placed in one store. Each call commits on its own."""

    def hints(self) -> Sequence[OrderHint]: ...

    def clear_hints(self, followed: Sequence[OrderHint]) -> None: ...

    def due(self) -> bool:
        """Whether all open orders were asked for since they were read last."""
        ...

    def open_orders(self, at: datetime) -> Sequence[int]:
        """Ids in the store of orders not shipped whole, and of those shipped a short time ago,
        whose numbers may still be corrected.
        """
        ...

    def read_all(self, at: datetime) -> None:
        """Every order that was open is known as it stood then."""
        ...

    def ours(self, store_order_ids: Sequence[int]) -> Sequence[int]:
        """Those that we placed."""
        ...

    def known_refunds(self, store_order_ids: Sequence[int]) -> KnownRefunds:
        """What is known of the vendors' refunds of these orders; those that were open when they
        were read last, and have none, are left out.
        """
        ...

    def keep_store_order(self, order: StoreOrder, at: datetime) -> None:
        """Notes its state, reduced stock, new shipments and corrected numbers. One that cannot be
        kept is noted as unreadable.
        """
        ...

    def unreadable(self, store_order_id: int, why: str, at: datetime) -> None:
        """The store's answer about this order makes no sense; the others go on."""
        ...

    def without_number(self, at: datetime) -> Sequence[int]:
        """A few orders shipped without a number whose notes are due to be looked through: when
        that is seen, and after an hour, six hours and a day.
        """
        ...

    def looked_through(self, store_order_id: int, found: Tracking | None, at: datetime) -> None:
        """Notes what may be the number; a person decides."""
        ...

    def gone(self, store_order_id: int, at: datetime) -> None:
        """The store says that the order does not exist."""
        ...


@dataclass(frozen=True, slots=True)
class PendingShipment:
    """A shipment Shopify has not heard of whole. `wanted`: quantities by storefront line id;
    `sent_before`: it was being told when something broke, with the numbers `told`; `claimed`:
    fulfillments of the order that belong to other shipments.
    """

    shipment_id: int
    order_gid: str
    wanted: Mapping[str, int]
    tracking: Tracking | None
    notify: bool
    sent_before: bool
    own: frozenset[str]
    claimed: frozenset[str]
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """A shipment whose tracking differs from what Shopify was told."""

    shipment_id: int
    fulfillment_gids: tuple[str, ...]
    tracking: Tracking
    notify: bool


class ShipmentLedger(Protocol):
    """The shipments of one marketplace. Each call commits on its own."""

    def pending(self, at: datetime) -> Sequence[PendingShipment]:
        """Those to be told now, the oldest first, up to a hundred."""
        ...

    def sending(self, shipment_id: int, at: datetime) -> None:
        """On disk before Shopify is told: its call has no idempotency key."""
        ...

    def told(self, shipment_id: int, fulfillment_gid: str) -> None:
        """One of its fulfillments is on Shopify."""
        ...

    def fulfilled(self, shipment_id: int, at: datetime) -> None: ...

    def waits(self, shipment_id: int, at: datetime) -> None:
        """Shopify holds (a part of) the goods back: it is told again a little later."""
        ...

    def exception(self, shipment_id: int, why: str, at: datetime) -> None: ...

    def corrections(self) -> Sequence[Correction]: ...

    def corrected(self, shipment_id: int, tracking: Tracking, at: datetime) -> None: ...
