"""A shop in several languages: each product is imported once, whatever the plugin tells."""

from datetime import UTC, datetime

import pytest

from longshore.ports.errors import Rejected
from longshore.storage.models import (
    Hint,
    Marketplace,
    OpenFinding,
    Store,
    Vendor,
    VendorProduct,
    VendorVariant,
)
from longshore.storage.repositories import catalog_ends, vendors
from longshore.storage.repositories.catalog_ends import late_originals
from longshore.storage.repositories.listing_sources import sources
from support.doorway import Doorway, new_shop

pytestmark = pytest.mark.django_db


class NowClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return datetime.now(UTC).timestamp()


def imported(plugin: str) -> tuple[Doorway, Store]:
    door = Doorway(NowClock(), new_shop())
    door.shop.faults.add(plugin, "3")
    marketplace = Marketplace.objects.create(name="Harbor")
    vendor = Vendor.objects.create(marketplace=marketplace, name="Kiln")
    attempted = door.connect(vendor, door.shop.key, door.shop.secret)
    door.import_catalog(attempted.store_id)
    return door, Store.objects.get(pk=attempted.store_id)


def again(door: Doorway, store: Store) -> None:
    door.import_catalog(store.pk)


def translations() -> list[VendorProduct]:
    return list(VendorProduct.objects.filter(left_out="product_translation"))


@pytest.mark.parametrize("plugin", ["polylang", "wpml"])
def test_translations_are_left_out_and_know_their_originals(plugin: str):
    _, store = imported(plugin)
    assert store.profile["languages"][0] == "en"
    assert VendorProduct.objects.count() == 33
    found = translations()
    assert len(found) == 3
    for twin in found:
        original = VendorProduct.objects.get(store=store, product_id=twin.original_id)
        assert (twin.language, original.language, original.left_out) == ("de", "en", "")
        assert twin.sku == original.sku


@pytest.mark.parametrize("plugin", ["polylang", "wpml"])
def test_reading_again_changes_nothing(plugin: str):
    door, store = imported(plugin)
    before = list(VendorProduct.objects.order_by("pk").values_list("pk", "changed_at"))
    again(door, store)
    assert list(VendorProduct.objects.order_by("pk").values_list("pk", "changed_at")) == before


def test_a_product_that_exists_in_another_language_only_is_imported():
    door, store = imported("polylang")
    twin = translations()[0]
    door.shop.shop.catalog.change(twin.product_id, sku="ONLY-DE")
    again(door, store)
    twin.refresh_from_db()
    assert (twin.left_out, twin.original_id) == ("", 0)


def test_two_originals_with_one_sku_are_no_proof():
    door, store = imported("polylang")
    twin = translations()[0]
    other = VendorProduct.objects.filter(store=store, left_out="").exclude(
        product_id=twin.original_id
    )[0]
    catalog = door.shop.shop.catalog
    for number in (other.product_id, twin.original_id):
        content = {**catalog.require(number).content, "images": []}
        catalog.change(number, sku=twin.sku, content=content)
    again(door, store)
    twin.refresh_from_db()
    assert (twin.left_out, twin.original_id) == ("", 0)


def test_an_original_that_was_read_later_is_looked_for():
    door, store = imported("polylang")
    twin = translations()[0]
    VendorProduct.objects.filter(pk=twin.pk).update(original_id=0, left_out="")
    assert late_originals(store.pk) == [twin.product_id]
    again(door, store)
    Hint.objects.all().delete()
    twin.refresh_from_db()
    assert twin.left_out == "product_translation"


def test_another_stock_in_a_translation_is_said_once():
    door, store = imported("polylang")
    twin = translations()[0]
    VendorVariant.objects.filter(product=twin).update(tracked=True, quantity=99)
    scan = store.scans.get()
    catalog_ends.end_walk(scan, datetime.now(UTC))
    found = OpenFinding.objects.get(code="translations_differ", resolved_at=None)
    assert found.evidence["count"] == 1
    again(door, store)
    assert not OpenFinding.objects.filter(code="translations_differ", resolved_at=None).exists()


def test_the_marketplace_chooses_the_language_of_texts():
    door, store = imported("polylang")
    twin = translations()[0]
    original = VendorProduct.objects.get(store=store, product_id=twin.original_id)
    with pytest.raises(Rejected):
        vendors.choose_language(store.marketplace_id, store.pk, "fr")
    VendorProduct.objects.update(review_due=False)
    vendors.choose_language(store.marketplace_id, store.pk, "de")
    assert VendorProduct.objects.get(pk=original.pk).review_due
    now = door.clock.now()
    (source,) = sources([original], now)
    assert (source.product.name, source.product.product_id) == (twin.name, original.product_id)
    assert source.variants[0].variant.sku == original.sku
    VendorProduct.objects.update(review_due=False)
    door.shop.shop.edit_product(twin.product_id, name="Neuer Name")
    again(door, store)
    assert VendorProduct.objects.get(pk=original.pk).review_due
    (source,) = sources([original], now)
    assert source.product.name == "Neuer Name"
    vendors.choose_language(store.marketplace_id, store.pk, "")
    (source,) = sources([original], now)
    assert source.product.name == original.name


def test_a_product_that_is_not_translated_keeps_its_own_words():
    door, store = imported("polylang")
    known = {twin.original_id for twin in translations()}
    other = VendorProduct.objects.exclude(product_id__in=known).filter(left_out="")[0]
    vendors.choose_language(store.marketplace_id, store.pk, "de")
    (source,) = sources([other], door.clock.now())
    assert source.product.name == other.name
