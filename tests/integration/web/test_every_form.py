"""Every form of every page, found on the pages themselves: what makes no sense is told beside the
field, and nothing of what was typed is lost.
"""

import re
from collections.abc import Iterator

from django.test import Client
from django.urls import resolve

from longshore.storage.models import PurchaseOrder
from longshore.wiring.links import SHIP, link_to
from support.page_addresses import readable
from support.page_forms import Form, forms_of, values_in
from support.screens import World

OPEN_PAGES = ("/account/login/", "/account/link/", "/account/password/reset/")
ACCOUNT_PAGES = ("/account/password/change/", "/account/2fa/totp/activate/")
TAKES_ANYTHING = frozenset(
    {
        "admin:list_keep",
        "admin:order_carrier",
        "admin:order_note",
        "admin:order_write",
        "vendor:message",
    }
)
"""There is nothing wrong to type: it is cut to what fits, or a text of that length is right."""


def pages(world: World, owner: Client, vendor: Client) -> Iterator[tuple[Client, str]]:
    yield from ((owner, one.url) for one in readable(world.ids()))
    yield from ((vendor, one.url) for one in readable(world.ids(), "vendor"))
    part = PurchaseOrder.objects.get(order__name="#1044")
    link = link_to(SHIP, part.pk, "").removeprefix("http://testserver")
    yield vendor, f"/my/orders/{part.pk}/"
    yield vendor, f"/my/orders/{part.pk}/cannot/"
    yield Client(), link
    yield Client(), f"{link}cannot/"
    from longshore import wiring

    token = wiring.make_reconnect_link(world.marketplace.pk, world.other_store.pk)
    yield Client(), f"/reconnect/{token}/"
    yield from ((Client(), url) for url in OPEN_PAGES)
    yield from ((owner, url) for url in ACCOUNT_PAGES)


def forms(world: World, owner: Client, vendor: Client) -> Iterator[tuple[Client, str, Form]]:
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for client, url in pages(world, owner, vendor):
        answer = client.get(url)
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            continue
        for form in forms_of(answer.content.decode()):
            action = form.action or url
            key = (action, tuple(form.typed))
            if key not in seen:
                seen.add(key)
                yield client, action, form


def nonsense(form: Form) -> dict[str, str]:
    """Marked, so that it is found again, and too long or no number."""
    return {name: f"kept {at} <b>&" + "x" * 340 for at, name in enumerate(form.typed)}


def test_every_form_keeps_what_was_typed_and_says_what_is_wrong(
    world: World, owner: Client, vendor_person: Client
):
    told: dict[str, str] = {}
    for client, action, form in forms(world, owner, vendor_person):
        typed = nonsense(form)
        sent = {**form.sent, **typed, **dict(form.buttons[:1])}
        answer = client.post(action, sent)
        name = resolve(action.partition("?")[0]).view_name
        told[f"{name} {' '.join(form.typed)}"] = _judged(answer, typed)
    wrong = {
        name: what
        for name, what in told.items()
        if what and name.partition(" ")[0] not in TAKES_ANYTHING
    }
    assert not wrong, "\n".join(f"{name}: {what}" for name, what in wrong.items())
    assert len(told) > 20, told


def _judged(answer, typed: dict[str, str]) -> str:
    page = answer.content.decode()
    if answer.status_code not in {200, 422}:
        return f"answered with {answer.status_code}"
    shown = values_in(page)
    lost = [name for name, value in typed.items() if value not in shown]
    if lost:
        return f"lost {lost}"
    beside = re.findall(r'id="[^"]+_error"', page)
    on_top = re.search(r'role="alert"', page)
    return "" if beside or on_top else "says nothing"


FORM = "application/x-www-form-urlencoded"
TOO_MUCH = 5 * 1024 * 1024 + 1


def test_more_than_a_form_can_hold_is_refused(world: World, owner: Client):
    """Before any view reads it, whatever form it is."""
    answer = owner.post("/vendors/add/", "name=" + "x" * TOO_MUCH, content_type=FORM)
    assert answer.status_code == 413


def test_files_are_taken_by_no_page(world: World, owner: Client, vendor_person: Client):
    """Nothing is uploaded anywhere: a form that takes files would need its own cap."""
    for client, url in pages(world, owner, vendor_person):
        answer = client.get(url)
        if answer.status_code == 200 and "html" in answer["Content-Type"]:
            assert 'type="file"' not in answer.content.decode(), url


def test_a_form_that_forgets_would_be_found():
    page = '<form method="post"><input name="a" value=""><button>Save</button></form>'
    (form,) = forms_of(page)
    assert form.typed == ["a"]

    class Answer:
        status_code = 422
        content = page.encode()

    assert _judged(Answer, {"a": "typed"}) == "lost ['a']"
