"""The table of rules: each has a source and a naive test, assumptions are listed as such, and the
page about the simulated shop tells them all.
"""

import ast
from collections import Counter
from pathlib import Path

import pytest

from simulators.shopify.rules import ASSUMPTIONS, MARKS, ROOMS, RULES, Rule

HERE = Path(__file__).parent
PAGE = Path(__file__).parents[3] / "docs" / "howto" / "simulated-shopify.md"


def naive_tests() -> Counter[str]:
    """By rule, how many tests are marked with it."""
    found: Counter[str] = Counter()
    for file in HERE.glob("test_rules_*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef):
                found.update(
                    mark.args[0].value
                    for mark in node.decorator_list
                    if isinstance(mark, ast.Call)
                    and isinstance(mark.func, ast.Name)
                    and mark.func.id == "naive"
                    and isinstance(mark.args[0], ast.Constant)
                )
    return found


def test_every_rule_has_its_naive_test_and_every_naive_test_its_rule():
    assert set(naive_tests()) == {rule.name for rule in RULES}
    assert max(naive_tests().values()) == 1


def test_names_are_told_once():
    assert max(Counter(rule.name for rule in RULES).values()) == 1


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_is_a_sentence_with_a_source(rule: Rule):
    assert rule.mark in MARKS
    assert rule.where
    assert rule.says.endswith(".")


def test_assumptions_are_those_marked_as_inferred():
    assert {rule.name for rule in ASSUMPTIONS} == {r.name for r in RULES if r.mark == "I"}


def test_the_page_tells_every_rule_and_every_assumption():
    text = PAGE.read_text()
    assert [rule.name for rule in RULES if f"| `{rule.name}` |" not in text] == []
    told, _, assumed = text.partition("## Assumptions")
    assert [rule.name for rule in ASSUMPTIONS if f"| `{rule.name}` |" not in assumed] == []
    assert [r.name for r in RULES if not r.inferred and f"| `{r.name}` |" not in told] == []
    assert [room for room in ROOMS if f"### {room}" not in text] == []


def test_the_page_is_as_it_would_be_written_now():
    from simulators.shopify.rules.page import written

    assert PAGE.read_text() == written(), "run python -m simulators.shopify.rules.page"
