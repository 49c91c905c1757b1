"""What is true about prices: from the vendor's amount to the storefront's, never by surprise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from longshore.domain.catalog import VendorVariant
from longshore.domain.findings import Finding
from longshore.domain.markup import (
    CompareAt,
    Markup,
    MarkupRule,
    PricedGoods,
    first_fitting,
    marked_up,
)
from longshore.domain.money import Money


@dataclass(frozen=True, slots=True)
class PriceBase:
    """What a bare amount means in a shop: its currency, and whether tax is inside."""

    currency: str
    tax_included: bool


@dataclass(frozen=True, slots=True)
class PriceRule:
    """What a marketplace said about one vendor's prices.

    `rate`: storefront units per store unit, with its date, or None. `tax_factor`: what an amount is
    multiplied with to cross the tax base (1.21 to add 21 % tax), or None.
    """

    rate: Decimal | None = None
    rate_dated: datetime | None = None
    tax_factor: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """What Shopify shows: the price, and the struck-through one while on sale. `rule`: the markup
    rule that decided, "" where none fits.
    """

    price: Money
    compare_at: Money | None = None
    rule: str = ""


class PurchasePrices(StrEnum):
    """What a purchase order tells the vendor each unit costs. RETAIL: what the buyer paid. OWN: the
    price in the vendor's own shop. COST: a share of that.
    """

    RETAIL = "retail"
    OWN = "own"
    COST = "cost"
    ZERO = "zero"


def price_variant(
    variant: VendorVariant,
    store: PriceBase,
    storefront: PriceBase,
    rule: PriceRule,
    now: datetime,
    markups: Sequence[MarkupRule] = (),
    goods: PricedGoods | None = None,
) -> Price | Finding:
    """The storefront's price at `now`, or why there is none: the vendor's amount crosses to the
    storefront's currency and tax base, then the first of `markups` that fits `goods` decides.

    A scheduled sale is judged by the clock here: a store's own `price` changes only when its
    cron runs (recording scheduled_sale.json).
    """
    factor = crossing_factor(store, storefront, rule)
    if isinstance(factor, Finding):
        return factor
    if not variant.regular_price or variant.regular_price <= 0:
        return Finding("no_price")
    crossed = variant.regular_price * factor
    markup = first_fitting(markups, goods or PricedGoods(0), crossed)
    told = "" if markup is None else markup.name or f"rule {markup.rule_id}"
    regular = _sold_for(crossed, markup, storefront.currency)
    if regular.amount <= 0:
        return Finding("price_not_positive", {"rule": told, "price": str(regular)})
    on_sale = sale_applies(variant, now) and not (markup and markup.markup is Markup.SET)
    if not on_sale or variant.sale_price is None:
        return Price(regular, rule=told)
    sale = _sold_for(variant.sale_price * factor, markup, storefront.currency)
    if not 0 < sale.amount < regular.amount:
        return Price(regular, rule=told)
    shows_regular = markup is None or markup.compare_at is CompareAt.SALE
    return Price(sale, regular if shows_regular else None, told)


def _sold_for(crossed: Decimal, markup: MarkupRule | None, currency: str) -> Money:
    amount = crossed if markup is None else marked_up(markup, crossed)
    return Money(amount, currency).rounded()


class OnSale(Protocol):
    """What has a regular price, and maybe another for a time."""

    @property
    def regular_price(self) -> Decimal | None: ...

    @property
    def sale_price(self) -> Decimal | None: ...

    @property
    def sale_from(self) -> datetime | None: ...

    @property
    def sale_to(self) -> datetime | None: ...


def sale_applies(variant: OnSale, now: datetime) -> bool:
    """Whether the sale price holds at `now`; a sale at or above the regular price never does."""
    if variant.sale_price is None or variant.regular_price is None or variant.sale_price <= 0:
        return False
    if variant.sale_price >= variant.regular_price:
        return False
    started = variant.sale_from is None or variant.sale_from <= now
    return started and (variant.sale_to is None or now < variant.sale_to)


def rate_too_old(
    store: PriceBase, storefront: PriceBase, rule: PriceRule, days: int, now: datetime
) -> Finding | None:
    """What is said of a rate that prices cross by, once it is older than so many days. Prices go on
    with it: a rate of last month is nearer to the truth than none.
    """
    crosses = store.currency and store.currency != storefront.currency
    if not crosses or rule.rate is None or rule.rate_dated is None:
        return None
    if now - rule.rate_dated < timedelta(days=days):
        return None
    return Finding(
        "rate_old",
        {
            "from": store.currency,
            "to": storefront.currency,
            "rate": f"{rule.rate.normalize():f}",
            "dated": rule.rate_dated.date().isoformat(),
        },
    )


def crossing_factor(store: PriceBase, storefront: PriceBase, rule: PriceRule) -> Decimal | Finding:
    """The factor from the store's amounts to the storefront's, or the rule that is missing."""
    factor = Decimal(1)
    if not store.currency:
        return Finding("price_currency_unknown", {"to": storefront.currency})
    if store.currency != storefront.currency:
        if rule.rate is None or rule.rate <= 0:
            return Finding(
                "price_needs_currency_rule", {"from": store.currency, "to": storefront.currency}
            )
        factor *= rule.rate
    if store.tax_included != storefront.tax_included:
        if rule.tax_factor is None or rule.tax_factor <= 0:
            words = {True: "with", False: "without"}
            return Finding(
                "price_needs_tax_rule",
                {"from": words[store.tax_included], "to": words[storefront.tax_included]},
            )
        factor *= rule.tax_factor
    return factor
