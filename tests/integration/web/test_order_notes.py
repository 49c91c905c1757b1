"""Notes on an order for the team, the facts of a shop's card, and asking Activity for one kind."""

import re

from django.test import Client

from longshore.storage.models import Deed, OrderEvent, Store, StoreLoad
from support import screen_rows as rows
from support.screens import World, make_world


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_note_stands_in_the_timeline_and_no_vendor_sees_it(
    world: World, owner: Client, vendor_person: Client
):
    url = f"/orders/{world.order.pk}/"
    owner.post(f"{url}note/", {"text": "Maren called: <b>ring twice</b>"})
    told = page(owner, url)
    assert "Maren called: &lt;b&gt;ring twice&lt;/b&gt;" in told
    assert world.owner.email in told
    assert Deed.objects.latest("pk").kind == "order_noted"
    assert "ring twice" not in page(vendor_person, f"/my/orders/{world.purchase.pk}/")


def test_a_note_that_is_none_is_told_beside_its_field(world: World, owner: Client):
    url = f"/orders/{world.order.pk}/note/"
    long = "x" * 1_001
    answer = owner.post(url, {"text": long})
    assert answer.status_code == 422
    assert long in answer.content.decode()
    assert "id_text_error" in answer.content.decode()
    assert owner.post(url, {"text": "  "}).status_code == 422
    assert not OrderEvent.objects.filter(kind="noted").exists()


def test_nobody_else_writes_one(world: World, signed_in):
    url, other = f"/orders/{world.order.pk}/note/", make_world("west", "West Wares")
    assert signed_in(other.owner).post(url, {"text": "hello"}).status_code == 404
    assert signed_in(world.reader).post(url, {"text": "hello"}).status_code == 403


def fact(html: str, label: str) -> str:
    found = re.search(rf"<dt>{label}</dt><dd>(.*?)</dd>", html)
    assert found, label
    return re.sub(r"<[^>]+>", " ", found[1])


def test_the_card_tells_the_hosts_speed_and_the_plugins(world: World, owner: Client):
    url, store = f"/vendors/{world.vendor.pk}/", world.store
    StoreLoad.objects.filter(store=store).delete()
    assert "not measured yet" in fact(page(owner, url), "Host speed")
    for hours, waited in ((1, 2.0), (2, 6.0), (30, 900.0)):
        StoreLoad.objects.create(
            marketplace=store.marketplace, store=store, hour=rows.ago(hours=hours), requests=10,
            waited_s=waited, slowest_s=waited / 4,
        )  # fmt: skip
    speed = fact(page(owner, url), "Host speed")
    assert "400 ms" in speed
    assert "1,500 ms the slowest" in speed
    plugins = {"polylang": "3.6", "ast-pro": "4.1", "akismet": "5"}
    Store.objects.filter(pk=store.pk).update(profile={**store.profile, "plugins": plugins})
    html = page(owner, url)
    assert fact(html, "Language plugin") == "Polylang"
    assert "Advanced Shipment Tracking Pro" in fact(html, "Tracking plugin")
    Store.objects.filter(pk=store.pk).update(profile={**store.profile, "plugins": {"akismet": ""}})
    assert "none known" in fact(page(owner, url), "Tracking plugin")


def test_activity_is_asked_for_one_kind(world: World, owner: Client):
    html = page(owner, "/activity/?kind=vendor_changed")
    assert '<option value="vendor_changed" selected>' in html
    assert html.count(" data-row>") == 1
    assert page(owner, "/activity/").count(" data-row>") == 2
