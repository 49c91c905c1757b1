"""Every number of home leads to what it counts."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from longshore.storage.models import OpenFinding, PurchaseOrder, Scan, StockEvent, Store, Vendor
from longshore.storage.queries.sweeps import SHOPS_SHOWN
from support import screen_rows as rows
from support.screens import World, make_world


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def linked(html: str, label: str) -> tuple[str, str]:
    """(where it leads, what it says) of the fact with this label."""
    found = re.search(rf"<dt>{label}</dt><dd><a href=\"([^\"]+)\">(.*?)</a>", html)
    assert found, label
    return found[1], re.sub(r"<[^>]+>", "", found[2]).strip()


def take(world: World, seconds: list[float]) -> None:
    """Parts of Linden, each in its vendor's shop so long after its order was seen."""
    PurchaseOrder.objects.all().delete()
    for index, took in enumerate(seconds):
        order = rows.make_order(world.marketplace, 7000 + index, ("Mara", "Lund"))
        line = rows.make_line(order, world.line, "Mug", 1, "9.00")
        part = rows.make_part(order, world.store, [line], 8000 + index)
        at = order.first_seen_at + timedelta(seconds=took)
        PurchaseOrder.objects.filter(pk=part.pk).update(answered_at=at)


def test_the_time_to_the_vendor_leads_to_the_slowest_orders(world: World, owner: Client):
    take(world, [1.0] * 18 + [2.0, 41.0])
    home = page(owner, "/")
    where, usual = linked(home, "Usual time to get there")
    assert (where, usual) == ("/orders/pace/", "1.0 s")
    slow = linked(home, "Slowest 5 in 100")[1]
    told = page(owner, where)
    assert f"Orders take 1.0 s; 5 in 100 take more than {slow}" in told
    assert told.index("#7019") < told.index("#7018"), "the slowest first"
    assert "41.0 s" in told
    lines = b"".join(owner.get(f"{where}?as=csv").streaming_content).decode().splitlines()
    assert len(lines) == 21
    assert lines[1].endswith("41.0")


def test_the_last_check_of_each_shop_is_what_home_counts(world: World, owner: Client):
    """Not the sum of a day, and not the shop whose older check found more."""
    Scan.objects.filter(kind="sweep").delete()
    rows.walk(world.store, "sweep", 412, changed=9, minutes=90)
    rows.walk(world.store, "sweep", 412, changed=2, seconds=40)
    rows.walk(world.other_store, "sweep", 30, changed=1, minutes=3)
    for lane, before, after in (("sweep", 7, 3), ("hint", 3, 2)):
        StockEvent.objects.create(
            marketplace=world.marketplace, listing_variant=world.line, at=timezone.now(),
            kind="reading", before=before, after=after, data={"lane": lane},
        )  # fmt: skip
    where, drift = linked(page(owner, "/"), "Wrong in the last check")
    assert drift == "3"
    told = page(owner, where)
    assert "3 products were wrong in the last checks" in told
    assert told.count(f'href="/stock/{world.line.pk}/"') == 1, "what a notice brought is no drift"
    lines = b"".join(owner.get(f"{where}?as=csv").streaming_content).decode().splitlines()
    assert len(lines) == 2
    assert lines[1].endswith(",7,3")


def test_of_many_shops_the_worst_are_shown_and_all_are_counted(world: World, owner: Client):
    Scan.objects.filter(kind="sweep").delete()
    rows.walk(world.store, "sweep", 412, changed=9, minutes=3)
    for index in range(SHOPS_SHOWN + 1):
        vendor = Vendor.objects.create(marketplace=world.marketplace, name=f"Vendor {index:02}")
        store = rows.make_store(vendor, f"https://v{index}.nordic.example", read=False)
        rows.walk(store, "sweep", 5, changed=1, minutes=3)
    told = page(owner, "/stock/checks/")
    assert f"{9 + SHOPS_SHOWN + 1} products were wrong in the last checks" in told
    assert told.count('/reading/"') == SHOPS_SHOWN
    assert f"The {SHOPS_SHOWN} with most wrong of {SHOPS_SHOWN + 2} shops." in told


def test_late_failed_held_and_down_lead_to_their_causes(world: World, owner: Client):
    part = world.purchase.pk
    for code in ("late_to_ship", "order_refused", "held_prices"):
        rows.find(
            world.marketplace, f"purchase_order:{part}", code, world.vendor,
            order="#1042", days=2, why="no", count=3, total=9, brake=1,
        )  # fmt: skip
    home = page(owner, "/")
    for label, told, cause in (
        ("Late", "1", "2 days late"),
        ("Cannot go on", "2", "refused its part"),
        ("Changes held for you", "1", "moved by more than half"),
    ):
        where, n = linked(home, label)
        assert n == told, label
        there = page(owner, where)
        assert cause in there
        assert there.count('<li class="') == (2 if label == "Cannot go on" else 1)
    where, n = linked(home, "Down")
    assert n == "1"
    down = page(owner, where)
    assert "Saltmarsh Soap" in down
    assert "Kopra Coffee" not in re.sub(r"<option.*?</option>", "", down)


def test_all_is_well_counts_nothing(world: World, owner: Client):
    OpenFinding.objects.all().delete()
    Store.objects.update(state="connected")
    home = page(owner, "/")
    for label in ("Late", "Cannot go on", "Changes held for you", "Down"):
        assert linked(home, label)[1] == "0"
    assert "None of this kind" in page(owner, "/needs/?of=late")


@pytest.mark.parametrize("url", ["/orders/pace/", "/stock/checks/"])
def test_nothing_of_another_marketplace_is_measured(world: World, signed_in, url: str):
    take(world, [3.0])
    rows.walk(world.store, "sweep", 412, changed=2, seconds=40)
    StockEvent.objects.create(
        marketplace=world.marketplace, listing_variant=world.line, at=timezone.now(),
        kind="reading", before=1, after=2, data={"lane": "sweep"},
    )  # fmt: skip
    other = make_world("west", "West Wares")
    PurchaseOrder.objects.filter(marketplace=other.marketplace).delete()
    told = page(signed_in(other.owner), url)
    assert "#7000" not in told
    assert f'href="/stock/{world.line.pk}/"' not in told
