"""Options of variations in the words of their product, where an API names them by slugs."""

import pytest

from longshore.stores.woocommerce.dialects.options import named_option

PRODUCT = {
    "attributes": [
        {"name": "Flavour & Style", "options": ["Option 1", "Crème brûlée"]},
        {"name": "Größe", "options": ["Größe 1", "Extra groß"]},
        {"name": "Color", "options": ["Red", "日本"]},
    ]
}


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (("Color", "red"), ("Color", "Red")),
        (("color", "Red"), ("Color", "Red")),
        (("flavour-style", "creme-brulee"), ("Flavour & Style", "Crème brûlée")),
        (("grose", "grose-1"), ("Größe", "Größe 1")),
        (("groesse", "extra-gross"), ("Größe", "Extra groß")),
        (("color", "日本"), ("Color", "日本")),
        (("color", "green"), ("Color", "green")),
        (("color", ""), ("Color", "")),
        (("material", "wool"), ("material", "wool")),
    ],
)
def test_an_option_is_named_as_its_product_writes_it(
    given: tuple[str, str], shown: tuple[str, str]
):
    found = named_option({"name": given[0], "option": given[1]}, PRODUCT)
    assert (found["name"], found["option"]) == shown
