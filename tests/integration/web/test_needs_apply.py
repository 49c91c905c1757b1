"""The inbox: the oldest first, and one click that acts on many."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from longshore.domain.findings import Finding
from longshore.storage.models import Deed, OpenFinding, PurchaseOrder, Shipment
from longshore.storage.queries.needs import need_rows
from longshore.storage.queries.paging import Cursor
from longshore.storage.queries.search import found_orders
from longshore.storage.repositories.findings import note_finding
from support.screens import World


@pytest.fixture
def refused(world: World) -> list[Shipment]:
    """Three shipments that Shopify did not take, the newest noted first."""
    part = PurchaseOrder.objects.get(order__name="#1044")
    made, now = [], timezone.now()
    for age in range(3):
        row = Shipment.objects.create(
            marketplace_id=part.marketplace_id,
            purchase_order=part,
            key=f"k{age}",
            state="exception",
            tracking_number=f"FAKE {age}",
            others=[[f"MORE {age}", ""]],
            found_at=now,
        )
        finding = Finding("fulfillment_refused", {"order": "#1044", "why": "held"})
        at = now - timedelta(days=age)
        note_finding(part.marketplace_id, f"shipment:{row.pk}", finding, at)
        made.append(row)
    return made


def test_the_oldest_of_a_cause_come_first(refused: list[Shipment]):
    owner = refused[0].marketplace_id
    first = need_rows(owner, "fulfillment_refused", cursor=Cursor(size=2))
    ages = [row.problem.first_seen_at for row in first.rows]
    assert ages == sorted(ages)
    then = need_rows(owner, "fulfillment_refused", cursor=Cursor(after=first.older, size=2))
    assert then.rows[-1].problem.first_seen_at > ages[-1]
    back = need_rows(owner, "fulfillment_refused", cursor=Cursor(before=then.newer, size=2))
    assert [row.id for row in back.rows] == [row.id for row in first.rows]


def test_one_click_acts_on_all_that_are_picked(owner: Client, refused: list[Shipment]):
    page = owner.get("/needs/fulfillment_refused/").content.decode()
    assert "Tell Shopify again" in page
    rows = OpenFinding.objects.filter(code="fulfillment_refused", subject__startswith="shipment:")
    picked = {f"shipment:{one.pk}" for one in refused[:2]}
    ids = [row.pk for row in rows if row.subject in picked]
    told = owner.post("/needs/fulfillment_refused/apply/", {"ids": ids}, follow=True)
    assert "2 are on their way." in told.content.decode()
    for one in refused:
        one.refresh_from_db()
    assert [one.state for one in refused] == ["sending", "sending", "exception"]
    assert Deed.objects.filter(kind="need_applied").count() == 2
    again = owner.post("/needs/fulfillment_refused/apply/", {"ids": ids}, follow=True)
    assert "Nothing was picked" in again.content.decode()


def test_what_has_no_action_is_not_acted_on(owner: Client, world: World):
    assert owner.post("/needs/silence/apply/", {"ids": ["1"]}).status_code == 404


def test_any_number_finds_the_order(refused: list[Shipment]):
    part = refused[0].purchase_order
    part.store_order_id = 880_017
    part.save()
    order = part.order
    order.order_gid = "gid://shopify/Order/5550001"
    order.save()
    for text in ("5550001", "880017", "more1", "MORE 2", "fake 0", part.reference, order.name):
        assert found_orders(part.marketplace_id, text) == [order.pk], text
        assert found_orders(part.marketplace_id + 1, text) == []
    assert found_orders(part.marketplace_id, "9" * 40) == []
