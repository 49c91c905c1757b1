"""A vendor keeps a product in the own shop: it leaves the sale, and comes back when offered."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from longshore.storage.models import Deed, Listing, VendorProduct
from longshore.storage.repositories.listings import Listings
from longshore.sync.review_listings import review_listings
from support.screens import World


class NowClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return datetime.now(UTC).timestamp()


def reviewed(world: World) -> Listing:
    """As the job that was asked for does it."""
    review_listings(Listings(), NowClock(), store_id=world.store.pk)
    return Listing.objects.get(pk=world.published.pk)


def text(answer) -> str:
    return answer.content.decode()


def test_what_is_kept_leaves_the_sale_and_comes_back(world: World, vendor_person: Client):
    product = world.published.product
    there = {"product_gid": "gid://shopify/Product/1", "known": {"on_sale": True}}
    Listing.objects.filter(pk=world.published.pk).update(**there)
    assert reviewed(world).state == "published"
    answer = vendor_person.post("/my/products/offer/", {"keep": product.pk}, follow=True)
    assert answer.redirect_chain == [("/my/products/", 302)]
    page = text(answer)
    assert "leaves the sale here" in page
    assert "kept in your own shop" in page
    listing = reviewed(world)
    assert (listing.state, listing.unpublished_because) == ("unpublished", "left_out")
    assert listing.dirty, "Shopify is told"
    assert "1 is kept in your own shop" in text(vendor_person.get("/my/"))
    vendor_person.post("/my/products/offer/", {"offer": product.pk})
    assert reviewed(world).state in {"approved", "published"}
    kinds = list(Deed.objects.order_by("pk").values_list("kind", flat=True))[-2:]
    assert kinds == ["products_excluded", "products_included"]


@pytest.mark.parametrize("given", ["", "x", "-1", "9" * 30, "0", "1 OR 1"])
def test_nonsense_changes_nothing(world: World, vendor_person: Client, given: str):
    assert vendor_person.post("/my/products/offer/", {"keep": given}).status_code == 404
    assert not VendorProduct.objects.filter(kept_back=True).exists()


def test_another_vendors_product_does_not_exist(world: World, vendor_person: Client):
    theirs = VendorProduct.objects.filter(store=world.other_store).first()
    assert vendor_person.post("/my/products/offer/", {"keep": theirs.pk}).status_code == 404
    assert not VendorProduct.objects.filter(kept_back=True).exists()
    assert Client().post("/my/products/offer/", {"keep": theirs.pk}).status_code == 302


@pytest.mark.parametrize("back", ["https://evil.example/my/products/", "//evil.example", "/my/"])
def test_the_way_back_is_the_list(world: World, vendor_person: Client, back: str):
    sent = {"keep": world.published.product_id, "back": back}
    assert vendor_person.post("/my/products/offer/", sent)["Location"] == "/my/products/"
    sent = {"offer": world.published.product_id, "back": "/my/products/?show=all&q=mug"}
    there = vendor_person.post("/my/products/offer/", sent)["Location"]
    assert there == "/my/products/?show=all&q=mug"


def test_it_stays_kept_when_the_shop_is_read_again(world: World, vendor_person: Client):
    product = world.published.product
    vendor_person.post("/my/products/offer/", {"keep": product.pk})
    VendorProduct.objects.filter(pk=product.pk).update(review_due=True, name="Renamed")
    assert reviewed(world).state == "unpublished"
