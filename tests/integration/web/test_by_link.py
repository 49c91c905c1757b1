"""Links without a password open one thing, and end."""

import pytest
from django.core import signing
from django.test import Client

from longshore.storage.models import Deed, Examination, OpenFinding, PurchaseOrder
from longshore.wiring import links
from longshore.wiring.links import CHECK, SHIP, link_to, named_by
from support.screens import World


@pytest.fixture
def part(world: World) -> PurchaseOrder:
    return PurchaseOrder.objects.get(order__name="#1044")


def path(kind: str, number: int) -> str:
    return link_to(kind, number, "http://x").removeprefix("http://x")


def test_a_vendor_ships_by_link(world: World, part: PurchaseOrder):
    client, url = Client(), path(SHIP, part.pk)
    page = client.get(url).content.decode()
    assert "Ship order #1044" in page
    assert "Ida Example" in page
    assert "ida@example.org" not in page, "nobody needs the buyer's address for mail"
    key = page.partition('name="key" value="')[2].partition('"')[0]
    line = part.lines.get()
    sent = {"key": key, f"u{line.pk}": "1", "number": "370 722", "carrier": "Posten"}
    told = client.post(url, sent, follow=True).content.decode()
    assert "1 item stays open." in told
    client.post(url, sent)
    assert part.shipments.get().tracking_number == "370 722", "sent twice, kept once"
    deed = Deed.objects.latest("pk")
    assert (deed.kind, deed.who, deed.user_id) == ("part_shipped", "Linden & Loom, by link", None)


def test_what_cannot_be_delivered_is_told_by_link(world: World, part: PurchaseOrder):
    line = part.lines.get()
    sent = {f"u{line.pk}": "2", "why": "Sold out"}
    Client().post(path(SHIP, part.pk) + "cannot/", sent)
    found = OpenFinding.objects.get(code="vendor_cannot_deliver")
    assert found.evidence["why"] == "Sold out"
    assert found.vendor_id == part.vendor_id


def test_a_packing_slip_has_no_prices(world: World, part: PurchaseOrder):
    answer = Client().get(path(SHIP, part.pk) + "slip/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


@pytest.mark.parametrize("typed", [{"number": "x" * 101}, {"u": "3"}, {"u": "-1"}, {"u": "0"}])
def test_nonsense_in_a_parcel_keeps_what_was_typed(world: World, part: PurchaseOrder, typed: dict):
    line = part.lines.get()
    sent = {"key": "0b7d0c4e-0000-4000-8000-000000000000", "carrier": "Bring", f"u{line.pk}": "1"}
    sent |= {f"u{line.pk}" if name == "u" else name: value for name, value in typed.items()}
    answer = Client().post(path(SHIP, part.pk), sent)
    assert answer.status_code == 422
    assert 'value="Bring"' in answer.content.decode()
    assert not part.shipments.exists()


def test_a_check_is_seen_and_asked_for_by_link(world: World):
    client, url = Client(), path(CHECK, world.second.pk)
    page = client.get(url).content.decode()
    assert "Wordfence blocks our program." in page
    assert "What to do" in page
    client.post(url)
    row = Examination.objects.latest("pk")
    assert row.vendor_id == world.second.pk
    assert "Checking the shop" in client.get(url).content.decode()
    client.post(url)
    assert Examination.objects.latest("pk") == row, "not asked again at once"


def test_links_that_are_wrong_old_or_of_another_kind(
    world: World, part: PurchaseOrder, monkeypatch
):
    good = path(SHIP, part.pk)
    token = good.split("/")[2]
    for bad in ("nonsense", token[:-1], token.upper(), signing.dumps("x", salt=SHIP)):
        assert Client().get(f"/ship/{bad}/").status_code == 404
    assert Client().get(f"/check/{token}/").status_code == 404
    assert Client().get(path(SHIP, 999_999_999)).status_code == 404
    assert named_by(CHECK, token) is None
    monkeypatch.setattr(links, "LIVES", links.timedelta(seconds=-1))
    assert Client().get(good).status_code == 404
