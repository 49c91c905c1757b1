"""Languages: Polylang's list of them, which needs no key, and what its free edition filters."""

from simulators.woocommerce.jsonish import Json
from simulators.woocommerce.plugins import POLYLANG
from simulators.woocommerce.rest.requests import Answer, Request
from simulators.woocommerce.rest.router import READ, Endpoint, Route, open_to_all
from simulators.woocommerce.shop import Shop

LANGUAGES = (  # code, name, locale, number of its term; the first is the default
    ("en", "English", "en_US", 52),
    ("de", "Deutsch", "de_DE", 55),
    ("nl", "Nederlands", "nl_NL", 59),
)
NOT_SHOWN = ("flag_code", "flag_url", "flag", "custom_flag_url", "custom_flag")


def routes(shop: Shop) -> list[Route]:
    if POLYLANG not in shop.settings.plugins:
        return []
    return [Route("/pll/v1/languages", (Endpoint(READ, languages, open_to_all),))]


def hides_terms(request: Request) -> bool:
    """Polylang filters categories by language, but no products; here no category is translated."""
    asked = request.query.get("lang")
    return bool(asked) and asked != LANGUAGES[0][0] and POLYLANG in request.shop.settings.plugins


def languages(request: Request) -> Answer:
    home = request.shop.home
    found: list[Json] = []
    for place, (code, name, locale, term) in enumerate(LANGUAGES):
        address = f"{home}/" if place == 0 else f"{home}/{code}/"
        body: Json = {"name": name, "slug": code, "term_group": place}
        body |= {"term_id": term, "locale": locale, "is_rtl": False}
        body |= {"w3c": locale.replace("_", "-"), "facebook": locale}
        body |= {"home_url": address, "search_url": address, "host": ""}
        body |= {"page_on_front": 0, "page_for_posts": 0, **dict.fromkeys(NOT_SHOWN, "")}
        body |= {"active": True, "fallbacks": [], "is_default": place == 0}
        body["term_props"] = {
            "language": _counted(term, _rows(request.shop, code)),
            "term_language": _counted(term + 1, 2 if place == 0 else 1),
        }
        found.append(body)
    return Answer(found)


def _counted(term_id: int, count: int) -> Json:
    return {"term_id": term_id, "term_taxonomy_id": term_id, "count": count}


def _rows(shop: Shop, code: str) -> int:
    """Only translated rows have a language of their own."""
    return sum(row.content.get("lang") == code for row in shop.catalog.changed_rows())
