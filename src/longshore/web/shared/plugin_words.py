"""Plugins of vendors' shops by the names people know; folders as WordPress has them."""

from collections.abc import Collection

LANGUAGE = {
    "sitepress-multilingual-cms": "WPML",
    "woocommerce-multilingual": "WooCommerce Multilingual",
    "polylang": "Polylang",
    "polylang-pro": "Polylang Pro",
    "translatepress-multilingual": "TranslatePress",
    "weglot": "Weglot",
    "gtranslate": "GTranslate",
}
TRACKING = {
    "woocommerce-shipment-tracking": "Shipment Tracking",
    "woo-advanced-shipment-tracking": "Advanced Shipment Tracking",
    "ast-pro": "Advanced Shipment Tracking Pro",
    "aftership-woocommerce-tracking": "AfterShip",
    "woo-orders-tracking": "Orders Tracking",
    "woocommerce-germanized": "Germanized",
    "shiptastic-for-woocommerce": "Shiptastic",
    "woocommerce-shipping": "WooCommerce Shipping",
    "woocommerce-shipstation-integration": "ShipStation",
    "parcelpanel": "ParcelPanel",
    "woocommerce-postnl": "PostNL",
    "woocommerce-myparcel": "MyParcel",
    "dhl-for-woocommerce": "DHL",
}


def language_plugins(folders: Collection[str]) -> list[str]:
    return [name for folder, name in LANGUAGE.items() if folder in folders]


def tracking_plugins(folders: Collection[str]) -> list[str]:
    return [name for folder, name in TRACKING.items() if folder in folders]
