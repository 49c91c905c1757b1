"""Every address of the hub's own pages, found in the resolver: a new page is tested by itself."""

from collections.abc import Iterator
from typing import NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver, reverse

READS_WITH = {
    "find": "?q=o",
    "products": "?state=all",
    "orders": "?tab=all",
    "vendor_effects": "?buffer=2",
}
"""What makes a page show as much as it can."""

WRITES_ONLY = frozenset(
    {
        "decide",
        "held_settle",
        "import_move",
        "import_remove",
        "markup_move",
        "markup_remove",
        "name_move",
        "name_remove",
        "product_edit",
        "product_say",
        "run_undo",
        "sender_forget",
        "run_move",
        "vendor_scan_move",
        "key_make",
        "list_drop",
        "list_keep",
        "needs_apply",
        "needs_settle",
        "undo",
        "key_revoke",
        "order_carrier",
        "order_decide",
        "order_mean",
        "order_risk",
        "order_route",
        "orders_route",
        "order_teach",
        "order_write",
        "privacy_buyer",
        "setup_invoice",
        "setup_mail",
        "setup_marketplace",
        "setup_shopify",
        "team_invite",
        "team_remove",
        "team_role",
        "team_second_step",
        "approve",
        "offer",
        "check_again",
        "holiday",
        "trial",
        "vendor_trial",
        "keys_pasted",
        "settings",
        "vendor_check_again",
        "vendor_choose",
        "vendor_invite",
        "vendor_pause",
        "vendor_reconnect",
        "vendors_decide",
        "order_note",
        "stock_limit",
    }
)
MOVES_ON = frozenset({"setup_places"})
"""Opened by hand they lead elsewhere: they belong to a button."""


class Address(NamedTuple):
    """`of_row`: the address names one row of a marketplace."""

    name: str
    url: str
    of_row: bool


def addresses(ids: dict[str, int], namespace: str = "admin") -> Iterator[Address]:
    """The addresses of one namespace, filled with these ids."""
    for pattern in _patterns(namespace):
        needed = pattern.pattern.converters
        arguments = {name: ids[name] for name in needed}
        name = f"{namespace}:{pattern.name}"
        yield Address(pattern.name, reverse(name, kwargs=arguments), bool(needed))


def readable(ids: dict[str, int], namespace: str = "admin") -> Iterator[Address]:
    """Those that a browser may open, with what makes them show most."""
    for one in addresses(ids, namespace):
        if one.name not in WRITES_ONLY | MOVES_ON:
            more = READS_WITH.get(one.name, "") if namespace == "admin" else ""
            yield one._replace(url=one.url + more)


def _patterns(namespace: str) -> list[URLPattern]:
    resolvers = [one for one in get_resolver().url_patterns if isinstance(one, URLResolver)]
    found = [one for one in resolvers if one.namespace == namespace]
    return [one for one in found[0].url_patterns if isinstance(one, URLPattern)]
