"""Every page in a browser: axe finds nothing, nothing scrolls sideways, jumps or weighs much."""

import pytest

from support import screen_rows as rows
from support.looks import WATCH_SHIFTS, look_at
from support.page_addresses import readable

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

LOOKS = {
    "light": {},
    "dark": {"dark": True},
    "phone": {"phone": True},
    "dark phone": {"phone": True, "dark": True},
}
MOST_BYTES = 100_000
BACKEND = "django.contrib.auth.backends.ModelBackend"

OPEN_PAGES = (
    "/account/login/",
    "/account/link/",
    "/account/link/nothing/",
    "/account/password/reset/",
    "/account/signup/",
    "/join/nobody/",
    "/guide/keys/",
    "/guide/keys/2-2/",
)

more_looks = pytest.mark.parametrize("look", LOOKS)


def addresses(world) -> dict[str, str]:
    """All pages of an admin, in the states that look most different."""
    return whole_pages(world, "admin") | {
        "orders, none found": "/orders/?q=nothing-like-it",
        "order that waits": f"/orders/{world.waiting.pk}/",
        "products with a problem": "/products/?state=problem",
        "products on Shopify": "/products/?state=published",
        "product on Shopify": f"/products/{world.published.pk}/",
        "stock line": f"/stock/{world.line.pk}/",
        "stock line, not counted": f"/stock/{world.loose_line.pk}/",
        "vendor that is stopped": f"/vendors/{world.second.pk}/",
        "find, nothing": "/find/?q=nothing-like-it",
        "missing": "/orders/999999999/",
        "two steps": "/account/2fa/",
        "password": "/account/password/change/",
        "devices": "/account/sessions/",
        "gallery": "/gallery/",
        "gallery from right to left": "/gallery/?look=rtl",
    }


def whole_pages(world, space: str) -> dict[str, str]:
    """Every address of the URL table that answers with a whole page: none can be forgotten. The
    others are parts of a page, files, and what moves on by itself.
    """
    from django.test import Client

    client = Client()
    client.force_login(world.owner if space == "admin" else world.vendor_user, backend=BACKEND)
    found: dict[str, str] = {}
    for one in readable(world.ids(), space):
        answer = client.get(one.url, follow=True)
        page = b"" if answer.streaming else answer.content
        if b"<!doctype html>" in page[:200] and b'http-equiv="refresh"' not in page:
            found[one.name] = one.url
    return found


@more_looks
def test_every_page_is_accessible(world, new_page, sign_in, look: str):
    page = new_page(**LOOKS[look])
    page.add_init_script(WATCH_SHIFTS)
    world.owner.is_superuser = True
    world.owner.save()
    sign_in(page, world.owner)
    wrong: list[str] = []
    pages = addresses(world)
    for name, url in pages.items():
        page.goto(url)
        wrong += look_at(page, name)
    assert not wrong, "\n".join(wrong)
    assert {"order_numbers", "left_out", "team", "vendor_placing"} <= set(pages)


def _by_link(world) -> tuple[str, ...]:
    """Pages that a link opens without a password."""
    from longshore import wiring
    from longshore.wiring.links import CHECK, SHIP, link_to

    token = wiring.make_reconnect_link(world.marketplace.pk, world.store.pk)
    ship, check = (
        link_to(kind, number, "http://x").removeprefix("http://x")
        for kind, number in ((SHIP, world.purchase.pk), (CHECK, world.second.pk))
    )
    return ship, check, f"/reconnect/{token}/"


@more_looks
def test_pages_for_everybody_and_for_vendors_are_accessible(world, new_page, sign_in, look: str):
    from longshore.web.shared.invitations import invite_owner

    link = invite_owner("new@example.org", marketplace="Another", base_url="http://x")
    page = new_page(**LOOKS[look])
    page.add_init_script(WATCH_SHIFTS)
    wrong: list[str] = []
    for url in (*OPEN_PAGES, *_by_link(world), link.removeprefix("http://x")):
        page.goto(url)
        wrong += look_at(page, url)
    page = new_page(**LOOKS[look])
    page.add_init_script(WATCH_SHIFTS)
    sign_in(page, world.vendor_user)
    for name, url in whole_pages(world, "vendor").items():
        page.goto(url)
        wrong += look_at(page, f"portal {name}")
    page.goto("/my/")
    page.locator("summary").first.click()
    wrong += look_at(page, "portal, a reason open")
    assert not wrong, "\n".join(wrong)


@more_looks
def test_pages_with_mistakes_are_accessible(world, new_page, sign_in, look: str):
    page = new_page(**LOOKS[look])
    page.add_init_script(WATCH_SHIFTS)
    sign_in(page, world.owner)
    wrong: list[str] = []
    page.goto(f"/vendors/{world.vendor.pk}/connect/")
    page.get_by_label("Consumer key").fill("…3f9a1c2")
    page.get_by_label("Consumer secret").fill("typed")
    page.get_by_role("button", name="Test and connect").click()
    page.get_by_text("only the end of the key").wait_for()
    assert page.get_by_label("Consumer secret").input_value() == "typed"
    assert page.evaluate("document.activeElement.id") == "id_key"
    wrong += look_at(page, "connect")
    page.goto("/settings/")
    page.get_by_label("Time zone").fill("Mars/Olympus")
    page.get_by_role("button", name="Save the marketplace").click()
    page.get_by_text("There is no such time zone.").wait_for()
    wrong += look_at(page, "settings")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("width", [320, 390, 768, 1024])
def test_nothing_is_cut_off_at_any_width(world, new_page, sign_in, width: int):
    page = new_page()
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(page, world.owner)
    wrong = []
    for name, url in addresses(world).items():
        page.goto(url)
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if over > 0:
            wrong.append(f"{name} scrolls {over} px sideways")
    assert not wrong


def test_a_first_visit_is_light(world, new_page, sign_in):
    """All that a page and its parts send, as it goes over the line, with lists that are full."""
    for index in range(60):
        product = rows.make_product(world.store, 3000 + index, f"Mug {index}", variants=3)
        rows.make_listing(product, "review" if index % 2 else "published")
        order = rows.make_order(world.marketplace, 9000 + index, ("Mara", "Lund"))
        line = rows.make_line(order, world.line, "Mug", 2, "9.00")
        rows.make_part(order, world.store, [line], 9000 + index)
    weights = {"sign-in": _weight(new_page(), "/account/login/")}
    for name, url in addresses(world).items():
        page = new_page()
        sign_in(page, world.owner)
        weights[name] = _weight(page, url)
    assert {name: n for name, n in weights.items() if n > MOST_BYTES} == {}
    assert min(weights.values()) > 10_000, "nothing was counted"


def _weight(page, url: str) -> int:
    line = page.context.new_cdp_session(page)
    sizes: list[float] = []
    line.on("Network.loadingFinished", lambda one: sizes.append(one["encodedDataLength"]))
    line.send("Network.enable")
    page.goto(url, wait_until="networkidle")
    page.context.close()
    return round(sum(sizes))


def test_files_are_kept_forever_under_names_of_their_content(world, new_page):
    page = new_page()
    kept: dict[str, str] = {}
    page.on(
        "response",
        lambda one: (
            kept.update({one.url: one.headers.get("cache-control", "")})
            if "/static/" in one.url or "/icons/" in one.url
            else None
        ),
    )
    page.goto("/account/login/", wait_until="networkidle")
    assert len(kept) > 8
    for url, control in kept.items():
        assert "immutable" in control, url
