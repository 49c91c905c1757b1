"""What calls cost, on documents of every shape."""

import pytest
from graphql import parse

from simulators.shopify.cost import actual, requested

CLOSE = "returnClose(id: 1) { return { id } }"
ONE = "{ shop { name plan { shopifyPlus } } }"


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("{ shop { name } }", 1),
        (ONE, 2),
        ("{ node(id: 1) { id } }", 1),
        ("{ products(first: 1) { nodes { id } } }", 3),
        ("{ products(first: 50) { nodes { id } pageInfo { hasNextPage } } }", 9),
        ("{ products(first: 50) { edges { cursor node { id } } } }", 9),
        ("{ products(first: 50) { nodes { id seo { title } } } }", 2 + 7 * 2),
        ("query($n: Int = 50) { products(first: $n) { nodes { id } } }", 9),
        ("query { ...A } fragment A on QueryRoot { shop { name } }", 1),
        ("{ node(id: 1) { ... on Product { seo { title } } ... on Order { closed } } }", 2),
        ("{ order(id: 1) { risk { recommendation } shippingAddress { city } } }", 3),
        ("mutation { tagsAdd(id: 1, tags: []) { node { id } userErrors { message } } }", 10),
        (f"mutation {{ a: {CLOSE} b: {CLOSE} }}", 20),
    ],
)  # fmt: skip
def test_what_is_asked_for(text: str, points: int):
    assert requested(parse(text), {}) == points


def test_what_was_found_is_paid_for():
    document = parse("{ products(first: 250) { nodes { id } } order(id: 1) { risk { recommendation"
                     " } } }")  # fmt: skip
    (operation,) = document.definitions
    none = {"products": {"nodes": []}, "order": None}
    assert actual(document, {}, operation, none) == 2
    some = {"products": {"nodes": [{}] * 10}, "order": {"risk": {}}}
    assert actual(document, {}, operation, some) == 2 + 4 + 2
    assert requested(document, {}) == 2 + 11 + 2
