"""What every storefront must do with many listings at once; run on the simulated shop."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import pytest

from longshore.domain.listing import (
    Field,
    ListingDraft,
    ListingVariantDraft,
    Said,
    Step,
    Writing,
    plan_writes,
    said_by,
)
from longshore.ports.errors import TryLater
from longshore.ports.publishing import (
    ListingRef,
    ListingWrite,
    Made,
    NotMade,
    OtherVariant,
    ShownListing,
)
from longshore.stores.shopify import listings
from simulators.shopify import ShopSettings
from support.shopify_shop import Shop

MUG = "https://kiln.example/mug.jpg"


@pytest.fixture
def shop() -> Iterator[Shop]:
    made = Shop(ShopSettings(bulk_lines_s=1_000_000, bucket=1e9))
    made.state.clock.stop()
    made.storefront.prepare()
    yield made
    assert made.state.later.problems == []
    made.simulator.close()


@pytest.fixture
def online(shop: Shop) -> str:
    return shop.storefront.list_publications()[0].publication_id


def draft(number: int = 1, sizes: tuple[str, ...] = ("S", "M"), **changes: object) -> ListingDraft:
    fields: dict = {
        "uuid": str(uuid4()),
        "product_id": None,
        "title": f"Mug {number}",
        "description_html": "<p>Blue</p>",
        "vendor": "Kiln",
        "product_type": "Mugs",
        "tags": ("blue",),
        "option_names": ("Size",),
        "images": ((MUG, "A mug"),),
        "variants": tuple(
            ListingVariantDraft(
                key=number * 1000 + place,
                variant_id=None,
                options=(("Size", size),),
                sku=f"MUG-{number}-{size}",
                barcode="",
                price=Decimal("12.50"),
                compare_at=None,
                tracked=True,
                oversell=False,
                weight=Decimal("0.4"),
                image_url="",
                quantity=7,
            )
            for place, size in enumerate(sizes)
        ),
    }
    return ListingDraft(**{**fields, **changes})


def whole(one: ListingDraft, **changes: object) -> ListingWrite:
    return ListingWrite(one, Writing(Step.SET, said_by(one)), **changes)


def send(shop: Shop, online: str, *writes: ListingWrite) -> list[Made | NotMade]:
    found = dict(shop.storefront.write_listings(writes, online))
    return [found[index] for index in range(len(writes))]


def make(shop: Shop, online: str, one: ListingDraft) -> ListingDraft:
    """The draft once it stands on Shopify."""
    (made,) = send(shop, online, whole(one))
    assert isinstance(made, Made)
    ids = {variant.options: variant.variant_id for variant in made.variants}
    return replace(
        one,
        product_id=made.product_id,
        media={url: gid for (url, _), gid in zip(one.images, made.media, strict=True)},
        variants=tuple(
            replace(v, variant_id=ids[tuple(value for _, value in v.options)]) for v in one.variants
        ),
    )


def change(shop: Shop, online: str, before: ListingDraft, now: ListingDraft) -> list[Step]:
    """Writes what differs; returns the steps it took."""
    steps = plan_writes(said_by(now), said_by(before), exists=True)
    outcomes = send(shop, online, *(ListingWrite(now, one) for one in steps))
    assert all(isinstance(one, Made) for one in outcomes), outcomes
    return [one.step for one in steps]


def run_bulk(shop: Shop, online: str, step: Step, writes: list[ListingWrite]):
    """The outcomes of a bulk operation by line."""
    operation, lines = shop.storefront.begin_bulk(str(uuid4()), step, writes, online)
    assert lines == len(writes)
    assert not shop.storefront.bulk_progress(operation).ended
    finish(shop)
    progress = shop.storefront.bulk_progress(operation)
    assert progress.ended
    return progress, dict(shop.storefront.bulk_outcomes(progress, step))


def finish(shop: Shop, seconds: float = 60) -> None:
    shop.state.clock.forward(seconds)
    shop.simulator.settle()


def by_graphql(shop: Shop) -> int:
    return len(shop.operations())


# --- batches ---


def test_several_listings_are_one_call(shop: Shop, online: str):
    before = by_graphql(shop)
    outcomes = send(shop, online, *(whole(draft(number)) for number in range(20)))
    assert by_graphql(shop) - before == 1
    assert {row["title"] for row in shop.state.products.values()} == {
        f"Mug {number}" for number in range(20)
    }
    assert all(isinstance(one, Made) and len(one.variants) == 2 for one in outcomes)


def test_a_call_never_costs_more_than_shopify_takes(shop: Shop, online: str):
    dear = [draft(n, tuple(str(size) for size in range(200))) for n in range(30)]
    before = by_graphql(shop)
    outcomes = send(shop, online, *map(whole, dear))
    assert all(isinstance(one, Made) for one in outcomes)
    costs = [entry["cost"] for entry in list(shop.simulator.parts.log)[before:]]
    assert max(costs) <= 1000
    assert len(costs) < 6


def test_one_bad_listing_does_not_stop_its_neighbors(shop: Shop, online: str):
    bad = draft(2, option_names=("A", "B", "C", "D"))
    bad = replace(
        bad,
        variants=tuple(
            replace(v, options=tuple((n, v.sku) for n in bad.option_names)) for v in bad.variants
        ),
    )
    first, second, third = send(shop, online, whole(draft(1)), whole(bad), whole(draft(3)))
    assert isinstance(first, Made)
    assert isinstance(second, NotMade)
    assert "maximum of 3 options" in second.why
    assert isinstance(third, Made)


def test_new_variants_stand_at_their_location_with_their_stock(shop: Shop, online: str):
    place = shop.storefront.add_location("Kiln", "CZ").location_id
    one = make(shop, online, draft(location_id=place))
    for variant in one.variants:
        item = shop.state.variants[variant.variant_id]["itemId"]
        levels = shop.state.levels.of(item)
        assert {gid: level["available"] for gid, level in levels.items()} == {place: 7}


def test_a_second_set_never_touches_stock(shop: Shop, online: str):
    place = shop.storefront.add_location("Kiln", "CZ").location_id
    one = make(shop, online, draft(location_id=place))
    shop.control("stock", variant_id=one.variants[0].variant_id, location_id=place, available=3)
    added = replace(
        one,
        variants=(
            *one.variants,
            replace(one.variants[0], key=9, variant_id=None, options=(("Size", "L"),), quantity=5),
        ),
    )
    assert change(shop, online, one, added) == [Step.SET]
    quantities = sorted(
        shop.state.levels[row["itemId"], place]["available"] for row in shop.state.variants.values()
    )
    assert quantities == [3, 5, 7]


def test_a_price_is_changed_alone(shop: Shop, online: str):
    one = make(shop, online, draft())
    dearer = replace(one, variants=tuple(replace(v, price=Decimal(15)) for v in one.variants))
    assert change(shop, online, one, dearer) == [Step.VARIANTS]
    rows = [shop.state.variants[v.variant_id] for v in one.variants]
    assert [row["price"] for row in rows] == ["15.00", "15.00"]


def test_a_title_is_changed_alone(shop: Shop, online: str):
    one = make(shop, online, draft())
    shop.control("products/change", product_id=one.product_id, descriptionHtml="<p>Mine</p>")
    assert change(shop, online, one, replace(one, title="Cup")) == [Step.CONTENT]
    row = shop.state.products[one.product_id]
    assert (row["title"], row["descriptionHtml"]) == ("Cup", "<p>Mine</p>")


def test_tags_of_others_stay(shop: Shop, online: str):
    one = make(shop, online, draft(tags=("blue", "old")))
    shop.control("products/change", product_id=one.product_id, tags=["blue", "old", "sale"])
    now = replace(one, tags=("blue", "new"))
    assert change(shop, online, one, now) == [Step.TAGS_ADD, Step.TAGS_REMOVE]
    assert shop.state.products[one.product_id]["tags"] == ["blue", "new", "sale"]


def test_metafields_of_others_stay_when_a_product_is_set_again(shop: Shop, online: str):
    one = make(shop, online, draft())
    field = {"ownerId": one.product_id, "namespace": "custom", "key": "note",
             "type": "single_line_text_field", "value": "ours"}  # fmt: skip
    shop.client.call("metafields_set", {"metafields": [field]})
    send(shop, online, whole(replace(one, title="Cup")))
    fields = shop.state.products[one.product_id]["metafields"]
    assert ("custom", "note") in fields
    assert len(fields) == 2


def test_variants_of_others_stay_when_a_product_is_set_again(shop: Shop, online: str):
    one = make(shop, online, draft())
    shop.client.call(
        "product_set",
        {
            "identifier": {"id": one.product_id},
            "input": {
                "productOptions": [{"name": "Size", "values": [{"name": n} for n in "SMX"]}],
                "variants": [
                    {"optionValues": [{"optionName": "Size", "name": n}], "price": "1"}
                    for n in "SMX"
                ],
            },
            "variants": 3,
            "media": 1,
        },
    )
    mine = {v.variant_id for v in one.variants}
    (other,) = [gid for gid in shop.state.products[one.product_id]["variantIds"] if gid not in mine]
    kept = OtherVariant(other, (("Size", "X"),))
    send(shop, online, whole(replace(one, title="Cup"), others=(kept,)))
    assert other in shop.state.products[one.product_id]["variantIds"]
    assert shop.state.variants[other]["price"] == "1.00"


def test_images_are_not_loaded_again(shop: Shop, online: str):
    one = make(shop, online, draft())
    more = replace(one, images=(*one.images, ("https://kiln.example/second.jpg", "")))
    assert change(shop, online, one, more) == [Step.SET]
    media = shop.state.products[one.product_id]["mediaIds"]
    assert media[0] == one.media[MUG]
    assert len(media) == 2
    assert len(shop.state.media) == 2


def test_a_lost_answer_is_named_and_what_was_told_before_is_kept(shop: Shop, online: str):
    writes = [whole(draft(number)) for number in range(40)]
    shop.control("faults", kind="http_502_after", match="Batch", times=1)
    told = {}
    with pytest.raises(TryLater) as caught:
        told.update(shop.storefront.write_listings(writes, online))
    assert caught.value.maybe_done
    assert told == {}
    assert len(shop.state.products) == listings.MOST_IN_A_CALL


def test_a_product_that_is_gone_is_told(shop: Shop, online: str):
    one = make(shop, online, draft())
    shop.control("products/delete", product_id=one.product_id)
    dearer = replace(one, variants=tuple(replace(v, price=Decimal(15)) for v in one.variants))
    steps = plan_writes(said_by(dearer), said_by(one), exists=True)
    (outcome,) = send(shop, online, ListingWrite(dearer, steps[0]))
    assert isinstance(outcome, NotMade)
    assert outcome.gone


def test_the_daily_limit_is_told_as_later(shop: Shop, online: str):
    shop.control("settings", variant_threshold=0, variants_a_day=3)
    first, second = send(shop, online, whole(draft(1)), whole(draft(2)))
    assert isinstance(first, Made)
    assert second == NotMade(second.why, later=True, daily_limit=True)


# --- bulk ---


def test_a_bulk_operation_makes_listings_and_accounts_for_each(shop: Shop, online: str):
    bad = draft(5, variants=(replace(draft(5).variants[0], price=Decimal(-1)),))
    drafts = [*(draft(number) for number in range(5)), bad]
    before = by_graphql(shop)
    progress, outcomes = run_bulk(shop, online, Step.SET, [whole(one) for one in drafts])
    assert not progress.failed
    assert sorted(outcomes) == list(range(6))
    assert isinstance(outcomes[5], NotMade)
    for number in range(5):
        made = outcomes[number]
        assert isinstance(made, Made)
        assert shop.state.products[made.product_id]["title"] == f"Mug {number}"
        assert [variant.options for variant in made.variants] == [("S",), ("M",)]
    assert by_graphql(shop) - before == 4  # stage, run, and two looks


def test_a_bulk_operation_puts_on_sale(shop: Shop, online: str):
    ones = [make(shop, online, draft(number)) for number in range(3)]
    on_sale = Writing(Step.PUBLISH, Said({Field.ON_SALE: True}))
    _, outcomes = run_bulk(shop, online, Step.PUBLISH, [ListingWrite(o, on_sale) for o in ones])
    assert all(isinstance(one, Made) for one in outcomes.values())
    assert all(row["publishedOn"] == [online] for row in shop.state.products.values())


def test_a_bulk_operation_whose_answer_was_lost_is_found_by_its_mark(shop: Shop, online: str):
    mark = str(uuid4())
    assert shop.storefront.find_bulk(mark) is None
    shop.control("faults", kind="internal_after", match="BulkMutation")
    with pytest.raises(TryLater) as caught:
        shop.storefront.begin_bulk(mark, Step.SET, [whole(draft())], online)
    assert caught.value.maybe_done
    operation = shop.storefront.find_bulk(mark)
    assert operation is not None
    finish(shop)
    assert shop.storefront.bulk_progress(operation).ended
    assert len(shop.state.products) == 1


def test_a_bulk_operation_that_breaks_off_tells_what_it_did(shop: Shop, online: str):
    shop.control("faults", kind="bulk_failed")
    writes = [whole(draft(number)) for number in range(10)]
    progress, outcomes = run_bulk(shop, online, Step.SET, writes)
    assert progress.failed
    assert len(outcomes) == len(shop.state.products) == 5


def test_too_many_bulk_operations_are_tried_later(shop: Shop, online: str):
    shop.control("faults", kind="bulk_limit")
    with pytest.raises(TryLater) as caught:
        shop.storefront.begin_bulk(str(uuid4()), Step.SET, [whole(draft())], online)
    assert caught.value.after
    assert not caught.value.maybe_done


def test_nothing_to_write_is_no_operation(shop: Shop, online: str):
    before = by_graphql(shop)
    assert shop.storefront.begin_bulk(str(uuid4()), Step.SET, [], online) == ("", 0)
    assert by_graphql(shop) == before


# --- reading ---


def shown_as_said(shown: ShownListing, one: ListingDraft) -> None:
    said = said_by(one)
    for name, value in shown.values.items():
        if name != Field.ON_SALE:
            assert said.product[name] == value, name
    keys = {v.variant_id: v.key for v in one.variants}
    for variant in shown.variants:
        mine = said.variants[keys[variant.variant_id]]
        assert variant.values == {name: mine[name] for name in variant.values}


def test_what_was_written_is_what_is_read(shop: Shop, online: str):
    ones = [make(shop, online, draft(number)) for number in range(3)]
    refs = [ListingRef(ones[0].uuid), *(ListingRef(o.uuid, o.product_id) for o in ones[1:])]
    found = shop.storefront.read_listings([*refs, ListingRef(str(uuid4()))], online)
    assert set(found) == {one.uuid for one in ones}
    for one in ones:
        shown_as_said(found[one.uuid], one)
        assert not found[one.uuid].values[Field.ON_SALE]


def test_a_product_without_options_is_read_without_options(shop: Shop, online: str):
    plain = replace(draft().variants[0], options=(), weight=None)
    one = make(shop, online, draft(option_names=(), variants=(plain,)))
    found = shop.storefront.read_listings([ListingRef(one.uuid, one.product_id)], online)
    shown_as_said(found[one.uuid], one)


def test_everything_is_read_by_one_operation(shop: Shop, online: str):
    ones = {o.uuid: o for o in (make(shop, online, draft(number)) for number in range(7))}
    other = shop.control("products", title="Somebody else's", variants=[{"sku": "X"}])
    operation = shop.storefront.begin_reading(str(uuid4()), online)
    finish(shop)
    found = list(shop.storefront.bulk_listings(shop.storefront.bulk_progress(operation)))
    assert {one.uuid for one in found} == {*ones, ""}
    for one in found:
        if one.uuid:
            shown_as_said(one, ones[one.uuid])
            assert [image.media_id for image in one.images] == [ones[one.uuid].media[MUG]]
        else:
            assert one.product_id == other["id"]
            assert one.variants[0].values[Field.SKU] == "X"


def test_images_are_told_once_they_are_loaded_or_failed(shop: Shop, online: str):
    shop.control("images", fail=["broken"])
    urls = (MUG, "https://kiln.example/broken.jpg")
    one = make(shop, online, draft(images=tuple((url, "") for url in urls)))
    ids = [one.media[url] for url in urls]
    assert shop.storefront.image_errors(ids) == dict.fromkeys(ids)
    finish(shop)
    told = shop.storefront.image_errors(ids)
    assert [told[gid] for gid in ids] == ["", "IMAGE_DOWNLOAD_FAILURE"]
