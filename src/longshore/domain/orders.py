"""What is true about orders: the buyer's order, a vendor's part, and what a store made of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from longshore.domain.findings import Finding
from longshore.domain.money import Money
from longshore.domain.refunds import Refund
from longshore.domain.tracking import Tracking


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; country and region as ISO codes where the platform gives them."""

    first_name: str = ""
    last_name: str = ""
    company: str = ""
    line1: str = ""
    line2: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    phone: str = ""


class Payment(StrEnum):
    """How far a storefront order is paid, in the words the routing policy uses."""

    PENDING = "pending"
    AUTHORIZED = "authorized"
    PAID = "paid"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    VOIDED = "voided"


class Delivery(StrEnum):
    """How goods come to the buyer (Shopify's DeliveryMethodType). UNKNOWN: no fulfillment order
    names the line yet, they come a moment after the order. IN_STORE: handed over already.
    """

    SHIPPING = "shipping"
    PICKUP = "pickup"
    IN_STORE = "in_store"
    NONE = "none"
    UNKNOWN = "unknown"


class Risk(StrEnum):
    """What Shopify advises about fraud (OrderRiskSummary). PENDING: it is not decided yet."""

    NONE = "none"
    PENDING = "pending"
    ACCEPT = "accept"
    INVESTIGATE = "investigate"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line of a storefront order. `quantity` is the current one, after edits and removals;
    `unit_price` is after all discounts, in the shop's currency.
    """

    line_id: str
    variant_id: str | None
    title: str
    sku: str
    quantity: int
    unit_price: Money
    ships: bool = True
    gift_card: bool = False
    delivery: Delivery = Delivery.SHIPPING
    details: tuple[tuple[str, str], ...] = ()
    """What the buyer chose for it besides (an engraving), (name, text)."""


@dataclass(frozen=True, slots=True)
class FulfillmentOrderLine:
    fulfillment_line_id: str
    line_id: str
    remaining: int


@dataclass(frozen=True, slots=True)
class FulfillmentOrder:
    """Shopify's unit of shipping work: one location's share of an order. `can_fulfill` is what
    `supportedActions` says (CREATE_FULFILLMENT), so that rules of our own never decide it.
    """

    fulfillment_order_id: str
    status: str
    location_id: str | None
    can_fulfill: bool
    lines: tuple[FulfillmentOrderLine, ...]
    delivery: Delivery = Delivery.SHIPPING


@dataclass(frozen=True, slots=True)
class StorefrontOrder:
    """A buyer's order as Shopify has it now. Times are UTC."""

    order_id: str
    name: str
    created_at: datetime
    updated_at: datetime
    canceled_at: datetime | None
    payment: Payment
    test: bool
    currency: str
    email: str
    shipping_address: Address | None
    shipping_title: str
    shipping_price: Money
    note: str
    lines: tuple[OrderLine, ...]
    fulfillment_orders: tuple[FulfillmentOrder, ...] = ()
    refunds: tuple[Refund, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()
    """What the buyer filled in besides (a gift message), (name, text)."""
    risk: Risk = Risk.NONE
    billing_address: Address | None = None
    """None where there is none, or where it is the delivery address."""

    @property
    def total(self) -> Money:
        """What the buyer pays as it is now: goods and shipping."""
        goods = (line.unit_price.times(line.quantity) for line in self.lines)
        return sum(goods, self.shipping_price)


class PurchaseOrderState(StrEnum):
    """PENDING -> SENDING (committed before the POST) -> ACCEPTED | REFUSED | UNCERTAIN."""

    PENDING = "pending"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class StoreOrderLineDraft:
    """One line to be ordered from a store; never named by SKU (a duplicate SKU takes the first)."""

    product_id: int
    variation_id: int
    quantity: int
    unit_price: Money
    details: tuple[tuple[str, str], ...] = ()
    """What the buyer chose for it besides, (name, text)."""

    @property
    def sold_id(self) -> int:
        """The one number that names what is sold: products and variations share one series."""
        return self.variation_id or self.product_id


@dataclass(frozen=True, slots=True)
class StoreOrderDraft:
    """An order as it shall stand in the vendor's store. `reference` finds it again.
    `fallback_email`: for a store that takes no order without an address. `status`: in which it
    begins. `fields`: of the marketplace's own, (key, text). `as_it_is`: a person wants it sent also
    where its goods are not published any more.
    """

    reference: str
    currency: str
    lines: tuple[StoreOrderLineDraft, ...]
    shipping_address: Address
    shipping_title: str
    shipping_price: Money
    note: str
    buyer_email: str = ""
    fallback_email: str = ""
    shipping_method: str = "marketplace"
    status: str = "processing"
    fields: tuple[tuple[str, str], ...] = ()
    as_it_is: bool = False
    billing_address: Address | None = None
    """None: the delivery address."""


class StoreOrderState(StrEnum):
    """A store order's state in one normal form over all generations; OTHER is a status made up
    by the vendor. DRAFT also covers an order whose creation failed half way.
    """

    DRAFT = "draft"
    PENDING = "pending"
    ON_HOLD = "on_hold"
    PROCESSING = "processing"
    COMPLETED = "completed"
    CANCELED = "canceled"
    REFUNDED = "refunded"
    FAILED = "failed"
    TRASHED = "trashed"
    OTHER = "other"

    @property
    def reduces_stock(self) -> bool:
        """States in which WooCommerce has taken the goods out of its stock
        (recording orders.json: status matrix).
        """
        return self in _REDUCING


class StatusMeaning(StrEnum):
    """What a status that a vendor made up stands for, as the marketplace's people said."""

    IN_PROGRESS = "in_progress"
    SHIPPED = "shipped"
    CANCELED = "canceled"
    REFUSED = "refused"

    @property
    def state(self) -> StoreOrderState:
        return _MEANT[self]


_MEANT = {
    StatusMeaning.IN_PROGRESS: StoreOrderState.PROCESSING,
    StatusMeaning.SHIPPED: StoreOrderState.COMPLETED,
    StatusMeaning.CANCELED: StoreOrderState.CANCELED,
    StatusMeaning.REFUSED: StoreOrderState.FAILED,
}
_REDUCING = frozenset(
    {StoreOrderState.PROCESSING, StoreOrderState.ON_HOLD, StoreOrderState.COMPLETED}
)


@dataclass(frozen=True, slots=True)
class StoreOrderLine:
    line_item_id: int
    product_id: int
    variation_id: int
    quantity: int
    total: Money

    @property
    def sold_id(self) -> int:
        """See `StoreOrderLineDraft.sold_id`. The old APIs name only this one."""
        return self.variation_id or self.product_id


@dataclass(frozen=True, slots=True)
class StoreOrder:
    """An order as a store has it. `reference` is ours, "" on orders that are not from us."""

    order_id: int
    number: str
    reference: str
    state: StoreOrderState
    raw_status: str
    currency: str
    total: Money
    created_at: datetime | None
    modified_at: datetime | None
    completed_at: datetime | None
    lines: tuple[StoreOrderLine, ...]
    trackings: tuple[Tracking, ...] = ()
    refunds: tuple[Refund, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    """(key, value) of its own fields where no tracking was found: one may be a parcel's number."""
    digital: bool = False
    """It is completed, and all of its goods are virtual and downloadable."""


@dataclass(frozen=True, slots=True)
class AcceptedLine:
    """What one drafted line became: the store's line item id, needed to read shipments by line."""

    product_id: int
    variation_id: int
    line_item_id: int


class PutBack(StrEnum):
    """How goods come back onto the shelf of a store that does not do it itself. DUE: not begun.
    BEGUN: the number from before is on disk, the new one may have been written. UNCLEAR: something
    was sold meanwhile, so that nobody can tell; a person looks.
    """

    NONE = ""
    DUE = "due"
    BEGUN = "begun"
    DONE = "done"
    UNCLEAR = "unclear"


def put_back_next(shown: int | None, before: int | None, units: int) -> PutBack:
    """Where a write that may have happened stands, by what the store shows now: never twice."""
    if shown is None or shown == before:
        return PutBack.DUE
    if before is not None and shown == before + units:
        return PutBack.DONE
    return PutBack.UNCLEAR


def settled(order: StoreOrder) -> bool:
    """Whether a store order is whole. A creation that timed out is visible at once as pending with
    total 0.00 and no paid state; it must settle before it is adopted (failures.md, measured 11).
    """
    return order.state not in {StoreOrderState.DRAFT, StoreOrderState.PENDING}


def differences(
    draft: StoreOrderDraft, order: StoreOrder, *, own_prices: bool = True
) -> Sequence[Finding]:
    """Every way in which a store's order is not the one sent; empty when it is exactly that.
    `own_prices` is False for stores that put their own prices on whatever they are sent.
    """
    found: list[str] = []
    if order.currency != draft.currency:
        found.append(f"currency {order.currency} in place of {draft.currency}")
    wanted = Counter[int]()
    for line in draft.lines:
        wanted[line.sold_id] += line.quantity
    got = Counter[int]()
    for taken in order.lines:
        got[taken.sold_id] += taken.quantity
    found += [
        f"{got[key]} in place of {wanted[key]} of product {key}"
        for key in sorted(wanted.keys() | got.keys())
        if wanted[key] != got[key]
    ]
    if own_prices:
        found += _price_differences(draft, order)
    return [Finding("order_lines_differ", {"difference": text}) for text in found]


def _price_differences(draft: StoreOrderDraft, order: StoreOrder) -> list[str]:
    if order.currency != draft.currency:
        return []
    wanted: dict[int, Money] = {}
    for line in draft.lines:
        key = line.sold_id
        value = line.unit_price.times(line.quantity).rounded()
        wanted[key] = wanted[key] + value if key in wanted else value
    got: dict[int, Money] = {}
    for taken in order.lines:
        key = taken.sold_id
        got[key] = got[key] + taken.total if key in got else taken.total
    return [
        f"{got[key]} in place of {value} for product {key}"
        for key, value in wanted.items()
        if key in got and got[key].rounded() != value.rounded()
    ]
