"""One marketplace for all stories. Each fixture is a chapter played in the browser, so that a story
that is run alone brings about what it needs.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from support.chapters import install, invite
from support.live_hub import LiveHub, open_hub
from support.people import FERN, OWNER, SALT, VENDOR, People, connect_shop, happens, until

if TYPE_CHECKING:  # see tests/integration/web/conftest.py
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def hub(tmp_path_factory) -> Iterator[LiveHub]:
    with open_hub(tmp_path_factory.mktemp("hub"), FERN, SALT) as found:
        yield found


@pytest.fixture(scope="session")
def people(browser: "Browser", hub: LiveHub) -> Iterator[People]:
    found = People(browser, hub.site)
    yield found
    assert not found.wrong, found.wrong


@pytest.fixture(scope="session")
def installed(hub: LiveHub, people: People) -> str:
    """J9: the owner is in."""
    return install(hub, people)


@pytest.fixture(scope="session")
def shopify(hub: LiveHub, installed: str) -> str:
    """The shop on Shopify, connected by the command: a simulated one has another address."""
    said = hub.front_said
    hub.command(
        *("connect", "shopify", str(said["shop"]), "--client-id", str(said["client_id"])),
        *("--api-base", hub.front.address),
        LONGSHORE_SECRET=str(said["client_secret"]),
    )
    return str(said["shop"])


@pytest.fixture(scope="session")
def connected(hub: LiveHub, people: People, shopify: str) -> str:
    """J1: the owner invites, the vendor connects the shop on a phone. The vendor's path."""
    vendor_path, vendor = invite(hub, people, FERN)
    connect_shop(vendor, hub.shops[FERN].address, hub.shops[FERN].said)
    people.keep(VENDOR, vendor)
    vendor.context.close()
    _nothing_was_written(hub)
    return vendor_path


def _nothing_was_written(hub: LiveHub) -> None:
    """An empty batch is how the doctor tries what a key may do."""
    done = [one for one in hub.shops[FERN].door.requests() if one["status"] < 400]
    written = [one["path"] for one in done if one["method"] != "GET"]
    tried = [path for path in written if not path.endswith("/orders/batch")]
    assert not [path for path in tried if "/orders" in path or "/products" in path]
    assert not hub.shops[FERN].from_hub()


@pytest.fixture(scope="session")
def on_sale(hub: LiveHub, people: People, connected: str) -> str:
    """J2: the owner approves what was read and goes live; buyers see it."""
    page = people.page(OWNER)
    until(page, connected, "fully read")
    until(page, "/products/", "Approve ", FERN)
    with page.expect_navigation():
        page.get_by_role("button", name="Approve", exact=False).first.click()
    page.goto("/go-live/")
    page.get_by_role("button", name="Go live").click()
    page.get_by_text("You are live.").wait_for()
    happens(page, "products on Shopify", lambda: _stocked(hub))
    page.context.close()
    return connected


def _stocked(hub: LiveHub) -> bool:
    """Some are there that can be bought."""
    return any(
        level["available"] >= 3
        for row in hub.listed().values()
        for variant in row["variants"]
        for level in variant["levels"].values()
    )
