"""Parcel numbers pasted at once, by vendors and by the marketplace; vendors reminded of orders."""

import re
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from longshore.domain.pasted import LONGEST_TEXT, MOST_LINES
from longshore.storage.models import (
    Deed,
    LetterChoice,
    Marketplace,
    OrderEvent,
    PurchaseOrder,
    Shipment,
)
from support import screen_rows as rows
from support.screens import World, make_world

DHL, POSTEN = "JJD000390007884312345", "370722581099001"


@pytest.fixture
def part(world: World) -> PurchaseOrder:
    """Open: 2 napkins of #1044, the store's 5533."""
    return PurchaseOrder.objects.get(order__name="#1044")


def bare_shipment(part: PurchaseOrder) -> Shipment:
    """The part is shipped, nobody said with which number."""
    parcel = rows.ship(part, "", 2)
    part.refresh_from_db()
    return parcel


def look(client: Client, text: str, path: str = "/my/orders/numbers/", **more: str) -> str:
    answer = client.post(path, {"text": text, **more})
    assert answer.status_code == 200, answer.content.decode()[-3000:]
    return answer.content.decode()


def use(client: Client, text: str, path: str = "/my/orders/numbers/", **more: str) -> str:
    """Everything that fits is used, as the page's own form does."""
    page = look(client, text, path, **more)
    takes = dict.fromkeys(re.findall(r'name="(take\d+)"', page), "1")
    return look(client, text, path, give="1", **takes, **more)


@pytest.mark.parametrize(
    "text", [f"#1044, DHL, {DHL}", f"1044;DHL;{DHL}", f"5533\tDHL\t{DHL}", f"Order #1044: {DHL}"]
)
def test_a_line_ships_the_order_it_names(
    world: World, vendor_person: Client, part: PurchaseOrder, text: str
):
    page = look(vendor_person, text)
    assert "ships this order" in page
    assert not part.shipments.exists(), "looking does nothing"
    page = use(vendor_person, text)
    assert "1 order has its number." in page
    parcel = part.shipments.get()
    assert (parcel.tracking_number, parcel.carrier) == (DHL, "DHL")
    part.refresh_from_db()
    assert part.shipped_at is not None
    deed = Deed.objects.latest("pk")
    assert (deed.kind, deed.about, deed.after["number"]) == ("numbers_given", "#1044", DHL)


def test_pasted_twice_is_one_parcel(world: World, vendor_person: Client, part: PurchaseOrder):
    use(vendor_person, f"1044, DHL, {DHL}")
    assert "is here already" in look(vendor_person, f"1044, DHL, {DHL}")
    stale = {"text": f"1044, DHL, {DHL}", "give": "1", "take0": "1"}
    vendor_person.post("/my/orders/numbers/", stale)
    assert part.shipments.count() == 1
    assert "was shipped with another number" in look(vendor_person, f"1044, {POSTEN}")


def test_a_shipment_without_a_number_gets_it(
    world: World, vendor_person: Client, part: PurchaseOrder
):
    parcel = bare_shipment(part)
    rows.find(world.marketplace, f"purchase_order:{part.pk}", "tracking_missing", order="#1044")
    assert "number for a parcel that had none" in look(vendor_person, f"1044, {DHL}")
    use(vendor_person, f"1044, {DHL}")
    parcel.refresh_from_db()
    assert (parcel.tracking_number, parcel.carrier, parcel.correction) == (DHL, "DHL", True)
    assert part.shipments.count() == 1
    events = OrderEvent.objects.filter(purchase_order=part, kind="tracking_corrected")
    assert events.get().data["new"] == DHL


def test_several_numbers_of_one_order_are_one_shipment(
    world: World, vendor_person: Client, part: PurchaseOrder
):
    use(vendor_person, f"1044, DHL, {DHL}\n1044, DHL, {POSTEN}")
    parcel = part.shipments.get()
    assert (parcel.tracking_number, parcel.others) == (DHL, [[POSTEN, ""]])


def test_numbers_alone_wait_until_somebody_says_which_order(
    world: World, vendor_person: Client, part: PurchaseOrder
):
    page = look(vendor_person, f"Sent today: {DHL}\n\nKind regards")
    assert "say which order it is" in page
    assert f'aria-label="Order of {DHL}"' in page
    assert '<option value="#1044">' in page
    page = use(vendor_person, f"Sent today: {DHL}", order0="#1044")
    assert "1 order has its number." in page
    assert part.shipments.get().tracking_number == DHL


def test_what_does_not_fit_stays_visible(world: World, vendor_person: Client, part: PurchaseOrder):
    text = f"1044, DHL, {DHL}\n9999, DHL, {POSTEN}\nline 7 without"
    page = look(vendor_person, text)
    assert "no such order: say which one" in page
    assert "no parcel number in this line" in page
    page = use(vendor_person, text)
    assert "These lines are left." in page
    assert f"9999, DHL, {POSTEN}" in page
    assert "line 7 without" in page
    assert f"1044, DHL, {DHL}" not in page.partition('id="id_text"')[2]


def test_a_line_that_is_not_picked_is_left(
    world: World, vendor_person: Client, part: PurchaseOrder
):
    page = look(vendor_person, f"1044, DHL, {DHL}", give="1")
    assert "Nothing was picked." in page
    assert not part.shipments.exists()


def test_what_changed_meanwhile_is_told(world: World, vendor_person: Client, part: PurchaseOrder):
    sent = {"text": f"1044, {DHL}", "give": "1", "take0": "1"}
    part.order.canceled_at = timezone.now()
    part.order.save()
    page = vendor_person.post("/my/orders/numbers/", sent).content.decode()
    assert "Nothing was picked." in page
    assert not part.shipments.exists()


def test_nothing_of_another_vendor_is_found_or_shipped(
    world: World, vendor_person: Client, part: PurchaseOrder
):
    theirs = PurchaseOrder.objects.get(store_order_number="812")
    for text in (f"812, {DHL}", f"{theirs.reference}, {DHL}", f"#1047, {DHL}"):
        page = use(vendor_person, text)
        assert "no such order" in look(vendor_person, text)
        assert "Saltmarsh" not in page
    assert theirs.shipments.count() == 1
    page = look(vendor_person, "1099, 703511902284")
    assert "is here already" not in page, "whose number it is says nothing to others"


def test_the_marketplace_pastes_for_all_vendors(world: World, owner: Client, part: PurchaseOrder):
    soap = PurchaseOrder.objects.get(store_order_number="812")
    path = "/orders/numbers/"
    page = look(owner, f"5533, DHL, {DHL}\n812, Posten, {POSTEN}", path)
    assert "Linden &amp; Loom" in page
    assert "Saltmarsh Soap" in page
    assert "2 orders have their numbers." in use(
        owner, f"5533, DHL, {DHL}\n812, Posten, {POSTEN}", path
    )
    assert part.shipments.get().tracking_number == DHL
    assert soap.shipments.count() == 2, "what was open of it"


def test_an_order_of_several_vendors_is_asked_about(world: World, owner: Client):
    order = rows.make_order(world.marketplace, 1060, ("Ola", "Oslo"))
    for store, number in ((world.store, 6001), (world.other_store, 6002)):
        line = rows.make_line(order, world.line, "Mug", 1, "9.00")
        made = rows.make_part(order, store, [line], number)
    page = look(owner, f"1060, {DHL}", "/orders/numbers/")
    assert "several fit: say which one" in page
    assert f'value="{made.reference}"' in page
    use(owner, f"1060, {DHL}", "/orders/numbers/", order0=made.reference)
    assert made.shipments.get().tracking_number == DHL


def test_another_marketplaces_orders_are_not_found(world: World, signed_in, part: PurchaseOrder):
    other = make_world("west", "West Wares")
    stranger = signed_in(other.owner)
    page = use(stranger, f"{part.reference}, {DHL}", "/orders/numbers/")
    assert "no such order" in look(stranger, f"{part.reference}, {DHL}", "/orders/numbers/")
    assert "1 order has" not in page
    assert not part.shipments.exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "This field is required."),
        ("Hello, nothing here", "There is no parcel number in it."),
        ("1" * (LONGEST_TEXT + 1), "at most"),
    ],
)
def test_mistakes_are_told_beside_the_box(
    world: World, vendor_person: Client, text: str, told: str
):
    answer = vendor_person.post("/my/orders/numbers/", {"text": text, "carrier": "Bring"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page.partition('id="id_text_error"')[2][:300]
    assert 'value="Bring"' in page


BAD = [
    "<script>alert(12345678)</script>, 1044",
    f"1044, <img src=x onerror=alert(1)>, {DHL}",
    f'=HYPERLINK("http://x.example/{DHL}"), 1044, {DHL}',
    f"1044\x00, DHL, {DHL}",
    f"' OR 1=1 --, {DHL}",
    "\u202e" + f"1044, {DHL}",
]


@pytest.mark.parametrize("text", BAD)
def test_hostile_text_is_text(world: World, vendor_person: Client, part: PurchaseOrder, text: str):
    answer = vendor_person.post("/my/orders/numbers/", {"text": text, "give": "1", "take0": "1"})
    page = answer.content.decode()
    assert answer.status_code in {200, 422}
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    for parcel in part.shipments.all():
        assert parcel.tracking_number == DHL
        assert "<" not in parcel.carrier


def test_much_text_costs_no_more_statements(world: World, owner: Client):
    few = _statements(owner, f"1044, {DHL}")
    many = "\n".join(f"{2000 + n}, DHL, {10**12 + n}" for n in range(MOST_LINES + 50))
    assert _statements(owner, many) == few


def _statements(client: Client, text: str) -> int:
    client.get("/orders/numbers/")
    with CaptureQueriesContext(connection) as seen:
        look(client, text, "/orders/numbers/")
    return len(seen)


# --- what was sent without a number, on the order's own page ---


def test_a_vendor_adds_the_number_later(world: World, vendor_person: Client, part: PurchaseOrder):
    bare_shipment(part)
    path = f"/my/orders/{part.pk}/"
    assert "Which number has the parcel?" in vendor_person.get(path).content.decode()
    answer = vendor_person.post(path, {"number": "", "carrier": "Bring"})
    assert answer.status_code == 422
    assert 'value="Bring"' in answer.content.decode()
    page = vendor_person.post(path, {"number": DHL, "carrier": "DHL"}, follow=True)
    assert "have the number." in page.content.decode()
    assert "Which number has the parcel?" not in page.content.decode()
    assert part.shipments.get().tracking_number == DHL


# --- reminding ---


def remind(client: Client, part: PurchaseOrder) -> str:
    sent = {"do": "remind", "part": part.pk}
    return client.post(f"/orders/{part.order_id}/decide/", sent, follow=True).content.decode()


def test_a_vendor_is_reminded_once_a_day_with_a_link(
    world: World, owner: Client, part: PurchaseOrder, post: list[EmailMessage]
):
    from longshore.wiring import send_reminder

    page = owner.get(f"/orders/{part.order_id}/").content.decode()
    assert "Remind the vendor" in page
    assert "gets a mail with a link" in remind(owner, part)
    assert send_reminder(part.pk) == 1
    (letter,) = post
    assert letter["To"] == "shop@linden.nordic.example"
    body = letter.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "Nordic Table asks for order #1044" in text
    assert "Ida" not in text, "nothing of the buyer"
    link = re.findall(r"https://hub.example(/ship/\S+)", text)[0]
    assert "#1044" in Client().get(link).content.decode()
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "already today" in remind(owner, part)
    assert OrderEvent.objects.filter(kind="reminded").count() == 1
    assert Deed.objects.filter(kind="vendor_reminded").count() == 1
    OrderEvent.objects.filter(kind="reminded").update(at=timezone.now() - timedelta(days=1))
    assert "gets a mail with a link" in remind(owner, part)


def test_a_reminder_that_is_of_no_use_any_more_is_not_sent(
    world: World, owner: Client, part: PurchaseOrder, post: list[EmailMessage]
):
    from longshore.wiring import send_reminder

    remind(owner, part)
    rows.ship(part, DHL, 2)
    assert send_reminder(part.pk) == 0
    assert post == []
    assert "nothing to remind" in remind(owner, part)


def test_a_vendor_gets_only_so_many_reminders_an_hour(
    world: World, owner: Client, part: PurchaseOrder, post: list[EmailMessage], monkeypatch
):
    from longshore.storage.repositories import reminders

    monkeypatch.setattr(reminders, "AN_HOUR", 1)
    line = rows.make_line(part.order, world.line, "Mug", 1, "9.00")
    other = rows.make_order(world.marketplace, 1061, ("Ola", "Oslo"))
    line = rows.make_line(other, world.line, "Mug", 1, "9.00")
    second = rows.make_part(other, world.store, [line], 6003)
    remind(owner, part)
    assert "many reminders" in remind(owner, second)


def test_who_cannot_be_reminded_is_told(
    world: World, owner: Client, part: PurchaseOrder, post: list[EmailMessage]
):
    choice = LetterChoice.objects.create(
        marketplace=world.marketplace,
        email="shop@linden.nordic.example",
        stopped_at=timezone.now(),
    )
    assert "Nobody of this vendor" in remind(owner, part)
    choice.delete()
    Marketplace.objects.update(mail_url="")
    assert "set up the mail server" in remind(owner, part)
    assert not OrderEvent.objects.filter(kind="reminded").exists()


def test_nobody_reminds_anothers_vendor(
    world: World, signed_in, part: PurchaseOrder, post: list[EmailMessage]
):
    other = make_world("west", "West Wares")
    sent = {"do": "remind", "part": part.pk}
    for path in (f"/orders/{part.order_id}/decide/", f"/orders/{other.order.pk}/decide/"):
        assert signed_in(other.owner).post(path, sent).status_code == 404
    assert signed_in(world.reader).post(f"/orders/{part.order_id}/decide/", sent).status_code == 403
    assert not OrderEvent.objects.filter(kind="reminded").exists()


def test_many_late_orders_are_reminded_of_at_once(
    world: World, owner: Client, part: PurchaseOrder, post: list[EmailMessage]
):
    subject = f"purchase_order:{part.pk}"
    rows.find(world.marketplace, subject, "late_to_ship", world.vendor, order="#1044", days=2)
    from longshore.storage.models import OpenFinding

    found = OpenFinding.objects.get(code="late_to_ship")
    page = owner.post("/needs/late_to_ship/apply/", {"ids": [found.pk]}, follow=True)
    assert "1 is on its way." in page.content.decode()
    assert OrderEvent.objects.filter(kind="reminded").count() == 1
