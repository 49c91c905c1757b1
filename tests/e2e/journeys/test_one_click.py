"""J1 with one click: the shop's own page makes the key and sends it; nobody copies anything."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from support.chapters import install, invite
from support.live_hub import LiveHub, open_hub
from support.looks import look_at
from support.people import FERN, OWNER, VENDOR, People, until

if TYPE_CHECKING:  # see tests/integration/web/conftest.py
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.e2e
SHOPKEEPER = {"username": "shopmanager", "password": "fake-password"}


@pytest.fixture(scope="module")
def safe_hub(tmp_path_factory) -> Iterator[LiveHub]:
    """Behind https: WooCommerce sends keys nowhere else."""
    with open_hub(tmp_path_factory.mktemp("safe-hub"), FERN, https=True) as found:
        yield found


@pytest.fixture(scope="module")
def visitors(browser: "Browser", safe_hub: LiveHub) -> Iterator[People]:
    found = People(browser, safe_hub.site)
    install(safe_hub, found)
    yield found
    assert not found.wrong, found.wrong


@pytest.fixture(scope="module")
def looked_at(safe_hub: LiveHub, visitors: People) -> tuple[str, "Page"]:
    """The vendor, on a phone, typed the address; the doctor found the shop."""
    vendor_path, vendor = invite(safe_hub, visitors, FERN)
    vendor.get_by_label("Address of your shop").fill(safe_hub.shops[FERN].address)
    vendor.get_by_role("button", name="Look at my shop").click()
    vendor.get_by_text("Now approve the connection").wait_for()
    wrong = look_at(vendor, "before approving")
    assert not wrong, wrong
    return vendor_path, vendor


def sign_in_at_the_shop(page: "Page") -> None:
    page.get_by_role("heading", name="would like to connect to your store").wait_for()
    assert "Harbor Market" in page.locator("body").inner_text()
    for name, value in SHOPKEEPER.items():
        page.locator(f"input[name={name}]").fill(value)
    page.get_by_role("button", name="Login").click()
    page.get_by_role("link", name="Approve").wait_for()


def deny(hub: LiveHub, page: "Page") -> None:
    """Changes nothing."""
    page.get_by_role("button", name="Approve in WooCommerce").click()
    sign_in_at_the_shop(page)
    assert "Read/Write" in page.locator("body").inner_text()
    page.get_by_role("link", name="Deny").click()
    page.get_by_text("You did not approve. Nothing was changed in your shop.").wait_for()
    assert page.url.startswith(hub.site)
    assert page.get_by_role("button", name="Approve in WooCommerce").is_visible()


def test_denied_and_then_approved_on_a_phone(
    safe_hub: LiveHub, visitors: People, looked_at: tuple[str, "Page"]
):
    vendor_path, page = looked_at
    deny(safe_hub, page)
    page.get_by_role("button", name="Approve in WooCommerce").click()
    page.get_by_role("link", name="Approve").wait_for()  # signed in there already
    page.get_by_role("link", name="Approve").click()
    page.get_by_text("Your shop is connected").wait_for()
    assert page.url.startswith(f"{safe_hub.site}/my/check/")
    wrong = look_at(page, "approved")
    assert not wrong, wrong
    visitors.keep(VENDOR, page)
    until(page, "/my/shop/", "Connected and well")
    owner = visitors.page(OWNER)
    until(owner, vendor_path, "fully read", "12 products")
