"""Heal the storefront: reads its facts anew, takes it into use again, and repairs our webhooks."""

from collections.abc import Mapping

from longshore.domain.findings import Finding
from longshore.ports.clock import Clock
from longshore.ports.errors import NeedsOperator
from longshore.ports.ledger.health import HealthLedger
from longshore.ports.storefronts import Storefront

TOPICS = (
    "ORDERS_CREATE",
    "ORDERS_PAID",
    "ORDERS_UPDATED",
    "ORDERS_EDITED",
    "ORDERS_CANCELLED",
    "ORDERS_DELETE",
    "REFUNDS_CREATE",
    "PRODUCTS_UPDATE",
    "PRODUCTS_DELETE",
    "BULK_OPERATIONS_FINISH",
)


def heal_storefront(
    storefront: Storefront, ledger: HealthLedger, clock: Clock, *, marketplace_id: int
) -> None:
    """Raises the errors of `ports.errors` when Shopify does not let us in or took a scope away."""
    facts = storefront.read_facts()
    if facts.missing_scopes:
        raise scopes_missing(facts.missing_scopes)
    ledger.renew_storefront(marketplace_id, facts, clock.now())
    hook = ledger.storefront_hook(marketplace_id)
    if hook is not None:
        topics = storefront.ensure_webhooks(TOPICS, hook.url)
        ledger.keep_storefront_webhooks(marketplace_id, topics, clock.now())


def scopes_missing(missing: Mapping[str, str]) -> NeedsOperator:
    """All missing scopes with the features that need them; the finding names the first."""
    scope, feature = next(iter(sorted(missing.items())))
    listed = "; ".join(f"{name} ({use})" for name, use in sorted(missing.items()))
    return NeedsOperator(
        f"The app lacks access scopes: {listed}. Add them to the app in Shopify, install it again,"
        " then test the connection once more.",
        finding=Finding("storefront_scope_missing", {"scope": scope, "feature": feature}),
    )
