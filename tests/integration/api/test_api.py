"""The API: keys and their scopes, cursors, doing a thing once, and errors of one shape."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from longshore.domain.access import Scope
from longshore.storage.models import ApiToken, Deed, Listing, PurchaseOrder, Shipment, Vendor
from longshore.storage.repositories import api_tokens
from longshore.web.api.urls import api
from support import screen_rows as rows
from support.screens import World, make_world

BASE = "/api/v1"
LISTS = (
    "orders", "parts", "parcels", "products", "stock", "vendors", "stores", "findings", "activity",
)  # fmt: skip


def is_problem(answer, status: int) -> dict:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    return body


def operations() -> list[tuple[str, str, Scope]]:
    """(method, address, scope) of everything the API offers."""
    found = []
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for one in view.operations:
                url = f"{BASE}{prefix}/{path}".replace("//", "/")
                for name in (
                    "order_id",
                    "part_id",
                    "product_id",
                    "line_id",
                    "vendor_id",
                    "store_id",
                ):
                    url = url.replace("{int:" + name + "}", "1")
                found.append((one.methods[0].lower(), url, one.auth_callbacks[0].scope))
    return found


def test_every_operation_needs_a_key_with_its_scope(world: World, key_for):
    assert len(operations()) > 14
    for method, url, scope in operations():
        answer = getattr(Client(), method)(url)
        assert is_problem(answer, 401)
        assert answer["WWW-Authenticate"].startswith("Bearer")
        others = [
            one.value for one in Scope if one.value.partition(":")[0] != scope.partition(":")[0]
        ]
        weak = key_for(world.marketplace.pk, *others)
        assert scope.value in is_problem(getattr(weak, method)(url), 403)["detail"]


def test_reading_is_no_right_to_write(world: World, key_for):
    reader = key_for(world.marketplace.pk, "orders:read", "products:read", "vendors:read")
    for method, url, scope in operations():
        if scope.value.endswith(":write"):
            is_problem(getattr(reader, method)(url), 403)


@pytest.mark.parametrize("how", ["revoked", "old", "wrong", "cut"])
def test_a_key_that_opens_nothing(world: World, how: str):
    _id, key = api_tokens.make_token(
        world.marketplace.pk, None, "Test", ["stock:read"], timezone.now()
    )
    past = timezone.now() - timedelta(minutes=1)
    if how == "revoked":
        ApiToken.objects.update(revoked_at=past)
    if how == "old":
        ApiToken.objects.update(expires_at=past)
    sent = {"wrong": "lsk_wrong", "cut": key[:-1]}.get(how, key)
    client = Client(headers={"Authorization": f"Bearer {sent}"})
    is_problem(client.get(f"{BASE}/stock"), 401)


def test_a_key_is_kept_as_a_hash_and_its_use_is_noted(world: World, program: Client):
    program.get(f"{BASE}/stock")
    row = ApiToken.objects.latest("pk")
    assert len(row.digest) == 64
    assert row.begin.startswith("lsk_")
    assert len(row.begin) == 10
    assert row.used_at is not None


def test_rows_of_another_marketplace_do_not_exist(world: World, key_for):
    other = make_world("west", "West Wares")
    stranger = key_for(other.marketplace.pk, *[scope.value for scope in Scope])
    for path in (
        f"orders/{world.order.pk}",
        f"products/{world.review.pk}",
        f"stock/{world.line.pk}",
        f"vendors/{world.vendor.pk}",
        f"stores/{world.store.pk}",
        f"parts/{world.purchase.pk}",
    ):
        is_problem(stranger.get(f"{BASE}/{path}"), 404)
    line = world.purchase.lines.first()
    parcel = {"lines": [{"line_id": line.pk, "quantity": 1}]}
    for method, path, body in (
        ("post", f"orders/{world.waiting.pk}/send", None),
        ("post", f"parts/{world.purchase.pk}/parcels", parcel),
        ("patch", f"vendors/{world.vendor.pk}", {"buffer": 9}),
    ):
        answer = getattr(stranger, method)(f"{BASE}/{path}", body, content_type="application/json")
        is_problem(answer, 404)
    body = {"ids": [world.review.pk]}
    told = stranger.post(f"{BASE}/products/approve", body, content_type="application/json").json()
    assert told == {"done": [], "waiting": [world.review.pk]}
    assert Listing.objects.get(pk=world.review.pk).state == "review"
    for path in LISTS:
        text = stranger.get(f"{BASE}/{path}").content.decode()
        assert "nordic" not in text, path


def test_products_go_as_drafts_where_it_is_asked_for(world: World, program: Client):
    body = {"ids": [world.review.pk], "as_draft": True}
    told = program.post(f"{BASE}/products/approve", body, content_type="application/json").json()
    assert told["done"] == [world.review.pk]
    row = Listing.objects.get(pk=world.review.pk)
    assert (row.state, row.own["status"]["value"]) == ("approved", "DRAFT")


def test_lists_go_on_without_gaps_or_doubles(world: World, program: Client):
    for path in LISTS:
        seen: list[int] = []
        after = ""
        while True:
            page = program.get(f"{BASE}/{path}?limit=2{after}").json()
            seen += [one["id"] for one in page["items"]]
            if page["next"] is None:
                break
            after = f"&after={page['next']}"
        whole = program.get(f"{BASE}/{path}?limit=200").json()["items"]
        assert seen == [one["id"] for one in whole], path
        assert len(seen) == len(set(seen)) > 1, path


def test_an_order_is_told_with_its_parts_and_parcels(world: World, program: Client):
    order = program.get(f"{BASE}/orders/{world.order.pk}").json()
    assert order["name"] == "#1042"
    assert order["goods"] == "147.000000"
    assert [part["vendor"] for part in order["parts"]] == ["Linden & Loom", "Saltmarsh Soap"]
    assert order["parts"][0]["parcels"][0]["number"] == "370722581014402"
    assert [line["title"] for line in order["lines_without_vendor"]] == ["Blue mug, large"]


def test_what_programs_do_is_noted_with_the_keys_name(world: World, program: Client):
    url = f"{BASE}/vendors/{world.vendor.pk}"
    answer = program.patch(url, {"buffer": 4}, content_type="application/json")
    assert answer.status_code == 200
    assert Vendor.objects.get(pk=world.vendor.pk).buffer == 4
    deed = Deed.objects.latest("pk")
    assert (deed.who, deed.user_id, deed.before, deed.after) == (
        "Test",
        None,
        {"buffer": 1},
        {"buffer": 4},
    )
    count = Deed.objects.count()
    program.patch(url, {"buffer": 4}, content_type="application/json")
    assert Deed.objects.count() == count, "nothing changed, nothing noted"


@pytest.fixture
def packing(world: World) -> PurchaseOrder:
    return PurchaseOrder.objects.get(order__name="#1044")


def parcel_of(part: PurchaseOrder, units: int) -> dict:
    return {"lines": [{"line_id": part.lines.get().pk, "quantity": units}], "number": "T 1"}


def test_a_request_with_a_key_of_its_own_is_done_once(program: Client, packing: PurchaseOrder):
    url, sent = f"{BASE}/parts/{packing.pk}/parcels", parcel_of(packing, 1)
    once = {"Idempotency-Key": "parcel-1"}
    first = program.post(url, sent, content_type="application/json", headers=once)
    again = program.post(url, sent, content_type="application/json", headers=once)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json() == {"left": 1}
    assert packing.shipments.count() == 1
    assert packing.lines.get().shipped == 1
    other = program.post(url, parcel_of(packing, 2), content_type="application/json", headers=once)
    assert "another request" in is_problem(other, 422)["detail"]


def test_what_failed_may_be_sent_again_under_the_same_key(program: Client, packing: PurchaseOrder):
    url, once = f"{BASE}/parts/{packing.pk}/parcels", {"Idempotency-Key": "parcel-2"}
    wrong = program.post(url, parcel_of(packing, 9), content_type="application/json", headers=once)
    assert "more than is left" in is_problem(wrong, 409)["detail"]
    assert not Shipment.objects.filter(purchase_order=packing).exists()
    right = program.post(url, parcel_of(packing, 2), content_type="application/json", headers=once)
    assert right.json() == {"left": 0}


def test_the_same_parcel_without_a_key_is_two(program: Client, packing: PurchaseOrder):
    url, sent = f"{BASE}/parts/{packing.pk}/parcels", parcel_of(packing, 1)
    for left in (1, 0):
        answer = program.post(url, sent, content_type="application/json")
        assert answer.json() == {"left": left}
    assert packing.shipments.count() == 2


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("vendors", {"name": ""}),
        ("vendors", {"name": "  "}),
        ("vendors", {"name": "nul\x00"}),
        ("vendors", {"name": "x", "surprise": 1}),
        ("vendors", {"name": "x" * 201}),
        ("products/approve", {"ids": []}),
        ("products/approve", {"ids": ["1"]}),
        ("products/approve", {"ids": [2**63]}),
    ],
)
def test_nonsense_is_named(program: Client, path: str, body: dict):
    answer = program.post(f"{BASE}/{path}", body, content_type="application/json")
    assert is_problem(answer, 422)["errors"]


def test_what_is_no_json_is_told(program: Client):
    answer = program.post(f"{BASE}/vendors", "{", content_type="application/json")
    is_problem(answer, 400)


def test_a_name_that_is_taken_is_a_conflict(program: Client):
    answer = program.post(
        f"{BASE}/vendors", {"name": "Saltmarsh Soap"}, content_type="application/json"
    )
    assert "already" in is_problem(answer, 409)["detail"]


def test_a_key_asks_only_so_often(world: World, program: Client, monkeypatch):
    monkeypatch.setattr(api_tokens, "A_WINDOW", 3)
    told = [program.get(f"{BASE}/vendors").status_code for _ in range(5)]
    assert told == [200, 200, 200, 429, 429]
    answer = program.get(f"{BASE}/vendors")
    is_problem(answer, 429)
    assert 0 < int(answer["Retry-After"]) <= 60
    ApiToken.objects.update(window_at=rows.ago(minutes=2))
    assert program.get(f"{BASE}/vendors").status_code == 200


def test_a_session_is_no_key(world: World):
    client = Client()
    client.force_login(world.owner, backend="django.contrib.auth.backends.ModelBackend")
    is_problem(client.get(f"{BASE}/orders"), 401)


def test_a_key_is_no_session(program: Client):
    assert program.get("/orders/").status_code == 302


def test_the_description_is_true_and_its_page_tells_it(world: World):
    schema = Client().get(f"{BASE}/openapi.json").json()
    assert len(schema["paths"]) > 12
    page = Client()
    page.force_login(world.owner, backend="django.contrib.auth.backends.ModelBackend")
    text = page.get("/api/").content.decode()
    for path in schema["paths"]:
        assert path in text
    for methods in schema["paths"].values():
        for one in methods.values():
            for code, answer in one["responses"].items():
                kind = "application/json" if int(code) < 400 else "application/problem+json"
                assert list(answer["content"]) == [kind]


def test_what_an_integrator_follows_is_told(world: World, program: Client):
    shop = program.get(f"{BASE}/stores/{world.store.pk}").json()
    assert (shop["vendor"], shop["url"]) == ("Linden & Loom", "https://linden.nordic.example")
    assert not {"consumer_key", "consumer_secret", "webhook_secret"} & set(shop)
    part = program.get(f"{BASE}/parts/{world.purchase.pk}").json()
    assert (part["order"], part["store_order_number"]) == ("#1042", "5531")
    assert [(line["quantity"], line["shipped"]) for line in part["lines"]] == [(4, 4)]
    narrowed = program.get(f"{BASE}/parts?state=uncertain").json()["items"]
    assert [one["order"] for one in narrowed] == ["#1051"]
    parcels = program.get(f"{BASE}/parcels?vendor_id={world.second.pk}").json()["items"]
    assert [one["number"] for one in parcels] == ["703511902284"]


def test_problems_are_told_in_words_and_settled_once(world: World, program: Client, key_for):
    from longshore.storage.models import OpenFinding

    found = program.get(f"{BASE}/findings?code=line_without_vendor").json()["items"]
    assert len(found) == 1
    assert "Blue mug, large" in found[0]["title"]
    body = {"ids": [found[0]["id"]]}
    url, sent = f"{BASE}/findings/settle", {"content_type": "application/json"}
    other = make_world("west", "West Wares")
    stranger = key_for(other.marketplace.pk, "findings:write")
    assert stranger.post(url, body, **sent).json() == {"done": []}
    assert program.post(url, body, **sent).json() == {"done": body["ids"]}
    assert OpenFinding.objects.get(pk=body["ids"][0]).resolved_at is not None
    assert Deed.objects.latest("pk").who == "Test"
