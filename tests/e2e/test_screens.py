"""Every page in a browser: axe finds nothing, nothing scrolls sideways, light, dark and on a phone."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
LOOKS = {"light": {}, "dark": {"dark": True}, "phone": {"phone": True}}
PICTURES = os.environ.get("PICTURES", "")
"""A folder to keep a picture of every page in; none are made without it."""


def addresses(world) -> dict[str, str]:
    return {
        "home": "/",
        "go-live": "/go-live/",
        "orders": "/orders/",
        "orders-none": "/orders/?tab=canceled&page=1",
        "order": f"/orders/{world.order.pk}/",
        "order-waiting": f"/orders/{world.waiting.pk}/",
        "products": "/products/",
        "products-published": "/products/?state=published",
        "product": f"/products/{world.published.pk}/",
        "product-review": f"/products/{world.review.pk}/",
        "left-out": "/products/left-out/",
        "stock": "/stock/",
        "stock-line": f"/stock/{world.line.pk}/",
        "vendors": "/vendors/",
        "vendor": f"/vendors/{world.vendor.pk}/",
        "vendor-broken": f"/vendors/{world.second.pk}/",
        "vendor-add": "/vendors/add/",
        "vendor-connect": f"/vendors/{world.vendor.pk}/connect/",
        "settings": "/settings/",
        "find": "/find/?q=mug",
        "find-none": "/find/?q=370+7225",
        "missing": "/orders/999999999/",
        "mfa": "/account/2fa/",
        "password": "/account/password/change/",
        "devices": "/account/sessions/",
    }


def look_at(page, name: str) -> list[str]:
    """What is wrong with the open page."""
    found = Axe().run(page, options=RULES).response["violations"]
    wrong = [
        f"{name}: {one['id']}: {one['help']}: {node['html'][:160]}: {node.get('failureSummary', '')}"
        for one in found
        for node in one["nodes"]
    ]
    width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if width > 0:
        wrong.append(f"{name}: scrolls {width} px sideways")
    if page.locator("h1").count() != 1:
        wrong.append(f"{name}: not one h1")
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)
    return wrong


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_is_accessible(world, new_page, sign_in, look: str):
    page = new_page(**LOOKS[look])
    sign_in(page, world.owner)
    wrong: list[str] = []
    for name, url in addresses(world).items():
        page.goto(url)
        wrong += look_at(page, f"{look}-{name}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("look", LOOKS)
def test_pages_for_everybody_and_for_vendors_are_accessible(world, new_page, sign_in, look: str):
    from longshore.web.shared.invitations import invite_owner

    link = invite_owner("new@example.org", marketplace="Another", base_url="http://x")
    page = new_page(**LOOKS[look])
    wrong: list[str] = []
    for name, url in {
        "sign-in": "/account/login/",
        "join": link.removeprefix("http://x"),
        "join-unknown": "/join/nobody/",
    }.items():
        page.goto(url)
        wrong += look_at(page, f"{look}-{name}")
    page = new_page(**LOOKS[look])
    sign_in(page, world.vendor_user)
    page.goto("/my/")
    wrong += look_at(page, f"{look}-portal")
    assert not wrong, "\n".join(wrong)
