"""The journeys of the people, played where they happen: in browsers and in the shops."""

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from simulators.market.shops import Row
from support.live_hub import LiveHub
from support.looks import look_at
from support.people import FERN, OWNER, PASSWORD, SALT, VENDOR, People, happens, until

if TYPE_CHECKING:  # see tests/integration/web/conftest.py
    from playwright.sync_api import Page

pytestmark = pytest.mark.e2e


def seen_well(page: "Page", *paths: str) -> None:
    wrong: list[str] = []
    for path in paths:
        page.goto(path)
        wrong += look_at(page, path)
    assert not wrong, "\n".join(wrong)


def in_stock(hub: LiveHub, at_least: int = 3) -> tuple[str, Row]:
    """A counted product of one variant with so many to sell: its title and its variant."""
    for title, row in hub.listed().items():
        variant = row["variants"][0]
        if len(row["variants"]) == 1 and variant["tracked"] and shown(variant) >= at_least:
            return title, variant
    raise AssertionError("nothing has so much stock")


def shown(variant: Row) -> int:
    return sum(level["available"] for level in variant["levels"].values())


def in_shop(hub: LiveHub, title: str) -> Row:
    return next(row for row in hub.shops[FERN].door.products() if row["name"] == title)


def order_of(hub: LiveHub, name: str) -> Row:
    return next(row for row in hub.front.state()["orders"] if row["name"] == name)


def placed(hub: LiveHub, name: str) -> Row | None:
    """The order as the vendor's own shop has it."""
    rows = hub.shops[FERN].from_hub()
    return next((row for row in rows if f" {name}," in f" {row['customer_note']}"), None)


def test_j9_a_new_hub_says_what_comes_next(hub: LiveHub, people: People, installed: str):
    stranger = people.page()
    stranger.goto(installed)
    assert "used" in stranger.locator("main").inner_text().lower(), "the link worked once"
    seen_well(people.page(OWNER, phone=True), "/", "/settings/", "/vendors/", "/orders/")
    assert "connect" in hub.command("--help")


def test_j1_a_vendor_connects_a_shop_on_a_phone(hub: LiveHub, people: People, connected: str):
    owner = people.page(OWNER)
    until(owner, connected, "fully read", "12 products")
    vendor = people.page(VENDOR, phone=True)
    vendor.goto("/my/shop/")
    assert "Connected and well" in vendor.locator("main").inner_text()
    seen_well(vendor, "/my/", "/my/shop/", "/my/products/", "/my/orders/")
    assert vendor.goto("/vendors/").status == 404


def test_j1_the_link_is_the_vendors_alone(hub: LiveHub, people: People, connected: str):
    """Signing in by hand, without scripts, and without the other's pages."""
    page = people.page(phone=True, script=False)
    page.goto("/my/")
    page.get_by_label("E-mail").fill(VENDOR)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").first.click()
    page.wait_for_url("**/my/")
    page.goto("/my/products/")
    assert page.get_by_role("heading", level=1).is_visible()


def test_j2_what_is_approved_is_on_sale(hub: LiveHub, people: People, on_sale: str):
    page = people.page(OWNER)
    page.goto("/products/?state=published")
    titles = hub.listed()
    assert titles
    page.get_by_label("Name or SKU").fill(next(iter(titles)))
    page.keyboard.press("Enter")
    page.get_by_role("link", name=next(iter(titles))).first.click()
    assert page.get_by_role("heading", level=1).inner_text() == next(iter(titles))
    seen_well(page, page.url.removeprefix(hub.site), "/products/?state=all", "/stock/")


def test_j3_a_sale_over_the_counter_is_seen_on_shopify(hub: LiveHub, people: People, on_sale: str):
    title, variant = in_stock(hub, 4)
    row, before = in_shop(hub, title), shown(variant)
    hub.shops[FERN].door.play("sell", product_id=row["id"], quantity=2)
    page = people.page(OWNER)

    def lower() -> bool:
        return shown(hub.listed()[title]["variants"][0]) == before - 2

    happens(page, "Shopify shows two less", lower)
    page.goto(f"/stock/?q={quote(row.get('sku') or title)}")
    page.get_by_role("link", name=title).first.click()
    page.get_by_text("on Shopify", exact=True).wait_for()
    assert str(before - 2) in page.locator(".equation .out .v").inner_text()
    seen_well(page, page.url.removeprefix(hub.site))


def test_j4_and_j5_an_order_arrives_and_ships_in_two_parcels(
    hub: LiveHub, people: People, on_sale: str
):
    _title, variant = in_stock(hub)
    name = hub.front.buy((variant["id"], 2))["name"]
    page = people.page(OWNER)
    order = happens(page, "the vendor has the order", lambda: placed(hub, name))
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type(str(order["number"]))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=f"Order {name}").wait_for()
    until(page, page.url.removeprefix(hub.site), FERN, str(order["number"]))
    seen_well(page, page.url.removeprefix(hub.site))

    vendor = people.page(VENDOR, phone=True)
    until(vendor, "/my/", "to ship", name)
    vendor.get_by_role("link", name=name).click()
    vendor.get_by_role("button", name="One less").click()
    vendor.get_by_label("Tracking number").fill("FAKE-1")
    vendor.get_by_label("Carrier").fill("DHL")
    vendor.get_by_role("button", name="Ship 1 item").click()
    vendor.get_by_text("1 item stays open.").wait_for()
    happens(vendor, "the buyer hears of it", lambda: order_of(hub, name)["fulfillments"])
    seen_well(vendor, vendor.url.removeprefix(hub.site))

    plain = people.page(VENDOR, phone=True, script=False)
    plain.goto(vendor.url)
    plain.get_by_label("Tracking number").fill("FAKE-2")
    plain.get_by_role("button", name="Ship this parcel").click()
    told = happens(vendor, "both parcels", lambda: len(order_of(hub, name)["fulfillments"]) == 2)
    assert told
    numbers = {
        one["number"] for row in order_of(hub, name)["fulfillments"] for one in row["tracking"]
    }
    assert numbers == {"FAKE-1", "FAKE-2"}
    until(vendor, "/my/orders/?show=done", name)


def test_j6_canceled_or_not_deliverable(hub: LiveHub, people: People, on_sale: str):
    _title, variant = in_stock(hub)
    owner, vendor = people.page(OWNER), people.page(VENDOR, phone=True)
    lost = hub.front.buy((variant["id"], 1))
    happens(owner, "the vendor has the order", lambda: placed(hub, lost["name"]))
    hub.front.play("orders/cancel", order_id=lost["id"])
    happens(
        owner,
        "the vendor's shop cancels it",
        lambda: (placed(hub, lost["name"]) or {}).get("status") == "cancelled",
    )

    name = hub.front.buy((variant["id"], 1))["name"]
    happens(owner, "the vendor has the order", lambda: placed(hub, name))
    until(vendor, "/my/orders/", name)
    vendor.get_by_role("link", name=name).click()
    vendor.get_by_role("link", name="I cannot deliver something").click()
    vendor.get_by_label("Why").fill("It fell off the shelf")
    vendor.get_by_role("button", name="Tell Harbor Market").click()
    vendor.get_by_text("Harbor Market knows").wait_for()
    until(owner, "/needs/", name)
    seen_well(owner, "/needs/")


@pytest.fixture
def broken(hub: LiveHub, people: People, on_sale: str) -> str:
    """A second vendor, connected by the owner, whose key is taken away. The vendor's path."""
    page, shop = people.page(OWNER), hub.shops[SALT]
    page.goto("/vendors/add/")
    page.get_by_label("Name").fill(SALT)
    page.get_by_role("button", name="Add and go on").click()
    connect(page, shop.address, shop.said)
    path = page.url.removeprefix(hub.site).partition("check/")[0]
    until(page, path, "fully read")
    shop.door.play("keys/revoke", key=shop.said["key"])
    return path


def connect(page: "Page", address: str, said: Row) -> None:
    page.get_by_label("Address").fill(address)
    page.get_by_label("Consumer key").fill(str(said["key"]))
    page.get_by_label("Consumer secret").fill(str(said["secret"]))
    page.get_by_role("button", name="Test and connect").click()
    page.get_by_text("Connected").filter(visible=True).first.wait_for()


def test_j7_a_dead_key_is_told_and_mended(hub: LiveHub, people: People, broken: str):
    page = people.page(OWNER)
    until(page, "/", f"{SALT} gets no orders", "Make a new key")
    until(page, broken, "does not know this key")
    link = page.get_by_label("Link to the connection check").input_value()
    stranger = people.page(phone=True)
    until(stranger, link.removeprefix(hub.site), "What to do")
    seen_well(stranger, link.removeprefix(hub.site))
    new = hub.shops[SALT].door.play("keys/add")
    page.goto(broken)
    page.get_by_role("button", name="Make a link to connect it again").click()
    path = page.get_by_label("Link").input_value().removeprefix(hub.site)
    seen_well(stranger, path)
    stranger.get_by_label("Consumer key").fill(str(new["key"]))
    stranger.get_by_label("Consumer secret").fill(str(new["secret"]))
    stranger.get_by_role("button", name="Try the key").click()
    stranger.get_by_text("Your shop is connected").wait_for()
    seen_well(stranger, path)
    assert stranger.get_by_label("Consumer key").count() == 0, "the link has done its work"
    happens(page, "the shop is well again", lambda: _is_well(page, broken))


def _is_well(page: "Page", path: str) -> bool:
    page.goto(path)
    return "does not know this key" not in page.locator("main").inner_text()
