"""Every word of a page goes through gettext: a made-up language marks what did."""

import re
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.test import Client
from django.utils.translation import trans_real

from longshore.domain.countries import CODES
from longshore.web.shared.countries import country_name
from support.page_addresses import readable
from support.screens import World

MARKED = re.compile(r"⟦[^⟦⟧]*⟧")
WORD = re.compile(r"[^\W\d_]{3,}")
OURS = "Longshore Shopify WooCommerce WordPress longshore owner https hub example org CET CEST KXA"
EXAMPLE = "Ada Kade Breda"
"""Of the example of how orders are placed: somebody made up, in the Netherlands."""
TOLD = {"aria-label", "data-ask", "placeholder", "title", "alt", "data-done"}


class MarkedLanguage:
    """Stands for a language's catalog: each text comes back in brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message.rpartition(trans_real.CONTEXT_SEPARATOR)[2]}⟧" if message else message

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return f"⟦{singular if number == 1 else plural}⟧"

    def to_language(self) -> str:
        return "en"


class Texts(HTMLParser):
    """What a person reads or hears on a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = [""]
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in {"script", "style", "code", "datalist", "option", "text"}
        self.found += [value or "" for name, value in attrs if name in TOLD]

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"script", "style", "code", "datalist", "option", "text"}

    def handle_data(self, data: str) -> None:
        """One text for the whole page: a sentence may hold bold names and links."""
        if not self._hidden:
            self.found[0] += f" {data}"


@pytest.fixture
def marked(monkeypatch):
    monkeypatch.setattr(trans_real, "translation", lambda _language: MarkedLanguage())
    monkeypatch.setattr(trans_real, "_default", MarkedLanguage())
    monkeypatch.setattr(trans_real, "_active", type("Active", (), {"value": MarkedLanguage()})())


def known_words() -> set[str]:
    """What comes from shops and people is not ours to translate."""
    texts = [OURS, EXAMPLE]
    for model in apps.get_app_config("storage").get_models():
        texts += [str(row) for row in model.objects.values()]
    texts += [str(user) for user in apps.get_model("auth.User").objects.values()]
    texts += [country_name(code) for code in CODES]  # their names are the CLDR's
    return {word.lower() for text in texts for word in WORD.findall(text)}


def untranslated(page: str, known: set[str]) -> set[str]:
    texts = Texts()
    texts.feed(page)
    left = set()
    for text in texts.found:
        while MARKED.search(text):
            text = MARKED.sub(" ", text)  # noqa: PLW2901 - innermost brackets first
        left |= {word for word in WORD.findall(text) if word.lower() not in known}
    return left


def test_every_word_is_translatable(world: World, owner: Client, vendor_person: Client, marked):
    known = known_words()
    pages = [(owner, one.url) for one in readable(world.ids())]
    pages += [(owner, f"/orders/{world.waiting.pk}/"), (owner, f"/vendors/{world.second.pk}/")]
    pages += [(owner, f"/stock/{world.loose_line.pk}/"), (owner, "/products/")]
    portal = [one for one in readable(world.ids(), "vendor") if one.name != "slip"]
    pages += [(vendor_person, one.url) for one in portal]
    pages += [
        (vendor_person, "/my/orders/?show=done"),
        (owner, "/you/"),
        (Client(), "/guide/keys/"),
    ]
    pages += [
        (Client(), "/join/nobody/"),
        (Client(), "/account/login/"),
        (owner, "/orders/999999/"),
    ]
    wrong = {
        url: words
        for client, url in pages
        if (words := untranslated(client.get(url).content.decode(), known))
    }
    assert not wrong


def test_a_word_that_was_forgotten_would_be_found(marked):
    page = '<p>⟦Known⟧ <b>forgotten</b> <i aria-label="heard">7</i><code>code</code></p>'
    assert untranslated(page, set()) == {"forgotten", "heard"}
