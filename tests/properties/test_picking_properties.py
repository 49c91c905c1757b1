"""Whoever gets an order is the best by the rules, whoever asks and in whatever order."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as some

from longshore.domain.sources import Offer, OrderRule, PassedBecause, pick_source, serves

countries = some.sampled_from(["", "CZ", "DE", "SK"])
offers = some.lists(
    some.builds(
        Offer,
        variant_id=some.integers(1, 9),
        vendor=some.sampled_from("ABCDEFGHI"),
        position=some.integers(0, 3),
        units=some.integers(0, 6),
        cost=some.none() | some.integers(0, 4).map(Decimal),
        country=countries,
        served=some.sets(some.sampled_from(["CZ", "DE", "SK"])).map(tuple),
    ),
    max_size=6,
    unique_by=lambda one: one.variant_id,
)
rules = some.lists(some.sampled_from(OrderRule), max_size=5)
asked = some.tuples(some.integers(1, 6), countries, some.none() | some.integers(1, 9))


def better(one: Offer, other: Offer, rule: OrderRule, units: int, country: str) -> bool:
    """Said once more, in other words than the rule's own."""
    match rule:
        case OrderRule.STOCK:
            return min(one.units, units) > min(other.units, units)
        case OrderRule.COUNTRY:
            return country != "" and one.country == country != other.country
        case OrderRule.COST:
            if one.cost is None or other.cost is None:
                return one.cost is not None and other.cost is None
            return one.cost < other.cost
        case OrderRule.PRIORITY:
            return one.position < other.position


@given(offers, rules, asked)
def test_the_first_rule_that_tells_them_apart_is_on_the_winners_side(given_offers, order, ask):
    units, country, current = ask
    found = pick_source(given_offers, order, units=units, country=country, current=current)
    there = [one for one in given_offers if serves(one.served, country)]
    assert (found.offer is None) == (not there)
    if found.offer is None:
        return
    for one in there:
        for rule in order:
            if better(found.offer, one, rule, units, country):
                break
            assert not better(one, found.offer, rule, units, country)


@given(offers, rules, asked, some.randoms())
def test_the_order_in_which_vendors_are_named_says_nothing(given_offers, order, ask, random):
    units, country, current = ask
    mixed = list(given_offers)
    random.shuffle(mixed)
    first = pick_source(given_offers, order, units=units, country=country, current=current)
    other = pick_source(mixed, order, units=units, country=country, current=current)
    assert first.offer == other.offer


@given(offers, rules, asked)
def test_every_vendor_got_it_or_is_told_why_not(given_offers, order, ask):
    units, country, current = ask
    found = pick_source(given_offers, order, units=units, country=country, current=current)
    told = [one.offer.variant_id for one in found.passed]
    told += [found.offer.variant_id] if found.offer else []
    assert sorted(told) == sorted(one.variant_id for one in given_offers)
    for one in found.passed:
        away = one.because is PassedBecause.NOT_SERVED
        assert away != serves(one.offer.served, country)
