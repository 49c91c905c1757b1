"""What went wrong is told in the product's own look, with the next step."""

import re

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import connection
from django.http import HttpRequest
from django.test import Client

from longshore.web.admin import home
from support.page_addresses import readable
from support.screens import World


def told(answer, status: int, title: str) -> str:
    page = answer.content.decode()
    assert answer.status_code == status
    assert re.findall(r"<h1>(.*?)</h1>", page) == [title]
    assert "longshore/css/base" in page, "in the product's look"
    assert 'href="/"' in page, "with a way on"
    assert "frame-ancestors" in answer["Content-Security-Policy"]
    return page


def test_what_is_not_there(world: World, owner: Client):
    told(owner.get("/nothing/"), 404, "There is nothing at this address")


def test_what_is_not_allowed(world: World, signed_in):
    reader = signed_in(world.reader)
    told(reader.post("/needs/settle/"), 403, "You may look, but change nothing")


def test_a_form_that_is_not_ours(world: World):
    client = Client(enforce_csrf_checks=True)
    told(client.post("/account/login/", {"login": "x"}), 403, "Nothing was changed")


@pytest.mark.parametrize(
    ("body", "kind"),
    [("name=" + "x" * (5 * 1024 * 1024 + 1), "bytes"), ("&".join(["a=1"] * 1_100), "fields")],
)
def test_too_much_at_once(world: World, owner: Client, body: str, kind: str):
    form = "application/x-www-form-urlencoded"
    answer = owner.post("/vendors/add/", body, content_type=form)
    told(answer, 413, "That was too much at once")


def test_a_name_that_is_not_ours(world: World, owner: Client, settings):
    settings.ALLOWED_HOSTS = ["hub.example"]
    told(owner.get("/", headers={"host": "evil.example"}), 400, "This cannot be understood")


@pytest.fixture
def broken(world: World, owner: Client, monkeypatch):
    """Home does something else than it should."""
    owner.raise_request_exception = False

    def fail_with(act) -> Client:
        monkeypatch.setattr(home, "open_problems", lambda *_args: act())
        return owner

    return fail_with


def test_a_fault_of_ours_gives_a_number_to_ask_about(broken):
    def fail() -> None:
        raise ZeroDivisionError

    page = told(broken(fail).get("/"), 500, "This page could not be shown")
    assert re.search(r"<code>[0-9a-f]{8}</code>", page)


def test_tables_of_another_version_are_no_fault(broken):
    def ask() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT of_tomorrow FROM storage_vendor")

    answer = broken(ask).get("/")
    told(answer, 503, "Longshore is being upgraded")
    assert answer["Retry-After"] == "30"


def test_what_looks_like_an_attack_is_refused_in_words(broken):
    def refuse() -> HttpRequest:
        raise SuspiciousOperation

    told(broken(refuse).get("/"), 400, "This cannot be understood")


DANGEROUS = re.compile(r'<button[^>]*class="btn danger"[^>]*>')
ASKED = (
    "/settings/team/{member_id}/remove/",
    "/settings/keys/{key_id}/revoke/",
    "/vendors/{vendor_id}/pause/",
)
"""Forms whose one button asks, though it is not red."""


def test_what_destroys_asks_first(world: World, owner: Client):
    """A red button carries its question; the script asks it before anything is sent."""
    red = 0
    ids = world.ids()
    pages = {}
    for one in readable(ids):
        answer = owner.get(one.url, follow=True)
        if "html" in answer["Content-Type"]:
            pages[one.url] = answer.content.decode()
    for url, page in pages.items():
        for button in DANGEROUS.findall(page.partition('<dialog class="card" id="sure"')[0]):
            assert "data-ask=" in button, f"{url}: {button}"
            red += 1
    assert red > 4
    everything = "".join(pages.values())
    for action in ASKED:
        form = everything.partition(f'action="{action.format(**ids)}"')[2].partition("</form>")[0]
        assert "data-ask=" in form, action
