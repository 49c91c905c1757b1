"""Addresses in shops, as pages may link to them."""

from typing import Any


def shopify_admin(domain: str, gid: str) -> str:
    """Where the marketplace's own people see a product or an order, "" before it is there."""
    kind, _, number = gid.removeprefix("gid://shopify/").partition("/")
    return f"https://{domain}/admin/{kind.lower()}s/{number}" if domain and number.isdigit() else ""


def first_image(images: list[Any]) -> str:
    """The first picture's address; only https, since pages load nothing in clear."""
    url = str(images[0][1]) if images else ""
    return url if url.startswith("https://") else ""
