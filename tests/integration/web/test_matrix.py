"""Every address of the hub x every kind of person x looking and sending: who is let in."""

from collections.abc import Callable, Mapping

import pytest
from django.contrib.auth.models import User
from django.test import Client

from support.access_table import DOORS, SHADOWED, Door, every_address
from support.screens import World, make_world

METHODS = ("get", "post")
PEOPLE = ("stranger", "nobody", "vendor", "reader", "operator", "owner", "other")
SIGN_OUT = {"account_logout", "session_end", "usersessions_list", "account_change_password"}
REFUSED = {401, 403, 404, 405, 410}


@pytest.fixture
def signed(world: World, signed_in) -> Callable[[str], Client]:
    """Signs in anew each time: some of the addresses sign out."""
    other = make_world("west", "West Wares")
    users: Mapping[str, User | None] = {
        "stranger": None,
        "nobody": User.objects.create_user("nobody@example.org", "nobody@example.org"),
        "vendor": world.vendor_user,
        "reader": world.reader,
        "operator": world.operator,
        "owner": world.owner,
        "other": other.owner,
    }
    return lambda name: signed_in(users[name])


def _to_sign_in(answer) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith("/account/login/")


RIGHTS: Mapping[Door, Mapping[str, set[str]]] = {
    # who may look, and who may send the form
    Door.READ: {
        "get": {"reader", "operator", "owner"},
        "post": {"operator", "owner"},
    },
    Door.WORK: {"get": set(), "post": {"operator", "owner"}},
    Door.OWN: {"get": set(), "post": {"reader", "operator", "owner"}},
    Door.GOVERN: {"get": {"owner"}, "post": {"owner"}},
    Door.VENDOR: {"get": {"vendor"}, "post": {"vendor"}},
}


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("method", METHODS)
def test_who_is_let_in(world: World, signed: Callable[[str], Client], person: str, method: str):
    told, wrong, client = 0, list[str](), signed(person)
    for one in every_address(world.ids()):
        if one.name in SHADOWED:
            continue
        door = DOORS[one.name]
        answer = getattr(client, method)(one.url)
        if one.name in SIGN_OUT:
            client = signed(person)
        why = _CHECKS.get(door, _of_tenant)(door, person, method, one, answer)
        if why:
            wrong.append(f"{door.value} {one.name}: {why} ({answer.status_code})")
        told += 1
    assert not wrong, "\n".join(wrong)
    assert told > 130


def _of_tenant(door: Door, person: str, method: str, one, answer) -> str:
    """The marketplace's own pages and the vendors'."""
    status = answer.status_code
    if person in {"stranger", "nobody"}:
        turned = _to_sign_in(answer) if person == "stranger" else status == 403
        return "" if turned else "whoever has no marketplace is let in"
    if one.url == "/" and person == "vendor":
        return "" if answer["Location"] == "/my/" else "not led to the own pages"
    if (door is Door.VENDOR) != (person == "vendor"):
        return "" if status == 404 else "the others' pages exist"
    if person == "other":
        return "" if status in _elsewhere(one) else "another marketplace's row is there"
    let_in = person in RIGHTS[door]["get" if method == "get" else "post"]
    refused = status == 403 or _to_sign_in(answer)
    if let_in:
        return "refused" if refused else ""
    return "" if status in {403, 405} else "let in"


def _elsewhere(one) -> set[int]:
    """The other marketplace's owner finds nothing under these ids, and the own lists."""
    own = {200, 302, 400, 405, 422}
    return {404, 405} if one.of_row and one.name != "admin:need" else own | {404}


def _open(_door: Door, _person: str, _method: str, _one, answer) -> str:
    return "refused" if answer.status_code in {401, 403} else ""


def _link(_door: Door, _person: str, method: str, one, answer) -> str:
    """A wrong link opens nothing, for nobody."""
    if one.name in {"sign_in", "account_reset_password_from_key", "join"}:
        page = answer.content.decode().partition("<main")[2]
        return "a wrong link asks for a password" if 'type="password"' in page else ""
    return "" if answer.status_code in {404, 405} else "a wrong link opens something"


def _closed(_door: Door, _person: str, _method: str, _one, answer) -> str:
    return "" if answer.status_code in {403, 404, 405} or _to_sign_in(answer) else "open"


def _account(_door: Door, person: str, _method: str, _one, answer) -> str:
    if person == "stranger":
        turned = answer.status_code in REFUSED or _to_sign_in(answer)
        return "" if turned else "a stranger is let in"
    return "refused" if _to_sign_in(answer) else ""


def _member(_door: Door, person: str, _method: str, _one, answer) -> str:
    if person == "stranger":
        return "" if _to_sign_in(answer) else "a stranger is let in"
    if person == "nobody":
        return "" if answer.status_code == 403 else "let in without a marketplace"
    return "refused" if answer.status_code in {401, 403, 404} else ""


def _key(_door: Door, _person: str, _method: str, _one, answer) -> str:
    """No session is a key."""
    return "" if answer.status_code in {401, 405} else "a session opens the API"


_CHECKS: Mapping[Door, Callable[..., str]] = {
    Door.OPEN: _open,
    Door.LINK: _link,
    Door.CLOSED: _closed,
    Door.SIGNED_IN: _account,
    Door.MEMBER: _member,
    Door.BUILDER: _closed,
    Door.KEY: _key,
}


def test_each_part_of_the_portal_is_one_vendors_alone(world: World, signed_in):
    """The other vendor of the same marketplace finds nothing, whatever is sent."""
    from support.screen_rows import person

    second = signed_in(person("soap@example.org", world.marketplace, "vendor", world.second))
    asked = [one for one in every_address(world.ids()) if DOORS.get(one.name) is Door.VENDOR]
    rows = [one for one in asked if one.of_row]
    assert len(rows) > 6
    for one in rows:
        for method in ("get", "post"):
            status = getattr(second, method)(one.url).status_code
            assert status in {404, 405}, f"{one.name} {method}: {status}"
