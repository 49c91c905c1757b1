"""What is true about the marketplace's share of a price: rules in order, markups, and the endings
prices are rounded to. Exact decimals throughout.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from enum import StrEnum

from longshore.domain.folding import folded

HUNDRED = Decimal(100)


class Markup(StrEnum):
    """How an amount changes a price: PERCENT of the price on top; MARGIN, percent of the selling
    price; ADD, an amount on top (negative: off); SET, the price itself.
    """

    PERCENT = "percent"
    MARGIN = "margin"
    ADD = "add"
    SET = "set"


class RoundTo(StrEnum):
    NEAREST = "nearest"
    UP = "up"
    DOWN = "down"


class CompareAt(StrEnum):
    """Whether a vendor's sale shows the regular price struck through."""

    SALE = "sale"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class MarkupRule:
    """What becomes of a vendor's price. The first rule that fits decides; empty conditions always
    fit. The price band and all amounts are in the storefront's currency and tax base: a price has
    crossed before. `ending` with `every`: 0.99 with 1 makes 12.99, 9 with 10 makes 19.
    """

    rule_id: int
    name: str = ""
    vendor_id: int | None = None
    category: str = ""
    tag: str = ""
    at_least: Decimal | None = None
    below: Decimal | None = None
    markup: Markup = Markup.PERCENT
    amount: Decimal = Decimal(0)
    ending: Decimal | None = None
    every: Decimal = Decimal(1)
    round_to: RoundTo = RoundTo.NEAREST
    compare_at: CompareAt = CompareAt.SALE


@dataclass(frozen=True, slots=True)
class PricedGoods:
    """What a rule looks at beside the price."""

    vendor_id: int
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


def first_fitting(
    rules: Sequence[MarkupRule], goods: PricedGoods, regular: Decimal
) -> MarkupRule | None:
    """The rule for goods whose regular price has crossed to the storefront's base."""
    return next((rule for rule in rules if _fits(rule, goods, regular)), None)


def _fits(rule: MarkupRule, goods: PricedGoods, regular: Decimal) -> bool:
    if rule.vendor_id is not None and rule.vendor_id != goods.vendor_id:
        return False
    if rule.category and folded(rule.category) not in map(folded, goods.categories):
        return False
    if rule.tag and folded(rule.tag) not in map(folded, goods.tags):
        return False
    if rule.at_least is not None and regular < rule.at_least:
        return False
    return rule.below is None or regular < rule.below


def marked_up(rule: MarkupRule, amount: Decimal) -> Decimal:
    """The marketplace's price, not rounded to the currency yet. Zero or less where a rule takes
    off more than there is, or a margin leaves nothing: the caller holds it back.
    """
    price = _with_markup(rule, amount)
    if rule.ending is None or price <= 0:
        return price
    return to_ending(price, rule.ending, rule.every, rule.round_to)


def _with_markup(rule: MarkupRule, amount: Decimal) -> Decimal:
    match rule.markup:
        case Markup.PERCENT:
            return amount * (HUNDRED + rule.amount) / HUNDRED
        case Markup.MARGIN:
            left = HUNDRED - rule.amount
            return amount * HUNDRED / left if left > 0 else Decimal(0)
        case Markup.ADD:
            return amount + rule.amount
        case Markup.SET:
            return rule.amount


_ROUNDING = {
    RoundTo.NEAREST: ROUND_HALF_UP,
    RoundTo.UP: ROUND_CEILING,
    RoundTo.DOWN: ROUND_FLOOR,
}


def to_ending(amount: Decimal, ending: Decimal, every: Decimal, round_to: RoundTo) -> Decimal:
    """The amount that is `ending` beyond a multiple of `every`, nearest to, above or below the
    given one. Never zero or less: then it is the lowest such amount above.
    """
    if every <= 0:
        return amount
    steps = ((amount - ending) / every).to_integral_value(_ROUNDING[round_to])
    found = ending + steps * every
    if found > 0:
        return found
    lowest = ending % every
    return lowest if lowest > 0 else every


def rule_problem(rule: MarkupRule) -> str:
    """Why a rule makes no sense, in words for whoever writes it; "" when it does."""
    leaves_nothing = {
        Markup.MARGIN: not 0 <= rule.amount < HUNDRED,
        Markup.PERCENT: rule.amount <= -HUNDRED,
        Markup.SET: rule.amount <= 0,
    }
    told = {
        Markup.MARGIN: "A margin lies between 0 and 100 percent.",
        Markup.PERCENT: "A markup of -100 percent or less leaves nothing.",
        Markup.SET: "A fixed price must be above zero.",
    }
    if leaves_nothing.get(rule.markup):
        return told[rule.markup]
    if rule.every <= 0:
        return "Prices repeat their ending every amount above zero."
    if rule.ending is not None and not 0 <= rule.ending < rule.every:
        return "An ending lies between zero and the amount after which it repeats."
    if rule.at_least is not None and rule.below is not None and rule.at_least >= rule.below:
        return "The price band ends before it begins."
    return ""


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far a price may move from the last good one before a person looks at it, in percent.
    A slipped decimal point is a drop of 90 or a rise of 900.
    """

    rise_percent: Decimal = Decimal(150)
    drop_percent: Decimal = Decimal(60)


def is_suspicious(known: Decimal, wanted: Decimal, tolerance: Tolerance) -> bool:
    """Whether a change is beyond the tolerance; there is no change from nothing."""
    if known <= 0 or wanted == known:
        return False
    change = (wanted - known) * HUNDRED / known
    return change > tolerance.rise_percent or -change > tolerance.drop_percent
