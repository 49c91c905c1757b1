"""Stock that somebody changed on Shopify: found by a check, told, and put right; a sale is none."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from longshore.storage.models import Listing, ListingVariant, StockEvent, Storefront
from longshore.storage.repositories.stock import lower_known
from longshore.storage.repositories.stock_checks import StockChecks, check_after, keep_check_after
from longshore.sync.check_stock import CheckReport, check_stock
from support.shelf import Shelf, make_shelf


def check(
    shelf: Shelf, after: int = 0, limit: int = 1_000, catch_up: Callable[[], None] = lambda: None
) -> CheckReport:
    return check_stock(
        shelf.shop.storefront,
        StockChecks(),
        shelf.clock,
        marketplace_id=shelf.owner,
        after=after,
        limit=limit,
        catch_up=catch_up,
    )


def on_sale(shelf: Shelf, row=None) -> ListingVariant:
    row = row or shelf.product()
    shelf.put_on_sale(row)
    shelf.push_stock()
    return shelf.lines(row)[0]


def shown(shelf: Shelf, line: ListingVariant) -> int:
    levels = shelf.shop.state.levels.of(line.inventory_item_gid)
    return levels[line.stocked_at_location]["available"]


def staff_sets(shelf: Shelf, line: ListingVariant, units: int) -> None:
    shelf.forward(60)
    shelf.shop.control(
        "stock",
        inventory_item_id=line.inventory_item_gid,
        location_id=line.stocked_at_location,
        available=units,
    )


@pytest.mark.parametrize("units", [40, 0])
def test_a_number_that_somebody_changed_is_told_and_put_right(shelf: Shelf, units: int):
    line = on_sale(shelf)
    assert (shown(shelf, line), check(shelf)) == (5, CheckReport(checked=1))
    staff_sets(shelf, line, units)
    assert check(shelf) == CheckReport(checked=1, drifted=1)
    (finding,) = shelf.findings("stock_changed_on_shopify")
    assert (finding.evidence["before"], finding.evidence["shown"]) == (5, units)
    assert finding.severity == "note"
    shelf.push_stock()
    assert shown(shelf, line) == 5
    drift = StockEvent.objects.get(kind="drift")
    assert (drift.listing_variant_id, drift.before, drift.after) == (line.pk, 5, units)
    assert check(shelf).drifted == 0
    assert shelf.findings("stock_changed_on_shopify") == []


def test_what_was_taken_from_its_place_stands_there_again(shelf: Shelf):
    line = on_sale(shelf)
    del shelf.shop.state.levels[line.inventory_item_gid, line.stocked_at_location]
    assert check(shelf).drifted == 1
    shelf.push_stock()
    line.refresh_from_db()
    assert shown(shelf, line) == 5


def test_a_sale_meanwhile_is_no_drift(shelf: Shelf):
    line = on_sale(shelf)
    staff_sets(shelf, line, 4)  # the buyer's unit; its order is heard of right after the reading

    def hear_of_it() -> None:
        lower_known(shelf.owner, {line.pk: 1}, shelf.clock.now() + timedelta(seconds=1))

    assert check(shelf, catch_up=hear_of_it).drifted == 0
    assert not StockEvent.objects.filter(kind="drift").exists()
    line.refresh_from_db()
    assert line.known_quantity == 4


def test_a_line_that_is_being_written_is_left_alone(shelf: Shelf):
    line = on_sale(shelf)
    staff_sets(shelf, line, 40)

    def wanted_otherwise() -> None:
        ListingVariant.objects.filter(pk=line.pk).update(wanted_quantity=3, stock_dirty=True)

    assert check(shelf, catch_up=wanted_otherwise).drifted == 0


def test_all_lines_are_walked_part_by_part_in_few_calls_and_questions(shelf: Shelf):
    rows = [shelf.product() for _ in range(130)]
    lines = [on_sale(shelf, row) for row in (rows[0], *rows[-1:])]
    assert ListingVariant.objects.filter(known_quantity=5).count() == 130
    staff_sets(shelf, lines[1], 77)
    before = len(shelf.calls())
    first = check(shelf, limit=100)
    assert (first.checked, first.drifted) == (100, 0)
    keep_check_after(shelf.owner, first.after)
    second = check(shelf, after=check_after(shelf.owner), limit=100)
    assert second == CheckReport(checked=30, drifted=1, after=0)
    assert len(shelf.calls()) - before == 2
    with CaptureQueriesContext(connection) as few:
        check(shelf, limit=10)
    with CaptureQueriesContext(connection) as many:
        check(shelf, limit=130)
    assert len(many) == len(few)


def test_only_the_vendors_place_is_ours(shelf: Shelf):
    line = on_sale(shelf)
    other = next(one for one in shelf.shop.state.locations if one != line.stocked_at_location)
    shelf.shop.storefront.activate_stock([line.inventory_item_gid], other)
    shelf.shop.control(
        "stock", inventory_item_id=line.inventory_item_gid, location_id=other, available=9
    )
    assert check(shelf).drifted == 0


def test_overselling_that_somebody_switched_on_is_switched_off(shelf: Shelf):
    line = on_sale(shelf)
    shelf.forward(60)
    shelf.shop.control("variants/change", variant_id=line.variant_gid, inventoryPolicy="CONTINUE")
    shelf.compare()
    shelf.push_stock()
    assert shelf.shop.state.variants[line.variant_gid]["inventoryPolicy"] == "DENY"


def test_nobody_checks_another_marketplaces_lines(shelf: Shelf):
    line = on_sale(shelf)
    stranger = make_shelf()
    assert StockChecks().beliefs(stranger.owner, 0, 10) == []
    keep_check_after(stranger.owner, line.pk)
    assert Storefront.objects.get(marketplace_id=shelf.owner).stock_check_after == 0
    assert Listing.objects.filter(marketplace_id=stranger.owner).count() == 0
    stranger.shop.simulator.close()
