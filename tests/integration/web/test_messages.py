"""A vendor and the marketplace write to each other about an order."""

import re
from email.message import EmailMessage

import pytest
from django.test import Client

from longshore.storage.models import Deed, OpenFinding, OrderEvent, PurchaseOrder, StorefrontOrder
from longshore.storage.repositories.order_messages import AN_HOUR, LONGEST
from longshore.wiring import erase_buyer, send_news
from longshore.wiring.links import SHIP, link_to
from support.screens import World

ASK = "Is Ida Example's doorbell the upper one?"


@pytest.fixture
def part(world: World) -> PurchaseOrder:
    return PurchaseOrder.objects.get(order__name="#1044")


def by_link(part: PurchaseOrder) -> str:
    return "/ship/" + link_to(SHIP, part.pk, "http://x").partition("/ship/")[2]


def write(client: Client, part: PurchaseOrder, text: str) -> str:
    sent = {"part": part.pk, "text": text}
    return client.post(f"/orders/{part.order_id}/write/", sent, follow=True).content.decode()


def test_a_vendor_asks_and_gets_an_answer(
    world: World, owner: Client, vendor_person: Client, part: PurchaseOrder
):
    page = f"/my/orders/{part.pk}/"
    assert "Write to Nordic Table" in vendor_person.get(page).content.decode()
    told = vendor_person.post(f"{page}message/", {"text": ASK}, follow=True).content.decode()
    assert "Nordic Table has your message." in told
    assert "upper one?" in told
    needs = owner.get("/needs/").content.decode()
    assert "writes about" in needs
    assert "upper one?" in owner.get(f"/orders/{part.order_id}/").content.decode()
    assert "sees it with the order" in write(owner, part, "The upper one.\nThank you!")
    answered = vendor_person.get(page).content.decode()
    assert "The upper one.<br>Thank you!" in answered
    assert not OpenFinding.objects.filter(code="vendor_wrote", resolved_at=None).exists()
    assert Deed.objects.filter(kind="order_written").count() == 2


def test_it_is_written_by_link_and_told_by_mail_without_its_words(
    world: World, owner: Client, part: PurchaseOrder, post: list[EmailMessage]
):
    told = Client().post(f"{by_link(part)}message/", {"text": ASK}, follow=True)
    assert "upper one?" in told.content.decode()
    write(owner, part, "The upper one, says Ida.")
    assert send_news(part.pk) == 1
    body = post[0].get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "Nordic Table writes about order #1044" in text
    assert "Ida" not in text
    link = re.findall(r"https://hub.example(/ship/\S+)", text)[0]
    assert "says Ida." in Client().get(link).content.decode()


def test_nothing_is_lost_and_nothing_is_said_twice(
    world: World, vendor_person: Client, part: PurchaseOrder
):
    url = f"/my/orders/{part.pk}/message/"
    long = "x" * (LONGEST + 1)
    answer = vendor_person.post(url, {"text": long})
    assert answer.status_code == 422
    assert long in answer.content.decode()
    assert vendor_person.post(url, {"text": " \n"}).status_code == 422
    for _again in range(2):
        vendor_person.post(url, {"text": ASK})
    assert OrderEvent.objects.filter(kind="vendor_wrote").count() == 1
    for number in range(AN_HOUR - 1):
        vendor_person.post(url, {"text": f"Question {number}"})
    told = vendor_person.post(url, {"text": "One more"}).content.decode()
    assert "Many messages were written" in told
    assert "One more" in told


def test_messages_are_of_one_vendor_alone(
    world: World, owner: Client, vendor_person: Client, signed_in, part: PurchaseOrder
):
    other = PurchaseOrder.objects.exclude(vendor_id=part.vendor_id).first()
    assert other is not None
    answer = vendor_person.post(f"/my/orders/{other.pk}/message/", {"text": ASK})
    assert answer.status_code == 404
    write(owner, other, "For the other one alone.")
    assert not OrderEvent.objects.filter(purchase_order=part).filter(kind__contains="wr").exists()
    sent = {"part": other.pk, "text": ASK}
    assert owner.post(f"/orders/{part.order_id}/write/", sent).status_code == 404
    assert "For the other one" not in vendor_person.get(f"/my/orders/{part.pk}/").content.decode()


def test_what_was_written_is_a_text(world: World, vendor_person: Client, part: PurchaseOrder):
    bad = "<script>alert(1)</script>"
    url = f"/my/orders/{part.pk}/"
    page = vendor_person.post(f"{url}message/", {"text": bad}, follow=True).content.decode()
    assert bad not in page
    assert "&lt;script&gt;" in page


def test_the_buyers_name_leaves_messages_when_it_is_erased(
    world: World, vendor_person: Client, part: PurchaseOrder
):
    vendor_person.post(f"/my/orders/{part.pk}/message/", {"text": ASK})
    StorefrontOrder.objects.filter(pk=part.order_id).update(canceled_at="2026-01-01T00:00Z")
    erase_buyer(world.marketplace.pk, StorefrontOrder.objects.get(pk=part.order_id).email)
    kept = str(OrderEvent.objects.get(kind="vendor_wrote").data)
    kept += str(OpenFinding.objects.get(code="vendor_wrote").evidence)
    assert "Ida" not in kept
