from dataclasses import replace
from decimal import Decimal

import pytest

from longshore.domain.folding import folded
from longshore.domain.listing import Metafield
from longshore.domain.mapping import (
    Comparison,
    ImportRule,
    NameKind,
    NameRule,
    Names,
    Subject,
    filled,
    kept_out_because,
    merged_options,
    rule_problem,
    template_problem,
)
from longshore.domain.stock import StockStatus, StoreStock
from unit.domain.test_catalog import product, variant

MUG = replace(product(), name="Blue Mug", categories=("Küche", "Mugs"), tags=("New",), brand="Fern")
VENDOR = 7


def rule(
    subject: Subject = Subject.CATEGORY,
    value: str = "mugs",
    comparison: Comparison = Comparison.IS,
    *,
    include: bool = False,
    **changes: object,
) -> ImportRule:
    return ImportRule(1, include, subject, comparison, value, **changes)


def kept_out(*rules: ImportRule, stock: int | None = 5, price: str = "10") -> str:
    counted = StoreStock(stock is not None, stock, StockStatus.IN_STOCK)
    found = kept_out_because(
        MUG, [variant(regular_price=Decimal(price), stock=counted)], rules, VENDOR
    )
    return found.code if found else ""


@pytest.mark.parametrize(
    ("one", "code"),
    [
        (rule(), "kept_out_by_rule"),
        (rule(value="KÜCHE"), "kept_out_by_rule"),
        (rule(value="Cups"), ""),
        (rule(Subject.TAG, " new "), "kept_out_by_rule"),
        (rule(Subject.BRAND, "fern"), "kept_out_by_rule"),
        (rule(Subject.TYPE, "Variable"), "kept_out_by_rule"),
        (rule(Subject.NAME, "mug", Comparison.CONTAINS), "kept_out_by_rule"),
        (rule(Subject.NAME, "mug"), ""),
        (rule(Subject.PRICE, "10", Comparison.AT_LEAST), "kept_out_by_rule"),
        (rule(Subject.PRICE, "10", Comparison.BELOW), ""),
        (rule(Subject.PRICE, "10.00"), "kept_out_by_rule"),
        (rule(Subject.STOCK, "6", Comparison.BELOW), "kept_out_by_rule"),
        (rule(Subject.STOCK, "5", Comparison.BELOW), ""),
        (rule(vendor_id=8), ""),
        (rule(vendor_id=VENDOR), "kept_out_by_rule"),
        (rule(include=True), ""),
        (rule(value="Cups", include=True), "not_included"),
        (rule(value="Cups", include=True, vendor_id=8), ""),
    ],
)
def test_a_rule_alone(one, code):
    assert kept_out(one) == code


def test_the_first_rule_that_fits_decides():
    assert kept_out(rule(include=True), rule()) == ""
    assert kept_out(rule(), rule(include=True)) == "kept_out_by_rule"


def test_what_is_not_counted_has_no_stock_to_compare():
    assert kept_out(rule(Subject.STOCK, "1", Comparison.BELOW), stock=None) == ""


@pytest.mark.parametrize(
    "one",
    [
        rule(value=" "),
        rule(Subject.PRICE, "cheap"),
        rule(Subject.PRICE, "NaN"),
        rule(Subject.NAME, "a", Comparison.BELOW),
        rule(Subject.STOCK, "1", Comparison.CONTAINS),
    ],
)
def test_rules_that_make_no_sense_are_told(one):
    assert rule_problem(one)


def names(*rules: tuple[NameKind, str, str]) -> Names:
    return Names([NameRule(kind, source, target) for kind, source, target in rules], VENDOR)


def test_words_become_others_whatever_their_case():
    mapped = names((NameKind.TAG, "neu", "new"), (NameKind.TAG, "ALT", ""))
    assert mapped.tags(("NEU", "Alt", "blau", "Blau"), ()) == ("new", "blau")


def test_a_category_brings_a_type_and_a_tag():
    mapped = names((NameKind.CATEGORY, "mugs", "Drinkware"), (NameKind.CATEGORY_TAG, "MUGS", "mug"))
    assert mapped.product_type(("Kitchen", "Mugs")) == "Drinkware"
    assert mapped.product_type(("Kitchen", "Cups")) == "Kitchen"
    assert mapped.product_type(()) == ""
    assert mapped.tags((), ("Mugs",)) == ("mug",)


def test_attributes_become_metafields():
    mapped = names(
        (NameKind.METAFIELD, "material", "custom.material"), (NameKind.METAFIELD, "x", "bad")
    )
    found = mapped.metafields((("Material", ("Clay", "Glaze")), ("X", ("1",)), ("Y", ("2",))))
    assert found == (Metafield("custom", "material", "single_line_text_field", "Clay, Glaze"),)


OPTIONS = (("Color", "Red"), ("Material", "Wool"), ("Size", "L"), ("Cut", "Slim"))


def test_too_many_options_are_merged_by_rule():
    merged = merged_options(OPTIONS, [("color", "MATERIAL")], 3)
    assert merged == (("Color / Material", "Red / Wool"), ("Size", "L"), ("Cut", "Slim"))


def test_enough_options_stay_as_they_are():
    assert merged_options(OPTIONS[:3], [("Color", "Material")], 3) == OPTIONS[:3]


def test_a_merge_without_all_its_options_is_none():
    assert merged_options(OPTIONS, [("Color", "Pattern")], 3) == OPTIONS


def test_templates():
    words = {"title": "Mug", "brand": "A & B", "description": "<p>Hi</p>"}
    assert filled("{title}  by {brand}", words) == "Mug by A & B"
    assert filled("<b>{brand}</b>{description}", words, html=True) == "<b>A &amp; B</b><p>Hi</p>"
    assert template_problem("{title} {colour}", frozenset({"title"})) == (
        "{colour} is not known here. Known are {title}."
    )
    assert template_problem("{title}", frozenset({"title"})) == ""


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("STRASSE", "straße"),
        ("İstanbul", "i̇STANBUL"),
        ("Café", "CAFE\u0301"),
        ("ﬁn", "FIN"),
        ("  a   b ", "A B"),
        ("Ὀδυσσεύς", "ὈΔΥΣΣΕΎΣ"),
    ],
)
def test_two_spellings_of_one_word_fold_the_same(left, right):
    assert folded(left) == folded(right)
