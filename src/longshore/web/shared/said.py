"""Sentences of the rooms that know no gettext, in the reader's language. They come as finished
English, fresh from an error or stored long ago, and are known again by their shape: the catalog
holds each as it stands in the code, its values as {names} (`tools/core_texts.py` collects them).
"""

import re
from functools import cache
from string import Formatter
from typing import NamedTuple

from django.utils import translation
from django.utils.translation import pgettext, trans_real

CONTEXT = "said"
"""Apart from the words of pages, so that what a shop calls "Home" is never taken for one."""
DEEPEST = 3
LONGEST = 2000
_BEGIN = CONTEXT + trans_real.CONTEXT_SEPARATOR


class Shape(NamedTuple):
    text: str
    match: re.Pattern[str]


def said(text: str, depth: int = 0) -> str:
    """The sentence in the active language; as it came where nobody translated it."""
    if not text or len(text) > LONGEST:
        return text
    exact = pgettext(CONTEXT, text)
    if exact != text:
        return exact
    for shape in _shapes(translation.get_language() or "", trans_real.catalog()):
        found = shape.match.fullmatch(text)
        if found and depth < DEEPEST:
            values = {name: said(value, depth + 1) for name, value in found.groupdict().items()}
            return pgettext(CONTEXT, shape.text).format(**values)
    return text


@cache
def _shapes(_language: str, catalog: object) -> tuple[Shape, ...]:
    """Of the sentences with values, the most telling first; none for English, which has no
    catalog of its own.
    """
    held = getattr(catalog, "_catalog", {})  # what Django's own catalog view reads, too
    texts = [key.removeprefix(_BEGIN) for key in held.keys() if _telling(key)]  # noqa: SIM118 - it is no mapping
    shapes = [Shape(text, re.compile(_pattern(text), re.DOTALL)) for text in texts]
    return tuple(sorted(shapes, key=lambda one: -_told(one.text)))


def _telling(key: object) -> bool:
    return isinstance(key, str) and key.startswith(_BEGIN) and "{" in key


def _pattern(text: str) -> str:
    parts: list[str] = []
    seen: set[str] = set()
    for literal, name, _spec, _conversion in Formatter().parse(text):
        parts.append(re.escape(literal))
        if name:
            parts.append(f"(?P={name})" if name in seen else f"(?P<{name}>.+?)")
            seen.add(name)
    return "".join(parts)


def _told(text: str) -> int:
    """How much of it is the sentence's own."""
    return sum(len(literal) for literal, *_rest in Formatter().parse(text))
