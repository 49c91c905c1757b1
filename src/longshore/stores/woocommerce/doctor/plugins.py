"""Plugins that mean something for a connection, by the folders they live in."""

from collections.abc import Mapping, Sequence

from longshore.domain.findings import Finding
from longshore.ports.stores import ConnectionProfile
from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.doctor.asking import found
from longshore.stores.woocommerce.wire import Json

DISTURBING = {
    "wp-cerber": "WP Cerber",
    "all-in-one-wp-security-and-firewall": "All-In-One Security",
    "ninjafirewall": "NinjaFirewall",
    "wp-simple-firewall": "Shield Security",
    "antispam-bee": "Antispam Bee",
    "wp-fastest-cache": "WP Fastest Cache",
    "better-wp-security": "Solid Security (iThemes)",
    "wordfence": "Wordfence",
}
ON_THE_FLY = {
    "translatepress-multilingual": "TranslatePress",
    "weglot": "Weglot",
    "gtranslate": "GTranslate",
}
TRACKING = frozenset(
    {
        "woocommerce-shipment-tracking",
        "woo-advanced-shipment-tracking",
        "ast-pro",
        "aftership-woocommerce-tracking",
        "woo-orders-tracking",
        "woocommerce-germanized",
        "shiptastic-for-woocommerce",
        "woocommerce-shipping",
        "woocommerce-shipstation-integration",
        "parcelpanel",
        "woocommerce-postnl",
        "woocommerce-myparcel",
        "dhl-for-woocommerce",
    }
)
OLD_ORDER_META = {"woo-orders-tracking": "Orders Tracking for WooCommerce"}
"""Write tracking with post functions, which the newer order storage does not show."""
OTHER_AMOUNTS = {
    "woocommerce-multilingual": "WooCommerce Multilingual",
    "woocommerce-currency-switcher": "FOX Currency Switcher",
    "woocommerce-product-bundles": "Product Bundles",
    "woocommerce-multi-inventory": "Multi Inventory",
    "stock-locations-for-woocommerce": "Stock Locations",
}


def with_versions(status: Json) -> Mapping[str, str]:
    """The active plugins of a system status: folder -> version."""
    return {
        wire.text(row.get("plugin")).partition("/")[0]: wire.text(row.get("version"))
        for row in wire.items(status.get("active_plugins"))
        if wire.text(row.get("plugin"))
    }


def polylang_languages(rows: Sequence[Json]) -> tuple[str, ...]:
    """Codes, the default one first (recording languages_polylang_verified.json)."""
    codes = [(wire.flag(row.get("is_default")), wire.text(row.get("slug"))) for row in rows]
    return tuple(code for _, code in sorted(codes, key=lambda pair: not pair[0]) if code)


def wpml_languages(products: Sequence[Json]) -> tuple[str, ...]:
    """Codes that a product of WPML names; from its documentation, not seen on a shop."""
    codes: list[str] = []
    for row in products:
        codes += [wire.text(row.get("lang")), *map(str, wire.mapping(row.get("translations")))]
    return tuple(dict.fromkeys(code for code in codes if code))


def advice(profile: ConnectionProfile, status: Json) -> list[Finding]:
    """What the plugins of this shop mean."""
    there = profile.plugins
    notes = [found("D26", plugin=name) for folder, name in DISTURBING.items() if folder in there]
    notes += [found("D54", plugin=name) for folder, name in ON_THE_FLY.items() if folder in there]
    if there and not TRACKING & there.keys():
        notes.append(found("D55"))
    hpos = wire.flag(wire.mapping(status.get("settings")).get("HPOS_enabled"))
    synced = wire.flag(wire.mapping(status.get("settings")).get("HPOS_sync_enabled"))
    if hpos and not synced:
        old = [name for folder, name in OLD_ORDER_META.items() if folder in there]
        notes += [found("D56", plugin=name) for name in old]
    amounts = [name for folder, name in OTHER_AMOUNTS.items() if folder in there]
    notes += [found("D58", plugin=name, currency=profile.currency) for name in amounts]
    environment = wire.mapping(status.get("environment"))
    if "wp_cron" in environment and not wire.flag(environment["wp_cron"]):
        notes.append(found("D60", host=profile.base_url.partition("://")[2]))
    return notes
