"""What people decide of goods on pages: rules, own words, held changes, runs taken back."""

from decimal import Decimal

import pytest
from django.test import Client

from longshore.domain.findings import Finding
from longshore.storage.models import (
    Brake,
    Deed,
    ImportRule,
    ListingPolicy,
    ListingVariant,
    MarkupRule,
    SyncRun,
    VariantSource,
    VendorVariant,
)
from longshore.storage.repositories import brakes
from longshore.storage.repositories.findings import note_finding
from support.screen_rows import ago
from support.screens import World, make_world

MARKUP = {"markup": "percent", "amount": "25", "round_to": "nearest", "compare_at": "sale",
          "active": "on", "every": "1"}  # fmt: skip


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_review_says_exactly_what_approving_does(world: World, owner: Client):
    world.review.candidate_gid = "gid://shopify/Product/1"
    world.review.problems = [["same_on_shopify", {"product": "Vase", "what": "barcode"}]]
    world.review.save()
    shown = page(owner, "/products/?state=new")
    assert "Approving all that wait will <b>create 2 products</b>, <b>skip 4</b>." in shown
    assert "1 seems to be on Shopify already, 3 have a problem" in shown
    assert "Link the picked as proposed" in page(owner, "/products/?state=problem")


def test_a_price_rule_is_previewed_then_saved(world: World, owner: Client):
    MarkupRule.objects.all().delete()
    url = "/products/rules/markups/add/"
    shown = owner.post(url, {**MARKUP, "do": "preview"}).content.decode()
    assert not MarkupRule.objects.exists()
    assert "products change" in shown
    assert "<b>80</b>" in shown  # the vase of 64.00
    assert owner.post(url, {**MARKUP, "do": "save"}).status_code == 302
    rule = MarkupRule.objects.get()
    assert (rule.amount, rule.marketplace_id) == (Decimal(25), world.marketplace.pk)
    assert "25 percent on top" in page(owner, "/products/rules/markups/")
    assert Deed.objects.filter(kind="rule_saved", about="25 percent on top").exists()


def test_a_wrong_rule_says_why_and_keeps_what_was_typed(world: World, owner: Client):
    wrong = {**MARKUP, "markup": "margin", "amount": "100"}
    answer = owner.post("/products/rules/markups/add/", {**wrong, "do": "save"})
    assert answer.status_code == 422
    assert "A margin lies between 0 and 100 percent." in answer.content.decode()
    assert MarkupRule.objects.count() == 1


def test_rules_are_moved_and_removed(world: World, owner: Client):
    first = world.decided["import_id"]
    values = {"subject": "tag", "comparison": "is", "value": "old", "include": "no", "active": "on"}
    owner.post("/products/rules/imports/add/", {**values, "do": "save"})
    second = ImportRule.objects.exclude(pk=first).get()
    owner.post(f"/products/rules/imports/{second.pk}/move/", {"up": "1"})
    order = ImportRule.objects.order_by("position").values_list("pk", flat=True)
    assert list(order) == [second.pk, first]
    owner.post(f"/products/rules/imports/{first}/remove/")
    assert list(ImportRule.objects.values_list("pk", flat=True)) == [second.pk]


def test_who_decides_is_chosen_and_one_vendor_differs(world: World, owner: Client):
    form = {"owner_title": "vendor", "merges": "Color, Material", "price_drop_percent": "40"}
    assert owner.post("/products/rules/texts/", {**form, "do": "save"}).status_code == 302
    whole = ListingPolicy.objects.get(vendor=None)
    assert (whole.owners, whole.merges) == ({"title": "vendor"}, [["Color", "Material"]])
    own = f"/products/rules/texts/{world.vendor.pk}/"
    assert owner.post(own, {"sku": "{vendor}-{sku}", "do": "save"}).status_code == 302
    assert ListingPolicy.objects.get(vendor=world.vendor).sku == "{vendor}-{sku}"
    assert f'href="{own}"' in page(owner, "/products/rules/texts/")


def test_own_words_are_kept_and_given_back(world: World, owner: Client):
    listing = world.published
    url = f"/products/{listing.pk}/"
    form = {"title": "Our mug", "vendor": world.vendor.name, "product_type": "", "tags": "b, a"}
    assert owner.post(f"{url}edit/", form).status_code == 302
    listing.refresh_from_db()
    assert listing.own == {
        "title": {"value": "Our mug", "by": "hub"},
        "tags": {"value": ["a", "b"], "by": "hub"},
    }
    assert "Take the vendor's again: Title" in page(owner, url)
    owner.post(f"{url}say/", {"do": "vendors:title"})
    listing.refresh_from_db()
    assert list(listing.own) == ["tags"]


def test_a_held_price_is_let_through(world: World, owner: Client):
    ListingVariant.objects.filter(pk=world.line.pk).update(held_price=Decimal("2.10"))
    url = f"/products/{world.published.pk}/"
    assert "1 price moved too far to be believed." in page(owner, url)
    owner.post(f"{url}say/", {"do": "accept"})
    world.line.refresh_from_db()
    assert world.line.accepted_price == Decimal("2.10")


def test_a_price_of_our_own_is_kept_and_a_wrong_one_comes_back(world: World, owner: Client):
    url, line = f"/products/{world.published.pk}/", world.line
    answer = owner.post(
        f"{url}say/", {"do": "price", "own-line": line.pk, "own-price": "ten & more"}
    )
    told = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="ten &amp; more"' in told
    assert 'id="own_own-price_error"' in told
    sent = {"do": "price", "own-line": line.pk, "own-price": "19,90"}
    assert owner.post(f"{url}say/", sent).status_code == 302
    line.refresh_from_db()
    assert line.own["price"] == {"value": "19.9", "by": "hub"}
    other = ListingVariant.objects.exclude(listing=world.published).first()
    assert owner.post(f"{url}say/", {**sent, "own-line": other.pk}).status_code == 422


def test_a_field_is_locked_as_it_is(world: World, owner: Client):
    url = f"/products/{world.published.pk}/"
    assert "Keep it so: Title" in page(owner, url)
    owner.post(f"{url}say/", {"do": "lock:title"})
    world.published.refresh_from_db()
    assert world.published.own == {"title": {"value": "Stoneware mug", "by": "hub"}}
    assert "Take the vendor's again: Title" in page(owner, url)


@pytest.mark.parametrize("do", ["", "nonsense", "vendors:nonsense", "lock:status", "bring_back:-1",
                                "source:0"])  # fmt: skip
def test_a_broken_decision_changes_nothing(world: World, owner: Client, do: str):
    before = Deed.objects.count()
    answer = owner.post(f"/products/{world.published.pk}/say/", {"do": do, "price": "1"})
    assert answer.status_code == 400
    assert Deed.objects.count() == before


@pytest.mark.parametrize(("do", "price", "state"), [("apply", "2.10", "applied"),
                                                    ("ignore", "21.00", "ignored")])  # fmt: skip
def test_a_held_change_is_decided_by_one_click(
    world: World, owner: Client, do: str, price: str, state: str
):
    brake = Brake.objects.get(pk=world.decided["brake_id"])
    evidence = {"brake": brake.pk, "count": 1, "total": 40, "vendor": world.vendor.name}
    finding = Finding("held_prices", evidence)
    note_finding(world.marketplace.pk, brakes.subject(world.store.pk), finding, ago(minutes=1))
    url = f"/held/{brake.pk}/"
    assert f'href="{url}"' in page(owner, "/")
    assert owner.post(f"{url}settle/", {"do": do}).status_code == 302
    brake.refresh_from_db()
    assert (brake.state, brake.closed_by) == (state, world.owner)
    assert VendorVariant.objects.get(listed=world.line).regular_price == Decimal(price)
    assert "Compare and decide" not in page(owner, "/")


def test_two_vendors_goods_become_one_product(world: World, owner: Client):
    soap = ListingVariant.objects.get(listing__product__name="Seaweed soap bar")
    VendorVariant.objects.filter(pk__in=[soap.variant_id, world.line.variant_id]).update(
        barcode="4006381333931"
    )
    soap.listing.product_gid = ""
    soap.listing.save()
    url = f"/products/{world.published.pk}/"
    assert "Saltmarsh Soap has the same barcode: Seaweed soap bar." in page(owner, url)
    owner.post(f"{url}say/", {"do": f"join:{soap.listing_id}"})
    source = VariantSource.objects.get(variant=soap.variant_id)
    assert source.listing_variant_id == world.line.pk
    turn, cost = f"source-{source.pk}-priority", f"source-{source.pk}-cost"
    form = {"do": f"source:{source.pk}", turn: "1", cost: "4,50"}
    mine = VariantSource.objects.exclude(pk=source.pk).get()
    form |= {f"source-{mine.pk}-priority": "7", f"source-{mine.pk}-cost": "typed too"}
    wrong = owner.post(f"{url}say/", {**form, cost: "four fifty"})
    told = wrong.content.decode()
    assert wrong.status_code == 422
    assert 'value="four fifty"' in told
    assert 'value="typed too"' in told, "the other row keeps what was typed as well"
    assert f'id="id_{cost}_error"' in told
    source.refresh_from_db()
    assert (source.priority, source.cost) == (200, None)
    form[f"source-{mine.pk}-cost"] = ""
    assert owner.post(f"{url}say/", form).status_code == 302
    source.refresh_from_db()
    assert (source.priority, source.cost) == (1, Decimal("4.5"))
    assert "sells it now" in page(owner, url)
    assert "sold now by Saltmarsh Soap" in page(owner, f"/stock/{world.line.pk}/")
    assert "Another product sells its goods:" in page(owner, f"/products/{soap.listing_id}/")
    owner.post(f"{url}say/", {"do": f"leave:{soap.listing_id}"})
    assert not VariantSource.objects.exists()


def test_a_held_change_is_not_decided_twice(world: World, owner: Client):
    url = f"/held/{world.decided['brake_id']}/settle/"
    owner.post(url, {"do": "ignore"})
    told = owner.post(url, {"do": "apply"}, follow=True).content.decode()
    assert "This is no longer held." in told


def test_a_run_is_taken_back_once(world: World, owner: Client):
    run = SyncRun.objects.get(pk=world.decided["run_id"])
    url = f"/products/runs/{run.pk}/"
    assert "Take this run back" in page(owner, url)
    told = owner.post(f"{url}undo/", follow=True).content.decode()
    assert "Taken back: 1 product goes back to what it was." in told
    run.refresh_from_db()
    assert (run.undone_by, run.undone_at is None) == (world.owner, False)
    world.published.refresh_from_db()
    assert world.published.own["title"]["by"] == "undo"
    assert "This run was undone already." in owner.post(f"{url}undo/", follow=True).content.decode()


def test_nobody_reaches_into_another_marketplace(world: World, signed_in):
    other = make_world("west", "West Wares")
    stranger = signed_in(other.owner)
    ids = world.ids()
    for url in (
        f"/products/{ids['listing_id']}/edit/",
        f"/products/{ids['listing_id']}/say/",
        f"/products/runs/{ids['run_id']}/undo/",
        f"/held/{ids['brake_id']}/settle/",
        f"/products/rules/imports/{ids['import_id']}/remove/",
        f"/products/rules/markups/{ids['markup_id']}/move/",
        f"/products/rules/texts/{ids['vendor_id']}/",
    ):
        assert stranger.post(url, {"do": "apply"}).status_code == 404, url
    wrong = {**MARKUP, "vendor_id": str(world.vendor.pk), "do": "save"}
    assert stranger.post("/products/rules/markups/add/", wrong).status_code == 422
