"""The letter about a shop that is back: to whom, what it says, once, and how it ends."""

from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from longshore.domain.findings import Finding
from longshore.ports.errors import NeedsVendor
from longshore.storage.models import (
    LetterChoice,
    Membership,
    Outage,
    PurchaseOrder,
    StockEvent,
    Store,
)
from longshore.storage.repositories import outages, shop_health
from longshore.storage.repositories.orders import Orders
from longshore.storage.repositories.store_states import move
from longshore.wiring import recovery_letters
from support.fake_store import HandClock
from support.harbor import Harbor, bought, make_harbor

pytestmark = pytest.mark.django_db
HUB = "https://hub.example"
NOW = datetime.fromisoformat("2026-11-23T12:00:00+00:00")
OWNER, VENDOR = "owner@hub.example", "kiln@vendor.example"


@pytest.fixture
def harbor() -> Harbor:
    return make_harbor(NOW)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> HandClock:
    hand = HandClock()
    hand.time = NOW
    monkeypatch.setattr(recovery_letters, "clock", hand)
    return hand


@pytest.fixture
def post(harbor: Harbor, clock: HandClock, monkeypatch: pytest.MonkeyPatch) -> list[EmailMessage]:
    """A marketplace with a mail server, an owner and a vendor; the messages it hands over."""
    sent = list[EmailMessage]()
    monkeypatch.setattr("longshore.mail._send", lambda _, one, *__: sent.append(one))
    harbor.marketplace.mail_url = "smtps://user:fake@mail.example"
    harbor.marketplace.mail_from = "hub@hub.example"
    harbor.marketplace.timezone = "Europe/Prague"
    harbor.marketplace.save()
    owner = User.objects.create(username="o", email=OWNER)
    Membership.objects.create(marketplace=harbor.marketplace, user=owner, role="owner")
    vendor = harbor.stores[0].vendor
    vendor.email = VENDOR
    vendor.save()
    return sent


def goes(store: Store, at: datetime) -> None:
    refused = Finding("store_key_refused", {"host": "kiln.example"})
    shop_health.note_store_trouble(store.pk, NeedsVendor("no", finding=refused), at)


def comes_back(store: Store, at: datetime, *, read: bool = True) -> None:
    store.refresh_from_db()
    move(store, "connected", at)
    outages.end(store, at)
    Store.objects.filter(pk=store.pk).update(last_answer_at=at, polled_at=at if read else None)


def away(store: Store, clock: HandClock, *, hours: float = 3, read: bool = True) -> None:
    """Away from now on, for so long."""
    Store.objects.filter(pk=store.pk).update(last_answer_at=clock.time)
    goes(store, clock.time + timedelta(minutes=1))
    clock.forward(hours * 3600)
    comes_back(store, clock.time, read=read)


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return " ".join(body.get_content().split())


def test_what_was_caught_up_is_asked_once_a_shop(
    harbor: Harbor, post: list[EmailMessage], clock: HandClock
):
    def asked(*stores: Store) -> int:
        for store in stores:
            away(store, clock)
        clock.forward(150)
        with CaptureQueriesContext(connection) as seen:
            assert len(outages.recoveries(harbor.marketplace.pk, clock.time)) == len(stores)
        Outage.objects.update(told_at=clock.time - timedelta(days=2))
        return len(seen)

    one, two = harbor.stores[:2]
    assert asked(one, two) - asked(one) == 1


def test_everybody_hears_once_how_long_and_what_was_caught_up(
    harbor: Harbor, post: list[EmailMessage], clock: HandClock
):
    store, start = harbor.stores[0], clock.time
    for number in (1, 2):
        order = bought(number, start, (harbor.lines[0], 1))
        Orders(harbor.marketplace.pk).keep_order(order, start + timedelta(hours=1))
    away(store, clock)
    PurchaseOrder.objects.filter(store=store).update(state="accepted", answered_at=clock.time)
    for before, after in ((7, 6), (6, 5)):
        StockEvent.objects.create(
            marketplace=harbor.marketplace,
            listing_variant=harbor.lines[0],
            at=clock.time,
            kind="reading",
            before=before,
            after=after,
        )
    assert recovery_letters.send_recovery_letters(HUB) == 0, "it must stay for a moment"
    clock.forward(150)
    assert recovery_letters.send_recovery_letters(HUB) == 2
    assert recovery_letters.send_recovery_letters(HUB) == 0
    told = {message["To"]: text_of(message) for message in post}
    assert set(told) == {OWNER, VENDOR}
    for text in told.values():
        assert "away for 3 h 0 min, from 23 Nov., 13:00 to 23 Nov., 16:00." in text
        assert "2 orders that waited were sent." in text
        assert "1 stock number was corrected." in text
    assert "Kiln" in told[OWNER]
    html = post[0].get_body(("html",))
    assert html is not None
    assert "<li>2 orders that waited were sent.</li>" in html.get_content()


def test_orders_of_before_and_after_are_not_counted(
    harbor: Harbor, post: list[EmailMessage], clock: HandClock
):
    store = harbor.stores[0]
    Orders(harbor.marketplace.pk).keep_order(
        bought(1, clock.time, (harbor.lines[0], 1)), clock.time
    )
    PurchaseOrder.objects.update(state="accepted", answered_at=clock.time)
    away(store, clock, read=False)
    clock.forward(60)
    Orders(harbor.marketplace.pk).keep_order(
        bought(2, clock.time, (harbor.lines[0], 1)), clock.time
    )
    clock.forward(16 * 60)
    recovery_letters.send_recovery_letters(HUB)
    text = text_of(post[0])
    assert "No order had to wait." in text
    assert "Its stock is still read." in text


def test_the_owner_gets_one_letter_for_all_shops(
    harbor: Harbor, post: list[EmailMessage], clock: HandClock
):
    for store in harbor.stores:
        goes(store, clock.time + timedelta(minutes=1))
    clock.forward(7200)
    for store in harbor.stores:
        comes_back(store, clock.time)
    clock.forward(150)
    recovery_letters.send_recovery_letters(HUB)
    mine = [one for one in post if one["To"] == OWNER]
    assert len(mine) == 1
    assert f"{len(harbor.stores)} shops answer again" in mine[0]["Subject"]
    vendors = [text_of(one) for one in post if one["To"] == VENDOR]
    assert len(vendors) == 1
    assert harbor.stores[1].vendor.name not in vendors[0], "nothing of the other vendor"


def test_a_shop_that_comes_and_goes_makes_one_letter_that_sums_up(
    harbor: Harbor, post: list[EmailMessage], clock: HandClock
):
    store = harbor.stores[0]
    away(store, clock, hours=1)
    clock.forward(150)
    assert recovery_letters.send_recovery_letters(HUB) == 2
    for _ in range(3):
        away(store, clock, hours=1)
        clock.forward(150)
        assert recovery_letters.send_recovery_letters(HUB) == 0
    clock.forward(4 * 3600)
    post.clear()
    assert recovery_letters.send_recovery_letters(HUB) == 2
    assert "It was away 3 times, 3 h 0 min in all" in text_of(post[0])


def test_one_click_ends_them_and_leaves_the_daily_letter(
    harbor: Harbor, post: list[EmailMessage], clock: HandClock
):
    away(harbor.stores[0], clock)
    clock.forward(150)
    recovery_letters.send_recovery_letters(HUB)
    message = next(one for one in post if one["To"] == VENDOR)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = message["List-Unsubscribe"].strip("<>").removeprefix(HUB)
    client = Client(enforce_csrf_checks=True)
    assert "answers again" in client.get(path).content.decode()
    client.post(path, {"List-Unsubscribe": "One-Click"})
    choice = LetterChoice.objects.get(email=VENDOR)
    assert choice.recoveries_stopped_at is not None
    assert choice.stopped_at is None
    post.clear()
    clock.forward(7 * 3600)
    away(harbor.stores[0], clock)
    clock.forward(150)
    recovery_letters.send_recovery_letters(HUB)
    assert [one["To"] for one in post] == [OWNER]
    client.post(path, {"resume": "1"})
    choice.refresh_from_db()
    assert choice.recoveries_stopped_at is None


def test_a_mail_server_that_refuses_is_asked_again_and_nobody_gets_it_twice(
    harbor: Harbor, post: list[EmailMessage], clock: HandClock, monkeypatch: pytest.MonkeyPatch
):
    from longshore.ports.errors import NeedsOperator

    def refuses_vendors(_server: object, message: EmailMessage, to: str, _ca: object) -> None:
        if to == VENDOR:
            raise NeedsOperator("no")
        post.append(message)

    monkeypatch.setattr("longshore.mail._send", refuses_vendors)
    away(harbor.stores[0], clock)
    clock.forward(150)
    for _ in range(3):
        recovery_letters.send_recovery_letters(HUB)
    assert [one["To"] for one in post] == [OWNER]
    monkeypatch.setattr("longshore.mail._send", lambda _, one, *__: post.append(one))
    recovery_letters.send_recovery_letters(HUB)
    assert [one["To"] for one in post] == [OWNER, VENDOR]
    assert Outage.objects.get().told_at is not None


def test_what_is_a_day_old_is_no_news(harbor: Harbor, post: list[EmailMessage], clock: HandClock):
    away(harbor.stores[0], clock)
    clock.forward(25 * 3600)
    assert recovery_letters.send_recovery_letters(HUB) == 0
    assert Outage.objects.get().told_at is not None
    assert post == []


def test_a_shop_that_is_away_again_is_not_told_of(
    harbor: Harbor, post: list[EmailMessage], clock: HandClock
):
    away(harbor.stores[0], clock)
    goes(harbor.stores[0], clock.time + timedelta(minutes=1))
    clock.forward(1800)
    assert recovery_letters.send_recovery_letters(HUB) == 0
    assert post == []


def test_a_shop_that_a_person_paused_is_no_news(harbor: Harbor, clock: HandClock):
    store = harbor.stores[0]
    goes(store, clock.time)
    owner = harbor.marketplace.pk
    shop_health.pause_store(owner, store.pk, clock.time, paused=True)
    assert not Outage.objects.exists()


def test_other_marketplaces_hear_nothing(
    harbor: Harbor, post: list[EmailMessage], clock: HandClock
):
    from longshore.storage.models import Marketplace

    other = Marketplace.objects.create(
        name="Other", mail_url="smtps://user:fake@mail.example", mail_from="x@hub.example"
    )
    stranger = User.objects.create(username="s", email="stranger@hub.example")
    Membership.objects.create(marketplace=other, user=stranger, role="owner")
    away(harbor.stores[0], clock)
    clock.forward(150)
    recovery_letters.send_recovery_letters(HUB)
    assert {one["To"] for one in post} == {OWNER, VENDOR}
