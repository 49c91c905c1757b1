"""Where a WooCommerce store is and how we sign in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from longshore.domain.orders import StatusMeaning
from longshore.domain.pacing import PaceState
from longshore.domain.tracking import TaughtKeys
from longshore.ports.stores import ConnectionProfile


@dataclass(frozen=True, slots=True)
class StoreAccess:
    """A store's address and REST API key. `profile` is what the doctor learned, None before; `pace`
    is how hard its host was asked at last, `timeout_s` how long it may take for an answer,
    `tracking_keys` what people taught us of its orders, `status_meanings` of the statuses it made
    up.
    """

    base_url: str
    key: str = field(repr=False)
    secret: str = field(repr=False)
    profile: ConnectionProfile | None = None
    pace: PaceState = field(default_factory=PaceState)
    timeout_s: float = 60.0
    tracking_keys: TaughtKeys = field(default_factory=TaughtKeys)
    status_meanings: Mapping[str, StatusMeaning] = field(default_factory=dict[str, StatusMeaning])
