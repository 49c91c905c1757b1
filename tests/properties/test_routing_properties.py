"""Every line of an order lands exactly once, whatever the order looks like."""

from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as some

from longshore.domain.fulfillment import plan_fulfillment
from longshore.domain.money import Money
from longshore.domain.orders import (
    FulfillmentOrder,
    FulfillmentOrderLine,
    OrderLine,
    Payment,
    StorefrontOrder,
)
from longshore.domain.routing import Source, split

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PRICE = Money(Decimal(10), "EUR")
variants = some.none() | some.sampled_from(["a", "b", "c", "d", "nobody's"])
parts = some.tuples(variants, some.integers(0, 5), some.booleans(), some.booleans())
sources = some.dictionaries(
    some.integers(0, 11).map(str),
    some.builds(Source, some.integers(1, 3), some.integers(1, 3), some.integers(1, 9)),
)


def order(lines: list[tuple[str | None, int, bool, bool]]) -> StorefrontOrder:
    return StorefrontOrder(
        order_id="1",
        name="#1",
        created_at=NOON,
        updated_at=NOON,
        canceled_at=None,
        payment=Payment.PAID,
        test=False,
        currency="EUR",
        email="",
        shipping_address=None,
        shipping_title="",
        shipping_price=PRICE,
        note="",
        lines=tuple(
            OrderLine(str(number), variant, "x", "", units, PRICE, ships, card)
            for number, (variant, units, ships, card) in enumerate(lines)
        ),
    )


@given(some.lists(parts, max_size=12), sources, some.sets(some.integers(0, 11).map(str)))
def test_every_line_lands_exactly_once(lines, known, own):
    one = order(lines)
    found = split(one, known, own)
    landed = Counter(routed.line.line_id for part in found.parts.values() for routed in part)
    landed.update(left.line.line_id for left in found.left_out)
    landed.update(line.line_id for line in found.without_vendor)
    assert landed == Counter(line.line_id for line in one.lines)


@given(some.lists(parts, max_size=12), sources)
def test_a_part_holds_only_its_own_stores_goods(lines, known):
    for store_id, part in split(order(lines), known).parts.items():
        assert part
        for routed in part:
            assert routed.source == known[routed.line.line_id]
            assert routed.source.store_id == store_id
            assert routed.line.quantity > 0


work_lines = some.lists(
    some.tuples(some.sampled_from("xyz"), some.integers(0, 5)), max_size=4, unique_by=lambda p: p[0]
)
works = some.lists(
    some.tuples(some.sampled_from(["north", "south", None]), some.booleans(), work_lines),
    max_size=4,
)


@given(some.dictionaries(some.sampled_from("xyz"), some.integers(0, 9)), works)
def test_what_is_shipped_is_told_or_named_as_missing(wanted, given_works):
    orders = [
        FulfillmentOrder(
            str(number),
            "OPEN",
            place,
            may,
            tuple(FulfillmentOrderLine(f"{number}{line}", line, left) for line, left in lines),
        )
        for number, (place, may, lines) in enumerate(given_works)
    ]
    plan = plan_fulfillment(wanted, orders)
    told: Counter[str] = Counter()
    places = [call.location_id for call in plan.calls]
    assert len(places) == len(set(places))
    for call in plan.calls:
        for number, line, units in call.goods:
            assert orders[int(number)].location_id == call.location_id
            assert orders[int(number)].can_fulfill
            assert units > 0
            told[line.removeprefix(number)] += units
    for line, units in wanted.items():
        assert told[line] + plan.missing.get(line, 0) == units
