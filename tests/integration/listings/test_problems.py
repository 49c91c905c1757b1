"""What keeps goods off Shopify is a finding on the product with its cure; mended in the shop, it
goes on by itself.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from longshore import wiring
from longshore.domain.findings import KINDS, Who
from longshore.storage.models import Listing, Storefront, VendorProduct
from longshore.web.shared import field_words
from support.shelf import Shelf

Make = Callable[[Shelf], VendorProduct]
FOUR = ["Size", "Color", "Cloth", "Cut"]


def with_options(shelf: Shelf, *options: list[list[str]], names: list[str]) -> VendorProduct:
    row = shelf.product(variants=len(options), option_names=names)
    for variant, one in zip(row.variants.order_by("pk"), options, strict=True):
        variant.options = one
        variant.save()
    return row


def four_options(shelf: Shelf) -> VendorProduct:
    return shelf.product(variants=2, option_names=FOUR)


def too_many_variants(shelf: Shelf) -> VendorProduct:
    Storefront.objects.update(variant_limit=2)
    return shelf.product(variants=3)


def too_many_images(shelf: Shelf) -> VendorProduct:
    images = [[n, f"https://kiln.example/{n}.jpg", ""] for n in range(251)]
    return shelf.product(images=images)


def long_title(shelf: Shelf) -> VendorProduct:
    return shelf.product(name="Mug " * 64)


def no_price(shelf: Shelf) -> VendorProduct:
    row = shelf.product()
    row.variants.update(regular_price=None)
    return row


def price_of_zero(shelf: Shelf) -> VendorProduct:
    row = shelf.product()
    row.variants.update(regular_price=Decimal(0))
    return row


def any_size(shelf: Shelf) -> VendorProduct:
    return with_options(shelf, [["Size", "S"]], [["Size", ""]], names=["Size"])


def same_size(shelf: Shelf) -> VendorProduct:
    return with_options(shelf, [["Size", "S"]], [["Size", "s"]], names=["Size"])


def no_variation(shelf: Shelf) -> VendorProduct:
    row = shelf.product(variants=2)
    row.variants.update(public=False)
    return row


PROBLEMS: dict[str, tuple[Make, str]] = {
    "options": (four_options, "too_many_options"),
    "variants": (too_many_variants, "too_many_variants"),
    "images": (too_many_images, "too_many_images"),
    "title": (long_title, "title_too_long"),
    "price": (no_price, "no_price"),
    "zero": (price_of_zero, "no_price"),
    "any": (any_size, "variant_any_option"),
    "same": (same_size, "variant_same_options"),
    "none": (no_variation, "product_no_variants"),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_it_is_told_on_the_product_with_its_cure(shelf: Shelf, name: str):
    make, code = PROBLEMS[name]
    row, sound = make(shelf), shelf.product()
    shelf.put_on_sale(sound)
    listing = Listing.objects.get(product=row)
    assert [one for one, _ in listing.problems] == [code]
    assert (listing.state, listing.product_gid) == ("review", "")
    assert shelf.shown(sound)["publishedOn"], "one bad product stops no other"
    kind = KINDS[code]
    assert kind.who is not Who.NOBODY
    why = wiring.explain_listing(shelf.owner, listing.pk)
    assert why is not None
    assert why.stopped_at == "ready"
    told = [str(text) for step in field_words.way(why) for text in step.more]
    assert len(told) == 2
    assert all(told), "what is wrong, and what cures it"


def test_mended_it_is_published_by_itself_where_the_vendor_needs_no_review(shelf: Shelf):
    wiring.change_vendor(shelf.stores[0].vendor_id, auto_approve=True)
    row = no_price(shelf)
    shelf.review()
    assert Listing.objects.get(product=row).state == "review"
    shelf.edit(row, price="10")
    shelf.review()
    shelf.publish()
    assert shelf.shown_variants(row)[0]["price"] == "10.00"


def spoil(row: VendorProduct, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    row.review_due = True
    row.save()


def test_what_is_on_shopify_and_breaks_is_an_open_finding_until_it_is_mended(shelf: Shelf):
    row = shelf.product()
    (listing,) = shelf.put_on_sale(row)
    name = row.name
    spoil(row, name="Mug " * 64)
    shelf.review()
    shelf.publish()
    (finding,) = shelf.findings("title_too_long")
    assert finding.subject == f"listing:{listing.pk}"
    assert shelf.shown(row)["title"] == name, "the last good one stays"
    spoil(row, name="Short mug")
    shelf.review()
    shelf.publish()
    assert shelf.findings("title_too_long") == []
    assert shelf.shown(row)["title"] == "Short mug"
