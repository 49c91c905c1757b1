"""What is true about old shops: what a store cannot do, in words, and what we do instead."""

from collections.abc import Mapping

LIMITS: Mapping[str, str] = {
    "stock_by_sweeps": (
        "This version does not say when stock changes: changes are found by reading all stock,"
        " every few minutes."
    ),
    "no_tracking": (
        "This version shows no tracking numbers: an order is shipped when it is completed, and its"
        " number can be typed in the portal."
    ),
    "hub_restocks": (
        "This version does not put stock back when an order is canceled: Longshore does it."
    ),
    "no_webhooks": "This version cannot notify us: it is looked at more often.",
    "shop_prices": (
        "This version writes its own prices into orders: it takes no others, and nothing is sent to"
        " it free of charge."
    ),
}
"""gettext message ids by the codes of `ConnectionProfile.limits`."""


def limit_words(code: str) -> str:
    """The words of a limit; a code that nobody wrote words for is shown as it is."""
    return LIMITS.get(code, code)
