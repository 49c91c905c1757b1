"""Countries by their names, in the reader's language."""

import pytest
from django.utils import translation

from longshore.domain.countries import CODES
from longshore.web.shared.countries import codes_in, country_name


def test_every_country_has_a_name():
    assert {code for code in CODES if country_name(code) == code} == set()


@pytest.mark.parametrize(
    ("language", "name"), [("en", "Czechia"), ("de", "Tschechien"), ("pt-br", "Tchéquia")]
)
def test_a_country_is_named_in_the_readers_language(language: str, name: str):
    with translation.override(language):
        assert country_name("CZ") == name
        assert country_name("cz") == name
        assert codes_in(f"{name.upper()}, Germany") == (("CZ", "DE"), "")


@pytest.mark.parametrize("odd", ["", "XX", "Nowhere", "<b>"])
def test_what_is_no_country_stays_as_it_is(odd: str):
    assert country_name(odd) == odd


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("cz, SK  de", (("CZ", "SK", "DE"), "")),
        ("United Kingdom; us", (("GB", "US"), "")),
        ("", ((), "")),
        (" , ;", ((), "")),
        ("CZ, Atlantis of old, SK", (("CZ",), "Atlantis of old")),
        ("CZ CZ cz", (("CZ",), "")),
    ],
)
def test_countries_are_understood_as_people_write_them(typed: str, found: tuple):
    assert codes_in(typed) == found
