"""How a simulated shop is made: its plan, its keys, the knobs of what takes time or is limited."""

from dataclasses import dataclass

ALL_SCOPES = (
    "write_products",
    "read_publications",
    "write_publications",
    "write_inventory",
    "read_locations",
    "write_locations",
    "read_orders",
    "write_merchant_managed_fulfillment_orders",
)
"""What the hub asks for; `MORE_SCOPES` are for what it may do beyond that."""
MORE_SCOPES = (
    *ALL_SCOPES,
    "read_all_orders",
    "write_orders",
    "write_fulfillments",
    "write_returns",
    "write_assigned_fulfillment_orders",
)
LOCATION_LIMITS = {"basic": 10, "grow": 10, "advanced": 10, "plus": 200}
RESTORE_RATES = {"basic": 100, "grow": 100, "advanced": 200, "plus": 1000}
BUCKET_S = 20
"""The bucket holds so many seconds' worth of points."""
RETRIES = tuple(14_400 / 255 * 2**number for number in range(8))
"""Eight pauses that double and add up to four hours."""


@dataclass
class ShopSettings:
    """The keys are fake and look it. Everything after `controls` may be changed while it runs."""

    domain: str = "harbor-demo.myshopify.com"
    name: str = "Harbor Market"
    plan: str = "basic"
    currency: str = "EUR"
    timezone: str = "Europe/Prague"
    taxes_included: bool = True
    token: str = "shpat_fake00000000000000000000000000"  # noqa: S105 - fake
    client_id: str = "fake-client-id"
    client_secret: str = "shpss_fake00000000000000000000000000"  # noqa: S105 - fake
    scopes: tuple[str, ...] = ALL_SCOPES
    bucket: float | None = None
    restore_rate: float | None = None
    controls: bool = True
    protected_data: bool = True
    """Whether names, addresses, e-mail and phone of buyers are shown to the app."""
    location_limit: int | None = None
    """How many locations may be active; None: as the plan says."""
    webhook_retry_s: tuple[float, ...] = RETRIES
    """Pauses before a delivery in vain is tried again."""
    media_s: float = 1.0
    """How long an image is downloaded and processed."""
    operation_s: float = 0.5
    """How long productSet in the background and the canceling of an order take."""
    routing_s: float = 0.0
    """How long after the checkout fulfillment orders appear."""
    search_lag_s: float = 0.0
    """How long a change is missing from searches."""
    bulk_lines_s: float = 500.0
    """Lines of a bulk operation worked on in a second."""
    hang_s: float = 60.0
    """How long a call hangs that is to hang, by the machine's clock."""
    variant_threshold: int = 50_000
    """From so many variants in the shop on, apps make only so many new ones a day."""
    variants_a_day: int = 1_000
    """How many that are."""

    def __post_init__(self) -> None:
        if self.restore_rate is None:
            self.restore_rate = RESTORE_RATES[self.plan]
        if self.bucket is None:
            self.bucket = self.restore_rate * BUCKET_S

    @property
    def locations(self) -> int:
        """How many locations may be active."""
        return LOCATION_LIMITS[self.plan] if self.location_limit is None else self.location_limit
