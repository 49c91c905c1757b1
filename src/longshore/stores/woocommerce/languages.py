"""In which language a product is, and of which product it is the translation.

Measured with Polylang 3.8.7 (recording languages_polylang_verified.json): its free edition filters
no products and names no language; only the permalink tells ("/de/product/..."). WooCommerce
Multilingual lists the default language only, unless asked for `lang=all`, and adds `lang` and
`translations` (the other languages' ids) to each product; that is read in its published sources
and was not seen on a shop. Polylang Pro adds the same two fields (its documentation).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from longshore.ports.stores import ConnectionProfile
from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.wire import Json

WPML = "sitepress-multilingual-cms"


def every_language(profile: ConnectionProfile) -> Mapping[str, str]:
    """What makes lists of products complete where a plugin shows the default language only."""
    several = len(profile.languages) > 1
    return {"lang": "all"} if several and WPML in profile.plugins else {}


@dataclass(frozen=True, slots=True)
class Told:
    """`original_id`: the product in the shop's default language (or the first there is); 0 where
    this is it, or where nobody says.
    """

    language: str
    original_id: int = 0


def told(row: Json, languages: Sequence[str], home: str) -> Told:
    """`languages` of the shop, the default one first; `home` is its address."""
    known = {code.casefold(): code for code in languages}
    own = known.get(wire.text(row.get("lang")).casefold())
    if own is None:
        return Told(_by_permalink(wire.text(row.get("permalink")), known, home) or languages[0])
    return Told(own, _original(row, own, languages, known))


def _by_permalink(permalink: str, known: Mapping[str, str], home: str) -> str | None:
    parts = urlsplit(permalink)
    by_query = dict(parse_qsl(parts.query)).get("lang", "")
    path = parts.path.removeprefix(urlsplit(home).path.rstrip("/")).lstrip("/")
    by_path = path.partition("/")[0]
    return known.get(by_query.casefold()) or known.get(by_path.casefold())


def _original(row: Json, own: str, languages: Sequence[str], known: Mapping[str, str]) -> int:
    """Of the first language in which there is one."""
    product_id = wire.integer(row.get("id")) or 0
    ids = {own: product_id}
    for code, number in wire.mapping(row.get("translations")).items():
        language, found = known.get(str(code).casefold()), wire.integer(number)
        if language is not None and found:
            ids[language] = found
    first = next(ids[code] for code in languages if code in ids)
    return 0 if first == product_id else first
