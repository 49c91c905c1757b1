"""What a person decides about a vendor's part of an order."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from longshore.storage.models import Deed, PurchaseOrder
from longshore.storage.repositories.orders import Orders
from support.harbor import Harbor, bought, make_harbor
from support.screen_rows import person

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def harbor() -> Harbor:
    return make_harbor(NOON)


@pytest.fixture
def part(harbor: Harbor) -> PurchaseOrder:
    Orders(harbor.marketplace.pk).keep_order(bought(1, NOON, (harbor.lines[0], 1)), NOON)
    return PurchaseOrder.objects.get()


def signed_in(harbor: Harbor) -> Client:
    client = Client()
    client.force_login(person("ana@harbor.example", harbor.marketplace, "owner"))
    return client


def decide(client: Client, part: PurchaseOrder, do: str) -> str:
    form = {"do": do, "part": part.pk}
    return client.post(f"/orders/{part.order_id}/decide/", form, follow=True).content.decode()


def test_a_refused_part_is_sent_again(harbor: Harbor, part: PurchaseOrder):
    PurchaseOrder.objects.update(state="refused", why="No.", posts=1)
    client = signed_in(harbor)
    assert "Send again" in client.get(f"/orders/{part.order_id}/").content.decode()
    assert "we look for it in their shop first" in decide(client, part, "send_again")
    assert PurchaseOrder.objects.get().state == "uncertain"
    assert Deed.objects.filter(kind="part_sent_again").count() == 1


def test_what_the_vendor_has_is_not_sent_again(harbor: Harbor, part: PurchaseOrder):
    PurchaseOrder.objects.update(
        state="accepted", store_state="processing", store_order_id=7, store_order_number="7"
    )
    client = signed_in(harbor)
    assert "Send again" not in client.get(f"/orders/{part.order_id}/").content.decode()
    assert "it is not sent twice" in decide(client, part, "send_again")
    assert not Deed.objects.filter(kind="part_sent_again").exists()


def test_a_decision_nobody_offers_is_refused(harbor: Harbor, part: PurchaseOrder):
    form = {"do": "burn", "part": part.pk}
    answer = signed_in(harbor).post(f"/orders/{part.order_id}/decide/", form)
    assert answer.status_code == 400


def test_another_marketplaces_part_is_not_found(harbor: Harbor, part: PurchaseOrder):
    client = Client()
    from longshore.storage.models import Marketplace

    other = Marketplace.objects.create(name="Other")
    client.force_login(person("eve@other.example", other, "owner"))
    form = {"do": "send_again", "part": part.pk}
    assert client.post(f"/orders/{part.order_id}/decide/", form).status_code == 404
