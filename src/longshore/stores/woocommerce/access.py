"""Where a WooCommerce store is and how we sign in."""

from dataclasses import dataclass, field

from longshore.ports.stores import StoreFacts


@dataclass(frozen=True, slots=True)
class StoreAccess:
    """A store's address and REST API key. `facts` are what an earlier connection learned, None on
    the first one.
    """

    base_url: str
    key: str = field(repr=False)
    secret: str = field(repr=False)
    facts: StoreFacts | None = None
