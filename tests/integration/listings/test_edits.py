"""What people do on Shopify is found, kept or put back, and never overwritten unseen."""

from decimal import Decimal

import pytest

from longshore.storage.models import (
    ForeignProduct,
    ForeignVariant,
    Listing,
    ListingPolicy,
    ListingState,
    VendorProduct,
)
from support.shelf import Shelf


@pytest.fixture(params=["webhook", "reading", "before the write"])
def find(request: pytest.FixtureRequest, shelf: Shelf):
    """The three ways in which an edit is found; the last one only before something is written."""

    def look(row: VendorProduct) -> None:
        match request.param:
            case "webhook":
                shelf.hear(Listing.objects.get(product=row).product_gid)
            case "reading":
                shelf.compare()
            case _:
                shelf.forward(3600)
        shelf.publish()

    return look


def own(shelf: Shelf, **owners: str) -> None:
    ListingPolicy.objects.create(marketplace=shelf.marketplace, owners=owners)
    VendorProduct.objects.update(review_due=True)
    shelf.review()


def edit_on_shopify(shelf: Shelf, row: VendorProduct, **changes: object) -> None:
    shelf.forward(1)
    listing = Listing.objects.get(product=row)
    shelf.shop.control("products/change", product_id=listing.product_gid, **changes)


def vendor_changes(shelf: Shelf, row: VendorProduct, **changes: object) -> None:
    shelf.edit(row, **changes)  # type: ignore[arg-type]
    shelf.review()
    shelf.publish()


def test_an_edited_title_stays_whatever_the_vendor_does(shelf: Shelf, find):
    row = shelf.product()
    shelf.put_on_sale(row)
    edit_on_shopify(shelf, row, title="Mine")
    find(row)
    vendor_changes(shelf, row, name="Vendor's new", price="12")
    assert shelf.shown(row)["title"] == "Mine"
    assert shelf.shown_variants(row)[0]["price"] == "12.00"
    (finding,) = shelf.findings("edited_on_shopify")
    assert (
        finding.evidence == {"product": row.name, "fields": "title"}
        or finding.evidence["fields"] == "title"
    )


def test_an_edited_title_is_put_back_where_the_vendor_owns_it(shelf: Shelf, find):
    row = shelf.product()
    shelf.put_on_sale(row)
    own(shelf, title="vendor")
    edit_on_shopify(shelf, row, title="Mine")
    find(row)
    vendor_changes(shelf, row, description_html="<p>New</p>")
    shelf.publish()
    assert shelf.shown(row)["title"] == row.name


@pytest.mark.parametrize("owner", ["first_import", "marketplace"])
def test_what_the_vendor_does_not_own_is_left_alone(shelf: Shelf, owner: str):
    own(shelf, title=owner)
    row = shelf.product()
    shelf.put_on_sale(row)
    first = row.name
    vendor_changes(shelf, row, name="Vendor's new")
    assert shelf.shown(row)["title"] == first
    edit_on_shopify(shelf, row, title="Mine")
    shelf.compare()
    vendor_changes(shelf, row, name="Vendor's newest")
    assert shelf.shown(row)["title"] == "Mine"
    assert shelf.findings() == []


def test_an_edited_price_stays(shelf: Shelf, find):
    row = shelf.product()
    shelf.put_on_sale(row)
    (line,) = shelf.lines(row)
    shelf.forward(1)
    shelf.shop.control("variants/change", variant_id=line.variant_gid, price="8.00")
    find(row)
    vendor_changes(shelf, row, price="12")
    assert shelf.shown_variants(row)[0]["price"] == "8.00"
    assert shelf.findings("edited_on_shopify")


def test_a_price_is_put_back_where_the_vendor_owns_it(shelf: Shelf):
    row = shelf.product()
    shelf.put_on_sale(row)
    own(shelf, price="vendor")
    (line,) = shelf.lines(row)
    shelf.shop.control("variants/change", variant_id=line.variant_gid, price="8.00")
    shelf.forward(1)
    shelf.compare()
    shelf.publish()
    assert shelf.shown_variants(row)[0]["price"] == "10.00"
    assert shelf.findings("put_back_on_shopify")


def test_what_others_added_survives_every_write(shelf: Shelf, find):
    row = shelf.product(variants=2)
    shelf.put_on_sale(row)
    gid = Listing.objects.get(product=row).product_gid
    edit_on_shopify(shelf, row, tags=["blue", "theirs"])
    field = {"ownerId": gid, "namespace": "custom", "key": "note",
             "type": "single_line_text_field", "value": "theirs"}  # fmt: skip
    shelf.shop.client.call("metafields_set", {"metafields": [field]})
    state = shelf.shop.state
    added = shelf.shop.client.call_document(
        "Theirs",
        "mutation($id: ID!, $v: [ProductVariantsBulkInput!]!) {"
        " productVariantsBulkCreate(productId: $id, variants: $v) {"
        " productVariants { id } userErrors { message } } }",
        {"id": gid, "v": [{"optionValues": [{"optionName": "Size", "name": "XXL"}], "price": "1"}]},
        10,
    )[0]["productVariantsBulkCreate"]["productVariants"][0]["id"]
    find(row)
    shelf.variant(row, 2, variation_id=999)
    vendor_changes(shelf, row, name="New", tags=["red"], price="12")
    assert shelf.shown(row)["tags"] == ["red", "theirs"]
    assert ("custom", "note") in shelf.shown(row)["metafields"]
    assert len(shelf.shown(row)["variantIds"]) == 4
    assert state.variants[added]["price"] == "1.00"


def test_a_product_deleted_on_shopify_waits_for_a_person(shelf: Shelf, find):
    row = shelf.product()
    (listing,) = shelf.put_on_sale(row)
    shelf.forward(1)
    shelf.shop.control("products/delete", product_id=listing.product_gid)
    find(row)
    vendor_changes(shelf, row, price="12")
    listing.refresh_from_db()
    assert (listing.state, listing.unpublished_because) == (
        ListingState.UNPUBLISHED, "storefront"
    )  # fmt: skip
    assert shelf.shop.state.products == {}
    assert shelf.findings("deleted_on_shopify")
    shelf.approve([listing.pk])
    shelf.publish()
    assert shelf.shown(row)["title"] == row.name
    assert shelf.findings() == []


def test_a_variant_deleted_on_shopify_does_not_come_back_by_itself(shelf: Shelf, find):
    row = shelf.product(variants=2)
    shelf.put_on_sale(row)
    gid = Listing.objects.get(product=row).product_gid
    first, second = shelf.lines(row)
    shelf.forward(1)
    shelf.shop.client.call_document(
        "Theirs",
        "mutation($id: ID!, $ids: [ID!]!) { productVariantsBulkDelete(productId: $id,"
        " variantsIds: $ids) { userErrors { message } } }",
        {"id": gid, "ids": [first.variant_gid]},
        10,
    )
    find(row)
    vendor_changes(shelf, row, name="New", images=[])
    assert shelf.shown(row)["variantIds"] == [second.variant_gid]
    (finding,) = shelf.findings("variant_deleted_on_shopify")
    assert finding.evidence["variant"] == "1"


def test_what_was_taken_off_on_shopify_stays_off(shelf: Shelf, find):
    row = shelf.product()
    shelf.put_on_sale(row)
    edit_on_shopify(shelf, row, published=False)
    find(row)
    vendor_changes(shelf, row, price="12")
    assert shelf.shown(row)["publishedOn"] == []
    if shelf.findings("taken_off_on_shopify"):
        edit_on_shopify(shelf, row, published=True)
        shelf.compare()
        assert shelf.findings("taken_off_on_shopify") == []


def test_our_own_words_shown_a_little_differently_are_no_edit(shelf: Shelf):
    row = shelf.product(description_html="<p>a</p>")
    (listing,) = shelf.put_on_sale(row)
    listing.echoed = {"description": "<p>a</p>\n"}
    listing.save()
    edit_on_shopify(shelf, row, descriptionHtml="<p>a</p>\n")
    shelf.compare()
    assert shelf.findings("edited_on_shopify") == []
    vendor_changes(shelf, row, description_html="<p>b</p>")
    assert shelf.shown(row)["descriptionHtml"] == "<p>b</p>"


def test_a_reading_is_older_than_what_is_written_meanwhile(shelf: Shelf):
    from longshore.storage.repositories.publication import Publication
    from longshore.sync.begin_comparison import begin_comparison

    row = shelf.product()
    shelf.put_on_sale(row)
    shelf.forward(1)
    ledger = Publication()
    begin_comparison(shelf.shop.storefront, ledger, shelf.clock, marketplace_id=shelf.owner)
    shelf.shop.state.clock.forward(5)
    shelf.shop.simulator.settle()  # Shopify has written down the old price
    vendor_changes(shelf, row, price="12")
    shelf.forward(5)
    shelf.publish()
    assert shelf.findings() == []
    assert shelf.shown_variants(row)[0]["price"] == "12.00"


def test_a_reading_that_breaks_off_deletes_nothing(shelf: Shelf):
    row = shelf.product()
    (listing,) = shelf.put_on_sale(row)
    shelf.shop.control("products", title="Theirs", variants=[{"sku": "X"}])
    shelf.compare()
    shelf.shop.control("faults", kind="bulk_failed")
    shelf.compare()
    listing.refresh_from_db()
    assert listing.product_gid
    assert ForeignProduct.objects.count() == 1


def test_products_of_others_are_known_until_they_are_gone(shelf: Shelf):
    theirs = shelf.shop.control(
        "products", title="Theirs", variants=[{"sku": "Ab-1", "barcode": "400"}]
    )
    shelf.compare()
    assert ForeignVariant.objects.get().sku == "ab-1"
    shelf.shop.control("products/delete", product_id=theirs["id"])
    shelf.forward(1)
    shelf.compare()
    assert not ForeignProduct.objects.exists()


def test_many_stale_listings_are_read_by_one_operation(shelf: Shelf, monkeypatch):
    from longshore.sync import publish_listings

    monkeypatch.setattr(publish_listings, "READ_EVERYTHING_FROM", 45)
    rows = [shelf.product() for _ in range(45)]
    shelf.put_on_sale()
    edit_on_shopify(shelf, rows[3], title="Mine")
    shelf.forward(3600)
    for row in rows:
        shelf.edit(row, name=f"New {row.name}", price="11")
    shelf.review()
    before = len(shelf.calls())
    report = shelf.publish_once()
    assert report.read_everything
    shelf.compare()
    shelf.publish()
    assert "ListingsShown" not in shelf.calls()[before:]
    titles = {row["title"] for row in shelf.shop.state.products.values()}
    assert "Mine" in titles
    assert len([one for one in titles if one.startswith("New ")]) == 44
    prices = {row["price"] for row in shelf.shop.state.variants.values()}
    assert prices == {str(Decimal("11.00"))}
