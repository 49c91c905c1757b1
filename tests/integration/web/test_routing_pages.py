"""The pages of routing: orders Shopify warns of, and who gets what several vendors have."""

import pytest
from django.test import Client
from django.utils import timezone

from longshore.domain.orders import Risk
from longshore.storage.models import (
    Deed,
    ListingPolicy,
    Marketplace,
    OpenFinding,
    StorefrontOrder,
    Vendor,
)
from longshore.storage.repositories.orders import Orders
from longshore.storage.repositories.timeline import note_event
from longshore.web.shared.countries import country_name
from support.harbor import Harbor, bought, make_harbor
from support.screen_rows import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def harbor() -> Harbor:
    return make_harbor(timezone.now())


def buy(harbor: Harbor, number: int, **changes: object) -> StorefrontOrder:
    order = bought(number, timezone.now(), (harbor.lines[0], 1), **changes)
    Orders(harbor.marketplace.pk).keep_order(order, timezone.now())
    return StorefrontOrder.objects.get(order_gid=order.order_id)


@pytest.fixture
def client(harbor: Harbor) -> Client:
    return client_of(harbor.marketplace, "ana@harbor.example")


def test_the_timeline_says_who_and_why_nobody_else(harbor: Harbor, client: Client):
    row = buy(harbor, 1)
    passed = {"vendor": "Loom", "because": "stock", "has": 0, "better": ["cost"]}
    note_event(row, timezone.now(), "picked", goods="A thing", at_vendor="Kiln", has=20,
               passed=[passed])  # fmt: skip
    page = client.get(f"/orders/{row.pk}/").content.decode()
    assert "A thing, Kiln, has 20, Loom has 0, though it is cheaper" in page


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("cz, SK  de", ["CZ", "SK", "DE"]),
        ("", []),
        ("cz cz", ["CZ"]),
        ("Czechia; united states, de at", ["CZ", "US", "DE", "AT"]),
    ],
)
def test_a_vendors_countries_are_typed_as_one_likes(
    harbor: Harbor, client: Client, typed: str, kept: list[str]
):
    kiln = Vendor.objects.get(name="Kiln")
    form = {"name": "Kiln", "buffer": "0", "countries": typed}
    answer = client.post(f"/vendors/{kiln.pk}/settings/", form)
    assert answer.status_code == 302
    kiln.refresh_from_db()
    assert kiln.countries == kept
    names = ", ".join(country_name(code) for code in kept)
    page = client.get(f"/vendors/{kiln.pk}/settings/").content.decode()
    assert f'name="countries" value="{names}"' in page or not kept
    wrong = client.post(f"/vendors/{kiln.pk}/settings/", {**form, "countries": "CZ, XX"})
    assert "There is no country XX" in wrong.content.decode()
    assert 'value="CZ, XX"' in wrong.content.decode(), "as it was typed"
    client.post(f"/vendors/{kiln.pk}/settings/", {"name": "Kiln", "buffer": "1"})
    kiln.refresh_from_db()
    assert (kiln.countries, kiln.buffer) == (kept, 1)


def test_the_rules_are_put_in_order_on_the_policy_page(harbor: Harbor, client: Client):
    form = {"do": "save", "order_rule_0": "country", "order_rule_1": "stock",
            "order_rule_2": "country"}  # fmt: skip
    assert client.post("/products/rules/texts/", form).status_code == 302
    assert ListingPolicy.objects.get().order_rules == ["country", "stock"]
    page = client.get("/products/rules/texts/").content.decode()
    assert '<option value="country" selected>' in page


def client_of(marketplace: Marketplace, email: str) -> Client:
    client = Client()
    client.force_login(person(email, marketplace, "owner"))
    return client


def test_the_page_decides_and_writes_it_down(harbor: Harbor, client: Client):
    row = buy(harbor, 1, risk=Risk.CANCEL)
    page = client.get(f"/orders/{row.pk}/").content.decode()
    assert "Send anyway" in page
    assert "Leave out" in page
    address = f"/orders/{row.pk}/risk/"
    assert client.post(address, {"do": "burn"}).status_code == 400
    told = client.post(address, {"do": "leave_out"}, follow=True).content.decode()
    assert "No vendor gets order" in told
    told = client.post(address, {"do": "send"}, follow=True).content.decode()
    assert "in spite of the warning" in told
    assert set(Deed.objects.values_list("kind", flat=True)) == {"order_left_out", "order_sent"}
    eve = client_of(Marketplace.objects.create(name="Other"), "eve@other.example")
    assert eve.post(address, {"do": "send"}).status_code == 404


def test_the_inbox_decides_about_many(harbor: Harbor, client: Client):
    first, second = buy(harbor, 1, risk=Risk.CANCEL), buy(harbor, 2, risk=Risk.INVESTIGATE)
    page = client.get("/needs/order_risky/").content.decode()
    assert page.index("Send anyway") < page.index("Leave out") < page.index("Settle the picked")
    rows = dict(OpenFinding.objects.values_list("subject", "pk"))
    apply = "/needs/order_risky/apply/"
    client.post(apply, {"ids": [rows[f"order:{first.pk}"]], "do": "leave_out"})
    client.post(apply, {"ids": [rows[f"order:{second.pk}"]], "do": "send"})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.waits_for, second.routing) == ("left_out", "routed")
    assert client.post(apply, {"ids": ["1"], "do": "burn"}).status_code == 404


def test_a_test_order_says_why_it_is_not_sent(harbor: Harbor, client: Client):
    row = buy(harbor, 1, test=True)
    assert row.waits_for == "test"
    assert "A test order, not sent" in client.get(f"/orders/{row.pk}/").content.decode()
