"""Every page answers, asks as often with ten times the rows, and is told apart by its title."""

import re
import uuid
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from longshore.storage.models import (
    Brake,
    Marketplace,
    StockEvent,
    Storefront,
    SyncRun,
    Vendor,
)
from support import screen_rows as rows
from support.page_addresses import MOVES_ON, WRITES_ONLY, addresses, readable
from support.screen_rules import hold, make_rules, make_run, write
from support.screens import World, make_world

MOST_QUERIES = 30


def test_every_page_answers(world: World, owner: Client):
    told = {one.name: owner.get(one.url).status_code for one in addresses(world.ids())}
    for name, status in told.items():
        expected = 405 if name in WRITES_ONLY else 302 if name in MOVES_ON | {"find"} else 200
        assert status == expected, f"{name} answers {status}"
    assert len(told) > 20


def test_a_marketplace_that_has_nothing_yet_is_told_what_to_do(db, signed_in):
    empty = Marketplace.objects.create(name="Empty")
    client = signed_in(rows.person("new@example.org", empty, "owner"))
    for one in _without_rows():
        answer = client.get(one)
        assert answer.status_code in {200, 302}, one
    home = client.get("/").content.decode()
    assert "Connect Shopify" in home
    assert 'href="/settings/"' in home


def _without_rows() -> Iterator[str]:
    names = ("vendor_id", "listing_id", "line_id", "order_id", "member_id", "key_id", "part_id",
        "deed_id", "filter_id", "import_id", "name_id", "markup_id", "brake_id",
        "run_id", "order_line_id", "choice_id")  # fmt: skip
    ids = dict.fromkeys(names, 0) | {"examination": uuid.UUID(int=0), "code": "silence"}
    return (one.url for one in readable(ids) if not one.of_row)


def test_pages_ask_as_often_with_ten_times_the_rows(world: World, owner: Client, vendor_person):
    pages = [(owner, one) for one in readable(world.ids())]
    pages += [(vendor_person, one) for one in readable(world.ids(), "vendor")]
    for client in (owner, vendor_person):
        client.get("/you/")  # a device seen for the first time is noted
    few = {one.url: _queries(client, one.url) for client, one in pages}
    _grow(world, 12)
    many = {one.url: _queries(client, one.url) for client, one in pages}
    more = {name: (few[name], n) for name, n in many.items() if n != few[name]}
    assert not more, f"queries grow with the rows: {more}"
    assert max(many.values()) <= MOST_QUERIES, many


def _queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200, url
    return len(seen)


def _grow(world: World, times: int) -> None:
    """Ten times as much of everything that a page lists."""
    marketplace = world.marketplace
    first, salt = world.store, world.other_store
    for index in range(times):
        vendor = Vendor.objects.create(marketplace=marketplace, name=f"Vendor {index}")
        store = rows.make_store(vendor, f"https://v{index}.nordic.example")
        for state in ("review", "published"):
            product = rows.make_product(store, 1000 + len(state), f"Mug {state} {index}")
            listing = rows.make_listing(product, state)
        rows.make_product(
            first,
            2000 + index,
            f"Box {index}",
            left_out="product_type_left_out",
            left_out_evidence={"type": "grouped"},
        )
        listing = rows.make_listing(
            rows.make_product(first, 3000 + index, f"Mug {index}", variants=3), "published"
        )
        rows.make_listing(rows.make_product(first, 4000 + index, f"Jar {index}"), "review")
        _grow_orders(world, index, listing)
        rows.find(marketplace, f"store:{store.pk}", "store_unreachable", vendor, host="v.example")
        rows.find(marketplace, f"listing:{listing.pk}", "image_failed", vendor, product="Mug")
        rows.find(marketplace, f"store_product:{store.pk}:{index}", "product_unreadable", vendor)
        _one_more_line_of_history(world, index)
        hold(Brake.objects.get(pk=world.decided["brake_id"]), listing)
        write(SyncRun.objects.get(pk=world.decided["run_id"]), listing)
        write(SyncRun.objects.get(pk=world.decided["run_id"]), world.review)
        make_run(listing)
        make_rules(marketplace, policy=False)
    assert salt.purchase_orders.count() > times


def _grow_orders(world: World, index: int, listing) -> None:
    line = listing.variants.first()
    for number, store in ((6000, world.store), (7000, world.other_store)):
        order = rows.make_order(world.marketplace, number + index, ("Mara", "Lund"))
        part = rows.make_part(
            order, store, [rows.make_line(order, line, "Mug", 2, "9.00")], number + index
        )
        rows.ship(part, f"77{number + index}", 2 if index % 2 else 1)
        rows.happen(order, "shipped", part, minutes=3, number="77", units=1)
        waits = rows.make_order(world.marketplace, number + 500 + index, ("Mara", "Lund"))
        rows.make_part(waits, store, [rows.make_line(waits, line, "Mug", 1, "9.00")], None)
    more = rows.make_line(world.order, line, f"Mug {index}", 1, "9.00")
    world.purchase.lines.create(
        marketplace=world.marketplace,
        order_line=more,
        variant=line.variant,
        quantity=1,
        unit_price=more.unit_price,
    )
    rows.ship(world.purchase, f"88{index}", 1)
    rows.happen(world.order, "fulfilled", world.purchase, minutes=2, number="88")
    rows.find(world.marketplace, f"order:{world.order.pk}", "order_before_go_live", order="#1")


def _one_more_line_of_history(world: World, index: int) -> None:
    StockEvent.objects.create(
        marketplace=world.marketplace,
        listing_variant=world.line,
        at=rows.ago(minutes=index + 1),
        kind="reading",
        before=index,
        after=index + 1,
    )


def test_each_page_has_one_heading_and_a_title_of_its_own(world: World, owner: Client):
    titles: dict[str, str] = {}
    for one in readable(world.ids()):
        page = owner.get(one.url, follow=True).content.decode()
        if "<html" not in page:
            continue
        assert page.count("<h1") == 1, one.name
        title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
        assert title, one.name
        assert title[1].endswith("– Longshore"), one.name  # noqa: RUF001 - the dash of the title
        titles[one.name] = title[1]
    assert len(set(titles.values())) >= len(titles) - 2, titles  # a search leads to a product's


def test_times_are_in_the_marketplaces_zone(world: World, owner: Client):
    for zone, hour in (("Pacific/Kiritimati", "+14"), ("Asia/Kathmandu", "+0545")):
        Marketplace.objects.filter(pk=world.marketplace.pk).update(timezone=zone)
        assert f" {hour}" in owner.get(f"/orders/{world.order.pk}/").content.decode()


def test_a_zone_this_machine_does_not_know_falls_back(world: World, owner: Client):
    Marketplace.objects.filter(pk=world.marketplace.pk).update(timezone="Mars/Olympus")
    assert owner.get("/").status_code == 200


@pytest.mark.parametrize("query", ["page=99999999", "page=-1", "page=x", "tab=nope", "vendor=x"])
def test_nonsense_in_an_address_is_the_usual_page(world: World, owner: Client, query: str):
    for path in ("/orders/", "/products/", "/stock/", "/vendors/", "/products/left-out/"):
        assert owner.get(f"{path}?{query}").status_code == 200, path


def test_a_number_too_long_for_the_database_is_no_page(world: World, owner: Client):
    for path in ("orders", "products", "stock", "vendors"):
        assert owner.get(f"/{path}/{'9' * 30}/").status_code == 404, path


@pytest.mark.parametrize("number", ["#1042", "1042", "5531", "3707 2258 1014 402", "SKU-12-0"])
def test_find_knows_every_number_of_an_order(world: World, owner: Client, number: str):
    answer = owner.get("/find/", {"q": number}, follow=True)
    assert "#1042" in answer.content.decode(), number


def test_find_says_where_it_looked(world: World, owner: Client):
    answer = owner.get("/find/", {"q": "370 0000"})
    assert "Nothing found for “370 0000”" in answer.content.decode()
    assert owner.get("/find/", {"q": "nul\x00byte"}).status_code == 200


def test_home_names_the_worst_first_and_leads_to_each_fix(world: World, owner: Client):
    page = owner.get("/").content.decode()
    assert "3 things need you" in page
    stopped, needs = page.index("Saltmarsh Soap</b> gets no orders"), page.index("Blue mug, large")
    waits = page.index("We do not know yet whether")
    assert stopped < needs < waits
    assert "2 orders wait, the oldest from" in page
    assert "(€63.00)" in page
    for url in (f"/vendors/{world.second.pk}/", f"/orders/{world.order.pk}/"):
        assert f'class="btn" href="{url}"' in page


def test_home_says_since_when_all_is_well(world: World, owner: Client):
    from longshore.storage.models import OpenFinding

    OpenFinding.objects.update(resolved_at=rows.ago(hours=30))
    page = owner.get("/").content.decode()
    assert "<h1>All is well</h1>" in page
    assert "Nothing has needed you since" in page


def test_a_storefront_alone_is_one_step(db, signed_in):
    marketplace = Marketplace.objects.create(name="Half")
    Storefront.objects.create(marketplace=marketplace, shop_domain="half.myshopify.com")
    page = signed_in(rows.person("half@example.org", marketplace, "owner")).get("/")
    assert "3 steps to your first order" in page.content.decode()


def test_worlds_do_not_mix(world: World, owner: Client):
    make_world("west", "West Wares")
    for one in readable(world.ids()):
        assert "West Wares" not in owner.get(one.url, follow=True).content.decode(), one.name


@pytest.mark.parametrize("tab", ["open", "shipped", "all"])
def test_open_problems_are_found_by_their_orders(world: World, owner: Client, tab: str):
    with CaptureQueriesContext(connection) as seen:
        assert owner.get(f"/orders/?tab={tab}").status_code == 200
    asked = [one["sql"] for one in seen if "storage_openfinding" in one["sql"]]
    assert 1 < len(asked) <= 4, "the rail, the tab, its counts, the problems of the page"
    assert not any("subject" in sql for sql in asked), "all open problems are looked through"
