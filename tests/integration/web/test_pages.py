"""Every page answers, reads only what its marketplace owns, and asks as often with many rows."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from support.screens import HOSTILE, World, find, make_listing, make_order, make_part, make_product
from support.screens import make_line, make_world


def pages(world: World) -> dict[str, str]:
    """Every page of the marketplace that a browser may open, by name."""
    found = {}
    for pattern in get_resolver("longshore.web.admin.urls").url_patterns:
        needed = pattern.pattern.converters
        arguments = {name: world.ids()[name] for name in needed}
        found[pattern.name] = reverse(f"admin:{pattern.name}", kwargs=arguments)
    return found


WRITES_ONLY = {"decide", "order_route", "vendor_switches", "vendor_invite", "setup_shopify", "setup_marketplace", "setup_mail"}
MOVES_ON = {"find", "setup_places"}


def test_every_page_answers(world: World, owner: Client):
    for name, url in pages(world).items():
        status = owner.get(url).status_code
        expected = 405 if name in WRITES_ONLY else 302 if name in MOVES_ON else 200
        assert status == expected, f"{name} answers {status}"
