"""A language with a catalog of its own: pages, and what the rooms without gettext say."""

import uuid

import pytest
from django.test import Client
from django.utils import timezone, translation

from longshore.storage.models import PurchaseOrder
from longshore.web.shared.said import said
from support import catalog
from support.screens import World

CANCELED = "This order was canceled. Do not send it."
SLOW = "{host} {slow}. Check that it opens in a browser; we try again by ourselves."
TEXTS = {
    "Orders": "Mendoj",
    "Nothing to ship": "Nenio sendenda",
    catalog.PLURAL.join(("%(n)s order to ship", "%(n)s orders to ship")): catalog.PLURAL.join(
        ("%(n)s sendenda mendo", "%(n)s sendendaj mendoj")
    ),
    f"said{catalog.CONTEXT}{CANCELED}": "Ĉi tiu mendo estas nuligita.",
    f"said{catalog.CONTEXT}cannot be reached": "ne atingeblas",
    f"said{catalog.CONTEXT}{SLOW}": "{slow}: {host}. Ni reprovos.",
    f"said{catalog.CONTEXT}{{name}} was canceled.": "{name} estas nuligita.",
}


@pytest.fixture
def esperanto(settings, tmp_path) -> None:
    catalog.write(tmp_path, "eo", TEXTS)
    settings.LANGUAGES = [("en", "English"), ("eo", "Esperanto")]
    settings.LOCALE_PATHS = [tmp_path]


def test_a_sentence_is_known_again_with_its_values(esperanto):
    slow = SLOW.format(host="kopra.example", slow="cannot be reached")
    with translation.override("eo"):
        assert said(slow) == "ne atingeblas: kopra.example. Ni reprovos."
        assert said("#1042 {x} was canceled.") == "#1042 {x} estas nuligita."
        assert said("What nobody translated.") == "What nobody translated."
        assert said("Orders") == "Orders", "a page's word, not a sentence of ours"
    assert said(slow) == slow


def test_pages_and_errors_come_in_the_language_asked_for(
    esperanto, world: World, vendor_person: Client
):
    chosen = {"HTTP_ACCEPT_LANGUAGE": "eo, en;q=0.5"}
    assert "Mendoj" in vendor_person.get("/my/orders/", **chosen).content.decode()
    assert "sendend" in vendor_person.get("/my/", **chosen).content.decode()
    part = PurchaseOrder.objects.get(order__name="#1044")
    type(part.order).objects.filter(pk=part.order_id).update(canceled_at=timezone.now())
    typed = {"key": str(uuid.uuid4()), **{f"u{line.pk}": "1" for line in part.lines.all()}}
    told = vendor_person.post(f"/my/orders/{part.pk}/", typed, **chosen).content.decode()
    assert "Ĉi tiu mendo estas nuligita." in told
    assert CANCELED not in told


def test_what_was_stored_long_ago_is_told_in_the_language_of_who_reads_it(
    esperanto, world: World, owner: Client
):
    world.line.write_error = "#1042 was canceled."
    world.line.save()
    page = owner.get(f"/stock/{world.line.pk}/", HTTP_ACCEPT_LANGUAGE="eo").content.decode()
    assert "#1042 estas nuligita." in page


def test_a_language_is_chosen_and_kept(esperanto, world: World, vendor_person: Client):
    page = vendor_person.get("/you/").content.decode()
    assert "Esperanto" in page
    vendor_person.post("/language/", {"language": "eo", "next": "/my/"})
    assert "Mendoj" in vendor_person.get("/my/orders/").content.decode()
