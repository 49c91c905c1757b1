"""Several vendors have the goods: the rules pick who gets the order, and the timeline says why."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from longshore.storage.models import (
    ListingPolicy,
    ListingVariant,
    OpenFinding,
    OrderEvent,
    PurchaseOrder,
    Reservation,
    Store,
    StorefrontOrder,
    Vendor,
    VendorVariant,
)
from longshore.storage.repositories.orders import Orders
from longshore.storage.repositories.senders import choose_sender
from longshore.storage.repositories.vendors import change_vendor
from support.harbor import Harbor, bought, make_shared_harbor

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def harbor() -> Harbor:
    return make_shared_harbor(NOW)


def rules(harbor: Harbor, *names: str) -> None:
    ListingPolicy.objects.create(marketplace=harbor.marketplace, order_rules=list(names))


def buy(harbor: Harbor, number: int = 1, units: int = 2, **changes: object) -> StorefrontOrder:
    order = bought(number, NOW, (harbor.lines[0], units), **changes)
    Orders(harbor.marketplace.pk).keep_order(order, LATER)
    return StorefrontOrder.objects.get(order_gid=order.order_id)


def parts() -> list[str]:
    found = PurchaseOrder.objects.exclude(state="canceled").order_by("pk")
    return list(found.values_list("vendor__name", flat=True))


def stock(harbor: Harbor, kiln: int, loom: int) -> None:
    for place, units in ((0, kiln), (2, loom)):
        VendorVariant.objects.filter(pk=harbor.lines[place].variant_id).update(quantity=units)


def open_codes() -> set[str]:
    return set(OpenFinding.objects.filter(resolved_at=None).values_list("code", flat=True))


def test_without_rules_the_one_on_sale_gets_it(harbor: Harbor):
    buy(harbor)
    assert parts() == ["Kiln"]


def test_who_has_all_of_it_comes_first_by_itself(harbor: Harbor):
    stock(harbor, 1, 9)
    buy(harbor)
    assert parts() == ["Loom"]
    assert open_codes() == set()


def test_the_marketplaces_rules_decide(harbor: Harbor):
    rules(harbor, "stock", "cost")
    buy(harbor)
    stock(harbor, 20, 0)
    buy(harbor, 2)
    assert parts() == ["Loom", "Kiln"]


def test_the_buyers_own_country_comes_first_where_it_is_a_rule(harbor: Harbor):
    Store.objects.filter(vendor__name="Loom").update(profile={"country": "CZ"})
    Store.objects.filter(vendor__name="Kiln").update(profile={"country": "DE:BY"})
    rules(harbor, "country")
    buy(harbor)
    assert parts() == ["Loom"]


def test_the_timeline_says_who_and_why_nobody_else(harbor: Harbor):
    rules(harbor, "stock", "cost")
    stock(harbor, 20, 0)
    buy(harbor)
    event = OrderEvent.objects.get(kind="picked")
    assert event.data["at_vendor"] == "Kiln"
    assert event.data["passed"] == [
        {"vendor": "Loom", "because": "stock", "has": 0, "better": ["cost"]}
    ]


def test_an_order_never_moves_because_another_one_is_chosen_now(harbor: Harbor):
    order = bought(1, NOW, (harbor.lines[0], 2))
    Orders(harbor.marketplace.pk).keep_order(order, LATER)
    ListingVariant.objects.filter(pk=harbor.lines[0].pk).update(variant=harbor.lines[2].variant_id)
    stock(harbor, 0, 99)
    Orders(harbor.marketplace.pk).keep_order(order, LATER)
    assert parts() == ["Kiln"]


def test_units_are_held_back_where_they_are_taken(harbor: Harbor):
    stock(harbor, 1, 9)
    buy(harbor)
    assert Reservation.objects.get().variant.store.vendor.name == "Loom"


def test_who_does_not_send_there_does_not_get_it(harbor: Harbor):
    Vendor.objects.filter(name="Kiln").update(countries=["DE", "AT"])
    buy(harbor)
    assert parts() == ["Loom"]
    assert OrderEvent.objects.get(kind="picked").data["passed"][0]["because"] == "not_served"


def test_where_nobody_sends_a_person_chooses(harbor: Harbor):
    Vendor.objects.update(countries=["DE"])
    row = buy(harbor)
    assert parts() == []
    found = OpenFinding.objects.get(code="country_not_served")
    assert (found.evidence["vendor"], found.evidence["country"]) == ("Kiln", "CZ")
    line = row.lines.get()
    choose_sender(harbor.marketplace.pk, line.pk, harbor.lines[0].variant_id, LATER, remember=False)
    assert parts() == ["Kiln"]
    assert open_codes() == set()


def test_a_line_of_one_vendor_waits_as_well(harbor: Harbor):
    Vendor.objects.filter(name="Kiln").update(countries=["DE"])
    order = bought(1, NOW, (harbor.lines[1], 1), (harbor.lines[3], 1))
    Orders(harbor.marketplace.pk).keep_order(order, LATER)
    assert parts() == ["Loom"]
    assert open_codes() == {"country_not_served"}
    back = replace(order, canceled_at=LATER, updated_at=LATER)
    Orders(harbor.marketplace.pk).keep_order(back, LATER)
    assert open_codes() == set()


def test_an_address_that_changes_is_asked_anew_until_it_is_sent(harbor: Harbor):
    Vendor.objects.filter(name="Kiln").update(countries=["CZ"])
    order = bought(1, NOW, (harbor.lines[0], 1))
    Orders(harbor.marketplace.pk).keep_order(order, LATER)
    assert parts() == ["Kiln"]
    moved = replace(order.shipping_address, country="SK")
    Orders(harbor.marketplace.pk).keep_order(replace(order, shipping_address=moved), LATER)
    assert parts() == ["Loom"]
    assert PurchaseOrder.objects.get(vendor__name="Kiln").state == "canceled"


def test_what_was_sent_is_not_moved_by_a_changed_address(harbor: Harbor):
    Vendor.objects.filter(name="Kiln").update(countries=["CZ"])
    order = bought(1, NOW, (harbor.lines[0], 1))
    Orders(harbor.marketplace.pk).keep_order(order, LATER)
    PurchaseOrder.objects.update(state="sending", posts=1)
    moved = replace(order.shipping_address, country="SK")
    Orders(harbor.marketplace.pk).keep_order(replace(order, shipping_address=moved), LATER)
    assert parts() == ["Kiln"]


def test_a_vendor_that_sends_there_now_gets_what_waited(harbor: Harbor):
    Vendor.objects.update(countries=["DE"])
    buy(harbor)
    kiln = Vendor.objects.get(name="Kiln")
    change_vendor(kiln.pk, LATER, countries=("DE", "CZ"))
    assert parts() == ["Kiln"]
    assert open_codes() == set()


def test_many_lines_are_picked_in_as_many_questions_as_few(harbor: Harbor):
    def asked(number: int, *lines: tuple[ListingVariant, int]) -> int:
        with CaptureQueriesContext(connection) as seen:
            Orders(harbor.marketplace.pk).keep_order(bought(number, NOW, *lines), LATER)
        return sum('FROM "storage_variantsource"' in one["sql"] for one in seen.captured_queries)

    one, other = harbor.lines[0], harbor.lines[1]
    assert asked(1, (one, 1)) == asked(2, (one, 1), (other, 1), (harbor.lines[3], 1))
