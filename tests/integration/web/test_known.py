"""What people know of and live with asks for nobody, until something about it changes."""

import pytest
from django.test import Client

from longshore.domain.findings import Finding
from longshore.storage.models import Deed, OpenFinding
from longshore.storage.queries.needs import needs
from longshore.storage.queries.problems import open_problems
from longshore.storage.repositories.findings import note_finding, note_many, resolve_findings
from longshore.storage.repositories.settling import settle_findings
from longshore.storage.repositories.store_states import keep_notes
from support import screen_rows as rows
from support.screens import World

HTTP_ONLY = "D09"


@pytest.fixture
def plain_http(world: World) -> OpenFinding:
    rows.find(
        world.marketplace,
        f"store:{world.store.pk}",
        HTTP_ONLY,
        world.vendor,
        host="linden.example",
    )
    return OpenFinding.objects.get(code=HTTP_ONLY)


def seen_again(found: OpenFinding, host: str) -> None:
    finding = Finding(HTTP_ONLY, {"host": host})
    note_finding(
        found.marketplace_id, found.subject, finding, rows.ago(minutes=1), vendor_id=found.vendor_id
    )


def needing(world: World) -> set[str]:
    assert {row.code for row in open_problems(world.marketplace.pk).rows if row.needs_person} == {
        need.code for need in needs(world.marketplace.pk)
    }, "home and the inbox agree"
    return {need.code for need in needs(world.marketplace.pk)}


def test_a_shop_is_called_by_its_vendors_name(world: World, owner: Client, plain_http: OpenFinding):
    told = "<b>Linden &amp; Loom</b> (linden.example) answers over http only."
    for path in ("/", "/needs/"):
        page = owner.get(path).content.decode()
        assert told in page, path


def test_one_click_on_home_and_it_is_quiet(world: World, owner: Client, plain_http: OpenFinding):
    page = owner.get("/").content.decode()
    assert f'name="ids" value="{plain_http.pk}"' in page
    assert HTTP_ONLY in needing(world)
    told = owner.post(
        "/needs/settle/", {"ids": [plain_http.pk], "back": "/", "about": "http"}, follow=True
    ).content.decode()
    assert "You know" in told, "it stands among the notes"
    assert f'name="ids" value="{plain_http.pk}"' not in told
    assert HTTP_ONLY not in needing(world)
    plain_http.refresh_from_db()
    assert (plain_http.known_by, plain_http.resolved_at) == (world.owner, None)
    deed = Deed.objects.get(kind="finding_settled")
    assert deed.after["ids"] == [plain_http.pk]
    page = owner.get(f"/vendors/{world.vendor.pk}/").content.decode()
    assert "answers over http only" in page
    assert "You know" in page


def test_it_comes_back_when_something_about_it_changes(world: World, plain_http: OpenFinding):
    owner_id, now = world.marketplace.pk, rows.ago(minutes=2)
    settle_findings(owner_id, [plain_http.pk], world.owner.pk, now)
    seen_again(plain_http, "linden.example")
    assert HTTP_ONLY not in needing(world), "the same again is no news"
    seen_again(plain_http, "new.linden.example")
    assert HTTP_ONLY in needing(world)
    settle_findings(owner_id, [plain_http.pk], world.owner.pk, now)
    other = Finding(HTTP_ONLY, {"host": "third.example"})
    note_many(owner_id, [(plain_http.subject, world.vendor.pk, other)], now)
    assert HTTP_ONLY in needing(world)
    settle_findings(owner_id, [plain_http.pk], world.owner.pk, now)
    resolve_findings(owner_id, plain_http.subject, now)
    seen_again(plain_http, "third.example")
    assert HTTP_ONLY in needing(world), "it was over, and came back"


def test_the_doctors_next_visit_does_not_wake_it(world: World, plain_http: OpenFinding):
    settle_findings(world.marketplace.pk, [plain_http.pk], world.owner.pk, rows.ago(minutes=2))
    note = Finding(HTTP_ONLY, {"host": "linden.example"})
    keep_notes(world.store, [note], rows.ago(minutes=1))
    assert HTTP_ONLY not in needing(world)
    keep_notes(world.store, [], rows.ago(minutes=1))
    plain_http.refresh_from_db()
    assert plain_http.resolved_at is not None


def test_what_stops_a_shop_or_is_over_is_settled_as_before(world: World):
    rows.find(world.marketplace, f"store:{world.store.pk}", "store_unreachable", world.vendor,
              host="linden.example")  # fmt: skip
    found = OpenFinding.objects.filter(code="store_unreachable").latest("pk")
    settle_findings(world.marketplace.pk, [found.pk], None, rows.ago(minutes=1))
    found.refresh_from_db()
    assert (found.known_at, found.resolved_at is None) == (None, False)


def test_nobody_knows_for_another_marketplace(world: World, plain_http: OpenFinding):
    now = rows.ago(minutes=1)
    assert settle_findings(world.marketplace.pk + 1, [plain_http.pk], world.owner.pk, now) == ()
    assert HTTP_ONLY in needing(world)


def test_a_reader_has_no_such_button(world: World, signed_in, plain_http: OpenFinding):
    page = signed_in(world.reader).get("/").content.decode()
    assert "answers over http only" in page
    assert f'name="ids" value="{plain_http.pk}"' not in page
