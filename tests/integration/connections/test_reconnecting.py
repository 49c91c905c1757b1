"""A link with which a shop gets a new key, without a password: once, for one shop, for a week."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from longshore import settings, wiring
from longshore.ports.errors import Rejected
from longshore.ports.ledger.connections import Outcome
from longshore.storage.models import Deed, Examination, Marketplace, ReconnectLink, Store, Vendor
from longshore.storage.repositories import examinations
from longshore.web.hooks import app as hooks
from support.doorway import Doorway, new_shop
from support.screen_rows import person

pytestmark = pytest.mark.django_db
KEYS = {"key": "ck_" + "a" * 40, "secret": "cs_" + "b" * 40}


class NowClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return datetime.now(UTC).timestamp()


@pytest.fixture(autouse=True)
def _plain_static(settings):
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def door() -> Doorway:
    return Doorway(NowClock(), new_shop())


@pytest.fixture
def vendor(door: Doorway) -> Vendor:
    """Its shop is connected, and its key is dead."""
    marketplace = Marketplace.objects.create(name="Harbor Market")
    row = Vendor.objects.create(marketplace=marketplace, name="Kiln")
    key = door.shop.shop.add_key()
    assert door.connect(row, key.key, key.secret).outcome is Outcome.CONNECTED
    door.shop.shop.keys.clear()
    return row


@pytest.fixture
def store(vendor: Vendor) -> Store:
    return vendor.stores.get()


@pytest.fixture
def path(vendor: Vendor, store: Store) -> str:
    return f"/reconnect/{wiring.make_reconnect_link(vendor.marketplace_id, store.pk)}/"


def examined(door: Doorway) -> Examination:
    """The newest visit, as its job does it."""
    row = Examination.objects.latest("pk")
    attempt = examinations.begin(row.pk)
    order = attempt.order
    examinations.keep(
        row.pk,
        door.connect(row.vendor, order.key, order.secret, order.address),
        door.clock.now(),
    )
    row.refresh_from_db()
    return row


def text(answer) -> str:
    return answer.content.decode()


def test_a_new_key_by_link_connects_the_shop_once(door: Doorway, store: Store, path: str):
    client, new = Client(), door.shop.shop.add_key()
    page = text(client.get(path))
    assert "Connect your shop again" in page
    assert "https://kiln.test" in page
    assert "Address of your shop" not in page, "it is for this shop only"
    assert client.post(path, {"key": new.key, "secret": new.secret}).status_code == 302
    assert client.post(path, KEYS).status_code == 410, "one key at a time"
    assert examined(door).outcome == Outcome.CONNECTED
    store.refresh_from_db()
    assert store.consumer_key.reveal() == new.key
    assert "Your shop is connected" in text(client.get(path))
    before = Examination.objects.count()
    again = client.post(path, KEYS)
    assert again.status_code == 410
    assert "Consumer key" not in text(again)
    assert Examination.objects.count() == before
    assert Deed.objects.get(kind="key_given").who == "Kiln, by link"


def test_a_key_that_does_not_work_leaves_the_link_alive(door: Doorway, store: Store, path: str):
    client, old = Client(), store.consumer_key.reveal()
    client.post(path, KEYS)
    assert examined(door).outcome == Outcome.NEEDS_SOMEBODY
    store.refresh_from_db()
    assert store.consumer_key.reveal() == old
    page = text(client.get(path))
    assert "Consumer key" in page
    new = door.shop.shop.add_key()
    client.post(path, {"key": new.key, "secret": new.secret})
    assert examined(door).outcome == Outcome.CONNECTED


@pytest.mark.parametrize("typed", [{}, {"key": "…aaa", "secret": "x"}, {"key": "x" * 300}])
def test_nonsense_is_told_beside_the_field_and_sends_nobody(path: str, typed: dict):
    before = Examination.objects.count()
    answer = Client().post(path, typed)
    assert answer.status_code == 422
    assert "aria-invalid" in text(answer)
    assert Examination.objects.count() == before


def test_what_was_typed_is_never_in_the_page_again(door: Doorway, path: str):
    client = Client()
    client.post(path, KEYS)
    assert KEYS["secret"] not in text(client.get(path))


def test_links_that_are_old_wrong_or_replaced_open_nothing(vendor: Vendor, store: Store, path: str):
    client = Client()
    for wrong in ("x", path[11:-2], path[11:-1].swapcase(), "a" * 400):
        assert client.get(f"/reconnect/{wrong}/").status_code == 404
        assert client.post(f"/reconnect/{wrong}/", KEYS).status_code == 404
    newer = wiring.make_reconnect_link(vendor.marketplace_id, store.pk)
    assert client.get(path).status_code == 404
    assert client.get(f"/reconnect/{newer}/").status_code == 200
    assert not ReconnectLink.objects.filter(digest=newer).exists(), "only its digest is kept"
    ReconnectLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(f"/reconnect/{newer}/").status_code == 404
    assert client.post(f"/reconnect/{newer}/", KEYS).status_code == 404


def test_a_link_opens_nothing_else(path: str):
    client = Client()
    client.get(path)
    for other in ("/", "/my/", "/vendors/", "/account/2fa/"):
        assert client.get(other)["Location"].startswith("/account/login/")


def test_only_who_works_there_makes_a_link(vendor: Vendor, store: Store):
    elsewhere = Marketplace.objects.create(name="Elsewhere")
    people = {
        200: person("ana@example.org", vendor.marketplace, "operator"),
        403: person("ben@example.org", vendor.marketplace, "reader"),
        404: person("eve@example.org", elsewhere, "owner"),
    }
    for status, user in people.items():
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        answer = client.post(f"/vendors/{vendor.pk}/reconnect/", {"store": store.pk})
        assert answer.status_code == status
    other = Vendor.objects.create(marketplace=vendor.marketplace, name="Loom")
    client.force_login(people[200], backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(f"/vendors/{other.pk}/reconnect/", {"store": store.pk}).status_code == 404
    assert ReconnectLink.objects.count() == 1
    with pytest.raises(Rejected):
        wiring.make_reconnect_link(elsewhere.pk, store.pk)


def test_one_click_in_the_shop_is_enough(
    door: Doorway, store: Store, path: str, monkeypatch: pytest.MonkeyPatch
):
    known = replace(settings.load(), public_url="https://hub.example")
    monkeypatch.setattr(settings, "load", lambda: known)
    client = Client()
    assert "Try it with one click" in text(client.get(path))
    client.post(path, {"look": "1"})
    assert examined(door).outcome == Outcome.READY
    assert "Approve in WooCommerce" in text(client.get(path))
    there = text(client.post(path, {"approve": "1"}))
    callback = there.partition("callback_url=")[2].partition('"')[0]
    assert "hub.example" in callback
    waits = text(client.get(f"{path}?success=1&user_id=x"))
    assert "Waiting for the key" in waits
    new = door.shop.shop.add_key()
    _send_key(callback, new.key, new.secret)
    assert client.get(f"{path}?success=1")["Location"] == path
    assert examined(door).outcome == Outcome.CONNECTED
    store.refresh_from_db()
    assert store.consumer_key.reveal() == new.key
    assert client.post(path, KEYS).status_code == 410


def _send_key(callback: str, key: str, secret: str) -> None:
    from urllib.parse import unquote, urlsplit

    body = (
        f'{{"key_id":1,"user_id":"x","consumer_key":"{key}","consumer_secret":"{secret}",'
        '"key_permissions":"read_write"}'
    ).encode()
    environ = {
        "PATH_INFO": urlsplit(unquote(callback.partition("&")[0])).path,
        "REQUEST_METHOD": "POST",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    said: list[str] = []
    hooks.application(environ, lambda status, _: said.append(status))
    assert said == ["200 OK"]
