"""What a variation chose, in the words of its product. Old APIs name attributes and options by
their slugs: "Flavour & Style" is `flavour-style`, "Größe 1" is `grose-1` (recordings wc2.2.0_v2,
wc2.6.14_v3, wc2.6.14_wc-v1).
"""

import unicodedata
from collections.abc import Mapping

from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.wire import Json

_LETTERS = str.maketrans({"ß": "s", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "þ": "th", "œ": "oe"})
_GERMAN = str.maketrans({"ß": "ss", "ä": "ae", "ö": "oe", "ü": "ue"})


def named_option(attribute: Json, parent: Json) -> Json:
    """Name and option as the product writes them; as they came where it knows them not."""
    option = wire.text(attribute.get("option"))
    name = wire.text(attribute.get("name"))
    for one in wire.items(parent.get("attributes")):
        known = wire.text(one.get("name"))
        if not _same(known, name):
            continue
        for word in map(wire.text, wire.values(one.get("options"))):
            if _same(word, option):
                return {"name": known, "option": word}
        return {"name": known, "option": option}
    return {"name": name, "option": option}


def _same(word: str, given: str) -> bool:
    if word.casefold() == given.casefold():
        return True
    slug = _slug(given)
    return bool(slug) and slug in {_slug(word), _slug(word, _GERMAN)}


def _slug(word: str, letters: Mapping[int, str] = _LETTERS) -> str:
    """As WordPress makes it: without accents; in a German shop umlauts are written out."""
    plain = unicodedata.normalize("NFKD", word.lower().translate(letters).translate(_LETTERS))
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return "-".join("".join(c if c.isalnum() else " " for c in kept).split())
