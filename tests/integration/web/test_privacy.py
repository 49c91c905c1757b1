"""Owners hand out or erase what names a buyer; the deed is noted without the buyer."""

from django.test import Client

from longshore.storage.models import Deed, Marketplace, StorefrontOrder
from support.screens import World

ADDRESS = "/settings/buyers/"


def test_an_owner_hands_out_and_erases(world: World, owner: Client):
    order = StorefrontOrder.objects.exclude(email="").first()
    assert order is not None
    email = order.email
    kept = owner.post(f"{ADDRESS}one/", {"email": email, "export": "1"})
    assert kept["Content-Type"] == "application/json"
    assert order.name in {one["order"] for one in kept.json()}
    told = owner.post(f"{ADDRESS}one/", {"email": email, "erase": "1"}, follow=True)
    assert told.status_code == 200
    deed = Deed.objects.latest("pk")
    assert deed.kind == "buyer_erased"
    assert email not in str([deed.subject, deed.about, deed.before, deed.after])
    order.refresh_from_db()
    assert order.erase_asked_at is not None


def test_how_long_is_a_setting(world: World, owner: Client):
    assert 'value="90"' in owner.get(ADDRESS).content.decode()
    owner.post(ADDRESS, {"keep_buyer_days": "30"})
    assert Marketplace.objects.filter(keep_buyer_days=30).count() == 1
    refused = owner.post(ADDRESS, {"keep_buyer_days": "0"})
    assert refused.status_code == 422


def test_nonsense_is_told(world: World, owner: Client):
    assert owner.post(f"{ADDRESS}one/", {"email": "nobody", "erase": "1"}).status_code == 422
