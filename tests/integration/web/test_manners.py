"""Manners of the lists and forms: files, kept lists, stale pages, taking back."""

import csv
import io

import pytest
from django.test import Client

from longshore.storage.models import Deed, Marketplace, SavedFilter, Vendor, VendorProduct
from longshore.web.shared.table_files import cell
from support import screen_rows as rows
from support.screens import World

LISTS = {
    "/orders/?tab=all": "#1042",
    "/products/?state=all": "Stoneware mug",
    "/stock/": "Stoneware mug",
    "/vendors/": "Linden & Loom",
    "/products/left-out/": "Old plate",
    "/activity/": "vendor_changed",
    "/needs/": "Blue mug, large",
    "/needs/line_without_vendor/": "Blue mug, large",
    "/orders/pace/": "#1042",
    "/products/rules/imports/": "every vendor",
    "/products/rules/markups/": "every vendor",
    "/products/rules/senders/": "Blue mug, small",
    "/settings/team/": "owner@nordic.example",
    "/settings/keys/": "Bookkeeping",
}


def read(answer) -> list[list[str]]:
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.mark.parametrize(("path", "told"), LISTS.items())
def test_every_list_is_a_file_too(world: World, owner: Client, path: str, told: str):
    more = "&as=csv" if "?" in path else "?as=csv"
    lines = read(owner.get(path + more))
    assert any(told in cell for line in lines[1:] for cell in line)
    assert {len(line) for line in lines} == {len(lines[0])}


def test_a_file_has_all_rows_and_the_pages_filter(world: World, owner: Client):
    for index in range(70):
        product = rows.make_product(world.store, 500 + index, f"Jar {index}")
        rows.make_listing(product, "review")
    assert len(read(owner.get("/products/?state=new&as=csv"))) == 1 + 73
    narrowed = read(owner.get(f"/products/?state=new&vendor={world.second.pk}&as=csv"))
    assert len(narrowed) == 1


def test_a_file_is_read_page_by_page(world: World, owner: Client, monkeypatch):
    from longshore.web.shared import table_files

    monkeypatch.setattr(table_files, "AT_ONCE", 2)
    lines = read(owner.get("/stock/?as=csv"))
    assert len(lines) == len(read(owner.get("/stock/?as=csv"))) > 6


@pytest.mark.parametrize(
    "typed", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0"]
)
def test_what_shops_call_things_is_no_formula(world: World, owner: Client, typed: str):
    VendorProduct.objects.update(name=typed)
    lines = read(owner.get("/products/?state=all&as=csv"))
    assert lines[1][0] == f"'{typed}"


def test_numbers_stay_numbers():
    from decimal import Decimal

    assert cell(-3) == -3
    assert cell(Decimal("-1.50")) == Decimal("-1.50")
    assert cell(None) == ""
    assert cell("-3") == "'-3"


def test_a_list_is_kept_and_forgotten(world: World, owner: Client, signed_in):
    sent = {"page": "products", "name": "Linden new", "query": "state=new&vendor=1"}
    answer = owner.post("/lists/keep/", sent)
    assert answer["Location"] == "/products/?state=new&vendor=1"
    assert "Linden new" in owner.get("/products/").content.decode()
    assert "Linden new" not in signed_in(world.reader).get("/products/").content.decode()
    kept = SavedFilter.objects.get(name="Linden new")
    signed_in(world.reader).post(f"/lists/{kept.pk}/drop/", {"page": "products"})
    assert SavedFilter.objects.filter(pk=kept.pk).exists()
    owner.post(f"/lists/{kept.pk}/drop/", {"page": "products"})
    assert not SavedFilter.objects.filter(pk=kept.pk).exists()


def settings_page(client: Client, world: World) -> str:
    page = client.get(f"/vendors/{world.vendor.pk}/settings/").content.decode()
    return page.partition('name="seen" value="')[2].partition('"')[0]


SENT = {"name": "Linden & Loom", "email": "", "buffer": "5"}


def test_an_old_page_overwrites_nothing(world: World, owner: Client):
    seen = settings_page(owner, world)
    Vendor.objects.filter(pk=world.vendor.pk).update(buffer=3)
    url = f"/vendors/{world.vendor.pk}/settings/"
    answer = owner.post(url, {**SENT, "seen": seen})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody changed these settings" in page
    assert "Now it is: 3." in page
    assert 'value="5"' in page, "what was typed is kept"
    assert Vendor.objects.get(pk=world.vendor.pk).buffer == 3
    again = page.partition('name="seen" value="')[2].partition('"')[0]
    assert owner.post(url, {**SENT, "seen": again}).status_code == 302
    assert Vendor.objects.get(pk=world.vendor.pk).buffer == 5


def test_what_was_saved_can_be_taken_back(world: World, owner: Client):
    sent = {**SENT, "seen": settings_page(owner, world)}
    page = owner.post(f"/vendors/{world.vendor.pk}/settings/", sent, follow=True).content.decode()
    deed = Deed.objects.latest("pk")
    assert f'action="/undo/{deed.pk}/"' in page
    owner.post(f"/undo/{deed.pk}/", {"back": "/vendors/"})
    row = Vendor.objects.get(pk=world.vendor.pk)
    assert (row.buffer, row.email) == (1, "shop@linden.nordic.example")
    assert Deed.objects.latest("pk").kind == "undone"
    again = owner.post(f"/undo/{deed.pk}/", {}, follow=True).content.decode()
    assert "taken back already" in again


def test_what_was_changed_again_is_not_taken_back(world: World, owner: Client):
    sent = {**SENT, "seen": settings_page(owner, world)}
    owner.post(f"/vendors/{world.vendor.pk}/settings/", sent)
    deed = Deed.objects.latest("pk")
    Vendor.objects.filter(pk=world.vendor.pk).update(buffer=8)
    page = owner.post(f"/undo/{deed.pk}/", {}, follow=True).content.decode()
    assert "changed again since" in page
    assert Vendor.objects.get(pk=world.vendor.pk).buffer == 8


def test_a_role_is_given_back_by_owners_only(world: World, owner: Client, signed_in):
    from longshore.storage.models import Membership

    member = Membership.objects.get(user=world.reader)
    owner.post(f"/settings/team/{member.pk}/role/", {"role": "operator"})
    deed = Deed.objects.filter(kind="role_changed").latest("pk")
    assert signed_in(world.operator).post(f"/undo/{deed.pk}/").status_code == 404
    owner.post(f"/undo/{deed.pk}/")
    member.refresh_from_db()
    assert member.role == "reader"


@pytest.mark.parametrize("where", ["//evil.example", "https://evil.example/", "/\\evil.example"])
def test_taking_back_leads_nowhere_else(world: World, owner: Client, where: str):
    answer = owner.post(f"/undo/{world.deed_id}/", {"back": where})
    assert answer["Location"] == "/activity/"


def test_the_theme_is_kept_and_comes_with_the_page(world: World, owner: Client):
    assert "data-theme" not in owner.get("/").content.decode()
    owner.post("/theme/", {"theme": "dark", "back": "/orders/"})
    assert '<html lang="en" data-theme="dark">' in owner.get("/").content.decode()
    owner.post("/theme/", {"theme": "nonsense"})
    assert 'data-theme="dark"' in owner.get("/").content.decode()
    owner.post("/theme/", {"theme": "system"})
    assert "data-theme" not in owner.get("/").content.decode()


def test_somebody_of_two_marketplaces_switches(world: World, signed_in):
    from longshore.storage.models import Membership
    from support.screens import make_world

    other = make_world("west", "West Wares")
    Membership.objects.create(user=world.owner, marketplace=other.marketplace, role="reader")
    client = signed_in(world.owner)
    assert "<h1" in client.get(f"/orders/{world.order.pk}/").content.decode()
    there = Membership.objects.get(user=world.owner, marketplace=other.marketplace)
    client.post("/switch/", {"member": there.pk})
    assert client.get(f"/orders/{world.order.pk}/").status_code == 404
    assert client.get(f"/orders/{other.order.pk}/").status_code == 200
    assert client.post("/products/decide/").status_code == 403, "a reader there"
    client.post("/switch/", {"member": 999_999})
    assert client.get(f"/orders/{other.order.pk}/").status_code == 200


def test_an_unknown_marketplace_is_not_entered(world: World, owner: Client):
    from support.screens import make_world

    other = make_world("west", "West Wares")
    foreign = other.marketplace
    session = owner.session
    session["longshore_member"] = 999_999
    session.save()
    assert owner.get("/orders/").status_code == 200
    assert Marketplace.objects.get(pk=foreign.pk).name not in owner.get("/").content.decode()


def test_what_needs_somebody_is_told_by_cause_with_its_worth(world: World, owner: Client):
    page = owner.get("/needs/").content.decode()
    assert "3 causes need you" in page
    stopped, line = page.index("does not answer"), page.index("Blue mug, large")
    assert stopped < line
    assert "orders worth €147.00" in page
    assert 'href="/needs/line_without_vendor/"' in page


def test_settled_leaves_until_it_is_seen_again(world: World, owner: Client):
    from longshore.storage.models import OpenFinding

    row = OpenFinding.objects.get(code="line_without_vendor")
    sent = {"ids": [row.pk], "back": "/needs/", "about": "a line"}
    page = owner.post("/needs/settle/", sent, follow=True).content.decode()
    assert "1 is settled." in page
    assert "Blue mug, large" not in page
    assert Deed.objects.latest("pk").kind == "finding_settled"
    rows.find(world.marketplace, row.subject, row.code, order="#1042", line="Blue mug, large")
    assert "Blue mug, large" in owner.get("/needs/").content.decode()


def test_nobody_settles_anothers(world: World, owner: Client):
    from longshore.storage.models import OpenFinding
    from support.screens import make_world

    other = make_world("west", "West Wares")
    row = OpenFinding.objects.filter(marketplace=other.marketplace, who="operator").first()
    owner.post("/needs/settle/", {"ids": [row.pk]})
    row.refresh_from_db()
    assert row.resolved_at is None


def test_lists_of_causes_held_changes_and_writes_are_files_too(world: World, owner: Client):
    brake, run = world.decided["brake_id"], world.decided["run_id"]
    needs = read(owner.get("/needs/line_without_vendor/?as=csv"))
    assert needs[0][0] == "What"
    assert "Blue mug, large" in needs[1][0]
    assert "<b>" not in needs[1][0], "words, no HTML"
    held = read(owner.get(f"/held/{brake}/?as=csv"))
    assert len(held) > 1
    assert held[1][0] == "Stoneware mug"
    assert len(read(owner.get("/products/runs/?as=csv"))) == 2
    writes = read(owner.get(f"/products/runs/{run}/?as=csv"))
    assert writes[0][2:5] == ["Field", "Before", "After"]
    assert "Stoneware mug" in {line[0] for line in writes}


def test_activity_and_what_is_left_out_are_kept_as_well(world: World, owner: Client):
    for page, query in (("activity", "who=owner"), ("left_out", f"vendor={world.vendor.pk}")):
        typed = {"page": page, "query": query, "name": f"My {page}"}
        there = owner.post("/lists/keep/", typed, follow=True)
        assert there.status_code == 200
        assert f"My {page}" in there.content.decode()
