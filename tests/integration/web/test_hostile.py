"""What strangers and broken shops may try: on every page of the portal, in letters, on paper, and
with a session that they knew before somebody signed in.
"""

import pytest
from django.test import Client
from django.utils import timezone

from longshore.storage.models import OrderEvent, PurchaseOrder
from longshore.storage.repositories.letters import post_office
from longshore.storage.repositories.reminders import Reminder
from longshore.wiring.links import SHIP, link_to
from longshore.wiring.reminders import letter_for
from support.page_addresses import readable
from support.screens import World

from .test_escaping import CORPUS, Finder, poison

PASSWORD = "a long fake password"


@pytest.mark.parametrize("bad", CORPUS)
def test_no_page_of_the_portal_takes_a_text_for_markup(
    world: World, vendor_person: Client, bad: str
):
    part = PurchaseOrder.objects.get(order__name="#1044")
    poison(world, bad)
    OrderEvent.objects.create(
        marketplace=world.marketplace,
        order=part.order,
        purchase_order=part,
        at=timezone.now(),
        kind="vendor_was_written",
        data={"text": bad},
    )
    link = "/ship/" + link_to(SHIP, part.pk, "http://x").partition("/ship/")[2]
    pages = [one.url for one in readable(world.ids(), "vendor") if one.name != "slip"]
    pages += [f"/my/orders/{part.pk}/", f"/my/orders/{part.pk}/message/", link, f"{link}message/"]
    for url in pages:
        answer = vendor_person.get(url)
        assert answer.status_code in {200, 302}, url
        finder = Finder()
        finder.feed(answer.content.decode())
        assert finder.wrong == [], url


@pytest.mark.parametrize("bad", CORPUS)
def test_paper_and_letters_hold_it_as_a_text(world: World, bad: str):
    part = PurchaseOrder.objects.get(order__name="#1044")
    poison(world, bad)
    link = "/ship/" + link_to(SHIP, part.pk, "http://x").partition("/ship/")[2]
    slip = Client().get(f"{link}slip/")
    assert slip.content.startswith(b"%PDF-")
    assert b"/JavaScript" not in slip.content
    world.marketplace.refresh_from_db()
    world.marketplace.mail_url = "smtps://user:fake@mail.example"
    world.marketplace.save()
    office = post_office(world.marketplace.pk)
    assert office is not None
    order = f"{bad}\r\nBcc: everybody@example.org"
    due = Reminder(office, order, bad, shipped=False, readers=())
    letter = letter_for(due, part.pk, 1, "https://hub.example")
    finder = Finder()
    finder.feed(letter.html)
    assert finder.wrong == []
    assert "\n" not in letter.subject
    assert "\r" not in letter.subject


def test_a_session_known_before_is_nobodys_afterwards(world: World):
    """Somebody hands a person a session of their own, and waits until that person signs in."""
    world.owner.set_password(PASSWORD)
    world.owner.save()
    hostile = Client()
    hostile.get("/account/login/")
    session = hostile.session
    session["planted"] = "1"
    session.save()
    planted = session.session_key
    hostile.cookies["sessionid"] = planted
    person = Client()
    person.cookies["sessionid"] = planted
    told = person.post("/account/login/", {"login": world.owner.email, "password": PASSWORD})
    assert told.status_code == 302
    assert person.cookies["sessionid"].value != planted
    assert person.get("/orders/").status_code == 200
    assert hostile.get("/orders/").status_code == 302
