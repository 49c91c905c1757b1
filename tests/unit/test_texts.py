"""Every text of a template goes through gettext, whatever a page shows of it, and can be collected
into a language's catalog.
"""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings

from longshore import web
from tools.messages import domain_texts, listed

TEMPLATES = Path(web.__file__).parent / "templates"
FOR_BUILDERS = ("gallery.html", "gallery/", "allauth/elements/")
"""Not for those who use a marketplace, or nothing but tags: no texts to translate."""
BLOCKS = re.compile(
    r"{%\s*block (?:kind|width)\s*%}.*?{%\s*endblock\s*%}|"  # classes, not texts
    r"{%-?\s*(?:blocktranslate|blocktrans)\b.*?{%\s*end(?:blocktranslate|blocktrans)\s*%}"
    r"|{%\s*comment\b.*?{%\s*endcomment\s*%}|{#.*?#}|{%.*?%}|{{.*?}}",
    re.DOTALL,
)
WORD = re.compile(r"[^\W\d_]{3,}")
NAMES = frozenset({"longshore", "woocommerce", "wordpress", "shopify", "owner", "eur"})
TOLD = {"aria-label", "placeholder", "title", "alt", "data-done", "label", "lead", "words", "more"}
SILENT = frozenset({"script", "style", "code", "text", "meta"})
"""`text` stands in drawings of WordPress, whose words are WordPress's own."""
VOID = frozenset({"meta", "input", "br", "hr", "img", "link"})


class Bare(HTMLParser):
    """Words that stand in a template itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._inside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside += tag in SILENT - VOID
        for name, value in attrs:
            if name in TOLD:
                self._look(value or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self._inside -= tag in SILENT - VOID

    def handle_endtag(self, tag: str) -> None:
        self._inside -= tag in SILENT - VOID

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self._look(data)

    def _look(self, text: str) -> None:
        self.found |= {word for word in WORD.findall(text) if word.lower() not in NAMES}


def bare(template: str) -> set[str]:
    reader = Bare()
    reader.feed(BLOCKS.sub(" ", template))
    return reader.found


def templates() -> list[str]:
    every = (str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
    return sorted(name for name in every if not name.startswith(FOR_BUILDERS))


@pytest.mark.parametrize("name", templates())
def test_no_template_holds_a_bare_text(name: str):
    assert bare((TEMPLATES / name).read_text(encoding="utf-8")) == set()


def test_a_bare_text_would_be_found():
    given = """<c-head title="{% translate 'Known' %}" lead="Forgotten">{# note #}<code>in</code>
    {% blocktranslate %}also known{% endblocktranslate %}<b>loose</b> {{ value }}"""
    assert bare(given) == {"Forgotten", "loose"}


@pytest.mark.parametrize("name", templates())
def test_gettext_can_read_every_template(name: str):
    """What makemessages does with it before GNU gettext sees it; it raises where it cannot."""
    if not settings.configured:
        settings.configure(USE_I18N=True)
    from django.utils.translation.template import templatize

    templatize((TEMPLATES / name).read_text(encoding="utf-8"), origin=name)


def test_the_words_of_the_domain_are_collected_too():
    texts = set(domain_texts())
    assert "{product} is not public in the shop ({status})." in texts
    assert "The whole site asks for a password." in texts
    assert len(texts) > 150
    compile(listed(), "listed", "exec")
