"""What people type wrong is told beside the field with its cure, and nothing typed is lost."""

import re

import pytest
from django.core import mail
from django.test import Client

from longshore import wiring
from longshore.storage.models import (
    Examination,
    Listing,
    Marketplace,
    Membership,
    OneTimeLink,
    Store,
    StorefrontOrder,
    Vendor,
)
from support.screen_rows import PASSWORD
from support.screens import World

KEY, SECRET = f"ck_{'0' * 40}", f"cs_{'1' * 40}"


def beside(page: str, field: str) -> str:
    """The mistake told at a field, "" when there is none."""
    found = re.search(rf'id="{field}_error">.*?<div>(.*?)</div>', page, re.DOTALL)
    return found[1].strip() if found else ""


def on_top(page: str) -> str:
    """What is wrong with the whole form."""
    found = re.search(r'role="alert">.*?<div>(.*?)</div>', page, re.DOTALL)
    return found[1].strip() if found else ""


STORES = [
    ({"url": ""}, "id_url", "This field is required."),
    ({"url": "ftp://shop.example.org"}, "id_url", "https://shop.example.org"),
    ({"url": "https://user:word@shop.example.org"}, "id_url", "https://shop.example.org"),
    ({"url": "https://[broken"}, "id_url", "https://shop.example.org"),
    ({"url": "my shop"}, "id_url", "https://shop.example.org"),
    ({"key": "…3f9a1c2"}, "id_key", "only the end of the key"),
    ({"key": SECRET}, "id_key", "does not begin with ck_"),
    ({"secret": KEY}, "id_secret", "does not begin with cs_"),
]


@pytest.mark.parametrize(("wrong", "field", "told"), STORES)
def test_connecting_a_shop(world: World, owner: Client, wrong: dict, field: str, told: str):
    typed = {"url": "https://shop.example.org", "key": KEY, "secret": SECRET, **wrong}
    answer = owner.post(f"/vendors/{world.vendor.pk}/connect/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in beside(page, field)
    assert 'aria-invalid="true"' in page
    for name, value in typed.items():
        if value:
            assert re.search(rf'name="{name}" value="{re.escape(value)}"', page), f"{name} is lost"
    assert Store.objects.count() == 3


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9", "http://[::1]/", "http://169.254.169.254/latest"]
)
def test_the_doctor_is_followed_and_says_what_keeps_a_shop_out(
    world: World, owner: Client, url: str
):
    typed = {"url": url, "key": KEY, "secret": SECRET}
    answer = owner.post(f"/vendors/{world.vendor.pk}/connect/", typed)
    page = owner.get(answer["Location"]).content.decode()
    assert "Checking the shop" in page
    assert 'hx-trigger="every 1s"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert SECRET not in page
    row = Examination.objects.latest("pk")
    wiring.run_examination(row.pk)
    part = owner.get(answer["Location"], headers={"HX-Request": "true"}).content.decode()
    assert part.startswith('<div id="check"')
    assert "hx-trigger" not in part
    assert "What to do" in part
    assert Store.objects.count() == 3


def test_a_stored_secret_is_never_shown(world: World, owner: Client):
    for path in (f"/vendors/{world.vendor.pk}/connect/", "/settings/"):
        page = owner.get(path).content.decode()
        assert "cs_fake" not in page
        assert "ck_fake" not in page


def test_a_vendors_name_is_taken_once(world: World, owner: Client):
    answer = owner.post("/vendors/add/", {"name": "Saltmarsh Soap", "email": "x@example.org"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "already" in on_top(page)
    assert 'value="x@example.org"' in page
    assert Vendor.objects.count() == 4


def test_a_new_vendor_leads_to_its_shop(world: World, owner: Client):
    answer = owner.post("/vendors/add/", {"name": "Tove's Honey"})
    made = Vendor.objects.get(name="Tove's Honey")
    assert answer["Location"] == f"/vendors/{made.pk}/connect/"
    page = owner.get(f"/vendors/{made.pk}/").content.decode()
    assert "No shop is connected" in page


SETTINGS = {"name": "Linden & Loom", "email": "", "buffer": "2"}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"buffer": "-1"}, "id_buffer"),
        ({"buffer": "many"}, "id_buffer"),
        ({"rate": "0"}, "id_rate"),
        ({"tax_factor": "-1.2"}, "id_tax_factor"),
        ({"name": ""}, "id_name"),
        ({"email": "nobody"}, "id_email"),
    ],
)
def test_wrong_settings_change_nothing(world: World, owner: Client, wrong: dict, field: str):
    answer = owner.post(f"/vendors/{world.vendor.pk}/settings/", {**SETTINGS, **wrong})
    assert answer.status_code == 422
    assert beside(answer.content.decode(), field)
    assert Vendor.objects.get(pk=world.vendor.pk).buffer == 1


def test_settings_are_saved_and_told(world: World, owner: Client):
    typed = {**SETTINGS, "sell_backorders": "on", "auto_approve": "on"}
    answer = owner.post(f"/vendors/{world.vendor.pk}/settings/", typed, follow=True)
    row = Vendor.objects.get(pk=world.vendor.pk)
    assert (row.buffer, row.sell_backorders, row.auto_approve) == (2, True, True)
    page = answer.content.decode()
    assert "Saved." in page
    assert "With 7 at the vendor, Shopify shows 5." in page


def test_effects_are_told_before_saving(world: World, owner: Client):
    ask = f"/vendors/{world.vendor.pk}/effects/"
    told = owner.get(ask, {"buffer": "3", "auto_approve": "on"}).content.decode()
    assert "With 7 at the vendor, Shopify shows 4." in told
    assert "New products go on Shopify by themselves." in told
    for nonsense in ("", "x", "NaN", "Infinity", "1e400", "-2", "2.5"):
        assert "Shopify shows" not in owner.get(ask, {"buffer": nonsense}).content.decode()
    assert Vendor.objects.get(pk=world.vendor.pk).buffer == 1


def test_a_rate_is_told_with_an_example(world: World, owner: Client):
    kopra = Vendor.objects.get(name="Kopra Coffee")
    page = owner.get(f"/vendors/{kopra.pk}/settings/").content.decode()
    assert "Without a rate nothing of this vendor is published." in page
    told = owner.get(f"/vendors/{kopra.pk}/effects/", {"rate": "0.92"}).content.decode()
    assert "$10.00 at the vendor is €9.20 on Shopify." in told


MARKETPLACE = {"name": "Nordic Table", "timezone": "Europe/Oslo", "purchase_prices": "retail"}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"timezone": "Mars/Olympus"}, "marketplace_timezone"),
        ({"name": ""}, "marketplace_name"),
        ({"purchase_prices": "half"}, "marketplace_purchase_prices"),
    ],
)
def test_wrong_marketplace_settings(world: World, owner: Client, wrong: dict, field: str):
    answer = owner.post("/settings/marketplace/", {**MARKETPLACE, **wrong})
    assert answer.status_code == 422
    assert beside(answer.content.decode(), field)
    assert Marketplace.objects.get(pk=world.marketplace.pk).timezone == "Europe/Oslo"


def test_marketplace_settings_are_saved(world: World, owner: Client):
    owner.post("/settings/marketplace/", {**MARKETPLACE, "timezone": "Europe/Prague"})
    assert Marketplace.objects.get(pk=world.marketplace.pk).timezone == "Europe/Prague"


@pytest.mark.parametrize(
    ("wrong", "field", "told"),
    [
        ({"shop": "shop.example.org"}, "shopify_shop", ".myshopify.com"),
        ({"shop": "https://[broken"}, "shopify_shop", ".myshopify.com"),
        ({"secret": ""}, "shopify_secret", "required"),
        ({"client_id": "", "token": ""}, "shopify_client_id", "client id"),
        ({"client_id": "", "token": "abc"}, "shopify_token", "shpat_"),
    ],
)
def test_wrong_shopify_keys(world: World, owner: Client, wrong: dict, field: str, told: str):
    typed = {"shop": "nordic", "client_id": "fake", "secret": "fake-secret", **wrong}
    answer = owner.post("/settings/shopify/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in beside(page, field)
    assert "<details" in page
    assert " open>" in page[page.index("<details class=") :]


def test_mail_is_saved_only_when_it_goes_out(world: World, owner: Client):
    typed = {"url": "smtp://127.0.0.1:1", "sender": "a@example.org", "to": "b@example.org"}
    answer = owner.post("/settings/mail/", typed)
    assert answer.status_code == 422
    assert on_top(answer.content.decode())
    assert not Marketplace.objects.get(pk=world.marketplace.pk).mail_url
    answer = owner.post("/settings/mail/", {**typed, "url": "nonsense"})
    assert "smtp://" in on_top(answer.content.decode())


def test_a_vendors_link_lets_in_once(world: World, owner: Client):
    answer = owner.post(f"/vendors/{world.second.pk}/invite/", {"email": "New@Example.org"})
    page = answer.content.decode()
    assert "no mail was sent" in page
    link = re.search(r'value="http://testserver(/join/[^"]+)"', page)
    assert link, "the link can be copied"
    stranger = Client()
    short = stranger.post(link[1], {"password": "short", "again": "short"})
    assert "10 characters" in beside(short.content.decode(), "id_password")
    differs = stranger.post(link[1], {"password": PASSWORD, "again": f"{PASSWORD}x"})
    assert "differs" in beside(differs.content.decode(), "id_again")
    stranger.post(link[1], {"password": PASSWORD, "again": PASSWORD})
    assert stranger.get("/", follow=True).redirect_chain[-1][0] == "/my/"
    again = Client().get(link[1])
    assert again.status_code == 410
    assert "was used already" in again.content.decode()
    assert mail.outbox == []


def test_a_wrong_address_makes_no_link(world: World, owner: Client):
    for path, field in (
        (f"/vendors/{world.vendor.pk}/invite/", "invite_email"),
        ("/settings/team/invite/", "id_email"),
    ):
        answer = owner.post(path, {"email": "nobody"})
        assert answer.status_code == 422
        assert beside(answer.content.decode(), field)
    assert not OneTimeLink.objects.exists()


def test_a_link_of_the_settings_lets_into_the_whole_marketplace(world: World, owner: Client):
    invited = {"email": "second@example.org", "role": "operator"}
    page = owner.post("/settings/team/invite/", invited).content.decode()
    link = re.search(r'value="http://testserver(/join/[^"]+)"', page)
    assert link
    second = Client()
    second.post(link[1], {"password": PASSWORD, "again": PASSWORD})
    assert second.get(f"/orders/{world.order.pk}/").status_code == 200
    assert Membership.objects.get(user__email="second@example.org").role == "operator"


def test_an_account_that_exists_keeps_its_password(world: World, owner: Client):
    """Whoever holds a vendor's link must not take over the account of its address."""
    answer = owner.post(f"/vendors/{world.second.pk}/invite/", {"email": world.owner.email})
    link = re.search(r'value="http://testserver(/join/[^"]+)"', answer.content.decode())
    assert link
    thief = Client()
    page = thief.get(link[1]).content.decode()
    assert "Sign in with it" in page
    assert "password" not in page.lower().partition("<main")[2]
    thief.post(link[1], {"password": "another-password", "again": "another-password"})
    assert thief.get("/").status_code == 302
    world.owner.refresh_from_db()
    assert world.owner.check_password(PASSWORD)


def test_signing_in(world: World):
    client = Client()
    wrong = client.post("/account/login/", {"login": world.owner.email, "password": "wrong"})
    page = wrong.content.decode()
    assert f'value="{world.owner.email}"' in page
    assert on_top(page)
    client.post("/account/login/", {"login": world.owner.email, "password": PASSWORD})
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("address", ["/account/signup/", "/join/nobody/"])
def test_nobody_signs_up_by_themselves(db, address: str):
    answer = Client().get(address)
    assert "password" not in answer.content.decode().lower().partition("<main")[2]


def test_products_are_approved_and_declined_in_bulk(world: World, owner: Client):
    ready = Listing.objects.filter(state="review", problems=[])
    held = Listing.objects.filter(state="review").exclude(problems=[])
    assert (ready.count(), held.count()) == (3, 3)
    page = owner.get("/products/").content.decode()
    assert "Approve 3 products" in page
    assert re.search(r"<b>skip 3</b>", page)
    answer = owner.post(
        "/products/decide/",
        {"do": "approve-all", "state": "new", "vendor": "", "q": ""},
        follow=True,
    )
    assert "3 products approved." in answer.content.decode()
    assert Listing.objects.filter(state="approved").count() == 3
    ids = list(held.values_list("pk", flat=True))
    answer = owner.post("/products/decide/", {"do": "approve", "ids": ids}, follow=True)
    assert "3 have a problem and stay as they are." in answer.content.decode()
    answer = owner.post("/products/decide/", {"do": "decline", "ids": ids[:1]}, follow=True)
    assert "1 product declined." in answer.content.decode()
    assert Listing.objects.get(pk=ids[0]).state == "declined"


@pytest.mark.parametrize(
    "form",
    [
        {"do": "destroy", "ids": ["1"]},
        {"do": "approve", "ids": ["x"]},
        {"do": "approve", "ids": ["9" * 40]},
        {"do": "approve-all", "state": "nope"},
        {"do": "approve-all", "state": "new", "vendor": "x"},
    ],
)
def test_a_broken_decision_changes_nothing(world: World, owner: Client, form: dict):
    before = list(Listing.objects.order_by("pk").values_list("state", flat=True))
    assert owner.post("/products/decide/", form).status_code == 400
    assert list(Listing.objects.order_by("pk").values_list("state", flat=True)) == before


def test_picking_nothing_is_told(world: World, owner: Client):
    answer = owner.post("/products/decide/", {"do": "approve"}, follow=True)
    assert "Tick at least one product." in answer.content.decode()


def test_an_order_from_before_goes_out_by_hand(world: World, owner: Client):
    page = owner.get(f"/orders/{world.waiting.pk}/").content.decode()
    assert "Send it to the vendors" in page
    answer = owner.post(f"/orders/{world.waiting.pk}/route/", follow=True)
    assert "goes to its vendors now" in answer.content.decode()
    row = StorefrontOrder.objects.get(pk=world.waiting.pk)
    assert (row.routing, row.routed_by_hand) == ("routed", True)
    again = owner.post(f"/orders/{world.waiting.pk}/route/", follow=True)
    assert "was sent already" in again.content.decode()


def test_going_live_is_told_and_done_once(world: World, owner: Client):
    Marketplace.objects.filter(pk=world.marketplace.pk).update(live_since=None)
    page = owner.get("/go-live/").content.decode()
    assert "Nothing happens before you press the button." in page
    assert "<b>1 older order</b> stays here" in page
    answer = owner.post("/go-live/", follow=True)
    assert "You are live." in answer.content.decode()
    assert Marketplace.objects.get(pk=world.marketplace.pk).live_since is not None


def test_going_live_says_what_is_missing(db, signed_in):
    from support.screen_rows import person

    empty = Marketplace.objects.create(name="Empty")
    client = signed_in(person("new@example.org", empty, "owner"))
    assert "Connect the Shopify shop first." in client.get("/go-live/").content.decode()
    client.post("/go-live/")
    assert Marketplace.objects.get(pk=empty.pk).live_since is None
