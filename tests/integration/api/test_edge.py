"""The framework's errors, limits that a key sees, settings that were changed meanwhile."""

import pytest
from django.test import Client

from longshore.storage.models import Vendor
from longshore.storage.repositories import api_tokens
from longshore.web.api import orders
from support.screens import World

BASE = "/api/v1"
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


def is_problem(answer, status: int) -> str:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["title"]
    return body["detail"]


def test_another_method_is_named(program: Client):
    answer = program.delete(f"{BASE}/orders")
    is_problem(answer, 405)
    assert answer["Allow"] == "GET"


@pytest.mark.parametrize("kind", [FORM, "text/plain", "multipart/form-data; boundary=x"])
def test_a_body_of_another_kind_is_not_read(world: World, program: Client, kind: str):
    url = f"{BASE}/vendors/{world.vendor.pk}"
    answer = program.patch(url, '{"buffer": 4}', content_type=kind)
    assert "application/json" in is_problem(answer, 415)
    assert Vendor.objects.get(pk=world.vendor.pk).buffer == 1


def test_a_body_that_is_too_large_is_not_read(world: World, program: Client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    url = f"{BASE}/vendors/{world.vendor.pk}"
    is_problem(program.patch(url, '{"x": "' + "y" * 100 + '"}', content_type=JSON), 413)


def test_our_own_failure_has_a_number_and_nothing_of_its_cause(program: Client, monkeypatch):
    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError("fake secret")

    monkeypatch.setattr(orders, "order_rows", broken)
    answer = program.get(f"{BASE}/orders")
    assert "number" in is_problem(answer, 500)
    assert b"secret" not in answer.content


def test_pages_keep_their_own_errors(world: World):
    assert b"<html" in Client().get("/orders/999999999999/", follow=True).content


def test_a_key_sees_what_it_has_left(program: Client, monkeypatch):
    monkeypatch.setattr(api_tokens, "A_WINDOW", 2)
    told = [program.get(f"{BASE}/stock") for _ in range(3)]
    assert [one.status_code for one in told] == [200, 200, 429]
    assert [one["RateLimit-Remaining"] for one in told] == ["1", "0", "0"]
    assert {one["RateLimit-Limit"] for one in told} == {"2"}
    assert all(0 < int(one["RateLimit-Reset"]) <= 60 for one in told)
    assert "RateLimit-Limit" not in Client().get(f"{BASE}/stock")


def test_settings_that_were_changed_meanwhile_are_not_overwritten(world: World, program: Client):
    url = f"{BASE}/vendors/{world.vendor.pk}"
    read = program.get(url)
    assert read.json()["settings"]["buffer"] == 1
    known = {"HTTP_IF_MATCH": read["ETag"], "content_type": JSON}
    assert program.patch(url, {"buffer": 4}, **known).json()["settings"]["buffer"] == 4
    assert "Read them again" in is_problem(program.patch(url, {"buffer": 9}, **known), 412)
    assert Vendor.objects.get(pk=world.vendor.pk).buffer == 4
    again = {**known, "HTTP_IF_MATCH": program.get(url)["ETag"]}
    assert program.patch(url, {"buffer": 9}, **again).status_code == 200
