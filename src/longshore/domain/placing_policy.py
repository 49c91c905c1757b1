"""What is true about how a vendor's orders are written: the choices a marketplace has for each
vendor, and the exact order that follows from them.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from longshore.domain.invoice_address import InvoiceAddress, invoice_address
from longshore.domain.money import Money
from longshore.domain.orders import Address, StoreOrderDraft, StoreOrderLineDraft
from longshore.domain.pricing import PurchasePrices

METHOD_ID = "marketplace"
TITLE = "{method}"
LONGEST_LINE = 200
LONGEST_NOTE = 2_000
MOST_META = 20
MOST_PERCENT = 1000
PROCESSING, ON_HOLD = "processing", "on-hold"
_PLACEHOLDER = re.compile(r"\{([a-z]+)\}")
WORDS = frozenset({"method", "order", "reference", "marketplace", "vendor"})
"""What may stand in braces in a title or in a field of one's own."""
_META_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,59}")
_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They turn the letters around them over, also those of other fields; no language needs them."""
_EMAIL = re.compile(r"[^@\s<>,;:\"'()\[\]\\]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
_DOMAIN = re.compile(r"([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}")


class BuyerEmail(StrEnum):
    """Which address an order carries. NONE: a shop without one mails nobody. RELAY: one of its own
    for each purchase order, so that no two orders meet in one customer record.
    """

    NONE = "none"
    RELAY = "relay"
    MARKETPLACE = "marketplace"
    BUYER = "buyer"


class ShippingPrice(StrEnum):
    """What the shipping line of a vendor's order says. SHARE: its part of what the buyer paid, by
    the worth of its goods.
    """

    NONE = "none"
    SHARE = "share"


class CompletedAtOnce(StrEnum):
    """What an order means that is completed in its own creation answer. ASK: an exception. DIGITAL:
    shipped, where all of its goods are virtual and downloadable. SHIPPED: this vendor's goods need
    no packing at all.
    """

    ASK = "ask"
    DIGITAL = "digital"
    SHIPPED = "shipped"

    def allows(self, *, digital: bool) -> bool:
        """Whether such an order counts as shipped. `digital`: its goods need no work."""
        return self is CompletedAtOnce.SHIPPED or (self is CompletedAtOnce.DIGITAL and digital)


class Start(StrEnum):
    """Whether orders may begin in a status, or why not. LEAVES_STOCK: the shop takes nothing from
    its stock. LEAVES_STOCK_HERE: this old release does not; newer ones do. SHIPPED: it would look
    shipped before anybody packed it.
    """

    FINE = "fine"
    LEAVES_STOCK = "leaves_stock"
    LEAVES_STOCK_HERE = "leaves_stock_here"
    SHIPPED = "shipped"


def start(status: str, *, status_moves_stock: bool = True) -> Start:
    """What beginning in `status` would mean. WooCommerce takes goods from stock in processing, on
    hold and completed (recording orders.json: status matrix); before 3.5 only for payment, which
    leads to processing (legacy-api recordings: stock after creation).
    """
    bare = status.strip().lower().removeprefix("wc-")
    if bare in {"", PROCESSING}:
        return Start.FINE
    if bare == "completed":
        return Start.SHIPPED
    if bare != ON_HOLD:
        return Start.LEAVES_STOCK
    return Start.FINE if status_moves_stock else Start.LEAVES_STOCK_HERE


@dataclass(frozen=True, slots=True)
class PlacingPolicy:
    """How one vendor's orders are written. `email`, `prices`: None as the marketplace says.
    `cost_percent`: of the vendor's own price, for COST. `tax_percent`: tax that is inside our
    prices and comes out before sending, because the shop adds its own. `status`: in which they
    begin. `fields`: of one's own, (key, text with words in braces).
    """

    email: BuyerEmail | None = None
    prices: PurchasePrices | None = None
    cost_percent: Decimal = Decimal(100)
    tax_percent: Decimal = Decimal(0)
    shipping_title: str = TITLE
    shipping_method: str = METHOD_ID
    shipping_price: ShippingPrice = ShippingPrice.NONE
    status: str = PROCESSING
    tells_note: bool = True
    completed: CompletedAtOnce = CompletedAtOnce.ASK
    fields: tuple[tuple[str, str], ...] = ()
    invoice: InvoiceAddress = InvoiceAddress.DELIVERY

    def without_tax(self, amount: Decimal) -> Decimal:
        return amount / (1 + self.tax_percent / 100) if self.tax_percent else amount

    def as_row(self) -> dict[str, Any]:
        """What differs from the usual, JSON-safe; read by `policy_of`."""
        found: dict[str, Any] = {}
        for name in _NAMES:
            value, usual = getattr(self, name), getattr(USUAL, name)
            if value == usual:
                continue
            found[name] = (
                [list(one) for one in value]
                if name == "fields"
                else None
                if value is None
                else value
                if isinstance(value, bool)
                else str(value)
            )
        return found


USUAL = PlacingPolicy()
_NAMES = (
    *("email", "prices", "cost_percent", "tax_percent", "shipping_title", "shipping_method"),
    *("shipping_price", "status", "tells_note", "completed", "fields", "invoice"),
)


def policy_of(row: Mapping[str, Any]) -> PlacingPolicy:
    """The policy kept in a row; what it does not name is as usual. Raises ValueError for what no
    policy can be.
    """
    given = {name: value for name, value in row.items() if name in _NAMES and value is not None}
    kinds: Mapping[str, Callable[[Any], object]] = {
        "email": BuyerEmail,
        "prices": PurchasePrices,
        "shipping_price": ShippingPrice,
        "completed": CompletedAtOnce,
        "invoice": InvoiceAddress,
        "cost_percent": _percent,
        "tax_percent": _percent,
        "fields": _pairs,
    }
    found = {name: kinds[name](value) if name in kinds else value for name, value in given.items()}
    return replace(USUAL, **found)


def _pairs(rows: Iterable[Iterable[object]]) -> tuple[tuple[str, str], ...]:
    return tuple((str(key), str(text)) for key, text in rows)


def _percent(value: object) -> Decimal:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f"{value!r} is no percentage") from None
    if not found.is_finite() or not 0 <= found <= MOST_PERCENT:
        raise ValueError(f"{value!r} is no percentage")
    return found


def unknown_words(text: str) -> tuple[str, ...]:
    """Words in braces that nobody fills in, in their order."""
    return tuple(word for word in _PLACEHOLDER.findall(text) if word not in WORDS)


def is_field_key(key: str) -> bool:
    """Whether a field of one's own may have this name: those that begin with an underscore are the
    shop's own, and the oldest APIs drop them.
    """
    return _META_KEY.fullmatch(key) is not None and not key.lower().startswith("longshore")


def is_domain(text: str) -> bool:
    return len(text) <= LONGEST_LINE and _DOMAIN.fullmatch(text) is not None


def is_email(text: str) -> bool:
    """Whether a shop would take it as an address. Stricter than the standard: what a shop refuses
    would stop an order.
    """
    return len(text) <= LONGEST_LINE and text.isascii() and _EMAIL.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Addressed:
    """Whom mail about an order may reach. `relay_domain`, `marketplace`: "" where none is set."""

    buyer: str = ""
    marketplace: str = ""
    relay_domain: str = ""


def email_for(how: BuyerEmail, reference: str, to: Addressed) -> str:
    """The address on the order, "" for none. A relay without a domain, and a buyer whose address no
    shop would take, leave it empty.
    """
    found = {
        BuyerEmail.NONE: "",
        BuyerEmail.RELAY: _relay(reference, to),
        BuyerEmail.MARKETPLACE: to.marketplace,
        BuyerEmail.BUYER: to.buyer.strip(),
    }[how]
    return found if is_email(found) else ""


def fallback_email(reference: str, to: Addressed) -> str:
    """For a shop that takes no order without an address: one that is nobody's but ours, never the
    buyer's. "" where none is set.
    """
    relay = _relay(reference, to)
    return next((one for one in (relay, to.marketplace) if is_email(one)), "")


def _relay(reference: str, to: Addressed) -> str:
    return f"{reference.lower()}@{to.relay_domain.lower()}" if is_domain(to.relay_domain) else ""


def one_line(text: str, most: int = LONGEST_LINE) -> str:
    """Typed text as one field of an order: no line breaks, no control characters, nothing that
    turns the letters beside it over, not longer than shops keep.
    """
    return " ".join(_clean(text).split())[:most].strip()


def some_lines(text: str, most: int = LONGEST_NOTE) -> str:
    """The same for a text of several lines."""
    lines = [one_line(line, most) for line in text.splitlines()]
    return "\n".join(line for line in lines if line)[:most].strip()


def _clean(text: str) -> str:
    return "".join(
        " " if unicodedata.category(one) in {"Cc", "Zl", "Zp"} else one
        for one in text
        if one not in _DIRECTIONS and unicodedata.category(one) != "Cs"
    )


def share_of(total: Money, worths: Sequence[Decimal], mine: int) -> Money:
    """One part of an amount that several parts share by their worth: rounded, and all of them make
    exactly the whole. Parts of no worth share alike.
    """
    weights = list(worths) if sum(worths) > 0 else [Decimal(1)] * len(worths)
    whole, before = sum(weights), sum(weights[:mine])
    upto = total.times(before + weights[mine]).amount / whole
    low = total.times(before).amount / whole
    return Money(upto, total.currency).rounded() - Money(low, total.currency).rounded()


@dataclass(frozen=True, slots=True)
class ToPlace:
    """What is known when an order is written. Amounts are in `currency`, the store's.
    `attributes`: what the buyer filled in besides (a gift message), (name, text).
    """

    reference: str
    order: str
    marketplace: str
    vendor: str
    currency: str
    lines: tuple[StoreOrderLineDraft, ...]
    address: Address
    email: BuyerEmail
    to: Addressed
    shipping_title: str
    shipping_share: Money
    buyer_note: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    status_moves_stock: bool = True
    billing: Address | None = None
    """The buyer's own, None where it is the delivery address."""
    own_address: Address | None = None
    """The marketplace's."""


def draft_for(policy: PlacingPolicy, facts: ToPlace) -> StoreOrderDraft:
    """The order as it shall stand in the store."""
    words = {
        "method": one_line(facts.shipping_title) or facts.marketplace,
        "order": facts.order,
        "reference": facts.reference,
        "marketplace": facts.marketplace,
        "vendor": facts.vendor,
    }
    shared = policy.shipping_price is ShippingPrice.SHARE
    price = facts.shipping_share if shared else facts.shipping_share.times(0)
    fine = start(policy.status, status_moves_stock=facts.status_moves_stock) is Start.FINE
    delivery = written(facts.address)
    billing, ours = (written(one) if one else None for one in (facts.billing, facts.own_address))
    return StoreOrderDraft(
        reference=facts.reference,
        currency=facts.currency,
        lines=facts.lines,
        shipping_address=delivery,
        billing_address=invoice_address(policy.invoice, delivery, billing, ours),
        shipping_title=one_line(filled(policy.shipping_title, words)),
        shipping_price=Money(policy.without_tax(price.amount), price.currency).rounded(),
        note=_note(policy, facts),
        buyer_email=email_for(facts.email, facts.reference, facts.to),
        fallback_email=fallback_email(facts.reference, facts.to),
        shipping_method=policy.shipping_method,
        status=policy.status if fine and policy.status else PROCESSING,
        fields=tuple((key, one_line(filled(text, words))) for key, text in policy.fields),
    )


def filled(text: str, words: Mapping[str, str]) -> str:
    """A text with its words in braces filled in, each once: what a buyer typed is no pattern."""
    return _PLACEHOLDER.sub(lambda found: words.get(found[1], found[0]), text)


def written(address: Address) -> Address:
    """An address as an order carries it."""
    return replace(
        address,
        **{
            name: one_line(getattr(address, name))
            for name in (
                *("first_name", "last_name", "company", "line1", "line2", "city", "region"),
                *("postcode", "country", "phone"),
            )
        },
    )


def _note(policy: PlacingPolicy, facts: ToPlace) -> str:
    """Our own words first: the oldest APIs find an order only by the reference in its note."""
    head = f"{facts.marketplace} {facts.order}, {facts.reference}"
    if not policy.tells_note:
        return head
    told = [some_lines(facts.buyer_note)]
    told += [
        f"{one_line(name, 60)}: {some_lines(text)}"
        for name, text in facts.attributes
        if name and not name.startswith("_") and text.strip()
    ]
    return "\n".join([head, *(one for one in told if one)])[:LONGEST_NOTE].strip()


def lacks_address(address: Address | None) -> bool:
    """Whether nobody could send a parcel there: no country, or neither a street nor a place."""
    if address is None or not address.country.strip():
        return True
    return not (address.line1.strip() or address.line2.strip() or address.postcode.strip())
