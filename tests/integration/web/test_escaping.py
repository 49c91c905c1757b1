"""What shops and buyers call things never becomes markup, on any page."""

from html.parser import HTMLParser

import pytest
from django.test import Client

from longshore.storage import models as m
from support.page_addresses import readable
from support.screens import World

CORPUS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)' x='",
    "</title></textarea></select><svg onload=alert(1)>",
    "{{ 7|add:7 }}{% now 'Y' %}<c-button>",
    "javascript:alert(1)//",
    "<td><tr><table>]]><!--",
    "\u202e\u2028<b>bold</b>\u0001",
]
"""Payloads of many kinds; each ends up in every text that a shop or a person can set."""


class Finder(HTMLParser):
    """Collects what a page must never hold."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "script" and "src" not in values:
            self.wrong.append("inline script")
        if tag in {"c-button", "base", "iframe", "object", "embed"}:
            self.wrong.append(tag)
        if values.get("src") == "x":
            self.wrong.append("an image of the payload")
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.wrong.append(f"{tag} {name}")
            if name in {"href", "src", "action"} and (value or "").lower().startswith("javascript"):
                self.wrong.append(f"{tag} {name}={value}")
            self.texts.append(value or "")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def poison(world: World, bad: str) -> None:
    """Puts the payload into every text a page may show."""
    m.Marketplace.objects.update(name=bad)
    for index, vendor in enumerate(m.Vendor.objects.all()):
        m.Vendor.objects.filter(pk=vendor.pk).update(name=f"{bad}{index}")
    m.Store.objects.update(name=bad, profile={"dialect": bad, "languages": [bad], "signing": bad})
    m.Storefront.objects.update(name=bad, publication_name=bad, missing_scopes={bad: bad})
    m.VendorProduct.objects.update(
        name=bad, sku=bad, permalink=bad, brand=bad, categories=[bad], images=[[1, bad, bad]]
    )
    m.VendorVariant.objects.update(sku=bad, options=[["Color", bad]], stock_status="instock")
    m.Listing.objects.update(publish_error=bad)
    m.ListingVariant.objects.update(write_error=bad)
    address = dict.fromkeys(("first_name", "last_name", "company", "line1", "city", "region"), bad)
    m.StorefrontOrder.objects.update(
        note=bad, email=bad, shipping_title=bad, shipping_address=address, waits_for=bad[:30]
    )
    m.StorefrontOrderLine.objects.update(title=bad, sku=bad)
    m.PurchaseOrder.objects.update(why=bad, raw_status=bad, store_order_number=bad)
    m.Shipment.objects.update(tracking_number=bad, carrier=bad, tracking_url=bad, why=bad)
    m.Scan.objects.filter(kind="full").update(phase="stopped", error=bad)
    m.OrderEvent.objects.update(data={"number": bad, "why": bad, "state": bad, "new": bad})
    evidence = dict.fromkeys(("vendor", "product", "order", "host", "line", "what", "from"), bad)
    m.OpenFinding.objects.update(evidence=evidence)
    found = [{"code": "D24", "evidence": {"host": bad, "plugin": bad}}, {"code": bad}]
    steps = [{"name": bad, "code": "D24", "evidence": {"host": bad}, "seconds": 1}]
    m.Examination.objects.update(
        address=bad, outcome="needs_somebody", findings=found, steps=steps, profile=None
    )
    m.Deed.objects.update(who=bad, about=bad, before={"name": bad}, after={"name": bad})
    m.ApiToken.objects.update(name=bad, begin=bad[:12], scopes=["orders:read"])
    m.OneTimeLink.objects.update(email=bad)


@pytest.mark.parametrize("bad", CORPUS)
def test_names_are_texts(world: World, owner: Client, vendor_person: Client, bad: str):
    poison(world, bad)
    pages = [(owner, one.url) for one in readable(world.ids())]
    pages += [(owner, f"/orders/{world.waiting.pk}/"), (owner, "/products/?state=problem")]
    pages += [(owner, f"/stock/{world.loose_line.pk}/"), (vendor_person, "/my/")]
    told = 0
    for client, url in pages:
        answer = client.get(url)
        assert answer.status_code in {200, 302}, url
        finder = Finder()
        finder.feed(answer.content.decode())
        assert finder.wrong == [], url
        told += any(bad.strip() in text for text in finder.texts)
    assert told > 15, "the payload is shown as it is, as a text"


@pytest.mark.parametrize("bad", CORPUS)
def test_what_is_typed_comes_back_as_a_text(world: World, owner: Client, bad: str):
    for path, typed in (
        ("/vendors/add/", {"name": bad, "email": bad}),
        (f"/vendors/{world.vendor.pk}/connect/", {"url": bad, "key": bad, "secret": bad}),
        (f"/vendors/{world.vendor.pk}/settings/", {"name": bad, "buffer": bad, "rate": bad}),
        ("/settings/marketplace/", {"name": bad, "timezone": bad}),
        ("/settings/shopify/", {"shop": bad, "client_id": bad}),
        ("/account/login/", {"login": bad, "password": bad}),
    ):
        finder = Finder()
        finder.feed(owner.post(path, typed).content.decode())
        assert finder.wrong == [], path
    for path in ("/find/", "/orders/", "/products/", "/stock/", "/vendors/"):
        finder = Finder()
        finder.feed(owner.get(path, {"q": bad}).content.decode())
        assert finder.wrong == [], path


def test_messages_of_shops_are_texts(world: World, owner: Client):
    """An error's own words may repeat what was typed."""
    typed = {
        "url": "https://x.example.org/<b>x</b>",
        "key": f"ck_{'0' * 40}",
        "secret": f"cs_{'0' * 40}",
    }
    answer = owner.post(f"/vendors/{world.vendor.pk}/connect/", typed, follow=True)
    assert "<b>x</b>" not in answer.content.decode()


EVERYWHERE = ["/", "/account/login/", "/join/nobody/", "/orders/999999999/", "/my/", "/alive/"]


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_has_the_strict_policy(world: World, owner: Client, path: str):
    headers = owner.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["Cache-Control"] == "no-store" or "no-store" in headers["Cache-Control"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_the_page_of_our_own_failure_has_it_too(world: World, owner: Client, monkeypatch):
    from longshore.web.admin import home

    def broken(*_args: object) -> None:
        raise RuntimeError("fake")

    monkeypatch.setattr(home, "pulses", broken)
    owner.raise_request_exception = False
    answer = owner.get("/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "The fault is ours, not yours." in page
    assert "RuntimeError" not in page
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_icons_are_kept_forever_only_at_their_own_address(world: World, owner: Client):
    page = owner.get("/").content.decode()
    address = page.partition('<use href="')[2].partition("#")[0]
    answer = Client().get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/svg+xml"
    assert "immutable" in answer["Cache-Control"]
    assert Client().get("/icons/old.svg")["Cache-Control"] == "no-store"
