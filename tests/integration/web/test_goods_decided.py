"""What people decide about goods: a last look as a draft, a linked product that is not for sale any
more, an exchange rate that grew old, a currency that nobody told.
"""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from longshore.storage.models import Deed, Listing, OpenFinding, Store, Vendor
from longshore.storage.repositories.rates import check_rates
from support import screen_rows as rows
from support.screens import World

TAKE_OFF = "Take it off Shopify"


def decide(client: Client, verb: str, *ids: int, **more: str) -> str:
    answer = client.post("/products/decide/", {"do": verb, "ids": ids, **more}, follow=True)
    return answer.content.decode()


# --- a last look ---


def test_the_picked_go_as_drafts(world: World, owner: Client):
    assert 'value="draft"' in owner.get("/products/").content.decode()
    told = decide(owner, "draft", world.review.pk)
    assert "1 product goes on Shopify as a draft." in told
    world.review.refresh_from_db()
    assert (world.review.state, world.review.own["status"]["value"]) == ("approved", "DRAFT")
    assert Deed.objects.get(kind="listings_drafted").after["ids"] == [world.review.pk]


def test_all_that_wait_go_as_drafts(world: World, owner: Client):
    told = decide(owner, "draft-all", state="new", vendor="", q="")
    assert "3 products go on Shopify as drafts." in told
    assert Listing.objects.filter(state="approved", own__status__value="DRAFT").count() == 3


def test_a_draft_says_so_and_is_put_on_sale_with_one_click(world: World, owner: Client):
    Listing.objects.filter(pk=world.published.pk).update(
        own={"status": {"value": "DRAFT", "by": "hub"}}
    )
    page = owner.get(f"/products/{world.published.pk}/").content.decode()
    assert "Draft on Shopify" in page
    assert "Put it on sale" in page
    assert "1 product approved." in decide(owner, "approve", world.published.pk)
    world.published.refresh_from_db()
    assert world.published.own == {}
    page = owner.get(f"/products/{world.published.pk}/").content.decode()
    assert "Put it on sale" not in page


def test_readers_are_not_offered_it_and_strangers_goods_stay(world: World, signed_in):
    reader = signed_in(world.reader)
    assert reader.post("/products/decide/", {"do": "draft", "ids": [world.review.pk]}).status_code in {403, 404}  # fmt: skip  # noqa: E501
    world.review.refresh_from_db()
    assert world.review.state == "review"


# --- linked, and not for sale any more ---


@pytest.fixture
def staying(world: World) -> Listing:
    """A linked product that a rule keeps out."""
    listing = world.published
    Listing.objects.filter(pk=listing.pk).update(
        linked=True,
        product_gid="gid://shopify/Product/1",
        known={"on_sale": True, "status": "ACTIVE"},
        problems=[["kept_out_by_rule", {"product": listing.product.name, "rule": "No mugs"}]],
    )
    product = listing.product
    product.kept_out, product.kept_out_evidence = "kept_out_by_rule", {"rule": "No mugs"}
    product.kept_back = True
    product.save()
    rows.find(
        world.marketplace,
        f"listing:{listing.pk}",
        "linked_stays",
        world.vendor,
        product=product.name,
    )
    return listing


def test_it_is_told_with_one_action(world: World, owner: Client, staying: Listing):
    page = owner.get(f"/products/{staying.pk}/").content.decode()
    assert "It is not for sale any more and stays on Shopify, sold out." in page
    assert page.count(TAKE_OFF) == 1
    decide(owner, "unpublish", staying.pk)
    staying.refresh_from_db()
    assert (staying.state, staying.unpublished_because) == ("unpublished", "person")


def test_many_are_taken_off_from_the_inbox(world: World, owner: Client, staying: Listing):
    page = owner.get("/needs/linked_stays/").content.decode()
    assert "Take off Shopify" in page
    found = OpenFinding.objects.get(code="linked_stays")
    owner.post("/needs/linked_stays/apply/", {"ids": [found.pk]})
    staying.refresh_from_db()
    assert staying.state == "unpublished"


# --- rates and currencies ---


@pytest.fixture
def foreign(world: World) -> Vendor:
    Store.objects.filter(pk=world.store.pk).update(currency="USD")
    vendor = world.vendor
    vendor.rate, vendor.rate_dated = 2, timezone.now() - timedelta(days=45)
    vendor.save()
    return vendor


def test_an_old_rate_leads_to_its_form(world: World, owner: Client, foreign: Vendor):
    check_rates(timezone.now())
    page = owner.get("/").content.decode()
    assert "The exchange rate of <b>Linden &amp; Loom</b> is of" in page
    assert f'href="/vendors/{foreign.pk}/settings/"' in page
    assert "Renew the exchange rate" in page
    form = owner.get(f"/vendors/{foreign.pk}/settings/").content.decode()
    assert "It is still right today" in form
    assert "After 30 days home asks for a new rate" in form


def test_still_right_is_saved_and_audited(world: World, owner: Client, foreign: Vendor):
    check_rates(timezone.now())
    typed = {
        "name": foreign.name,
        "email": foreign.email,
        "buffer": "1",
        "rate": "2",
        "rate_days": "14",
        "rate_still_right": "on",
    }
    told = owner.post(f"/vendors/{foreign.pk}/settings/", typed, follow=True).content.decode()
    assert "Saved." in told
    foreign.refresh_from_db()
    assert foreign.rate_dated is not None
    assert timezone.now() - foreign.rate_dated < timedelta(minutes=1)
    assert foreign.rate_days == 14
    assert not OpenFinding.objects.filter(code="rate_old", resolved_at=None).exists()
    deed = Deed.objects.filter(kind="vendor_changed").latest("pk")
    assert deed.after["rate_still_right"] is True


def test_the_currency_is_stated_where_the_shop_does_not_tell_it(world: World, owner: Client):
    store = world.store
    store.currency, store.profile = "", {**store.profile, "currency": ""}
    store.save()
    path = f"/vendors/{world.vendor.pk}/"
    page = owner.get(path).content.decode()
    assert "currency unknown" in page
    assert 'name="currency"' in page
    choose = {"store": store.pk, "currency": "nok"}
    assert "Saved." in owner.post(f"{path}choose/", choose, follow=True).content.decode()
    store.refresh_from_db()
    assert (store.currency, store.stated_currency) == ("NOK", "NOK")
    wrong = owner.post(f"{path}choose/", {**choose, "currency": "€"}, follow=True)
    assert "three letters" in wrong.content.decode()
    Store.objects.filter(pk=store.pk).update(profile={**store.profile, "currency": "EUR"})
    assert 'name="currency"' not in owner.get(path).content.decode()
