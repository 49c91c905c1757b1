"""Listings reach Shopify, each exactly once, in few calls, and every answer is accounted for."""

from longshore.storage.models import Listing, ListingState
from support.shelf import Shelf

MANY = 60


def on_sale(shelf: Shelf) -> set[str]:
    return {row["title"] for row in shelf.shop.state.products.values() if row["publishedOn"]}


def test_a_few_are_published_in_two_calls(shelf: Shelf):
    rows = [shelf.product(variants=2) for _ in range(10)]
    shelf.review()
    shelf.approve()
    before = len(shelf.calls())
    shelf.publish()
    assert shelf.calls()[before:] == [
        "ListingIdDefinition", "Locations", "LocationAdd", "Batch", "Batch", "ImagesLoaded"
    ]  # fmt: skip
    assert on_sale(shelf) == {row.name for row in rows}
    assert set(Listing.objects.values_list("state", flat=True)) == {ListingState.PUBLISHED}
