"""The page of how a vendor's orders are placed, and the button for a test order."""

import pytest
from django.test import Client

from longshore.storage.models import PurchaseOrder, Store, StoreState, TrialOrder, Vendor
from support import screen_rows as rows
from support.screens import World

USUAL = {"email": "", "prices": "", "shipping_title": "{method}", "tells_note": "on"}


def page_of(world: World) -> str:
    return f"/vendors/{world.vendor.pk}/placing/"


def kept(world: World) -> dict:
    return Vendor.objects.get(pk=world.vendor.pk).placing


def test_it_is_saved_and_taken_back(world: World, owner: Client):
    typed = {**USUAL, "prices": "own", "status": "wc-on-hold", "fields_text": "channel = {order}"}
    answer = owner.post(page_of(world), typed)
    assert answer.status_code == 302
    assert kept(world) == {
        "prices": "own",
        "status": "on-hold",
        "fields": [["channel", "{order}"]],
    }
    owner.post(page_of(world), USUAL)
    assert kept(world) == {}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"status": "pending"}, "take nothing from its stock"),
        ({"status": "packing-line"}, "take nothing from its stock"),
        ({"status": "completed"}, "Completed means shipped"),
        ({"email": "relay"}, "No relay domain is set"),
        ({"email": "marketplace"}, "No own address is set"),
        ({"email": "everybody"}, "everybody"),
        ({"invoice": "marketplace"}, "No own address is set"),
        ({"invoice": "moon"}, "moon"),
        ({"shipping_title": "{password}"}, "Nobody knows {password}"),
        ({"shipping_method": "flat rate'; --"}, "letters, digits"),
        ({"fields_text": "_secret = x"}, "is not like name = text"),
        ({"fields_text": "a = {token}"}, "Nobody knows {token}"),
        ({"fields_text": "a = 1\na = 2"}, "each named once"),
        ({"cost_percent": "-1"}, "greater than or equal"),
        ({"tax_percent": "NaN"}, "number"),
    ],
)
def test_what_makes_no_sense_is_named_and_nothing_is_saved(
    world: World, owner: Client, wrong: dict, told: str
):
    answer = owner.post(page_of(world), {**USUAL, **wrong})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert kept(world) == {}


def test_the_example_shows_what_is_typed(world: World, owner: Client):
    world.marketplace.relay_domain = "relay.harbor.example"
    world.marketplace.save()
    there = f"{page_of(world)}example/"
    told = owner.get(there, {**USUAL, "email": "relay", "prices": "zero"}).content.decode()
    assert "ls-7q2m9k4t8x@relay.harbor.example" in told
    assert "0.00" in told
    told = owner.get(there, {**USUAL, "email": "buyer"}).content.decode()
    assert "writes to the buyer in its own name" in told
    told = owner.get(there, {**USUAL, "fields_text": "x = <script>"}).content.decode()
    assert "<script>" not in told
    told = owner.get(there, {"status": "pending"}).content.decode()
    assert "what is typed is not complete" in told


OURS = {"company": "Nordic Table <AS>", "line1": "Kaia 3", "postcode": "0150", "country": "no"}


def test_the_marketplace_sets_its_invoice_address_and_a_vendor_is_billed_to_it(
    world: World, owner: Client
):
    there = "/settings/invoice/"
    for wrong in ({"country": "QQ"}, {"line1": ""}, {"company": ""}, {"country": ""}):
        typed = {**OURS, "postcode": "", **wrong}
        assert owner.post(there, typed).status_code == 422, wrong
    assert owner.post(there, OURS).status_code == 302
    world.marketplace.refresh_from_db()
    assert world.marketplace.invoice_address == {**OURS, "country": "NO"}
    page = owner.get("/settings/").content.decode()
    assert "Nordic Table &lt;AS&gt;" in page
    assert owner.post(page_of(world), {**USUAL, "invoice": "marketplace"}).status_code == 302
    assert kept(world) == {"invoice": "marketplace"}
    told = owner.get(page_of(world)).content.decode()
    assert "Nordic Table &lt;AS&gt;, Kaia 3, 0150 NO" in told
    told = owner.get(f"{page_of(world)}example/", {**USUAL, "invoice": "buyer"}).content.decode()
    assert "Kontor, Bo Buyer, Plein 2, 4811 AB Breda NL" in told
    assert owner.post(there, {}).status_code == 302
    world.marketplace.refresh_from_db()
    assert world.marketplace.invoice_address == {}


def test_only_who_governs_sets_the_invoice_address_and_never_over_anothers_change(
    world: World, owner: Client, vendor_person: Client
):
    assert vendor_person.post("/settings/invoice/", OURS).status_code in {403, 404}
    answer = owner.post("/settings/invoice/", {**OURS, "seen": "somebodys-page"})
    assert answer.status_code == 422
    assert "Somebody changed these settings" in answer.content.decode()
    world.marketplace.refresh_from_db()
    assert world.marketplace.invoice_address == {}


def test_a_relay_needs_a_domain_in_the_settings_too(world: World, owner: Client):
    typed = {"name": "Nordic Table", "timezone": "Europe/Oslo", "purchase_prices": "retail"}
    answer = owner.post("/settings/marketplace/", {**typed, "buyer_email": "relay"})
    assert answer.status_code == 422
    for domain in ("a@b.example", "localhost", "a b.example", "<b>.example"):
        answer = owner.post("/settings/marketplace/", {**typed, "relay_domain": domain})
        assert answer.status_code == 422, domain
    typed |= {"buyer_email": "relay", "relay_domain": "Relay.Harbor.example."}
    assert owner.post("/settings/marketplace/", typed).status_code == 302
    world.marketplace.refresh_from_db()
    assert world.marketplace.relay_domain == "relay.harbor.example"


def test_an_unknown_status_is_explained_by_one_click(world: World, owner: Client):
    part = PurchaseOrder.objects.filter(marketplace=world.marketplace, state="accepted")[0]
    part.store_state, part.raw_status = "other", "packing-line"
    part.save()
    page = owner.get(f"/orders/{part.order_id}/").content.decode()
    assert "packing-line" in page
    there = f"/orders/{part.order_id}/mean/"
    said = {"part": str(part.pk), "status": "packing-line"}
    assert owner.post(there, {**said, "meaning": "lost"}).status_code == 400
    assert owner.post(there, {**said, "meaning": "shipped"}).status_code == 302
    store = Store.objects.get(pk=part.store_id)
    assert store.status_meanings == {"packing-line": "shipped"}
    page = owner.get(f"/vendors/{part.vendor_id}/placing/").content.decode()
    assert "packing-line" in page
    forget = {"store": str(store.pk), "forget_status": "packing-line"}
    owner.post(f"/vendors/{part.vendor_id}/choose/", forget)
    assert Store.objects.get(pk=store.pk).status_meanings == {}


# --- the test order ---


def usable(world: World) -> Store:
    store = Store.objects.filter(vendor=world.vendor).order_by("pk")[0]
    store.state = StoreState.CONNECTED
    store.save()
    return store


def test_the_button_asks_once_and_the_page_follows(world: World, owner: Client):
    store = usable(world)
    there = f"/vendors/{world.vendor.pk}/trial/"
    owner.post(there, {"store": store.pk})
    owner.post(there, {"store": store.pk})
    (trial,) = TrialOrder.objects.all()
    assert "nothing to pack" in trial.note
    page = owner.get(f"/vendors/{world.vendor.pk}/").content.decode()
    assert "A test order is under way" in page
    steps = owner.get(f"{there}steps/", {"store": store.pk}).content.decode()
    assert 'hx-trigger="every 2s"' in steps
    trial.state, trial.outcome = "ended", "well"
    trial.save()
    steps = owner.get(f"{there}steps/", {"store": store.pk}).content.decode()
    assert "Orders arrive" in steps
    assert "hx-get" not in steps


def test_a_vendor_has_the_button_for_the_own_shop_only(
    world: World, owner: Client, vendor_person: Client
):
    store = usable(world)
    others = Store.objects.filter(marketplace=world.marketplace).exclude(vendor=world.vendor)
    assert vendor_person.post("/my/shop/trial/", {"store": others[0].pk}).status_code == 404
    assert vendor_person.post("/my/shop/trial/", {"store": "x"}).status_code == 404
    assert TrialOrder.objects.count() == 0
    assert "Send me a test order" in vendor_person.get("/my/shop/").content.decode()
    assert vendor_person.post("/my/shop/trial/", {"store": store.pk}).status_code == 302
    assert TrialOrder.objects.get().store_id == store.pk
    assert "under way" in vendor_person.get("/my/shop/").content.decode()
    stranger = others[0]
    TrialOrder.objects.create(
        marketplace=world.marketplace,
        store=stranger,
        reference="LT-OTHERS",
        asked_at=store.connected_at or world.marketplace.created_at,
    )
    assert vendor_person.get("/my/shop/trial/steps/", {"store": stranger.pk}).content == b""


def test_another_marketplace_sees_and_does_nothing(world: World, owner: Client, signed_in):
    from longshore.storage.models import Marketplace

    store = usable(world)
    other = Marketplace.objects.create(name="Elsewhere")
    client = signed_in(rows.person("else@example.org", other, "owner"))
    for path in ("placing/", "placing/example/", "trial/steps/"):
        assert client.get(f"/vendors/{world.vendor.pk}/{path}").status_code == 404
    there = f"/vendors/{world.vendor.pk}/trial/"
    assert client.post(there, {"store": store.pk}).status_code == 404
    assert client.post(page_of(world), USUAL).status_code == 404
    assert (TrialOrder.objects.count(), kept(world)) == (0, {})
