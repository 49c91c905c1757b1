"""Connect the marketplace's storefront: reads and checks, remembers. Writes nothing on Shopify."""

from collections.abc import Sequence

from longshore.ports.clock import Clock
from longshore.ports.errors import NeedsOperator
from longshore.ports.ledger.connections import ConnectionLedger, StorefrontKeys
from longshore.ports.storefronts import Publication, Storefront
from longshore.sync.heal_storefront import scopes_missing

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
        raise scopes_missing(facts.missing_scopes)
    publication = _choose(storefront.list_publications())
    return ledger.save_storefront(marketplace_id, keys, facts, publication, clock.now())


def _choose(publications: Sequence[Publication]) -> Publication | None:
    """The Online Store where there is one; a person may choose another."""
    for publication in publications:
        if publication.name.casefold() == PREFERRED_PUBLICATION:
            return publication
    return publications[0] if publications else None
