import pytest

from longshore.stores.woocommerce.languages import Told, told

HOME = "https://shop.example/store"
LANGUAGES = ("en", "de", "pt-br")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"id": 1, "permalink": f"{HOME}/product/bowl/"}, Told("en")),
        ({"id": 1, "permalink": f"{HOME}/de/product/bowl/"}, Told("de")),
        ({"id": 1, "permalink": f"{HOME}/PT-BR/product/bowl/"}, Told("pt-br")),
        ({"id": 1, "permalink": f"{HOME}/?product=bowl&lang=de"}, Told("de")),
        ({"id": 1, "permalink": f"{HOME}/design/bowl/"}, Told("en")),
        ({"id": 1}, Told("en")),
        ({"id": 1, "lang": "xx", "permalink": f"{HOME}/de/bowl/"}, Told("de")),
        ({"id": 9, "lang": "de", "translations": {"en": "4", "de": "9"}}, Told("de", 4)),
        ({"id": 9, "lang": "de", "translations": {"en": 4}}, Told("de", 4)),
        ({"id": 4, "lang": "en", "translations": {"de": 9}}, Told("en")),
        ({"id": 9, "lang": "de", "translations": []}, Told("de")),
        ({"id": 9, "lang": "pt-br", "translations": {"de": 7}}, Told("pt-br", 7)),
        ({"id": 9, "lang": "de", "translations": {"en": None, "fr": 3}}, Told("de")),
    ],
)
def test_language_and_original(row, expected):
    assert told(row, LANGUAGES, HOME) == expected
