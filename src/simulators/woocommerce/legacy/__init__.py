"""The old API below /wc-api/ of the simulated shop: v1, v2 and v3 (WooCommerce 2.1 to 8.x)."""
