"""A line that no vendor has: a person chooses who sends it, once and for all if wanted."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from longshore.domain.orders import OrderLine, StorefrontOrder
from longshore.ports.errors import Rejected
from longshore.storage.models import (
    Marketplace,
    OpenFinding,
    OrderEvent,
    PurchaseOrder,
    Reservation,
    SenderChoice,
    StorefrontOrderLine,
    VendorVariant,
)
from longshore.storage.repositories.orders import Orders
from longshore.storage.repositories.senders import choose_sender, forget_sender
from longshore.storage.repositories.stock_lines import decisions_of
from support.harbor import Harbor, bought, make_harbor

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
STRANGE = "gid://shopify/ProductVariant/9"
pytestmark = pytest.mark.django_db


@pytest.fixture
def harbor() -> Harbor:
    return make_harbor(NOW)


def strange(number: int, harbor: Harbor, gid: str | None = STRANGE, units: int = 2, **changes):
    """An order with one line that a vendor has and one that nobody has."""
    order = bought(number, NOW, (harbor.lines[0], 1), **changes)
    line = OrderLine(f"gid://shopify/LineItem/{number}9", gid, "Blue mug", "MUG-B", units,
                     order.lines[0].unit_price)  # fmt: skip
    return replace(order, lines=(*order.lines, line))


def keep(harbor: Harbor, order: StorefrontOrder) -> StorefrontOrderLine:
    Orders(harbor.marketplace.pk).keep_order(order, LATER)
    return StorefrontOrderLine.objects.get(order__order_gid=order.order_id, title="Blue mug")


def choose(harbor: Harbor, line: StorefrontOrderLine, variant: VendorVariant | None, **more):
    wanted = {"remember": True, **more}
    number = variant.pk if variant is not None else None
    return choose_sender(harbor.marketplace.pk, line.pk, number, LATER, **wanted)


def open_codes() -> set[str]:
    return set(OpenFinding.objects.filter(resolved_at=None).values_list("code", flat=True))


def parts() -> dict[str, list[int]]:
    """Units of each live part by its vendor."""
    found = PurchaseOrder.objects.exclude(state="canceled").order_by("pk")
    return {row.vendor.name: sorted(row.lines.values_list("quantity", flat=True)) for row in found}


def test_the_chosen_vendor_gets_it_at_once(harbor: Harbor):
    line = keep(harbor, strange(1, harbor))
    assert open_codes() == {"line_without_vendor"}
    assert parts() == {"Kiln": [1]}
    assert choose(harbor, line, harbor.lines[2].variant) == 1
    assert parts() == {"Kiln": [1], "Loom": [2]}
    assert open_codes() == set()
    kinds = list(OrderEvent.objects.values_list("kind", flat=True))
    assert kinds.count("sender_chosen") == 1


def test_its_units_are_held_back_where_they_come_from(harbor: Harbor):
    variant = harbor.lines[2].variant
    line = keep(harbor, strange(1, harbor))
    choose(harbor, line, variant)
    assert Reservation.objects.get(order_line=line).variant == variant
    assert decisions_of([variant.pk])[variant.pk].reserved == 2


def test_later_orders_go_by_themselves(harbor: Harbor):
    choose(harbor, keep(harbor, strange(1, harbor)), harbor.lines[2].variant)
    keep(harbor, strange(2, harbor, units=3))
    assert sorted(PurchaseOrder.objects.filter(vendor__name="Loom").values_list(
        "order__name", "lines__quantity")) == [("#1", 2), ("#2", 3)]  # fmt: skip
    assert open_codes() == set()
    assert OrderEvent.objects.filter(order__name="#2", kind="sender_known").count() == 1


def test_a_choice_for_once_is_for_once(harbor: Harbor):
    choose(harbor, keep(harbor, strange(1, harbor)), harbor.lines[2].variant, remember=False)
    keep(harbor, strange(2, harbor))
    assert open_codes() == {"line_without_vendor"}
    assert not SenderChoice.objects.exists()


def test_orders_that_wait_for_the_same_choice_go_with_it(harbor: Harbor):
    first, *_ = [keep(harbor, strange(number, harbor)) for number in (1, 2, 3)]
    assert choose(harbor, first, harbor.lines[2].variant) == 3
    assert PurchaseOrder.objects.filter(vendor__name="Loom").count() == 3
    assert open_codes() == set()


def test_what_is_ours_goes_to_no_vendor_and_is_no_exception(harbor: Harbor):
    line = keep(harbor, strange(1, harbor))
    choose(harbor, line, None)
    line.refresh_from_db()
    assert line.left_out == "own"
    later = keep(harbor, strange(2, harbor))
    assert later.left_out == "own"
    assert open_codes() == set()
    assert not Reservation.objects.filter(order_line__in=[line, later]).exists()
    told = OrderEvent.objects.filter(kind="left_out")
    assert [(one.order.name, one.data["reason"]) for one in told] == [("#1", "own"), ("#2", "own")]


def test_choosing_twice_is_choosing_once(harbor: Harbor):
    line = keep(harbor, strange(1, harbor))
    for _ in range(2):
        choose(harbor, line, harbor.lines[2].variant)
    assert PurchaseOrder.objects.count() == 2
    assert OrderEvent.objects.filter(kind="sender_chosen").count() == 1


def test_a_choice_is_changed_until_it_is_sent(harbor: Harbor):
    line = keep(harbor, strange(1, harbor))
    choose(harbor, line, harbor.lines[2].variant)
    choose(harbor, line, harbor.lines[1].variant)
    assert parts() == {"Kiln": [1, 2]}
    assert Reservation.objects.get(order_line=line).variant == harbor.lines[1].variant
    PurchaseOrder.objects.update(state="sending", posts=1)
    with pytest.raises(Rejected, match="sent to a vendor already"):
        choose(harbor, line, harbor.lines[2].variant)
    choose(harbor, line, harbor.lines[1].variant)  # it is so already


def test_what_is_forgotten_waits_for_a_choice_again(harbor: Harbor):
    choose(harbor, keep(harbor, strange(1, harbor)), harbor.lines[2].variant)
    kept = SenderChoice.objects.get()
    with pytest.raises(Rejected):
        forget_sender(harbor.marketplace.pk + 1, kept.pk)
    forget_sender(harbor.marketplace.pk, kept.pk)
    keep(harbor, strange(2, harbor))
    assert open_codes() == {"line_without_vendor"}
    assert PurchaseOrder.objects.filter(vendor__name="Loom").count() == 1


def test_goods_of_no_variant_are_chosen_but_not_remembered(harbor: Harbor):
    line = keep(harbor, strange(1, harbor, gid=None))
    choose(harbor, line, harbor.lines[2].variant)
    assert parts()["Loom"] == [2]
    assert not SenderChoice.objects.exists()


def test_a_listing_comes_before_what_is_remembered(harbor: Harbor):
    choose(harbor, keep(harbor, strange(1, harbor)), harbor.lines[2].variant)
    harbor.lines[1].variant_gid = STRANGE
    harbor.lines[1].save()
    line = keep(harbor, strange(2, harbor))
    assert Reservation.objects.get(order_line=line).variant == harbor.lines[1].variant


def test_strangers_choose_nothing(harbor: Harbor):
    line = keep(harbor, strange(1, harbor))
    other = Marketplace.objects.create(name="Other")
    with pytest.raises(Rejected, match="no such line"):
        choose_sender(other.pk, line.pk, harbor.lines[2].variant_id, LATER, remember=True)
    foreign = VendorVariant.objects.get(pk=harbor.lines[2].variant_id)
    VendorVariant.objects.filter(pk=foreign.pk).update(marketplace=other)
    with pytest.raises(Rejected, match="No vendor has that"):
        choose(harbor, line, foreign)
    assert parts() == {"Kiln": [1]}
    assert not SenderChoice.objects.exists()


def test_a_canceled_order_is_sent_to_nobody(harbor: Harbor):
    order = strange(1, harbor)
    line = keep(harbor, order)
    keep(harbor, replace(order, canceled_at=LATER, updated_at=LATER))
    with pytest.raises(Rejected, match="canceled"):
        choose(harbor, line, harbor.lines[2].variant)


def test_ten_lines_of_nobody_ask_the_memory_once(harbor: Harbor):
    def asked(count: int) -> int:
        order = bought(count, NOW, (harbor.lines[0], 1))
        more = tuple(
            replace(order.lines[0], line_id=f"gid://shopify/LineItem/{count}-{one}",
                    variant_id=f"{STRANGE}{one}")
            for one in range(count)
        )  # fmt: skip
        whole = replace(order, lines=(*order.lines, *more))
        with CaptureQueriesContext(connection) as seen:
            Orders(harbor.marketplace.pk).keep_order(whole, LATER)
        return sum("storage_senderchoice" in one["sql"] for one in seen.captured_queries)

    assert (asked(1), asked(10)) == (1, 1)
