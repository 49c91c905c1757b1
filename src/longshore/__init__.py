"""Longshore: the hub between vendors' WooCommerce shops and one Shopify storefront."""

__version__ = "0.1.0"
