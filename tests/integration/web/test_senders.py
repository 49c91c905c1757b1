"""The pages that say who sends what no vendor lists."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from longshore.storage.models import (
    Deed,
    Marketplace,
    OpenFinding,
    PurchaseOrder,
    SenderChoice,
    StorefrontOrderLine,
    VendorProduct,
    VendorVariant,
)
from support.screen_rows import person
from support.screens import World

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def line(world: World) -> StorefrontOrderLine:
    """Nobody's line of an order that was routed."""
    found = world.order.lines.get(title="Blue mug, large")
    found.variant_gid = "gid://shopify/ProductVariant/88"
    found.save()
    return found


@pytest.fixture
def page(line: StorefrontOrderLine) -> str:
    return f"/orders/{line.order_id}/lines/{line.pk}/"


def test_goods_are_found_by_sku_barcode_and_words(world: World, owner: Client, page: str):
    mug = world.published.product.variants.order_by("pk").first()
    VendorVariant.objects.filter(pk=mug.pk).update(sku="MUG-1", barcode="4006381333931")
    for text in ("mug-1", "4006381333931", "stoneware"):
        found = owner.get(page, {"q": text}).content.decode()
        assert f'name="variant" value="{mug.pk}"' in found, text
    assert "No vendor has that" in owner.get(page, {"q": "zeppelin"}).content.decode()


def test_a_click_routes_remembers_and_is_written_down(
    world: World, owner: Client, page: str, line: StorefrontOrderLine
):
    assert f'href="{page}"' in owner.get(f"/orders/{line.order_id}/").content.decode()
    mug = world.published.product.variants.order_by("pk").first()
    told = owner.post(page, {"variant": mug.pk, "remember": "1"}, follow=True).content.decode()
    assert "later orders go by themselves" in told
    part = PurchaseOrder.objects.get(lines__order_line=line)
    assert (part.vendor, part.state) == (world.vendor, "pending")
    assert not OpenFinding.objects.filter(code="line_without_vendor", resolved_at=None).exists()
    deed = Deed.objects.get(kind="sender_chosen")
    assert (deed.subject, deed.after["remembered"]) == (f"order:{line.order_id}", True)
    kept = SenderChoice.objects.get(variant_gid=line.variant_gid)
    assert kept.title in owner.get("/products/rules/senders/").content.decode()
    gone = owner.post(f"/products/rules/senders/{kept.pk}/forget/", follow=True)
    assert "Forgotten" in gone.content.decode()
    assert Deed.objects.filter(kind="sender_forgotten").count() == 1


def test_it_is_ours(owner: Client, page: str, line: StorefrontOrderLine):
    told = owner.post(page, {"variant": "own"}, follow=True).content.decode()
    assert "you send it yourself" in told
    assert not SenderChoice.objects.filter(variant_gid=line.variant_gid).exists()
    assert Deed.objects.filter(kind="sent_by_us").count() == 1


def test_what_makes_no_sense_changes_nothing(owner: Client, page: str, line: StorefrontOrderLine):
    assert owner.post(page, {"variant": "all"}).status_code == 400
    told = owner.post(page, {"variant": "999999999"}, follow=True).content.decode()
    assert "No vendor has that any more" in told
    assert not PurchaseOrder.objects.filter(lines__order_line=line).exists()
    assert not Deed.objects.filter(kind="sender_chosen").exists()


def test_strangers_find_nothing(world: World, page: str, line: StorefrontOrderLine):
    other = Marketplace.objects.create(name="Other")
    eve = Client()
    eve.force_login(person("eve@other.example", other, "owner"))
    assert eve.get(page).status_code == 404
    assert eve.post(page, {"variant": "own"}).status_code == 404
    kept = SenderChoice.objects.get()
    assert eve.post(f"/products/rules/senders/{kept.pk}/forget/").status_code == 404
    mine = world.order.lines.exclude(pk=line.pk).first()
    wrong = f"/orders/{world.waiting.pk}/lines/{mine.pk}/"
    assert eve.get(wrong).status_code == 404
    assert SenderChoice.objects.count() == 1


def test_a_line_is_looked_for_in_its_own_order(world: World, owner: Client, line):
    assert owner.get(f"/orders/{world.waiting.pk}/lines/{line.pk}/").status_code == 404


def test_another_marketplaces_goods_are_not_offered(world: World, page: str, owner: Client):
    mug = world.published.product
    other = Marketplace.objects.create(name="Other")
    VendorVariant.objects.filter(product=mug).update(marketplace=other)
    VendorProduct.objects.filter(pk=mug.pk).update(marketplace=other)
    assert "Stoneware mug" not in owner.get(page, {"q": "stoneware"}).content.decode()


def test_the_search_asks_as_often_for_many_as_for_few(world: World, page: str, owner: Client):
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            owner.get(page, {"q": "stoneware"})
        return len(seen)

    owner.get(page)
    few = asked()
    product = world.published.product
    for number in range(20):
        VendorVariant.objects.create(
            marketplace=world.marketplace,
            store=world.store,
            product=product,
            product_id_in_store=11,
            variation_id=7000 + number,
            stock_status="instock",
            stock_requested_at=NOON,
            changed_at=NOON,
        )
    assert asked() == few
