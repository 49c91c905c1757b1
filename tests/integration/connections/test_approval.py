"""One click in the shop gives the hub a key: with the shop's own pages, simulated."""

import io
import re
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import urlencode

import httpx2
import pytest

from longshore import settings, wiring
from longshore.ports.errors import NeedsOperator, Rejected
from longshore.ports.ledger.connections import Outcome
from longshore.storage.models import Approval, Examination, Marketplace, Store, Vendor
from longshore.storage.repositories import approvals, examinations
from longshore.storage.repositories.examinations import Asked
from longshore.web.hooks import app as hooks
from support.doorway import Doorway, new_shop

pytestmark = pytest.mark.django_db
HUB = "https://hub.example"
ADDRESS = "https://kiln.test"


class NowClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return datetime.now(UTC).timestamp()


@pytest.fixture(autouse=True)
def hub(monkeypatch: pytest.MonkeyPatch) -> None:
    known = replace(settings.load(), public_url=HUB)
    monkeypatch.setattr(settings, "load", lambda: known)


@pytest.fixture
def vendor() -> Vendor:
    marketplace = Marketplace.objects.create(name="Harbor & Sons")
    return Vendor.objects.create(marketplace=marketplace, name="Kiln")


@pytest.fixture
def door() -> Doorway:
    return Doorway(NowClock(), new_shop())


def looked_at(door: Doorway, vendor: Vendor, key: str = "", secret: str = "") -> Examination:
    """An examination as its job does it."""
    code = examinations.ask(vendor.pk, Asked(ADDRESS, key, secret), door.clock.now())
    return examined(door, vendor, code)


def examined(door: Doorway, vendor: Vendor, code: uuid.UUID) -> Examination:
    row = Examination.objects.get(uuid=code)
    order = examinations.begin(row.pk).order
    attempted = door.connect(vendor, order.key, order.secret, order.address)
    examinations.keep(row.pk, attempted, door.clock.now())
    row.refresh_from_db()
    return row


def begun(vendor: Vendor, examination: Examination) -> str:
    return wiring.begin_approval(
        vendor.marketplace_id, vendor.pk, examination.uuid, f"{HUB}/my/connect/"
    )


def post(path: str, body: bytes) -> str:
    """What the hub's address for shops answers."""
    said: list[str] = []
    environ = {
        "PATH_INFO": path.removeprefix(HUB),
        "REQUEST_METHOD": "POST",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    hooks.application(environ, lambda status, _: said.append(status))
    return said[0]


class Browser:
    """The shop's owner, with cookies, pressing what the shop's pages offer."""

    def __init__(self, door: Doorway) -> None:
        self.client = httpx2.Client(transport=door, follow_redirects=False)

    def get(self, url: str) -> httpx2.Response:
        reply = self.client.get(url)
        while reply.status_code == 302 and reply.headers["location"].startswith(ADDRESS):
            reply = self.client.get(reply.headers["location"])
        return reply

    def sign_in(self, page: httpx2.Response) -> httpx2.Response:
        form = {"username": "shopmanager", "password": "fake-password"}
        reply = self.client.post(page.url, content=urlencode(form).encode())
        return self.get(reply.headers["location"])

    def press(self, page: httpx2.Response, button: str) -> httpx2.Response:
        link = re.search(rf'<a href="([^"]+)" class="[^"]*{button}', page.text)[1]
        return self.get(unescape(link))


def test_one_click_connects_the_shop(door: Doorway, vendor: Vendor):
    first = looked_at(door, vendor)
    assert first.outcome == Outcome.READY
    answers: list[str] = []

    def send(address: str, headers: dict[str, str], body: bytes) -> int:
        answers.append(post(address, body))
        return int(answers[-1].split()[0])

    door.shop.site.wc_auth.send = send
    owner = Browser(door)
    page = owner.sign_in(owner.get(begun(vendor, first)))
    assert "Harbor &amp; Sons" in page.text
    assert "Read/Write" in page.text
    back = owner.press(page, "wc-auth-approve")
    assert answers == ["200 OK"]
    assert back.headers["location"].startswith(f"{HUB}/my/connect/?success=1")
    result = Approval.objects.get().result
    assert result is not None
    assert result.consumer_secret.reveal().startswith("cs_")
    row = examined(door, vendor, result.uuid)
    assert (row.outcome, Store.objects.get().state) == (Outcome.CONNECTED, "connected")
    assert not row.consumer_secret, "an examination that ended keeps no key"


def test_the_key_is_not_believed_but_tried(door: Doorway, vendor: Vendor):
    page = begun(vendor, looked_at(door, vendor))
    status = post(callback_of(page), KEY)
    assert status == "200 OK"
    row = examined(door, vendor, Approval.objects.get().result.uuid)
    assert (row.outcome, row.verdict) == (Outcome.NEEDS_SOMEBODY, "D34")
    assert not Store.objects.exists()


KEY = (
    b'{"key_id":1,"user_id":"x","consumer_key":"ck_%s","consumer_secret":"cs_%s",'
    b'"key_permissions":"read_write"}' % (b"0" * 40, b"0" * 40)
)


def callback_of(page: str) -> str:
    return httpx2.URL(page).params["callback_url"]


def test_an_address_takes_one_key_only(door: Doorway, vendor: Vendor):
    path = callback_of(begun(vendor, looked_at(door, vendor)))
    assert post(path, KEY) == "200 OK"
    assert post(path, KEY) == "404 Not Found"
    assert Examination.objects.count() == 2


def test_an_address_dies_after_an_hour(door: Doorway, vendor: Vendor):
    token = callback_of(begun(vendor, looked_at(door, vendor))).rstrip("/").rpartition("/")[2]
    late = door.clock.now() + approvals.LIVES + timedelta(seconds=1)
    assert approvals.take_key(token, "ck_" + "0" * 40, "cs_" + "0" * 40, late) is None


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'{"consumer_key":1}', KEY.replace(b"ck_", b"xx_"), b"{" + b" " * 20_000],
)
def test_what_is_no_key_is_refused_and_the_address_lives_on(
    door: Doorway, vendor: Vendor, body: bytes
):
    path = callback_of(begun(vendor, looked_at(door, vendor)))
    assert post(path, body) == "400 Bad Request"
    assert post(path, KEY) == "200 OK"


def test_strangers_find_nothing():
    assert post(f"{HUB}/hooks/approval/{'a' * 43}/", KEY) == "404 Not Found"


def test_nobody_begins_an_approval_for_another_vendor(door: Doorway, vendor: Vendor):
    first = looked_at(door, vendor)
    other = Vendor.objects.create(marketplace=vendor.marketplace, name="Loom")
    elsewhere = Marketplace.objects.create(name="Elsewhere")
    for marketplace_id, vendor_id in (
        (vendor.marketplace_id, other.pk),
        (elsewhere.pk, vendor.pk),
    ):
        with pytest.raises(Rejected):
            wiring.begin_approval(marketplace_id, vendor_id, first.uuid, HUB)


def test_a_hub_without_https_asks_for_pasted_keys(
    door: Doorway, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
):
    first = looked_at(door, vendor)
    known = replace(settings.load(), public_url="http://hub.example")
    monkeypatch.setattr(settings, "load", lambda: known)
    with pytest.raises(NeedsOperator):
        begun(vendor, first)
