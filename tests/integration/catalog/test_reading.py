"""Three lanes and a fourth over a simulated shop: what each finds, what it costs, what is kept."""

from decimal import Decimal

import httpx2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from longshore.ports.errors import TryLater
from longshore.ports.turns import TimedTurn
from longshore.storage.models import (
    Hint,
    Listing,
    Scan,
    StockEvent,
    StoreReading,
    VendorProduct,
    VendorVariant,
    WatchedProduct,
)
from longshore.storage.repositories import watching
from longshore.storage.repositories.catalog import Catalog
from longshore.storage.repositories.walks import begin_import
from longshore.sync.import_catalog import import_catalog
from longshore.sync.review_listings import review_listings
from support.read_store import ReadStore, read_store
from support.walking import answers

pytestmark = pytest.mark.django_db


@pytest.fixture
def store() -> ReadStore:
    found = read_store(products=200, variable=20)
    found.import_all()
    return found


def hinted(store: ReadStore) -> set[int]:
    rows = Hint.objects.filter(source=f"store:{store.pk}", kind="product")
    return {int(number) for number in rows.values_list("resource_id", flat=True)}


# --- the import ---


def test_an_import_brings_everything_once(store: ReadStore):
    catalog = store.made.catalog
    known = set(VendorProduct.objects.values_list("product_id", flat=True))
    assert known == set(catalog.product_ids)
    variations = VendorVariant.objects.filter(variation_id__gt=0)
    assert set(variations.values_list("variation_id", flat=True)) == set(catalog.variation_ids)
    scan = Scan.objects.get()
    assert scan.proven
    assert (scan.products_seen, scan.products_total) == (200, 200)


def test_reading_the_same_again_writes_no_row_anew(store: ReadStore):
    before = dict(VendorProduct.objects.values_list("pk", "changed_at"))
    stock = dict(VendorVariant.objects.values_list("pk", "changed_at"))
    store.forward(hours=1)
    store.import_all()
    store.sweep()
    assert dict(VendorProduct.objects.values_list("pk", "changed_at")) == before
    assert dict(VendorVariant.objects.values_list("pk", "changed_at")) == stock
    assert hinted(store) == set()


def test_an_import_goes_on_after_a_kill_at_the_part_it_kept():
    store = read_store(products=900)
    begin_import(store.pk, store.time)
    shop = store.shop

    class Killed(BaseException):
        pass

    def kill(number: int, _request: object) -> None:
        if number == 10:
            raise Killed

    shop.meddling.append(kill)
    turn = TimedTurn(lambda: 0.0)
    with pytest.raises(Killed):
        import_catalog(shop.store(), Catalog(), store, store_id=store.pk, turn=turn)
    kept = VendorProduct.objects.count()
    assert 100 <= kept < 900
    shop.meddling.clear()
    before = shop.requests
    import_catalog(shop.store(), Catalog(), store, store_id=store.pk, turn=turn)
    assert VendorProduct.objects.count() == 900
    assert shop.requests - before <= 9 - kept // 100 + 2


def test_a_hundred_products_are_listed_while_the_rest_still_loads():
    store = read_store(products=900)
    begin_import(store.pk, store.time)
    store.shop.meddling.append(
        answers(3, 4, 5, 6, 7, 8, 9, status=503, headers={"Retry-After": "99"})
    )
    with pytest.raises(TryLater):
        import_catalog(
            store.shop.store(), Catalog(), store, store_id=store.pk, turn=TimedTurn(lambda: 0.0)
        )
    scan = Scan.objects.get()
    assert scan.phase == "products"
    assert (scan.products_seen, scan.products_total) >= (100, 900)
    assert ProcrastinateJob.objects.filter(task_name="review_listings").exists()
    from longshore.storage.repositories.listings import Listings

    review_listings(Listings(), store, store_id=store.pk)
    assert Listing.objects.count() >= 80


def test_variable_products_are_reviewed_with_their_variations():
    store = read_store(products=150, variable=40)
    begin_import(store.pk, store.time)
    store.shop.meddling.append(
        lambda _n, request: (
            httpx2.Response(503, headers={"Retry-After": "99"}, request=request)
            if "variations" in request.url.path
            else None
        )
    )
    with pytest.raises(TryLater):
        import_catalog(
            store.shop.store(), Catalog(), store, store_id=store.pk, turn=TimedTurn(lambda: 0.0)
        )
    due = VendorProduct.objects.filter(review_due=True)
    assert due.exists()
    assert not due.filter(kind="variable").exists()
    store.shop.meddling.clear()
    store.import_all()
    assert due.filter(kind="variable").count() == 40


def test_a_part_costs_the_same_number_of_queries_whatever_its_size():
    counts = []
    for products in (100, 400):
        store = read_store(products=products)
        begin_import(store.pk, store.time)
        with CaptureQueriesContext(connection) as captured:
            import_catalog(
                store.shop.store(), Catalog(), store, store_id=store.pk, turn=TimedTurn(lambda: 0.0)
            )
        counts.append(len(captured) / max(1, Scan.objects.filter(store=store.row).count()))
        store.row.marketplace.delete()
    parts = 4
    assert counts[1] <= counts[0] * parts


# --- polls ---


def test_a_poll_keeps_what_changed_and_moves_its_mark(store: ReadStore):
    store.forward(minutes=2)
    number = store.counted()[3]
    store.made.edit_product(number, stock_quantity=41, regular_price="77.00")
    mark = store.row.products_read_to
    store.poll()
    assert store.variant(number).quantity == 41
    assert store.variant(number).regular_price == Decimal(77)
    assert store.variant(number).stock_lane == "poll"
    store.row.refresh_from_db()
    assert store.row.products_read_to == store.time
    assert mark != store.row.products_read_to
    requests = store.shop.requests
    store.poll()
    assert store.shop.requests == requests + 1


def test_a_poll_of_many_changes_goes_on_where_it_ended(store: ReadStore):
    store.forward(minutes=2)
    numbers = store.counted()
    for number in numbers:
        store.made.edit_product(number, stock_quantity=9)
    store.shop.pace = store.shop.pace.__class__(page_size=20, bearable=20)
    store.shop.meddling.append(
        answers(store.shop.requests + 4, status=503, headers={"Retry-After": "99"})
    )
    with pytest.raises(TryLater):
        store.poll()
    reading = StoreReading.objects.get()
    assert reading.poll_cursor
    store.row.refresh_from_db()
    assert store.row.products_read_to < store.time, "the mark waits for the last part"
    store.poll()
    reading.refresh_from_db()
    assert reading.poll_cursor == ""
    rows = VendorVariant.objects.filter(product_id_in_store__in=numbers)
    assert set(rows.values_list("quantity", flat=True)) == {9}


def test_a_variation_that_was_deleted_is_found_by_the_poll(store: ReadStore):
    store.forward(minutes=2)
    parent = next(
        row
        for row in store.made.catalog.products()
        if len(row.children) > 3 and not row.manage_stock
    )
    gone = parent.children[1]
    store.made.delete_product(gone)
    store.made.edit_product(parent.id, name="Renamed")
    store.poll()
    assert hinted(store) == {parent.id}
    store.refresh()
    assert store.variant(parent.id, gone).absent_since is not None
    assert store.variant(parent.id, parent.children[0]).absent_since is None


# --- sweeps ---


def test_a_direct_write_to_the_database_is_found_by_the_sweep_only(store: ReadStore):
    number = store.counted()[0]
    store.forward(minutes=5)
    store.made.set_stock(number, 13)
    store.poll()
    assert store.variant(number).quantity != 13
    store.sweep()
    assert store.variant(number).quantity == 13
    assert store.variant(number).stock_lane == "sweep"
    reading = StoreReading.objects.get()
    assert reading.drifted_at == store.time
    assert hinted(store) == set()


def test_a_change_that_polls_can_see_is_no_drift(store: ReadStore):
    store.forward(minutes=5)
    store.made.edit_product(store.counted()[0], stock_quantity=13)
    store.sweep()
    assert StoreReading.objects.get().drifted_at is None


@pytest.mark.parametrize(
    "change",
    [
        {"status": "draft"},
        {"status": "private"},
        {"content": {"catalog_visibility": "hidden"}},
        {"kind": "grouped"},
        {"regular_price": "1.23"},
    ],
)
def test_what_changed_without_a_date_is_looked_at_after_the_sweep(store: ReadStore, change: dict):
    number = store.counted()[0]
    store.forward(minutes=5)
    store.made.catalog.change(number, **change)
    store.sweep()
    assert hinted(store) == {number}
    store.refresh()
    store.forward(minutes=5)
    store.sweep()
    assert hinted(store) == set(), "once it was read, it is known"


def test_a_simple_product_that_became_variable_is_read_anew(store: ReadStore):
    number = store.counted()[0]
    store.forward(minutes=5)
    store.made.catalog.change(number, kind="variable")
    store.made.add_product(
        parent_id=number, regular_price="5.00", manage_stock=True, stock_quantity=4
    )
    store.sweep()
    store.refresh()
    assert store.product(number).kind == "variable"
    assert store.variant(number, 0).absent_since is not None
    found = VendorVariant.objects.filter(product_id_in_store=number, variation_id__gt=0)
    assert [one.quantity for one in found] == [4]


def test_a_sweep_costs_its_pages(store: ReadStore):
    before = store.shop.requests
    store.sweep()
    variations = len(store.made.catalog.variation_ids)
    assert store.shop.requests - before <= 2 + -(-variations // 99) + 1


# --- what is gone ---


def test_a_deleted_product_counts_as_gone_when_it_was_missed_twice(store: ReadStore):
    number = store.counted()[0]
    store.put_on_sale()
    store.forward(minutes=5)
    store.made.delete_product(number, force=True)
    store.sweep()
    assert hinted(store) == {number}
    store.refresh()
    assert store.product(number).absent_since is None, "missed once"
    assert store.product(number).missing_since == store.time
    store.forward(minutes=1)
    store.refresh()
    assert store.product(number).absent_since is None, "too soon to ask again"
    store.forward(minutes=1)
    store.refresh()
    assert store.product(number).absent_since == store.time
    assert store.wanted(number) == 0


def test_a_product_that_is_back_before_it_was_missed_twice_stays(store: ReadStore):
    number = store.counted()[0]
    store.forward(minutes=5)
    row = store.made.catalog.require(number)
    store.made.delete_product(number, force=True)
    store.sweep()
    store.refresh()
    store.made.catalog.put(row)
    store.forward(minutes=3)
    store.refresh()
    assert store.product(number).absent_since is None
    assert store.product(number).missing_since is None


def test_a_product_in_the_trash_is_gone_and_comes_back(store: ReadStore):
    number = store.counted()[0]
    store.put_on_sale()
    for minutes in (5, 3):
        store.forward(minutes=minutes)
        store.made.delete_product(number)
        store.sweep()
        store.refresh()
    assert store.product(number).absent_since is not None
    store.forward(minutes=5)
    store.made.catalog.change(number, status="publish")
    store.sweep()
    store.refresh()
    assert store.product(number).absent_since is None
    assert store.wanted(number) == store.variant(number).quantity


def test_half_a_walk_removes_nobody(store: ReadStore):
    store.forward(minutes=5)
    numbers = sorted(store.shop.ids())
    store.made.delete_product(numbers[3], force=True)
    begin = store.shop.requests
    store.shop.meddling.append(answers(*range(begin + 2, begin + 40), status=500))
    with pytest.raises(TryLater):
        store.sweep()
    assert hinted(store) == set()


# --- hot items ---


def test_hot_items_are_those_sold_lately_and_those_nearly_gone(store: ReadStore):
    store.put_on_sale()
    many, other = store.counted(least=30)[:2]
    few = next(n for n in store.counted() if store.variant(n).quantity == 1)
    watching.note_sold([store.variant(many).pk], store.time)
    watching.choose(store.pk, store.time)
    watched = dict(WatchedProduct.objects.values_list("product_id", "because"))
    assert (watched[few], watched[many]) == ("little_left", "sold")
    assert other not in watched
    store.forward(hours=49)
    watching.choose(store.pk, store.time)
    assert many not in set(WatchedProduct.objects.values_list("product_id", flat=True))


def test_a_sale_in_the_vendors_own_shop_makes_a_product_hot(store: ReadStore):
    store.put_on_sale()
    number = store.counted(least=30)[0]
    store.forward(minutes=2)
    store.made.sell(number)
    store.poll()
    assert WatchedProduct.objects.get(product_id=number).because == "sold"


def test_hot_items_are_read_in_one_light_request(store: ReadStore):
    store.put_on_sale()
    numbers = store.counted(least=20)[:5]
    watching.note_sold([store.variant(number).pk for number in numbers], store.time)
    store.forward(minutes=1)
    for number in numbers:
        store.made.set_stock(number, 7)
    before = store.shop.requests
    store.read_hot()
    assert {store.variant(number).quantity for number in numbers} == {7}
    assert {store.variant(number).stock_lane for number in numbers} == {"hot"}
    variable = WatchedProduct.objects.filter(product_id__in=store.made.catalog.variation_ids)
    assert not variable.exists()
    assert store.shop.requests - before <= 2
    assert "description" not in store.shop.asked[-1]


def test_nothing_hot_costs_no_request(store: ReadStore):
    before = store.shop.requests
    assert store.read_hot() == 0
    assert store.shop.requests == before


# --- history ---


def test_a_reading_that_changed_a_line_is_kept_with_its_lane_and_time(store: ReadStore):
    store.put_on_sale()
    number = store.counted()[0]
    store.forward(minutes=5)
    store.made.set_stock(number, 13)
    store.sweep()
    event = StockEvent.objects.get(kind="reading")
    assert (event.after, event.data["lane"]) == (13, "sweep")
    assert event.data["requested_at"] == store.time.isoformat()


def test_an_answer_from_a_cache_does_not_turn_stock_back(store: ReadStore):
    number = store.counted()[0]
    store.forward(minutes=10)
    store.made.edit_product(number, stock_quantity=3)
    store.poll()
    assert store.variant(number).quantity == 3
    store.made.edit_product(number, stock_quantity=80)

    def old(_number: int, request: httpx2.Request) -> httpx2.Response:
        answer = store.shop.simulator.transport().handle_request(request)
        answer.headers["Age"] = "300"
        return answer

    store.shop.meddling.append(old)
    store.sweep()
    assert store.variant(number).quantity == 3, "an answer of five minutes ago says nothing new"
    store.shop.meddling.clear()
    store.sweep()
    assert store.variant(number).quantity == 80
