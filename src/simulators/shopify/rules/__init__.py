"""The rules of Shopify that the simulated shop keeps, each with its source.

Every rule has a naive test in tests/contract/shopify: a request of somebody who does not know it,
and what becomes of that. The page docs/howto/simulated-shopify.md lists them.
"""

from simulators.shopify.rules import bulk, fulfillment, limits, orders, products, stock, webhooks
from simulators.shopify.rules.rule import MARKS, Rule

ROOMS: dict[str, tuple[Rule, ...]] = {
    "Access, cost and limits": limits.RULES,
    "Products": products.RULES,
    "Stock and locations": stock.RULES,
    "Orders": orders.RULES,
    "Fulfillment": fulfillment.RULES,
    "Webhooks": webhooks.RULES,
    "Bulk operations": bulk.RULES,
}
RULES: tuple[Rule, ...] = tuple(rule for rules in ROOMS.values() for rule in rules)
ASSUMPTIONS: tuple[Rule, ...] = tuple(rule for rule in RULES if rule.inferred)

__all__ = ["ASSUMPTIONS", "MARKS", "ROOMS", "RULES", "Rule"]
