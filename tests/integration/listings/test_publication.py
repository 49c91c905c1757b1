"""Listings reach Shopify, each exactly once, in few calls, and every answer is accounted for."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from longshore.ports.errors import TryLater
from longshore.storage.models import (
    BulkRun,
    Listing,
    ListingChange,
    ListingState,
    ListingVariant,
    SyncRun,
    VendorProduct,
)
from longshore.storage.repositories.publication import Publication
from longshore.sync.publish_listings import publish_listings
from support.shelf import Shelf

MANY = 45


def on_sale(shelf: Shelf) -> Counter[str]:
    rows = shelf.shop.state.products.values()
    return Counter(row["title"] for row in rows if row["publishedOn"])


def check(shelf: Shelf) -> None:
    """Shopify shows each published listing once, with the prices and stock that are wanted."""
    published = Listing.objects.filter(marketplace=shelf.marketplace, state="published")
    assert on_sale(shelf) == Counter(row.product.name for row in published)
    assert len(shelf.shop.state.products) == len(
        set(Listing.objects.exclude(product_gid="").values_list("product_gid", flat=True))
    )
    for line in ListingVariant.objects.filter(listing__in=published).select_related("variant"):
        shown = shelf.shop.state.variants[line.variant_gid]
        assert float(shown["price"]) == float(line.wanted_price)
        levels = shelf.shop.state.levels.of(shown["itemId"])
        assert sum(level["available"] for level in levels.values()) == line.wanted_quantity
        assert list(levels) == [line.stocked_at_location]
        assert line.known_quantity == line.wanted_quantity
        assert not line.stock_dirty


def test_a_few_are_published_in_two_calls(shelf: Shelf):
    for _ in range(10):
        shelf.product(variants=2)
    shelf.review()
    shelf.approve()
    before = len(shelf.calls())
    shelf.publish()
    assert shelf.calls()[before:] == [
        "ListingIdDefinition", "Locations", "LocationAdd", "Batch", "Batch", "ImagesLoaded"
    ]  # fmt: skip
    check(shelf)


def test_many_are_published_by_two_bulk_operations(shelf: Shelf):
    for _ in range(MANY):
        shelf.product(variants=3)
    shelf.review()
    shelf.approve()
    before = len(shelf.calls())
    shelf.publish()
    calls = Counter(shelf.calls()[before:])
    assert calls["BulkMutation"] == calls["StagedUpload"] == 2
    assert calls["Batch"] == 0
    assert calls["ListingsShown"] == 0
    check(shelf)


def test_what_is_published_costs_no_call(shelf: Shelf):
    for _ in range(3):
        shelf.product()
    shelf.put_on_sale()
    before = len(shelf.calls())
    VendorProduct.objects.update(review_due=True)
    shelf.review()
    assert shelf.dirty() == 0
    shelf.publish()
    assert shelf.calls()[before:] == []


def test_a_changed_price_is_written_without_touching_anything_else(shelf: Shelf):
    row = shelf.product(variants=2)
    shelf.put_on_sale(row)
    before = len(shelf.calls())
    shelf.edit(row, price="11.50")
    shelf.review()
    shelf.publish()
    assert shelf.calls()[before:] == ["Batch"]
    assert [one["price"] for one in shelf.shown_variants(row)] == ["11.50", "11.50"]
    (change,) = ListingChange.objects.filter(step="variants")
    assert {one["price"] for one in change.before["variants"].values()} == {"10"}
    assert {one["price"] for one in change.after["variants"].values()} == {"11.5"}


def test_many_changed_prices_are_one_bulk_operation(shelf: Shelf):
    rows = [shelf.product() for _ in range(MANY)]
    shelf.put_on_sale()
    before = len(shelf.calls())
    for row in rows:
        shelf.edit(row, price="11.50")
    shelf.review()
    shelf.publish()
    calls = Counter(shelf.calls()[before:])
    assert calls["BulkMutation"] == 1
    assert calls["Batch"] == 0
    check(shelf)


def test_a_refusal_stands_on_its_listing_and_stops_nobody(shelf: Shelf):
    good, bad = shelf.product(), shelf.product(variants=2)
    shelf.review()
    shelf.approve()
    # Shopify minds what we do not: something only it can refuse.
    bad.images = [[1, "ftp://kiln.example/mug.jpg", ""]]
    bad.save()
    shelf.publish()
    assert on_sale(shelf) == Counter([good.name])
    listing = Listing.objects.get(product=bad)
    assert "Image URL is invalid" in listing.publish_error
    assert not listing.dirty
    assert [one.subject for one in shelf.findings("publish_refused")] == [f"listing:{listing.pk}"]
    shelf.edit(bad, images=[])
    shelf.review()
    shelf.publish()
    assert on_sale(shelf) == Counter([good.name, bad.name])
    assert shelf.findings("publish_refused") == []


def test_a_refused_line_of_a_bulk_operation_stands_on_its_listing(shelf: Shelf):
    rows = [shelf.product() for _ in range(MANY)]
    shelf.review()
    shelf.approve()
    rows[7].images = [[1, "ftp://kiln.example/mug.jpg", ""]]
    rows[7].save()
    shelf.publish()
    assert len(on_sale(shelf)) == MANY - 1
    assert Listing.objects.get(product=rows[7]).publish_error
    assert SyncRun.objects.get().counts == {
        "created": MANY - 1, "listings": MANY - 1, "on": MANY - 1, "off": 0, "refused": 1
    }  # fmt: skip


@pytest.mark.parametrize("fault", ["internal_after", "http_502"])
@pytest.mark.parametrize("count", [3, MANY])
@pytest.mark.parametrize("call", range(6))
def test_a_lost_answer_neither_doubles_nor_loses_a_listing(
    shelf: Shelf, fault: str, count: int, call: int
):
    """Whichever call of a publication it is."""
    for _ in range(count):
        shelf.product(variants=2)
    shelf.review()
    shelf.approve()
    names = ("Batch", "StagedUpload", "BulkMutation", "BulkOperation$", "ListingFound", "Locat")
    shelf.shop.control("faults", kind=fault, match=names[call])
    for _ in range(4):
        try:
            shelf.publish()
        except TryLater:
            shelf.forward(1)
    shelf.publish()
    shelf.push_stock()
    check(shelf)
    assert not ListingChange.objects.filter(outcome="sent").exists()


class Killed(BaseException):
    """The worker is gone, as by kill -9."""


class Dying:
    """A ledger or a storefront whose process dies before or after a call, now and then."""

    def __init__(self, inner: object, dies: Callable[[], bool]) -> None:
        self._inner = inner
        self._dies = dies

    def __getattr__(self, name: str):
        call = getattr(self._inner, name)

        def dangerous(*args: object, **kwargs: object) -> object:
            if self._dies():
                raise Killed
            answer = call(*args, **kwargs)
            if name == "write_listings":
                answer = list(answer)
            if self._dies():
                raise Killed
            return answer

        return dangerous


@pytest.mark.parametrize("seed", range(8))
def test_a_worker_killed_anywhere_neither_doubles_nor_loses_a_listing(shelf: Shelf, seed: int):
    for _ in range(MANY if seed % 2 else 5):
        shelf.product(variants=2)
    shelf.review()
    shelf.approve()
    chance = random.Random(seed)  # noqa: S311 - no secret
    deaths = 0

    def dies() -> bool:
        return chance.random() < 0.15

    for _ in range(60):
        try:
            publish_listings(
                Dying(shelf.shop.storefront, dies),  # type: ignore[arg-type]
                Dying(Publication(), dies),  # type: ignore[arg-type]
                shelf.clock,
                marketplace_id=shelf.owner,
            )
        except Killed:
            deaths += 1
        shelf.forward(1)
    assert deaths > 5
    shelf.publish()
    shelf.push_stock()
    check(shelf)


def test_a_product_made_without_an_answer_may_have_sold_meanwhile(shelf: Shelf):
    """Its stock is read before it is written: what was sold is not put back."""
    row = shelf.product()
    shelf.review()
    shelf.approve()
    shelf.shop.control("faults", kind="http_502_after", match="Batch")
    with pytest.raises(TryLater):
        shelf.publish()
    shelf.publish()
    (line,) = shelf.lines(row)
    assert line.known_quantity is None
    assert line.stocked_at_location
    assert line.stock_dirty


def test_a_bulk_operation_that_breaks_off_is_compared_line_by_line(shelf: Shelf):
    for _ in range(MANY):
        shelf.product()
    shelf.review()
    shelf.approve()
    shelf.shop.control("faults", kind="bulk_failed", times=1)
    shelf.publish()
    shelf.push_stock()
    check(shelf)
    assert BulkRun.objects.filter(error="INTERNAL_SERVER_ERROR").count() == 1


def test_a_bulk_operation_of_which_nothing_is_told_is_compared(shelf: Shelf):
    for _ in range(MANY):
        shelf.product()
    shelf.review()
    shelf.approve()
    shelf.publish_once()
    (bulk,) = BulkRun.objects.all()
    shelf.shop.state.clock.forward(60)
    shelf.shop.simulator.settle()
    shelf.shop.state.results.clear()  # as if the file had been lost
    shelf.shop.state.bulk[bulk.operation_gid]["file"] = None
    shelf.forward(60)
    shelf.publish()
    shelf.push_stock()
    check(shelf)


def test_while_too_many_bulk_operations_run_batches_go_on(shelf: Shelf):
    for _ in range(MANY):
        shelf.product()
    shelf.review()
    shelf.approve()
    shelf.shop.control("faults", kind="bulk_limit", times=99)
    shelf.publish()
    check(shelf)
    assert "Batch" in shelf.calls()


def test_a_decision_made_meanwhile_is_not_forgotten(shelf: Shelf):
    rows = [shelf.product() for _ in range(MANY)]
    shelf.review()
    shelf.approve()
    shelf.publish_once()  # the bulk operation is under way
    shelf.edit(rows[0], name="Renamed")
    Listing.objects.filter(product=rows[1]).update(state=ListingState.UNPUBLISHED)
    Listing.objects.filter(product=rows[1]).update(unpublished_because="person")
    shelf.review()
    shelf.publish()
    check(shelf)
    assert on_sale(shelf)["Renamed"] == 1
    assert on_sale(shelf)[rows[1].name] == 0


def test_what_was_taken_off_comes_back_as_the_same_product(shelf: Shelf):
    row = shelf.product()
    (listing,) = shelf.put_on_sale(row)
    gid = listing.product_gid
    row.absent_since = shelf.clock.now()
    row.review_due = True
    row.save()
    shelf.review()
    shelf.publish()
    assert on_sale(shelf) == Counter()
    assert gid in shelf.shop.state.products  # nothing is ever deleted there
    shelf.edit(row, absent_since=None)
    shelf.review()
    shelf.publish()
    assert Listing.objects.get(product=row).product_gid == gid
    check(shelf)


def test_new_variants_come_with_their_stock_and_leave_that_of_others_alone(shelf: Shelf):
    row = shelf.product(variants=2)
    shelf.put_on_sale(row)
    first = shelf.lines(row)[0]
    shelf.shop.control("stock", variant_id=first.variant_gid,
                       location_id=first.stocked_at_location, by=-1)  # fmt: skip
    shelf.variant(row, 2, variation_id=999)
    shelf.edit(row)
    shelf.review()
    shelf.publish()
    assert len(shelf.shown(row)["variantIds"]) == 3
    item = shelf.shop.state.variants[first.variant_gid]["itemId"]
    level = shelf.shop.state.levels[item, first.stocked_at_location]
    assert level["available"] == first.known_quantity - 1
    assert shelf.lines(row)[2].known_quantity == 7


def test_one_products_images_are_not_loaded_twice(shelf: Shelf):
    row = shelf.product(variants=2)
    shelf.put_on_sale(row)
    first = list(shelf.shown(row)["mediaIds"])
    shelf.edit(row, images=[*row.images, [9, "https://kiln.example/more.jpg", ""]])
    shelf.review()
    shelf.publish()
    assert shelf.shown(row)["mediaIds"][:1] == first
    assert len(shelf.shop.state.media) == 2


def test_the_daily_limit_spreads_a_publication_over_days(shelf: Shelf):
    shelf.shop.control("settings", variant_threshold=0, variants_a_day=1000)
    shelf.shop.state.variants_made[shelf.clock.now().date().isoformat()] = 1000 - 50
    for _ in range(MANY):
        shelf.product(variants=2)
    shelf.review()
    shelf.approve()
    for _ in range(6):
        report = shelf.publish_once()
        shelf.forward(max(report.again_in_s or 1, 1))
    assert len(on_sale(shelf)) == 25
    (finding,) = shelf.findings("variants_daily_limit")
    tomorrow = (shelf.clock.now() + timedelta(days=1)).date().isoformat()
    assert finding.evidence == {"per_day": 1000, "left": 40, "finish": tomorrow}
    before = len(shelf.calls())
    shelf.publish_once()
    assert set(shelf.calls()[before:]) <= {"ImagesLoaded"}  # nobody asks again today
    shelf.forward(24 * 3600)
    shelf.publish()
    check(shelf)
    assert len(on_sale(shelf)) == MANY


def test_images_that_shopify_cannot_load_are_told_with_their_cure(shelf: Shelf):
    shelf.shop.control("images", fail=["broken"])
    row = shelf.product(images=[[1, "https://kiln.example/broken.jpg", ""]])
    (listing,) = shelf.put_on_sale(row)
    (finding,) = shelf.findings("image_failed")
    assert finding.subject == f"listing:{listing.pk}"
    assert finding.evidence["url"] == "https://kiln.example/broken.jpg"
    assert on_sale(shelf) == Counter([row.name])  # on sale all the same
    shelf.edit(row, images=[[1, "https://kiln.example/mended.jpg", ""]])
    shelf.review()
    shelf.publish()
    assert shelf.findings("image_failed") == []
