"""Connect the marketplace's storefront: reads and checks, remembers. Writes nothing on Shopify."""

from collections.abc import Mapping, Sequence

from longshore.domain.findings import Finding
from longshore.ports.clock import Clock
from longshore.ports.errors import NeedsOperator
from longshore.ports.ledger.connections import ConnectionLedger, StorefrontKeys
from longshore.ports.storefronts import Publication, Storefront

PREFERRED_PUBLICATION = "online store"


def connect_storefront(
    storefront: Storefront,
    ledger: ConnectionLedger,
    clock: Clock,
    *,
    marketplace_id: int,
    keys: StorefrontKeys,
) -> int:
    """Returns the storefront's id. Raises the errors of `ports.errors`; then nothing is stored."""
    if keys.access_token and not keys.client_secret:
        raise NeedsOperator(
            "With an access token the app's API secret key is needed too: Shopify signs its"
            " webhooks with it. Copy it from the app's API credentials page."
        )
    facts = storefront.read_facts()
    if facts.missing_scopes:
        raise _scopes_missing(facts.missing_scopes)
    publication = _choose(storefront.list_publications())
    return ledger.save_storefront(marketplace_id, keys, facts, publication, clock.now())


def _choose(publications: Sequence[Publication]) -> Publication | None:
    """The Online Store where there is one; a person may choose another."""
    for publication in publications:
        if publication.name.casefold() == PREFERRED_PUBLICATION:
            return publication
    return publications[0] if publications else None


def _scopes_missing(missing: Mapping[str, str]) -> NeedsOperator:
    scope, feature = next(iter(sorted(missing.items())))
    listed = "; ".join(f"{name} ({use})" for name, use in sorted(missing.items()))
    return NeedsOperator(
        f"The app lacks access scopes: {listed}. Add them to the app in Shopify, install it again,"
        " then test the connection once more.",
        finding=Finding("storefront_scope_missing", {"scope": scope, "feature": feature}),
    )
