"""Chapters that several stories begin with."""

from typing import TYPE_CHECKING

from support.live_hub import LiveHub
from support.people import OWNER, PASSWORD, VENDOR, People, happens

if TYPE_CHECKING:  # see tests/integration/web/conftest.py
    from playwright.sync_api import Page


def install(hub: LiveHub, people: People) -> str:
    """J9: the terminal prints a link; behind it the owner chooses a password and a name. Returns
    the link's path.
    """
    page = people.page()
    path = hub.owner_link(OWNER)
    happens(page, "the site answers", lambda: _answers(page, "/alive/"))
    page.goto(path)
    page.get_by_label("Name of your marketplace").fill("Harbor Market")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button", name="Save and go in").click()
    page.get_by_role("heading", name="steps to your first order").wait_for()
    people.keep(OWNER, page)
    page.context.close()
    return path


def _answers(page: "Page", path: str) -> bool:
    from playwright.sync_api import Error

    try:
        answer = page.goto(path)
    except Error:  # nobody listens yet
        return False
    return answer is not None and answer.ok


def invite(hub: LiveHub, people: People, name: str) -> tuple[str, "Page"]:
    """J1: the owner adds and invites a vendor, who opens the link on a phone and chooses a
    password. Returns the vendor's path for the owner, and the vendor's page before the first step.
    """
    owner = people.page(OWNER)
    owner.goto("/vendors/add/")
    owner.get_by_label("Name").fill(name)
    owner.get_by_role("button", name="Add and go on").click()
    owner.get_by_label("Consumer key").wait_for()
    vendor_path = owner.url.removeprefix(hub.site).removesuffix("connect/")
    owner.goto(f"{vendor_path}settings/")
    owner.locator("#invite_email").fill(VENDOR)
    owner.get_by_role("button", name="Make a link").click()
    link = owner.get_by_label("Link").input_value()
    owner.context.close()

    vendor = people.page(phone=True)
    vendor.goto(link.removeprefix(hub.site))
    vendor.get_by_label("Password", exact=True).fill(PASSWORD)
    vendor.get_by_label("The same password again").fill(PASSWORD)
    vendor.get_by_role("button", name="Save and go in").click()
    vendor.get_by_role("heading", name="Connect your shop in 4 steps").wait_for()
    vendor.get_by_role("link", name="Go on").click()
    return vendor_path, vendor
