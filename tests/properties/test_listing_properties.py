"""Prices, words and writes hold for every input, not only for those somebody thought of."""

from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as some

from longshore.domain.findings import Finding
from longshore.domain.folding import folded
from longshore.domain.listing import Field, Said, after, plan_writes
from longshore.domain.markup import (
    Markup,
    MarkupRule,
    PricedGoods,
    RoundTo,
    first_fitting,
    marked_up,
    rule_problem,
    to_ending,
)
from longshore.domain.ownership import Owner, OwnValues, decide, find_edits
from longshore.domain.pricing import PriceBase, PriceRule, price_variant
from unit.domain.test_catalog import variant

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
amounts = some.decimals(Decimal("0.01"), Decimal(100_000), places=2)
steps = some.sampled_from([Decimal(x) for x in ("0.05", "0.1", "0.5", "1", "5", "10", "100")])
percents = some.decimals(Decimal(-99), Decimal(99), places=1)
endings = some.tuples(some.decimals(0, Decimal("0.99"), places=2), steps)


@given(amounts, endings, some.sampled_from(RoundTo))
def test_an_ending_is_met_exactly_and_never_far_away(amount, ending, round_to):
    last, every = ending[0] % ending[1], ending[1]
    found = to_ending(amount, last, every, round_to)
    assert found > 0
    assert (found - last) % every == 0
    assert abs(found - amount) <= every
    if round_to is RoundTo.UP:
        assert found >= amount
    if round_to is RoundTo.DOWN and found > every:
        assert found <= amount
    if round_to is RoundTo.NEAREST and found > every:
        assert abs(found - amount) * 2 <= every


@given(amounts, endings, some.sampled_from(RoundTo))
def test_an_ending_met_once_stays(amount, ending, round_to):
    last, every = ending[0] % ending[1], ending[1]
    once = to_ending(amount, last, every, round_to)
    assert to_ending(once, last, every, round_to) == once


rules = some.builds(
    MarkupRule,
    rule_id=some.integers(1, 9),
    name=some.text(max_size=3),
    vendor_id=some.none() | some.integers(1, 2),
    category=some.sampled_from(["", "Mugs", "mugs", "Cups"]),
    at_least=some.none() | amounts,
    below=some.none() | amounts,
    markup=some.sampled_from(Markup),
    amount=percents,
    ending=some.none() | some.sampled_from([Decimal("0.99"), Decimal("0.95"), Decimal(0)]),
)


@given(amounts, some.none() | amounts, some.lists(rules, max_size=4), some.booleans())
def test_a_price_is_above_zero_and_a_sale_below_the_regular_price(regular, sale, given_rules, tax):
    store = PriceBase("EUR", tax_included=tax)
    found = price_variant(
        variant(regular_price=regular, sale_price=sale),
        store,
        PriceBase("EUR", tax_included=True),
        PriceRule(tax_factor=Decimal("1.21")),
        NOON,
        [rule for rule in given_rules if not rule_problem(rule)],
        PricedGoods(1, ("MUGS",)),
    )
    if isinstance(found, Finding):
        assert found.code == "price_not_positive"
        return
    assert found.price.amount > 0
    assert found.price == found.price.rounded()
    assert found.compare_at is None or found.compare_at.amount > found.price.amount


@given(amounts, some.lists(rules, max_size=5))
def test_more_is_never_sold_for_less_by_one_rule(amount, given_rules):
    for rule in given_rules:
        if not rule_problem(rule) and rule.markup is not Markup.SET:
            cheap, dear = marked_up(rule, amount), marked_up(rule, amount + 1)
            assert cheap <= 0 or cheap <= dear


@given(amounts, some.lists(rules, max_size=5))
def test_the_first_fitting_rule_does_not_depend_on_those_behind(amount, given_rules):
    goods = PricedGoods(1, ("Mugs",))
    found = first_fitting(given_rules, goods, amount)
    for count in range(len(given_rules) + 1):
        before = first_fitting(given_rules[:count], goods, amount)
        assert before is None or before is found


@given(some.text())
def test_folding_twice_is_folding_once(text):
    assert folded(folded(text)) == folded(text)


latin = some.text(some.characters(categories=("Lu", "Ll"), max_codepoint=0x17E))


@given(latin)
def test_case_never_matters(text):
    assert folded(text.upper()) == folded(text.upper().lower())


words = some.sampled_from(["a", "b", "c", ""])
texts = some.fixed_dictionaries(
    {
        Field.TITLE: words,
        Field.DESCRIPTION: words,
        Field.TAGS: some.lists(words.filter(bool), unique=True, max_size=3),
        Field.IMAGES: some.lists(some.tuples(words, words).map(list), max_size=2),
        Field.STATUS: some.sampled_from(["ACTIVE", "DRAFT"]),
        Field.ON_SALE: some.booleans(),
    }
)
variants = some.dictionaries(
    some.integers(1, 4),
    some.fixed_dictionaries(
        {Field.OPTIONS: some.lists(words, max_size=2), Field.PRICE: words, Field.SKU: words}
    ),
    max_size=4,
)
said = some.builds(Said, texts, variants)


@given(said, said, some.booleans())
def test_after_its_writes_a_listing_says_what_it_shall(wanted, known, linked):
    now = known
    for writing in plan_writes(wanted, known, exists=True, linked=linked):
        now = after(now, writing)
    assert plan_writes(wanted, now, exists=True, linked=linked) == ()


owners = some.dictionaries(
    some.sampled_from([Field.TITLE, Field.TAGS, Field.PRICE, Field.SKU]), some.sampled_from(Owner)
)


@given(said, said, said, owners)
def test_an_edit_on_shopify_is_overwritten_only_where_the_vendor_owns_the_field(
    vendors, known, shown, given_owners
):
    edits = find_edits(shown, known, OwnValues(), given_owners, linked=False)
    wanted = decide(vendors, edits.known, edits.own, given_owners, exists=True, linked=False)
    for name, value in shown.product.items():
        edited = name in known.product and value != known.product[name]
        if edited and given_owners.get(name) is not Owner.VENDOR and (0, name) in edits.kept:
            assert wanted.product[name] == value
        if (0, name) in edits.put_back:
            assert given_owners[name] is Owner.VENDOR
