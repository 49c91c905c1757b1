"""How a shop is read, on its page: lanes, load, limits."""

import pytest
from django.test import Client

from longshore.storage.models import Deed, Scan, StoreReading
from support.screens import World


@pytest.fixture
def url(world: World) -> str:
    return f"/vendors/{world.vendor.pk}/reading/"


def test_the_page_says_how_often_and_why(owner: Client, url: str):
    page = owner.get(url).content.decode()
    assert "every 120 s" not in page, "from two minutes on in minutes"
    assert "every 2 min" in page
    assert "it changes just now" in page
    assert "61 requests in the last 24 hours, at most 61 in an hour." in page
    assert "2 pages at a time, 100 products a page, 0.8 s a page" in page


def test_what_is_held_leads_to_its_page(world: World, owner: Client, url: str):
    brake = world.decided["brake_id"]
    assert f'href="/held/{brake}/"' in owner.get(url).content.decode()


def test_limits_are_saved_and_noted(world: World, owner: Client, url: str):
    typed = {
        "store": world.store.pk,
        "quiet_from": "22:00",
        "quiet_to": "06:30",
        "most_requests_an_hour": "500",
    }
    assert owner.post(url, typed).status_code == 302
    row = StoreReading.objects.get(store=world.store)
    assert (f"{row.quiet_from:%H:%M}", f"{row.quiet_to:%H:%M}") == ("22:00", "06:30")
    assert row.most_requests_an_hour == 500
    assert Deed.objects.get(kind="manners_changed").after["most_requests_an_hour"] == "500"
    owner.post(url, typed)
    assert Deed.objects.filter(kind="manners_changed").count() == 1, "nothing was changed"


def test_half_a_limit_is_refused_with_words(world: World, owner: Client, url: str):
    answer = owner.post(url, {"store": world.store.pk, "quiet_from": "22:00"})
    assert answer.status_code == 422
    assert "Quiet hours need a beginning and an end" in answer.content.decode()
    assert StoreReading.objects.get(store=world.store).quiet_from is None


def test_limits_of_a_shop_of_another_vendor_are_not_taken(world: World, owner: Client, url: str):
    typed = {"store": world.other_store.pk, "most_requests_an_hour": "1"}
    assert owner.post(url, typed).status_code == 404


def test_an_old_page_overwrites_no_limit(world: World, owner: Client, url: str):
    seen = owner.get(url).content.decode().partition('name="seen" value="')[2].partition('"')[0]
    StoreReading.objects.filter(store=world.store).update(most_requests_an_hour=70)
    typed = {"store": world.store.pk, "most_requests_an_hour": "5", "seen": seen}
    answer = owner.post(url, typed)
    assert answer.status_code == 422
    assert StoreReading.objects.get(store=world.store).most_requests_an_hour == 70


def test_how_far_a_first_reading_is_stands_on_the_vendors_page(world: World, owner: Client):
    Scan.objects.filter(store=world.store, kind="full").update(
        phase="products", products_seen=412, products_total=1930, finished_at=None
    )
    for path in (f"/vendors/{world.vendor.pk}/", f"/vendors/{world.vendor.pk}/scan/"):
        page = owner.get(path).content.decode()
        assert "Reading products: 412 of 1,930." in page
        assert 'hx-trigger="every 2s"' in page, "it follows by itself"
