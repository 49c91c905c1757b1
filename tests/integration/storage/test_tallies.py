"""What the database counts by itself is what counting would find, whatever changed the rows."""

import pytest
from django.db import connection, transaction
from django.utils import timezone

from longshore.storage import models as m
from longshore.storage.queries.tallies import Counts, counts, counts_by_vendor
from longshore.storage.repositories.tallies import fold_tallies
from support.harbor import Harbor, make_harbor

TOPICS = ("listing", "line", "order", "left_out", "parcel")


@pytest.fixture
def harbor(db) -> Harbor:
    return make_harbor(timezone.now())


def listings(harbor: Harbor, vendor_id: int | None = None) -> Counts:
    return counts(harbor.marketplace.pk, ["listing"], vendor_id)["listing"]


def test_rows_are_counted_for_the_marketplace_and_each_vendor(harbor: Harbor):
    assert listings(harbor) == {"published|0|0|0": 4}
    first, second = (store.vendor_id for store in harbor.stores)
    assert listings(harbor, first) == {"published|0|0|0": 2}
    assert counts_by_vendor(harbor.marketplace.pk, "listing", [first, second, 0]) == {
        first: {"published|0|0|0": 2},
        second: {"published|0|0|0": 2},
        0: {"published|0|0|0": 4},
    }


def test_every_way_of_changing_rows_is_followed(harbor: Harbor):
    one, two, three, four = m.Listing.objects.order_by("id")
    one.state = "review"
    one.save()
    m.Listing.objects.filter(pk__in=[two.pk, three.pk]).update(dirty=True)
    four.problems = [["no_price", {}]]
    four.save()
    assert listings(harbor) == {
        "review|0|0|0": 1,
        "published|0|1|0": 2,
        "published|1|0|0": 1,
    }
    m.ListingVariant.objects.filter(listing=two).delete()
    m.Listing.objects.filter(pk=two.pk).delete()
    assert listings(harbor).of("*|*|1|*") == 1
    assert counts(harbor.marketplace.pk, ["line"])["line"].total() == 3


def test_a_row_merged_by_upsert_is_counted_once(harbor: Harbor):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO storage_listing SELECT * FROM storage_listing"
            " ON CONFLICT (id) DO UPDATE SET state = 'declined'"
        )
    assert listings(harbor) == {"declined|0|0|0": 4}


def test_what_was_rolled_back_was_never_counted(harbor: Harbor):
    with transaction.atomic():
        m.Listing.objects.update(state="declined")
        assert listings(harbor) == {"declined|0|0|0": 4}
        transaction.set_rollback(True)
    assert listings(harbor) == {"published|0|0|0": 4}


def test_folding_changes_no_count_and_leaves_few_rows(harbor: Harbor):
    for state in ("review", "approved", "published") * 3:
        m.Listing.objects.update(state=state)
    before = {topic: dict(found) for topic, found in counts(harbor.marketplace.pk, TOPICS).items()}
    assert m.Tally.objects.filter(topic="listing").count() > 20
    fold_tallies()
    fold_tallies()
    assert m.Tally.objects.filter(topic="listing").count() == 3
    after = counts(harbor.marketplace.pk, TOPICS)
    assert {topic: dict(found) for topic, found in after.items()} == before


def test_products_left_out_are_counted_by_reason(harbor: Harbor):
    product = m.VendorProduct.objects.order_by("id").first()
    m.VendorProduct.objects.filter(pk=product.pk).update(left_out="product_not_public")
    owner = harbor.marketplace.pk
    assert counts(owner, ["left_out"])["left_out"] == {"product_not_public": 1}
    m.VendorProduct.objects.filter(pk=product.pk).update(absent_since=timezone.now())
    assert counts(owner, ["left_out"])["left_out"] == {}


def test_another_marketplace_counts_for_itself(harbor: Harbor):
    other = m.Marketplace.objects.create(name="Other")
    assert counts(other.pk, TOPICS)["listing"] == {}


def test_patterns_of_keys():
    found = Counts({"a|0": 1, "a|1": 2, "b|1": 4})
    assert found.of("a|*") == 3
    assert found.of("*|1") == 6
    assert found.of("a|*", "*|1") == 7
    assert found.total() == 7
