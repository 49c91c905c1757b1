"""The icons of all pages in one cached file; a page only names them."""

import hashlib
import re
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe
from lucide.templatetags.lucide import lucide

NAMES = frozenset(
    {
        "arrow-left",
        "ban",
        "boxes",
        "check",
        "check-check",
        "chevron-down",
        "chevron-right",
        "circle",
        "circle-check",
        "circle-pause",
        "clock",
        "copy",
        "download",
        "external-link",
        "history",
        "house",
        "inbox",
        "key-round",
        "loader-circle",
        "log-out",
        "menu",
        "minus",
        "octagon-x",
        "package",
        "package-search",
        "pencil",
        "plus",
        "refresh-cw",
        "search",
        "send",
        "shopping-bag",
        "shopping-cart",
        "sliders-horizontal",
        "store",
        "tag",
        "triangle-alert",
        "truck",
        "user-round",
        "users",
        "x",
    }
)
"""Every icon that a page may name; the package has 1,500, and all of them would be too many."""

STATES = {
    "ok": "circle-check",
    "wait": "clock",
    "need": "triangle-alert",
    "stop": "octagon-x",
    "off": "circle-pause",
}
"""Each state has an outline of its own: it is told apart without its color."""

MARK = (
    '<symbol id="mark" viewBox="0 0 24 24"><path d="M12 3v10M8 6.5h8M3 14c2 0 2 1.6 4.5 1.6S10 14 '
    '12 14s2 1.6 4.5 1.6S19 14 21 14M6 20h12"/></symbol>'
)
FOREVER = "public, max-age=31536000, immutable"


def icon(name: str, extra: str = "") -> SafeString:
    """An icon of the text's size; screen readers pass over it. Raises KeyError for a name that is
    not in NAMES, so that a typing mistake is found by the first test that draws the page.
    """
    if name not in NAMES and name != "mark":
        raise KeyError(f"no icon {name!r}: add it to NAMES")
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f"i {extra}".strip(),
        _address(),
        name,
    )


@require_safe
def icons(request: HttpRequest, digest: str) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The file. An old page's address gets today's icons, but is not told to keep them."""
    drawn, current = _drawn()
    answer = HttpResponse(drawn, content_type="image/svg+xml")
    answer.headers["Cache-Control"] = FOREVER if digest == current else "no-store"
    return answer


@cache
def _drawn() -> tuple[str, str]:
    symbols = [_symbol(name) for name in sorted(NAMES)]
    text = f'<svg xmlns="http://www.w3.org/2000/svg">{MARK}{"".join(symbols)}</svg>'
    return text, hashlib.sha256(text.encode()).hexdigest()[:12]


@cache
def _address() -> str:
    return reverse("icons", args=[_drawn()[1]])


def _symbol(name: str) -> str:
    drawn = re.sub(r"^<svg[^>]*>|</svg>$", "", str(lucide(name, size=None)).strip())
    inner = re.sub(r">\s+<", "><", drawn.strip())
    return f'<symbol id="{name}" viewBox="0 0 24 24">{inner}</symbol>'
