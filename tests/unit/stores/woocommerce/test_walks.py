"""Walks over a shop that changes and fails while it is read: nothing lost, nothing twice, few
requests more than the pages there are.
"""

import math
import random
from collections.abc import Callable
from datetime import timedelta

import httpx2
import pytest

from longshore.domain.pacing import PaceState
from longshore.ports.errors import TryLater
from longshore.ports.turns import ENDLESS, TimedTurn
from support.walking import (
    NOON,
    WalkedShop,
    answers,
    at_random,
    at_requests,
    cuts,
    hangs,
    minutes,
    spoils,
    walk,
    walked_shop,
)

PRODUCTS = 2_000
FLOOR = PRODUCTS // 100


def test_a_walk_of_a_quiet_shop_costs_hardly_more_than_its_pages():
    shop = walked_shop(PRODUCTS)
    found = walk(shop)
    assert found.ids == sorted(shop.ids())
    assert found.proven
    assert shop.requests <= 1.02 * FLOOR + 2


# --- changes while paging (peers.md, section 4) ---


def test_forty_deletions_lose_nobody_else():
    shop = walked_shop(PRODUCTS)
    catalog = shop.simulator.shop
    luck = random.Random(3)  # noqa: S311 - which products, not a secret
    doomed = luck.sample(sorted(shop.ids()), 40)

    def delete_some() -> None:
        for _ in range(10):
            catalog.delete_product(doomed.pop(), force=True)

    shop.meddling.append(at_requests(4, 9, 13, 17, do=delete_some))
    found = walk(shop)
    assert not doomed
    assert shop.ids() - set(found.ids) == set(), "a product that was never deleted is missing"
    assert found.twice == []
    assert shop.requests <= 1.15 * FLOOR + 2


def test_twenty_new_products_are_found_and_none_comes_twice():
    shop = walked_shop(PRODUCTS)
    catalog = shop.simulator.shop

    def add_some() -> None:
        for number in range(5):
            catalog.add_product(name=f"New {number}", regular_price="9.00")

    shop.meddling.append(at_requests(2, 7, 11, 15, do=add_some))
    found = walk(shop)
    assert set(found.ids) == shop.ids()
    assert len(shop.ids()) == PRODUCTS + 20
    assert found.twice == []
    assert shop.requests <= 1.15 * FLOOR


def test_sales_while_paging_move_nothing():
    shop = walked_shop(PRODUCTS)
    catalog = shop.simulator.shop
    numbers = sorted(shop.ids())

    def touch_many() -> None:
        for number in numbers[::4]:
            catalog.edit_product(number, stock_quantity=3)

    shop.meddling.append(at_requests(4, 9, do=touch_many))
    found = walk(shop)
    assert found.ids == numbers
    assert shop.requests <= 1.02 * FLOOR + 2


@pytest.mark.parametrize("seed", [0, 1, 127])  # 127: the shop fails in the middle of a gap
def test_everything_at_once_loses_nobody(seed: int):
    shop = walked_shop(600)
    catalog = shop.simulator.shop
    luck = random.Random(seed)  # noqa: S311
    there = set(shop.ids())
    stays = set(there)

    def meddle() -> None:
        for _ in range(luck.randrange(6)):
            gone = luck.choice(sorted(stays))
            catalog.delete_product(gone, force=luck.random() < 0.5)
            stays.discard(gone)
        for _ in range(luck.randrange(4)):
            catalog.add_product(name="New", regular_price="9.00")

    shop.meddling += [at_requests(*range(2, 40), do=meddle), at_random(0.1, seed)]
    found = walk(shop)
    assert stays - set(found.ids) == set()
    assert found.twice == []


# --- faults (peers.md, section 4) ---

FAULTS = {
    "429": answers(5, status=429, headers={"Retry-After": "2"}),
    "500": answers(5, status=500),
    "502": answers(5, status=502),
    "503": answers(5, status=503),
    "cut": cuts(5),
    "hang": cuts(5, error=httpx2.ReadTimeout),
    "truncated": spoils(5),
}


@pytest.mark.parametrize("name", FAULTS)
def test_one_fault_costs_one_request(name: str):
    shop = walked_shop(PRODUCTS)
    shop.meddling.append(FAULTS[name])
    found = walk(shop)
    assert found.ids == sorted(shop.ids())
    assert (found.proven, found.failures) == (True, 0)
    assert shop.requests <= 1.02 * FLOOR + 2 + 1
    assert sum(shop.waited) <= 2


def test_each_kind_of_fault_once():
    shop = walked_shop(PRODUCTS)
    shop.meddling += [
        answers(3, status=429, headers={"Retry-After": "1"}),
        answers(7, status=500),
        answers(11, status=502),
        cuts(15),
        spoils(19),
    ]
    found = walk(shop)
    assert found.ids == sorted(shop.ids())
    assert found.proven
    assert sum(shop.waited) <= 5


def test_eight_refusals_in_a_row_are_outlasted():
    shop = walked_shop(PRODUCTS)
    shop.meddling.append(answers(*range(6, 14), status=503))
    found = walk(shop)
    assert found.ids == sorted(shop.ids())
    assert found.proven
    assert shop.requests <= FLOOR + 8 + 6
    assert shop.pace.page_size == 100, "a host that is busy is not helped by small pages"


def test_a_host_that_asks_for_a_pause_gets_it():
    shop = walked_shop(300)
    shop.meddling.append(answers(2, status=429, headers={"Retry-After": "7"}))
    walk(shop)
    assert shop.waited == [7.0]


def test_a_host_that_asks_for_a_long_pause_is_left_alone_by_the_job():
    shop = walked_shop(300)
    shop.meddling.append(answers(2, 3, status=503, headers={"Retry-After": "600"}))
    found = walk(shop)
    assert found.failures >= 1
    assert shop.waited == []
    assert found.ids == sorted(shop.ids())


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("share", [0.1, 0.2])
def test_random_faults_lose_nothing(share: float, seed: int):
    shop = walked_shop(1_000)
    shop.meddling.append(at_random(share, seed))
    found = walk(shop)
    assert found.ids == sorted(shop.ids())
    assert found.unreadable == [], "a good product was taken for a broken one"


def test_pages_shrink_to_what_php_bears_and_no_further():
    shop = walked_shop(1_000)
    shop.simulator.faults.add("fail_if_per_page_gt", "20")
    found = walk(shop)
    assert found.ids == sorted(shop.ids())
    assert 15 <= shop.pace.page_size <= 20
    assert shop.requests <= 1_000 / 15 + 20
    again = walk(shop)
    assert again.ids == found.ids
    assert shop.pace.page_size <= 20, "it is remembered from one job to the next"


def test_a_product_that_breaks_the_shop_is_set_aside_alone():
    shop = walked_shop(500)
    poison = sorted(shop.ids())[222]
    shop.simulator.faults.add("poison_item", str(poison))
    found = walk(shop)
    assert found.proven
    assert found.unreadable == [0], "the shop does not even say which it is"
    assert set(found.ids) == shop.ids() - {poison}
    assert shop.requests <= 80
    numbers = sorted(shop.ids())[200:260]
    read = shop.store().read_products(numbers)
    assert [one.product_id for one in read.unreadable] == [poison]
    assert {one.product_id for one in read.items} == set(numbers) - {poison}


# --- a shop that takes requests and never answers ---


def waiting(shop: WalkedShop) -> Callable[[float], None]:
    """Time that goes by in the shop."""

    def wait(seconds: float) -> None:
        shop.now += timedelta(seconds=seconds)

    return wait


def visit(shop: WalkedShop, cursor: str | None = None) -> timedelta:
    """How long a visit takes that ends without the page, its pauses included."""
    began, store = shop.now, shop.store()
    shop.waited.clear()
    with pytest.raises(TryLater):
        list(store.scan_products(cursor, ENDLESS))
    shop.pace = store.pace
    return shop.now - began + timedelta(seconds=sum(shop.waited))


@pytest.mark.parametrize("usual_s", [0.0, 0.3, 1.0, 2.0, 9.0])
def test_a_silent_shop_is_told_after_two_minutes(usual_s: float):
    shop = walked_shop(300)
    shop.pace = PaceState(page_size=100, page_s=usual_s)
    shop.meddling.append(hangs(waiting(shop)))
    took = visit(shop)
    assert took <= timedelta(seconds=140)
    assert shop.pace.failing >= 2
    before = shop.pace
    assert visit(shop) <= timedelta(seconds=140), "the next visit does not begin anew"
    assert shop.pace.page_size < before.page_size


def test_a_shop_that_answers_again_is_read_on_where_the_walk_was():
    shop = walked_shop(PRODUCTS)
    silent = hangs(waiting(shop), on=lambda number, _request: number > 6)
    shop.meddling.append(silent)
    cursor: str | None = None
    ids: list[int] = []

    def read_on() -> None:
        nonlocal cursor
        store = shop.store()
        try:
            for part in store.scan_products(cursor, ENDLESS):
                ids.extend(one.product_id for one in part.items)
                cursor = part.cursor
        finally:
            shop.pace = store.pace

    with pytest.raises(TryLater):
        read_on()
    assert cursor is not None
    shop.meddling.remove(silent)
    while cursor is not None:
        read_on()
    assert ids == sorted(shop.ids())
    assert shop.pace.failing == 0


def test_a_product_on_which_the_shop_hangs_is_set_aside_within_a_few_visits():
    shop = walked_shop(300)
    place = 222
    numbers = sorted(shop.ids())

    def has_it(_number: int, request: httpx2.Request) -> bool:
        asked = request.url.params
        first = int(asked.get("offset", 0))
        light = asked.get("_fields") == "id"
        return not light and first <= place < first + int(asked.get("per_page", 10))

    shop.meddling.append(hangs(waiting(shop), on=has_it))
    found = walk(shop, most_failures=6)
    assert set(found.ids) == shop.ids() - {numbers[place]}
    assert found.unreadable == [numbers[place]]
    assert found.proven


# --- slices ---


def test_a_killed_job_goes_on_at_the_last_part_that_was_kept():
    shop = walked_shop(PRODUCTS)
    kept: list[int] = []
    cursor = None
    for _ in range(3):  # killed in the middle of a slice: what was not handed over is lost
        parts = shop.store().scan_products(cursor, TimedTurn(lambda: 0.0))
        part = next(parts)
        kept += [one.product_id for one in part.items]
        cursor = part.cursor
        parts.close()
    while cursor is not None:
        for part in shop.store().scan_products(cursor, TimedTurn(lambda: 0.0)):
            kept += [one.product_id for one in part.items]
            cursor = part.cursor
    assert kept == sorted(shop.ids())
    assert part.proven


def turn_over_after(pages: int) -> Callable[[], TimedTurn]:
    def make() -> TimedTurn:
        asked = iter([0.0] * pages + [99.0] * 1_000)
        return TimedTurn(lambda: next(asked))

    return make


def test_a_turn_that_is_over_wastes_no_page():
    shop = walked_shop(PRODUCTS)
    make = turn_over_after(4)
    cursor, ids, slices = None, [], 0
    while True:
        slices += 1
        for part in shop.store().scan_products(cursor, make()):
            ids += [one.product_id for one in part.items]
            cursor = part.cursor
        if cursor is None:
            break
    assert ids == sorted(shop.ids())
    assert slices >= 2
    assert shop.requests <= 1.02 * FLOOR + 2


# --- what is not the shop's own word ---


def test_an_answer_from_a_cache_is_as_old_as_it_is():
    shop = walked_shop(150)

    def old(_number: int, request: httpx2.Request) -> httpx2.Response:
        answer = shop.simulator.transport().handle_request(request)
        answer.headers["Age"] = "600"
        return answer

    shop.meddling.append(old)
    found = walk(shop)
    assert set(found.since) == {NOON - minutes(10)}
    assert "_hub=" not in shop.asked[0]
    assert "_hub=" in shop.asked[-1], "from then on no cache can know the question"


def test_a_page_without_stock_is_not_read_as_sold_out():
    shop = walked_shop(50)

    def strip(product: object, row: dict) -> dict:
        return {name: value for name, value in row.items() if name != "stock_status"}

    shop.simulator.shop.lasting_warps.append(strip)
    found = walk(shop)
    assert found.ids == []
    assert set(found.unreadable) == shop.ids()


def test_floor_of_pages():
    assert math.ceil(PRODUCTS / 100) == FLOOR


# --- polls ---


def changed(shop: WalkedShop, since) -> tuple[list[int], list[tuple[int, int]]]:
    products: list[int] = []
    variants: list[tuple[int, int]] = []
    for part in shop.store().changed_products(since, None, TimedTurn(lambda: 0.0)):
        products += [one.product_id for one in part.items]
        variants += [(one.product_id, one.variation_id) for one in part.variants]
        variants += [
            (one.product_id, one.variation_id)
            for product in part.items
            for one in product.variants or ()
            if one.variation_id
        ]
    return products, variants


def test_a_poll_without_changes_is_one_request():
    shop = walked_shop(500, 50)
    assert changed(shop, NOON) == ([], [])
    assert shop.requests == 1


def test_a_poll_reads_what_changed_and_the_variations_that_did():
    shop = walked_shop(2_000, 200)
    made = shop.simulator.shop
    made.clock.hold(NOON.timestamp() + 60)
    simple = [row.id for row in made.catalog.products() if row.kind == "simple"][:300]
    for number in simple:
        made.edit_product(number, stock_quantity=2)
    parents = [row for row in made.catalog.products() if row.kind == "variable"]
    children = [row.children[0] for row in parents if not row.manage_stock][:50]
    for number in children:
        made.edit_product(number, stock_quantity=1)
    products, variants = changed(shop, NOON)
    assert set(simple) <= set(products)
    assert {number for _, number in variants} == set(children)
    assert len(products) == 350
    assert shop.requests <= math.ceil(350 / 100) + math.ceil(50 / 100) + 2


def test_variations_that_share_their_products_stock_come_with_it():
    shop = walked_shop(300, 60)
    made = shop.simulator.shop
    made.clock.hold(NOON.timestamp() + 60)
    parent = next(row for row in made.catalog.products() if row.manage_stock and row.children)
    made.edit_product(parent.id, stock_quantity=4)
    products, variants = changed(shop, NOON)
    assert products == [parent.id]
    assert {number for _, number in variants} == set(parent.children)
