"""What is true about goods that several vendors have: who is on sale now, and who gets an order."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Choice(StrEnum):
    """PRIORITY: the first in the marketplace's order that has it. STOCK: who has most. COST: who is
    cheapest.
    """

    PRIORITY = "priority"
    STOCK = "stock"
    COST = "cost"


TWICE = 2
"""By STOCK another vendor must have twice as much: each sale would swing it back and forth else."""
UNCOUNTED = 1_000_000_000
"""In place of a quantity where the vendor does not count."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A vendor variant behind a listing variant. `units` can be sold now, `cost` is in the
    storefront's currency, None where nobody said.
    """

    variant_id: int
    position: int
    units: int
    cost: Decimal | None = None


def choose_source(candidates: Sequence[Candidate], choice: Choice, current: int) -> int:
    """The vendor variant to sell, `current` while none is better; the one that cannot sell is left
    only for one that can.
    """
    able = [one for one in candidates if one.units > 0]
    if not able:
        return current
    now = next((one for one in able if one.variant_id == current), None)
    match choice:
        case Choice.PRIORITY:
            best = min(able, key=lambda one: (one.position, one.variant_id))
        case Choice.STOCK:
            best = max(able, key=lambda one: (one.units, -one.position, -one.variant_id))
            if now is not None and best.units < now.units * TWICE:
                return current
        case Choice.COST:
            best = min(able, key=lambda one: (one.cost is None, one.cost or 0, one.position))
            if now is not None and now.cost is not None and now.cost == best.cost:
                return current
    return best.variant_id


class OrderRule(StrEnum):
    """What tells vendors apart when an order comes. STOCK: has all that is ordered. COUNTRY: is in
    the buyer's own. COST: asks less. PRIORITY: comes first in the marketplace's order.
    """

    STOCK = "stock"
    COUNTRY = "country"
    COST = "cost"
    PRIORITY = "priority"


USUAL_RULES = (OrderRule.STOCK,)


@dataclass(frozen=True, slots=True)
class Offer:
    """A vendor's variant that could be sent. `units` are free there, `cost` is as in `Candidate`;
    `country` is the vendor's own, `served` where it sends to, nothing: everywhere. ISO codes.
    """

    variant_id: int
    vendor: str
    position: int
    units: int
    cost: Decimal | None = None
    country: str = ""
    served: Collection[str] = ()


class PassedBecause(StrEnum):
    """Why a vendor did not get it: an order rule, or one of these."""

    NOT_SERVED = "not_served"
    NOT_NOW = "not_now"
    """Nothing tells them apart, and another one is on sale now."""
    SHORT = "short"
    """Its shop had too little left when it was asked before sending."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A vendor that did not get it: why, what it has, and by which rules it would have been better
    than the one that did.
    """

    offer: Offer
    because: OrderRule | PassedBecause
    better: tuple[OrderRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Picked:
    """Who gets it, None where nobody sends to the buyer's country."""

    offer: Offer | None
    passed: tuple[Passed, ...]


def serves(served: Collection[str], country: str) -> bool:
    """Whether a vendor sends to `country`; "": nobody knows where to, so nothing speaks against."""
    return not served or not country or country in served


def pick_source(
    offers: Sequence[Offer],
    rules: Sequence[OrderRule],
    *,
    units: int,
    country: str,
    current: int | None,
) -> Picked:
    """Who gets an order of `units` to `country`: the first rule that tells two apart decides; where
    none does, the one on sale now (`current`). Whoever does not send there is out.
    """
    order = [*dict.fromkeys(rules)]

    def key(one: Offer) -> tuple[object, ...]:
        told = (_key(rule, one, units, country) for rule in order)
        return (*told, one.variant_id != current, one.position, one.variant_id)

    there = sorted((one for one in offers if serves(one.served, country)), key=key)
    away = [Passed(one, PassedBecause.NOT_SERVED) for one in offers if one not in there]
    if not there:
        return Picked(None, tuple(away))
    best = there[0]
    passed = [_passed(one, best, order, units, country) for one in there[1:]]
    return Picked(best, (*passed, *away))


def _passed(
    one: Offer, best: Offer, order: Sequence[OrderRule], units: int, country: str
) -> Passed:
    def against(rule: OrderRule) -> int:
        mine, theirs = _key(rule, one, units, country), _key(rule, best, units, country)
        return (mine > theirs) - (mine < theirs)

    why = next((rule for rule in order if against(rule)), PassedBecause.NOT_NOW)
    return Passed(one, why, tuple(rule for rule in OrderRule if against(rule) < 0))


def _key(rule: OrderRule, one: Offer, units: int, country: str) -> tuple[Decimal, ...]:
    """Less is better."""
    match rule:
        case OrderRule.STOCK:
            return (Decimal(max(0, units - one.units)),)
        case OrderRule.COUNTRY:
            return (Decimal(bool(country) and one.country != country),)
        case OrderRule.COST:
            return (Decimal(one.cost is None), one.cost or Decimal(0))
        case OrderRule.PRIORITY:
            return (Decimal(one.position),)
