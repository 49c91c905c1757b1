"""The daily letter of what is late: to whom it goes, what it says, and how it ends."""

import re
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from django.contrib.auth.models import User
from django.test import Client

from longshore.storage.models import LetterChoice, Membership, PurchaseOrder
from longshore.storage.repositories.deadlines import check_deadlines
from longshore.storage.repositories.orders import Orders
from longshore.wiring import letters
from support.fake_store import HandClock
from support.harbor import Harbor, bought, make_harbor

pytestmark = pytest.mark.django_db
HUB = "https://hub.example"
NOW = datetime.fromisoformat("2026-11-23T12:00:00+00:00")


@pytest.fixture
def harbor() -> Harbor:
    return make_harbor(NOW)


def taken(harbor: Harbor, count: int, line: int = 0) -> list[PurchaseOrder]:
    """Orders that the vendor's store took."""
    for number in range(count):
        order = bought(number + 100 * line, NOW, (harbor.lines[line], 1))
        Orders(harbor.marketplace.pk).keep_order(order, NOW)
    rows = PurchaseOrder.objects.filter(store=harbor.lines[line].variant.store)
    rows.update(state="accepted", answered_at=NOW)
    return list(rows.order_by("pk"))


@pytest.fixture
def post(harbor: Harbor, monkeypatch: pytest.MonkeyPatch) -> list[EmailMessage]:
    """A marketplace with a mail server, an owner and a vendor; the messages it hands over."""
    clock, sent = HandClock(), list[EmailMessage]()
    clock.time = NOW + timedelta(days=5)
    monkeypatch.setattr(letters, "clock", clock)
    monkeypatch.setattr("longshore.mail._send", lambda _, one, *__: sent.append(one))
    harbor.marketplace.mail_url = "smtps://user:fake@mail.example"
    harbor.marketplace.mail_from = "hub@hub.example"
    harbor.marketplace.save()
    owner = User.objects.create(username="o", email="Owner@hub.example")
    Membership.objects.create(marketplace=harbor.marketplace, user=owner, role="owner")
    vendor = harbor.stores[0].vendor
    vendor.email = "kiln@vendor.example"
    vendor.save()
    return sent


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return body.get_content()


def test_vendor_and_owner_get_one_letter_a_day(harbor: Harbor, post: list[EmailMessage]):
    rows = taken(harbor, 2)
    taken(harbor, 1, line=2)
    check_deadlines(letters.clock.now())
    assert letters.send_letters(HUB) == 2
    assert letters.send_letters(HUB) == 0
    by_address = {message["To"]: message for message in post}
    assert set(by_address) == {"owner@hub.example", "kiln@vendor.example"}
    mine = text_of(by_address["kiln@vendor.example"])
    assert "3 days late" in mine
    assert mine.count("https://hub.example/ship/") == 2
    assert "Loom" not in mine, "nothing of the other vendor"
    assert "Ada" not in mine, "nothing of the buyer"
    assert "Loom: #200 is 3 days late." in text_of(by_address["owner@hub.example"])
    html = by_address["kiln@vendor.example"].get_body(("html",))
    assert html is not None
    assert "<li>" in html.get_content()
    link = re.findall(r"https://hub.example(/ship/\S+)", mine)[0]
    assert rows[0].order.name in Client().get(link).content.decode()


def test_one_click_ends_them(harbor: Harbor, post: list[EmailMessage]):
    taken(harbor, 1)
    check_deadlines(letters.clock.now())
    letters.send_letters(HUB)
    message = next(one for one in post if one["To"] == "kiln@vendor.example")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = message["List-Unsubscribe"].strip("<>").removeprefix("https://hub.example")
    client = Client(enforce_csrf_checks=True)
    assert client.get(path).status_code == 200
    assert LetterChoice.objects.get(email="kiln@vendor.example").stopped_at is None
    client.post(path, {"List-Unsubscribe": "One-Click"})
    assert LetterChoice.objects.get(email="kiln@vendor.example").stopped_at is not None
    letters.clock.forward(86_400)  # type: ignore[attr-defined]
    post.clear()
    letters.send_letters(HUB)
    assert [one["To"] for one in post] == ["owner@hub.example"]
    client.post(path, {"resume": "1"})
    assert LetterChoice.objects.get(email="kiln@vendor.example").stopped_at is None


@pytest.mark.parametrize("path", ["/letters/nonsense/", "/letters/1:x:y/"])
def test_nobody_guesses_a_link(path: str):
    assert Client().get(path).status_code == 404
    assert Client().post(path).status_code == 404
