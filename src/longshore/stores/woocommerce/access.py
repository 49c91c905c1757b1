"""Where a WooCommerce store is and how we sign in."""

from dataclasses import dataclass, field

from longshore.ports.stores import ConnectionProfile


@dataclass(frozen=True, slots=True)
class StoreAccess:
    """A store's address and REST API key. `profile` is what the doctor learned, None before."""

    base_url: str
    key: str = field(repr=False)
    secret: str = field(repr=False)
    profile: ConnectionProfile | None = None
