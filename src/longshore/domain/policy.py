"""What is true about a marketplace's policy for listings, and where a vendor's own differs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from longshore.domain.linking import WhenWithdrawn
from longshore.domain.mapping import ImportRule, NameRule, Templates
from longshore.domain.markup import MarkupRule, Tolerance
from longshore.domain.ownership import Owner, Owners
from longshore.domain.sources import USUAL_RULES, Choice, OrderRule


@dataclass(frozen=True, slots=True)
class ListingRules:
    """The marketplace's rules in their order; each may be for one vendor only."""

    imports: tuple[ImportRule, ...] = ()
    names: tuple[NameRule, ...] = ()
    markups: tuple[MarkupRule, ...] = ()

    @property
    def follow_stock(self) -> bool:
        """Whether a change of stock may let goods in or keep them out."""
        return any(rule.subject == "stock" for rule in self.imports)


@dataclass(frozen=True, slots=True)
class Policy:
    """How a vendor's goods become listings. `merges`: names of options that become one where a
    product has too many.
    """

    templates: Templates = field(default_factory=Templates)
    owners: Owners = field(default_factory=dict[str, Owner])
    merges: tuple[tuple[str, ...], ...] = ()
    tolerance: Tolerance = field(default_factory=Tolerance)
    choice: Choice = Choice.PRIORITY
    linked: WhenWithdrawn = WhenWithdrawn.SOLD_OUT
    order_rules: tuple[OrderRule, ...] = USUAL_RULES

    def over(self, given: Mapping[str, Any]) -> "Policy":
        """The policy with what a row has differently; empty values change nothing. Keys are those
        of the row: title, description, sku, shown_vendor, owners, merges, price_rise_percent,
        price_drop_percent, choice, linked, order_rules.
        """
        texts = {
            name: given[name]
            for name in ("title", "description", "sku", "shown_vendor")
            if given.get(name)
        }
        limits = {
            name: given[f"price_{name}"]
            for name in ("rise_percent", "drop_percent")
            if given.get(f"price_{name}") is not None
        }
        owners: Mapping[str, str] = given.get("owners") or {}
        merges: Sequence[Sequence[str]] = given.get("merges") or ()
        return replace(
            self,
            templates=replace(self.templates, **texts),
            owners={**self.owners, **{name: Owner(one) for name, one in owners.items()}},
            merges=(*(tuple(one) for one in merges), *self.merges),
            tolerance=replace(self.tolerance, **limits),
            choice=Choice(given["choice"]) if given.get("choice") else self.choice,
            linked=WhenWithdrawn(given["linked"]) if given.get("linked") else self.linked,
            order_rules=tuple(map(OrderRule, given.get("order_rules") or ())) or self.order_rules,
        )
