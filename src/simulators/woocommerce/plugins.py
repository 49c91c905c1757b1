"""Plugins of the simulated shop: what each adds to the index and to the system status."""

from dataclasses import dataclass

from simulators.woocommerce.jsonish import Json
from simulators.woocommerce.settings import ShopSettings


@dataclass(frozen=True, slots=True)
class Plugin:
    file: str
    name: str
    version: str
    author: str
    address: str
    author_address: str
    namespaces: tuple[str, ...] = ()

    def described(self) -> Json:
        return {
            "plugin": self.file,
            "name": self.name,
            "version": self.version,
            "version_latest": self.version,
            "url": self.address,
            "author_name": self.author,
            "author_url": self.author_address,
            "network_activated": False,
        }


OFFICIAL, ADVANCED = "woocommerce-shipment-tracking", "woo-advanced-shipment-tracking"
TRACKING = {
    OFFICIAL: Plugin(
        f"{OFFICIAL}/{OFFICIAL}.php",
        "WooCommerce Shipment Tracking",
        "2.6.5",
        "WooCommerce",
        "https://woocommerce.com/products/shipment-tracking/",
        "https://woocommerce.com",
        ("wc-shipment-tracking/v3",),
    ),
    ADVANCED: Plugin(
        f"{ADVANCED}/woocommerce-advanced-shipment-tracking.php",
        "Advanced Shipment Tracking for WooCommerce",
        "3.9.2",
        "zorem",
        "https://www.zorem.com/products/woocommerce-advanced-shipment-tracking/",
        "https://www.zorem.com",
        ("wc-ast/v3", "wc-shipment-tracking/v3"),
    ),
}
POLYLANG, WPML = "polylang", "sitepress-multilingual-cms"
LANGUAGES = {
    POLYLANG: Plugin(
        f"{POLYLANG}/{POLYLANG}.php",
        "Polylang",
        "3.8.7",
        "WP SYNTEX",
        "https://polylang.pro",
        "https://polylang.pro",
        ("pll/v1",),
    ),
    WPML: Plugin(
        f"{WPML}/sitepress.php",
        "WPML Multilingual CMS",
        "4.7.6",
        "OnTheGoSystems",
        "https://wpml.org/",
        "https://www.onthegosystems.com/",
        ("wpml/v1", "wpml/tm/v1"),
    ),
}
"""Polylang as recorded (its free edition); WPML, a paid plugin, from its documentation."""
ALIASES = {"official": OFFICIAL, "ast": ADVANCED}


def tracking_plugin(settings: ShopSettings) -> str:
    """The folder of the active tracking plugin; empty: none."""
    return ALIASES.get(settings.tracking_plugin, settings.tracking_plugin)


def active_plugins(settings: ShopSettings) -> list[Json]:
    """WooCommerce itself, the tracking plugin, and others known by their folder only."""
    version = settings.version.woocommerce
    core = Plugin(
        "woocommerce/woocommerce.php",
        "WooCommerce",
        version,
        "Automattic",
        "https://woocommerce.com/",
        "https://woocommerce.com",
    ).described()
    found = [core]
    tracking = TRACKING.get(tracking_plugin(settings))
    if tracking is not None:
        found.insert(0, tracking.described())
    for folder in settings.plugins:
        name = folder.replace("-", " ").title()
        unknown = Plugin(f"{folder}/{folder}.php", name, "1.0.0", name, "", "")
        found.append(LANGUAGES.get(folder, unknown).described())
    return found


def namespaces(settings: ShopSettings) -> list[str]:
    """With those of plugins, in no particular order."""
    known_plugins = {**TRACKING, **LANGUAGES}
    active = [known_plugins.get(name) for name in (tracking_plugin(settings), *settings.plugins)]
    more = [name for plugin in active if plugin is not None for name in plugin.namespaces]
    known = settings.version.namespaces
    return [*known[:1], *more, *known[1:]]
