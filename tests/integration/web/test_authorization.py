"""Every address for everybody: strangers are asked to sign in, others' rows do not exist."""

import uuid

import pytest
from django.test import Client

from longshore.storage.models import Listing, Marketplace, StorefrontOrder, Vendor
from support.page_addresses import addresses, readable
from support.screen_rows import person
from support.screens import World, make_world

METHODS = ("get", "post")


@pytest.fixture
def other(world: World) -> World:
    return make_world("west", "West Wares")


def _all(world: World):
    return [*addresses(world.ids()), *addresses(world.ids(), "vendor")]


@pytest.mark.parametrize("method", METHODS)
def test_strangers_are_asked_to_sign_in(world: World, method: str):
    for one in _all(world):
        answer = getattr(Client(), method)(one.url)
        assert answer.status_code == 302, one.name
        assert answer["Location"].startswith("/account/login/?next="), one.name


@pytest.mark.parametrize("method", METHODS)
def test_a_vendors_person_sees_only_the_portal(world: World, vendor_person: Client, method: str):
    for one in addresses(world.ids()):
        answer = getattr(vendor_person, method)(one.url)
        if one.url == "/":
            assert answer["Location"] == "/my/"
        else:
            assert answer.status_code == 404, one.name
    assert vendor_person.get("/my/").status_code == 200


GOVERNED = {
    "team",
    "team_invite",
    "team_role",
    "team_second_step",
    "team_remove",
    "keys",
    "key_make",
    "key_revoke",
    "setup_shopify",
    "setup_places",
    "setup_marketplace",
    "setup_mail",
    "setup_invoice",
    "privacy",
    "privacy_buyer",
}
"""What only owners may do, or even see."""


@pytest.mark.parametrize("method", METHODS)
def test_operators_do_the_work_but_do_not_govern(world: World, signed_in, method: str):
    operator = signed_in(world.operator)
    for one in addresses(world.ids()):
        status = getattr(operator, method)(one.url).status_code
        assert (status == 403) == (one.name in GOVERNED), f"{one.name}: {status}"


def test_readers_see_everything_but_what_governs(world: World, signed_in):
    reader = signed_in(world.reader)
    for one in readable(world.ids()):
        status = reader.get(one.url).status_code
        assert status == (403 if one.name in GOVERNED else status), one.name
        assert status in {200, 302, 403}, one.name


def test_readers_change_nothing(world: World, signed_in):
    """Whatever they send: the page that says so comes before any view."""
    reader = signed_in(world.reader)
    before = _everything()
    for one in addresses(world.ids()):
        if one.name in {"list_keep", "list_drop"}:
            continue  # readers keep lists of their own
        answer = reader.post(one.url, {"do": "approve", "ids": [world.review.pk], "name": "x"})
        assert answer.status_code == 403, one.name
        assert "change nothing" in answer.content.decode() or one.name in GOVERNED, one.name
    assert _everything() == before


def _everything() -> dict[str, list]:
    from django.apps import apps

    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in apps.get_app_config("storage").get_models()
    }


def test_an_owner_remains(world: World, owner: Client):
    from longshore.storage.models import Membership

    mine = Membership.objects.get(user=world.owner)
    for path, typed in (("role", {"role": "reader"}), ("remove", {})):
        answer = owner.post(f"/settings/team/{mine.pk}/{path}/", typed, follow=True)
        assert "needs an owner" in answer.content.decode()
    assert Membership.objects.get(user=world.owner).role == "owner"


def test_a_role_is_changed_and_noted(world: World, owner: Client, signed_in):
    from longshore.storage.models import Membership

    member = Membership.objects.get(user=world.reader)
    owner.post(f"/settings/team/{member.pk}/role/", {"role": "operator"})
    assert signed_in(world.reader).post("/products/decide/").status_code == 400
    page = owner.get("/activity/").content.decode()
    assert "reader</del>" in page
    assert "operator</ins>" in page


@pytest.mark.parametrize("method", METHODS)
def test_rows_of_another_marketplace_do_not_exist(
    world: World, other: World, signed_in, method: str
):
    """They are answered as rows that never were, also where the method is wrong."""
    stranger = signed_in(other.owner)
    never = dict.fromkeys(world.ids(), 999_999_999) | {
        "examination": uuid.uuid4(),
        "code": "nothing",
    }
    told = []
    for one, nothing in zip(addresses(world.ids()), addresses(never), strict=True):
        if one.of_row and one.name != "need":  # a kind of cause is nobody's row
            ask = getattr(stranger, method)
            told.append(ask(one.url).status_code)
            assert told[-1] in {404, 405}, one.name
            assert told[-1] == ask(nothing.url).status_code, one.name
    assert told.count(404) >= 4


def test_lists_show_nothing_of_another_marketplace(world: World, other: World, signed_in):
    """The names of both worlds' goods are the same: only their own addresses may appear."""
    stranger = signed_in(other.owner)
    ids = other.ids()
    for one in readable(ids):
        page = stranger.get(one.url, follow=True).content.decode()
        for path, foreign in (("orders", world.order), ("vendors", world.vendor)):
            assert f"/{path}/{foreign.pk}/" not in page, one.name
        assert ".nordic.example" not in page, one.name
    assert ".west.example" in stranger.get("/vendors/").content.decode()


def test_filters_by_another_marketplaces_vendor_find_nothing(
    world: World, other: World, owner: Client
):
    foreign = other.vendor.pk
    for path in ("/orders/?tab=all&", "/products/?state=all&", "/stock/?", "/products/left-out/?"):
        page = owner.get(f"{path}vendor={foreign}").content.decode()
        assert "data-row" not in page, path


def test_decisions_do_not_reach_into_another_marketplace(world: World, other: World, signed_in):
    stranger, before = signed_in(other.owner), Listing.objects.get(pk=world.review.pk).state
    for verb in ("approve", "decline", "unpublish"):
        stranger.post("/products/decide/", {"do": verb, "ids": [world.review.pk]})
    assert Listing.objects.get(pk=world.review.pk).state == before


def test_a_vendor_sees_nothing_of_other_vendors(world: World, vendor_person: Client):
    page = vendor_person.get("/my/").content.decode()
    for foreign in ("Saltmarsh", "Seaweed soap", "Kopra", "Filter roast", "Example street"):
        assert foreign not in page
    assert "#1044" in page


def test_the_other_vendors_person_sees_the_other_part(world: World, signed_in):
    second = person("soap@example.org", world.marketplace, "vendor", world.second)
    page = signed_in(second).get("/my/").content.decode()
    assert "Your shop does not answer us." in page
    assert "#1042" in page
    assert "#1044" not in page


def test_somebody_without_a_marketplace_is_told_so(world: World, signed_in):
    from django.contrib.auth.models import User

    nobody = signed_in(User.objects.create_user("nobody@example.org", "nobody@example.org"))
    for one in _all(world):
        assert nobody.get(one.url).status_code == 403, one.name


def test_an_owner_of_two_things_keeps_to_one(world: World, other: World, signed_in):
    """The strongest membership counts; the other marketplace's rows stay hidden."""
    person_of_both = person("both@example.org", world.marketplace, "owner")
    from longshore.storage.models import Membership

    Membership.objects.create(
        user=person_of_both, marketplace=other.marketplace, role="vendor", vendor=other.vendor
    )
    client = signed_in(person_of_both)
    assert client.get(f"/orders/{world.order.pk}/").status_code == 200
    assert client.get(f"/orders/{other.order.pk}/").status_code == 404


def test_writes_need_a_token_of_the_page(world: World):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.owner, backend="django.contrib.auth.backends.ModelBackend")
    for one in addresses(world.ids()):
        answer = strict.post(one.url, {"name": "Taken"})
        assert answer.status_code in {403, 405}, one.name
    assert not Vendor.objects.filter(name="Taken").exists()


def test_nothing_is_written_by_opening_an_address(world: World, owner: Client):
    def state():
        return (
            list(Listing.objects.order_by("pk").values_list("state", flat=True)),
            list(StorefrontOrder.objects.order_by("pk").values_list("routing", flat=True)),
            list(Vendor.objects.order_by("pk").values_list("buffer", "auto_approve")),
            list(Marketplace.objects.values_list("live_since", flat=True)),
        )

    before = state()
    for one in _all(world):
        owner.get(one.url)
    assert state() == before


def test_the_way_back_after_signing_in_stays_on_our_site(world: World):
    world.owner.set_password("fake-password-for-tests")
    world.owner.save()
    where = "/account/login/?next=https://elsewhere.example/"
    typed = {"login": world.owner.email, "password": "fake-password-for-tests"}
    answer = Client().post(where, typed)
    assert answer.status_code == 302
    assert answer["Location"] == "/"


def test_a_wrong_way_back_after_deciding_leads_to_our_list(world: World, owner: Client):
    for back in ("https://elsewhere.example/products/", "//elsewhere.example", "/account/logout/"):
        answer = owner.post("/products/decide/", {"do": "approve", "back": back})
        assert answer["Location"] == "/products/"
