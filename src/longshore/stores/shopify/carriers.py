"""Carriers by the names Shopify knows: with one of them it builds the tracking link itself (schema:
FulfillmentTrackingInput.company).
"""

import re

_KNOWN = (
    "4PX", "AGS", "Amazon Logistics UK", "Amazon Logistics US", "Aramex", "Australia Post",
    "Bluedart", "Bpost", "Canada Post", "China Post", "Chronopost", "Colissimo", "Correios",
    "DHL Express", "DHL eCommerce", "DPD", "DPD UK", "Evri", "FedEx", "GLS", "Japan Post (EN)",
    "La Poste", "New Zealand Post", "PostNL", "PostNord", "Purolator", "Royal Mail", "SF Express",
    "Singapore Post", "StarTrack", "Swiss Post", "TNT", "Toll IPEC", "UPS", "USPS", "Yodel",
)  # fmt: skip
_OTHER_NAMES = {
    "deutschepostdhl": "DHL Express",
    "dhl": "DHL Express",
    "dhlde": "DHL Express",
    "dhlus": "DHL Express",
    "dpdde": "DPD",
    "dpdcouk": "DPD UK",
    "fedexsameday": "FedEx",
    "hermes": "Evri",
    "myhermes": "Evri",
    "postnlinternational": "PostNL",
    "postnlinternational3s": "PostNL",
    "postnl3s": "PostNL",
    "bpostbe": "Bpost",
    "austpost": "Australia Post",
    "upsfreight": "UPS",
    "uspsmailinnovations": "USPS",
}
"""Names that WooCommerce's tracking plugins use for the same carriers."""


def _bare(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


_BY_BARE_NAME = {_bare(name): name for name in _KNOWN} | _OTHER_NAMES


def company(carrier: str) -> str:
    """Shopify's name for a carrier, the carrier's own where Shopify knows none."""
    return _BY_BARE_NAME.get(_bare(carrier), carrier.strip())
