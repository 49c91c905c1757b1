"""The list of vendors: states in words, sorted by what an operator looks for, done for many."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from longshore.storage.models import (
    Deed,
    OpenFinding,
    PurchaseOrder,
    Store,
    Vendor,
    VendorFigures,
)
from longshore.storage.queries.vendors import SORTS
from longshore.storage.repositories.vendor_figures import measure_vendors
from support import screen_rows as rows
from support.screens import World, make_world


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def names(html: str) -> list[str]:
    found = re.findall(r'<a class="t" href="/vendors/\d+/">([^<]+)</a>', html)
    return [one.replace("&amp;", "&") for one in found]


def test_the_late_share_is_measured_by_the_hour(world: World, owner: Client):
    PurchaseOrder.objects.all().delete()
    for number, shipped_after in enumerate((1, 30, 30)):
        order = rows.make_order(world.marketplace, 7000 + number, ("Mara", "Lund"))
        line = rows.make_line(order, world.line, "Mug", 1, "9.00")
        part = rows.make_part(order, world.store, [line], 8000 + number)
        taken = timezone.now() - timedelta(days=40)
        PurchaseOrder.objects.filter(pk=part.pk).update(
            created_at=taken, answered_at=taken, shipped_at=taken + timedelta(days=shipped_after)
        )
    assert measure_vendors(timezone.now()) == 1
    assert "67 %" in page(owner, "/vendors/")
    PurchaseOrder.objects.update(shipped_at=timezone.now() - timedelta(days=40))
    measure_vendors(timezone.now())
    figures = VendorFigures.objects.get()
    assert (figures.vendor, figures.late, figures.due) == (world.vendor, 0, 3)
    PurchaseOrder.objects.all().delete()
    measure_vendors(timezone.now())
    assert not VendorFigures.objects.exists(), "nothing to measure is not the old measure"


def test_a_column_sorts_by_what_an_operator_looks_for(world: World, owner: Client):
    kopra = Vendor.objects.get(name="Kopra Coffee", marketplace=world.marketplace)
    for vendor, late in ((kopra, 3), (world.second, 1)):
        VendorFigures.objects.create(
            marketplace=world.marketplace, vendor=vendor, measured_at=timezone.now(), late=late,
            due=4,
        )  # fmt: skip
    html = page(owner, "/vendors/?sort=late")
    assert names(html)[:2] == ["Kopra Coffee", "Saltmarsh Soap"]
    assert re.findall(r'aria-sort="(\w+)"><a href="[^"]*">([^<]+)', html) == [
        ("descending", "Late")
    ]
    assert names(page(owner, "/vendors/?sort=orders"))[0] == "Saltmarsh Soap"
    assert names(page(owner, "/vendors/?sort=review"))[0] == "Linden & Loom"
    first = names(page(owner, "/vendors/?sort=tracking"))
    assert set(first[:2]) == {"Saltmarsh Soap", "Linden & Loom"}, "without parcels: last"
    assert names(page(owner, "/vendors/?sort=name")) == sorted(names(html), key=str.casefold)


@pytest.mark.parametrize("sort", SORTS)
def test_more_vendors_ask_no_more(world: World, owner: Client, sort: str):
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            page(owner, f"/vendors/?sort={sort}")
        return len(seen)

    asked()  # what is kept from page to page is read once
    few = asked()
    for number in range(20):
        vendor = Vendor.objects.create(marketplace=world.marketplace, name=f"Vendor {number}")
        rows.make_store(vendor, f"https://shop{number}.example")
    assert asked() <= few


def test_states_are_said_in_words(world: World, owner: Client):
    oak = Vendor.objects.get(name="Oak & Ember", marketplace=world.marketplace)
    html = page(owner, "/vendors/")
    assert "Down" in html
    assert "onboarding 1 of 4" in html
    rows.person("oak@people.example", world.marketplace, "vendor", oak)
    assert "Invited" in page(owner, "/vendors/")
    OpenFinding.objects.all().delete()
    Store.objects.filter(pk=world.store.pk).update(state="degraded")
    html = page(owner, "/vendors/")
    assert "Degraded" in html
    assert names(page(owner, "/vendors/?tab=down")) == ["Saltmarsh Soap"]
    assert "Linden & Loom" in names(page(owner, "/vendors/?tab=live"))


def test_many_are_paused_and_put_back(world: World, owner: Client, signed_in):
    picked = {"ids": [world.vendor.pk, world.second.pk], "back": "/vendors/"}
    told = owner.post("/vendors/decide/", {**picked, "do": "pause"}, follow=True)
    assert "2 vendors are paused" in told.content.decode()
    assert Vendor.objects.filter(active=False).count() == 2
    assert Deed.objects.filter(kind="vendor_changed", before={"active": True}).count() == 2
    owner.post("/vendors/decide/", {**picked, "do": "resume"})
    assert not Vendor.objects.filter(active=False).exists()
    told = owner.post("/vendors/decide/", {"do": "pause", "back": "/vendors/"}, follow=True)
    assert "Nothing was picked" in told.content.decode()
    assert owner.post("/vendors/decide/", {**picked, "do": "nonsense"}).status_code == 400
    other = make_world("west", "West Wares")
    told = signed_in(other.owner).post("/vendors/decide/", {**picked, "do": "pause"}, follow=True)
    assert "Nothing was picked" in told.content.decode()
    assert not Vendor.objects.filter(active=False).exists()
