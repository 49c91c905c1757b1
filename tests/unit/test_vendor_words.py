"""Vendors are told in a shop owner's words, on their pages and in letters."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from longshore import web

WEB = Path(web.__file__).parent
PLACES = (
    "templates/vendor/*.html", "templates/open/*.html", "templates/mail/*", "templates/portal.html",
    "templates/account/*.html", "templates/account/email/*", "templates/_*.html", "vendor/*.py",
    "shared/portal_words.py", "shared/ship_forms.py", "shared/shipping.py", "shared/trial_words.py",
    "shared/reconnect.py", "shared/check_words.py", "shared/joining.py", "shared/pasting.py",
    "shared/packing_slip.py",
    "../wiring/letters.py", "../wiring/reminders.py", "../wiring/order_messages.py",
)  # fmt: skip
BUILDERS = re.compile(
    r"\b(?:PO|API|HTTP \d+"
    r"|(?i:webhooks?|sync(?:ed|ing)?|synchroni[sz]\w*|payload|endpoint|feed|cron|json|tokens?|dialect"
    r"|metafield|listings?|queue|worker|backend|timeout|exception|variants?))\b"
)
BY_NAME = ("REST API",)
"""What WooCommerce itself writes on the tab that a shop owner must press."""
SAID = re.compile(
    r"{%\s*translate\s+(\"[^\"]*\"|'[^']*')|{%\s*blocktranslate[^%]*%}(.*?){%\s*endblocktranslate",
    re.DOTALL,
)
GETTEXT = frozenset({"_", "gettext", "gettext_lazy", "ngettext"})


def said(path: Path) -> Iterator[str]:
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        yield from ("".join(found) for found in SAID.findall(source))
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in GETTEXT:
            yield from (str(one.value) for one in node.args if isinstance(one, ast.Constant))


def builders_words(text: str) -> list[str]:
    for name in BY_NAME:
        text = text.replace(name, "")
    return BUILDERS.findall(text)


@pytest.mark.parametrize("place", PLACES)
def test_vendors_are_told_in_their_own_words(place: str):
    texts = [text for path in WEB.glob(place) for text in said(path)]
    assert texts or place.endswith(("_*.html", "portal.html", "email/*"))
    assert {text for text in texts if builders_words(text)} == set()


def test_a_builders_word_would_be_found(tmp_path):
    page = tmp_path / "x.html"
    page.write_text(
        "{% translate 'The webhook failed' %}{% blocktranslate %}Sync{% endblocktranslate %}"
    )
    assert [builders_words(text) for text in said(page)] == [["webhook"], ["Sync"]]
    assert builders_words("WooCommerce, Settings, REST API") == []
