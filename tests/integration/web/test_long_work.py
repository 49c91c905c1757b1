"""Long work shows how far it is, and a person can stop it and let it go on."""

import pytest
from django.test import Client

from longshore.ports.ledger.catalog import Walk
from longshore.storage.models import Deed, Listing, Scan, Storefront, SyncRun
from longshore.storage.repositories.catalog import Catalog
from longshore.storage.repositories.publication import Publication
from support import screen_rows as rows
from support.screens import World, make_world


@pytest.fixture
def to_write(world: World) -> int:
    """8 of 20 products are written; how many differ still."""
    SyncRun.objects.filter(marketplace=world.marketplace).update(finished_at=rows.ago(hours=1))
    SyncRun.objects.create(
        marketplace=world.marketplace, started_at=rows.ago(minutes=2), counts={"created": 8}
    )
    Listing.objects.update(dirty=False)
    for number in range(12):
        product = rows.make_product(world.store, 9100 + number, f"Bowl {number}")
        rows.make_listing(product, "approved", dirty=True)
    return 12


def test_writing_shows_how_far_it_is(owner: Client, to_write: int):
    for url in ("/products/", "/products/runs/", "/products/runs/progress/"):
        page = owner.get(url).content.decode()
        assert "Written to Shopify: 8 of 20." in page, url
        assert 'value="8" max="20"' in page, url
        assert 'hx-get="/products/runs/progress/"' in page, url


def test_nothing_is_shown_when_nothing_is_to_be_written(world: World, owner: Client):
    Listing.objects.update(dirty=False)
    assert "Written to Shopify:" not in owner.get("/products/").content.decode()


def test_a_person_stops_writing_and_lets_it_go_on(world: World, owner: Client, to_write: int):
    owner_id, ledger = world.marketplace.pk, Publication()
    assert ledger.due_count(owner_id, 100, rows.ago()) == to_write
    assert owner.post("/products/runs/move/", {"do": "stop"}).status_code == 302
    assert ledger.due_count(owner_id, 100, rows.ago()) == 0
    assert ledger.due_listings(owner_id, 0, 100, rows.ago()) == []
    page = owner.get("/products/").content.decode()
    assert "Stopped" in page
    assert "hx-get" not in page.partition('id="publishing"')[2].partition(">")[0]
    again = owner.post("/products/runs/move/", {"do": "stop"}, follow=True).content.decode()
    assert "Writing to Shopify is stopped already." in again
    owner.post("/products/runs/move/", {"do": "go_on"})
    assert ledger.due_count(owner_id, 100, rows.ago()) == to_write
    kinds = Deed.objects.filter(kind__startswith="publishing").order_by("pk")
    assert list(kinds.values_list("kind", flat=True)) == [
        "publishing_stopped",
        "publishing_resumed",
    ]


def test_stopping_stops_nobody_else(world: World, owner: Client):
    other = make_world("west", "West Wares")
    owner.post("/products/runs/move/", {"do": "stop"})
    fronts = Storefront.objects.filter(publishing_stopped_at=None)
    assert list(fronts.values_list("marketplace_id", flat=True)) == [other.marketplace.pk]


@pytest.fixture
def scan(world: World) -> Scan:
    Scan.objects.filter(store=world.store, kind="full").delete()
    return Scan.objects.create(
        marketplace=world.marketplace,
        store=world.store,
        kind="full",
        phase="products",
        products_seen=412,
        products_total=1930,
        started_at=rows.ago(minutes=1),
    )


def test_reading_a_shop_shows_how_far_it_is(world: World, owner: Client, scan: Scan):
    page = owner.get(f"/vendors/{world.vendor.pk}/").content.decode()
    assert "Reading products: 412 of 1,930." in page
    assert 'value="412" max="1930"' in page


def test_how_much_there_is_may_not_be_known_yet(world: World, owner: Client, scan: Scan):
    Scan.objects.filter(pk=scan.pk).update(products_seen=0, products_total=None)
    page = owner.get(f"/vendors/{world.vendor.pk}/scan/").content.decode()
    assert "the first come in a moment" in page
    assert "<progress aria-label" in page, "a bar without an end"


def test_a_person_stops_reading_and_has_it_read_again(world: World, owner: Client, scan: Scan):
    url = f"/vendors/{world.vendor.pk}/scan/move/"
    assert owner.post(url, {"do": "stop"}).status_code == 302
    assert Catalog().open_scan(world.store.pk, Walk.FULL) is None
    page = owner.get(f"/vendors/{world.vendor.pk}/").content.decode()
    assert "Reading was stopped at 412 of 1,930 products" in page
    again = owner.post(url, {"do": "stop"}, follow=True).content.decode()
    assert "The shop is not being read now." in again
    owner.post(url, {"do": "read"})
    assert Catalog().open_scan(world.store.pk, Walk.FULL) is not None
    assert Scan.objects.filter(store=world.store, kind="full").count() == 2


def test_a_reader_may_look_and_stop_nothing(world: World, signed_in, scan: Scan, to_write: int):
    reader = signed_in(world.reader)
    assert ">Stop</button>" not in reader.get("/products/").content.decode()
    for url in ("/products/runs/move/", f"/vendors/{world.vendor.pk}/scan/move/"):
        assert reader.post(url, {"do": "stop"}).status_code == 403


def test_the_other_marketplaces_vendor_is_not_there(world: World, owner: Client):
    other = make_world("west", "West Wares")
    assert owner.post(f"/vendors/{other.vendor.pk}/scan/move/", {"do": "stop"}).status_code == 404
