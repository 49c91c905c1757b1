"""What a purchase order tells the vendor each unit costs, from rows."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from longshore.domain.findings import Finding
from longshore.domain.money import minor_digits
from longshore.domain.placing_policy import PlacingPolicy, policy_of
from longshore.domain.pricing import (
    PriceBase,
    PriceRule,
    PurchasePrices,
    crossing_factor,
    sale_applies,
)
from longshore.storage.models import (
    PurchaseOrderLine,
    Store,
    Storefront,
    StorefrontOrder,
    VendorVariant,
)

KEPT = Decimal("0.000001")
"""As exactly as a unit's price is kept; lines are rounded as a whole."""


class PricesTold:
    """The prices of one order's part: all of them by one policy, at one time."""

    def __init__(self, order: StorefrontOrder, store: Store, at: datetime) -> None:
        self._order, self._store, self._at = order, store, at
        self.policy: PlacingPolicy = policy_of(store.vendor.placing)
        self.kind = self.policy.prices or PurchasePrices(order.marketplace.purchase_prices)
        self._factor: Decimal | Finding | None = None

    @property
    def currency(self) -> str:
        return self._store.currency or self._order.currency

    def crossed(self, amount: Decimal) -> Decimal | Finding:
        """An amount of the storefront in the store's currency and tax base, the way the listing's
        price came, backwards; or the rule that is missing. Nothing is converted without one.
        """
        if self._factor is None:
            self._factor = self._crossing()
        return self._factor if isinstance(self._factor, Finding) else amount / self._factor

    @property
    def own(self) -> bool:
        """Whether prices are the vendor's own, or a share of them."""
        return self.kind in {PurchasePrices.OWN, PurchasePrices.COST}

    def of(self, paid: Decimal, variant: VendorVariant | None) -> Decimal | Finding:
        """A unit's price in the store's currency; `paid` is what the buyer paid for it. `variant`:
        needed for `own` prices only.
        """
        told: Decimal | Finding | None
        match self.kind:
            case PurchasePrices.ZERO:
                told = Decimal(0)
            case PurchasePrices.RETAIL:
                told = self.crossed(paid)
            case PurchasePrices.OWN:
                told = self._own(variant)
            case PurchasePrices.COST:
                own = self._own(variant)
                told = None if own is None else own * self.policy.cost_percent / 100
        if told is None or (isinstance(told, Decimal) and told < 0):
            return Finding("order_price_unknown", {"vendor": self._store.vendor.name})
        if isinstance(told, Finding):
            return told
        # What the shop reads as a price has as many digits as its currency, but for tax taken out.
        whole = Decimal(1).scaleb(-minor_digits(self.currency))
        step = KEPT if self.policy.tax_percent else whole
        return self.policy.without_tax(told).quantize(step, rounding="ROUND_HALF_UP")

    def missing(self, lines: Iterable[PurchaseOrderLine]) -> Finding | None:
        """Writes the lines' prices anew, or says what is missing for one; then none is written."""
        changed: list[PurchaseOrderLine] = []
        for line in lines:
            price = self.of(line.order_line.unit_price, line.variant)
            if isinstance(price, Finding):
                return price
            if price != line.unit_price:
                line.unit_price = price
                changed.append(line)
        PurchaseOrderLine.objects.bulk_update(changed, ["unit_price"])
        return None

    def _own(self, variant: VendorVariant | None) -> Decimal | None:
        if variant is None:
            return None
        if sale_applies(variant, self._at) and variant.sale_price is not None:
            return variant.sale_price
        return variant.regular_price or None

    def _crossing(self) -> Decimal | Finding:
        owner = self._order.marketplace_id
        taxed = Storefront.objects.values_list("taxes_included", flat=True)
        vendor, store = self._store.vendor, self._store
        there = PriceBase(store.currency, store.prices_include_tax)
        here = PriceBase(self._order.currency, taxed.get(marketplace_id=owner))
        rule = PriceRule(vendor.rate, vendor.rate_dated, vendor.tax_factor)
        factor = crossing_factor(there, here, rule)
        if not isinstance(factor, Finding):
            return factor
        return Finding(
            "order_needs_rate"
            if there.currency != here.currency and not vendor.rate
            else "order_needs_tax_rule",
            {"vendor": vendor.name, "from": here.currency, "to": there.currency or "?"},
        )
