"""Countries by their names in the reader's language, as the Unicode CLDR has them (Babel)."""

import re
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language

from longshore.domain.countries import CODES

ENGLISH = "en"
WORDS = re.compile(r"[,;\n]+")


def country_name(code: str) -> str:
    """Czechia for CZ; what is no country's code stays as it is."""
    return _names(get_language() or ENGLISH).get(code.strip().upper(), code)


def codes_in(text: str) -> tuple[tuple[str, ...], str]:
    """(codes, "") of countries as people write them: "cz, SK", "Czechia; Germany", "de at"; or
    (those before it, the first word that is none).
    """
    found: dict[str, None] = {}
    for piece in WORDS.split(text):
        whole = " ".join(piece.split())
        for word in [whole] if _code(whole) else whole.split():
            code = _code(word)
            if not code:
                return tuple(found), whole
            found[code] = None
    return tuple(found), ""


def _code(word: str) -> str:
    if word.upper() in CODES:
        return word.upper()
    spoken = word.casefold()
    return _codes(get_language() or ENGLISH).get(spoken) or _codes(ENGLISH).get(spoken, "")


@lru_cache(maxsize=32)
def _names(language: str) -> dict[str, str]:
    try:
        known = Locale.parse(language, sep="-").territories
    except (UnknownLocaleError, ValueError):
        known = Locale.parse(ENGLISH).territories
    return {code: known.get(code, code) for code in CODES}


@lru_cache(maxsize=32)
def _codes(language: str) -> dict[str, str]:
    return {name.casefold(): code for code, name in _names(language).items()}
