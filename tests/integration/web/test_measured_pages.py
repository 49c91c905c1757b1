"""`longshore bench pages` asks for every page that a person opens."""

from longshore.cli.bench.page_visits import NAMESPACES, NO_PAGES, pages, visits
from longshore.domain.findings import KINDS
from support.page_addresses import readable
from support.screens import World

MOVES_ON = {"vendor:approved"}
"""Opened by hand it leads elsewhere."""


def test_a_page_that_is_left_out_is_found(world: World):
    measured = {f"{name}:{one.name}" for name in NAMESPACES for one in pages(name)}
    opened = {
        f"{name}:{one.name}" for name in NAMESPACES for one in readable(world.ids(), name)
    } - MOVES_ON
    assert measured == opened
    assert not measured & NO_PAGES
    assert len(measured) > 50


def test_each_kind_of_row_is_known(world: World):
    """Whatever an address names, the bench has one of; the code of a cause is a real one."""
    asked = visits(world.vendor.pk)
    assert len({one.name for one in asked}) == len(asked)
    assert "late_to_ship" in KINDS
    assert any(one.url.startswith("/my/orders/") and one.vendor for one in asked)
