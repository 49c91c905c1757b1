"""A new address is decided about: who may use it, and whether the bench of pages asks for it."""

from longshore.cli.bench.page_visits import NAMESPACES, NO_PAGES, known_rows, pages
from support.access_table import DOORS, every_name
from support.page_addresses import MOVES_ON, WRITES_ONLY


def test_every_address_has_its_door() -> None:
    """Write it down in tests/support/access_table.py; tests/integration/web/test_matrix.py then
    plays it for every kind of person.
    """
    assert every_name() == set(DOORS)
    assert len(DOORS) > 140


def test_every_page_is_measured() -> None:
    """What is no page stands in NO_PAGES of cli/bench/page_visits.py: those are the addresses that
    the tests know as forms, and two that move on.
    """
    names = {name.partition(":")[2] for name in NO_PAGES}
    assert names - {"approved"} == WRITES_ONLY | MOVES_ON
    measured = {f"{space}:{one.name}" for space in NAMESPACES for one in pages(space)}
    whole = {name for name in DOORS if name.partition(":")[0] in NAMESPACES}
    assert measured == whole - NO_PAGES
    assert len(measured) > 50


def test_the_bench_can_fill_every_address() -> None:
    needed = {arg for space in NAMESPACES for one in pages(space) for arg in one.pattern.converters}
    assert needed <= known_rows()
