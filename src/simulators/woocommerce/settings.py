"""What is set up in the simulated shop: version, currency, keys, how its server behaves."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from simulators.woocommerce.versions import TODAY, Version

ROLES = ("administrator", "shop_manager", "editor", "customer", "subscriber")
MAY_MANAGE = frozenset({"administrator", "shop_manager"})


@dataclass(slots=True)
class ApiKey:
    """A row of "REST API keys". `permissions`: read, write or read_write. A revoked key is as good
    as unknown.
    """

    key: str
    secret: str
    permissions: str = "read_write"
    role: str = "administrator"
    revoked: bool = False
    id: int = 1
    description: str = ""


def made_up_key(seed: int, permissions: str = "read_write", role: str = "administrator") -> ApiKey:
    """A key in WooCommerce's form, the same for the same seed."""
    text = f"simulated shop {seed} {permissions} {role}"
    return ApiKey(
        key="ck_" + hashlib.sha1(f"key {text}".encode()).hexdigest(),  # noqa: S324 - shape only
        secret="cs_" + hashlib.sha1(f"secret {text}".encode()).hexdigest(),  # noqa: S324
        permissions=permissions,
        role=role,
    )


def default_users() -> dict[str, tuple[str, str]]:
    return {
        "admin": ("fake-password", "administrator"),
        "shopmanager": ("fake-password", "shop_manager"),
        "customer1": ("fake-password", "customer"),
    }


@dataclass(slots=True)
class ShopSettings:
    """`home`: the site address in WordPress, which OAuth signatures are made over; empty: the
    address it is served under. `products` > 0: a generated catalog of that many products,
    `variable` of them with 2 to 10 variations; 0: the recorded one. `data`: another catalog, a file
    like `data/seed.json`. `starts_at`: epoch seconds at which the clock stands still.
    `cron_every_s`: None means that only `sim.cron()`, `/_sim/cron` or a visit runs the cron.
    `cron_on_visit`: a request may run it, at most once in `cron_lock_s`, as WordPress does.
    `latency_ms`: waited before each answer of the API. `webhook_ca`: the authority to trust when
    webhooks are delivered. `users`: name -> (password, role), for pages that want a sign-in.
    `legacy_api`: the switch of the old API; None: as it stands in a new shop of that version.
    `statuses`: slug -> name of order statuses that plugins made up. `features`: experiments
    of newer versions that are switched on (`versions.Version.features`). `pretty_permalinks` False:
    plain ones. `rewrite` False: the web server has no rewrite rules, so only real files are found.
    """

    home: str = ""
    name: str = "Vendor Test Shop"
    version: Version = TODAY
    currency: str = "EUR"
    prices_include_tax: bool = True
    calc_taxes: bool = False
    manage_stock: bool = True
    timezone: str = "Europe/Amsterdam"
    country: str = "NL"
    language: str = "en_US"
    weight_unit: str = "kg"
    dimension_unit: str = "cm"
    hpos: bool = True
    legacy_api: bool | None = None
    pretty_permalinks: bool = True
    rewrite: bool = True
    tracking_plugin: str = ""
    plugins: list[str] = field(default_factory=list[str])
    statuses: dict[str, str] = field(default_factory=dict[str, str])
    features: list[str] = field(default_factory=list[str])
    users: dict[str, tuple[str, str]] = field(default_factory=default_users)
    products: int = 0
    variable: int = 0
    seed: int = 1
    data: Path | None = None
    starts_at: float | None = None
    key: str = ""
    secret: str = ""
    controls: bool = True
    latency_ms: int = 0
    cron_every_s: float | None = None
    cron_on_visit: bool = False
    cron_lock_s: int = 60
    webhook_ca: Path | None = None

    def __post_init__(self) -> None:
        self.hpos = self.hpos and self.version.hpos
