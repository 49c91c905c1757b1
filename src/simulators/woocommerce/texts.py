"""How WordPress shapes texts: slugs, and content as it is shown."""

import re
import unicodedata
from urllib.parse import quote

_LETTERS = str.maketrans(
    {"ß": "s", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "đ": "d", "Đ": "D"}
)
_BLOCKS = "p|ul|ol|li|table|tbody|tr|td|th|div|h[1-6]|blockquote|pre"
_BLOCK = re.compile(rf"</?(?:{_BLOCKS})[ />]")
_AFTER_CLOSING = re.compile(rf"(</(?:{_BLOCKS})>)(?!\n)")
_AFTER_OPENING = re.compile(r"(<(?:ul|ol|table|tbody|tr)>)(?!\n)")


def unaccented(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def slug_of(text: str) -> str:
    """`sanitize_title`: tags and accents removed, other letters percent-encoded."""
    plain = unaccented(re.sub(r"<[^>]*>", "", text)).lower()
    plain = re.sub(r"[\u2018\u2019\u201c\u201d\"'.,:;!?&()/]", "", plain)
    plain = "".join(
        letter if letter.isalnum() or letter in "-_" else " " if letter.isspace() else ""
        for letter in plain
    )
    return quote(re.sub(r"[\s-]+", "-", plain).strip("-")).lower()


def attribute_key(slug: str) -> str:
    """The key of an attribute in links and order lines: `pa_color`, or made from its name."""
    return slug if slug.startswith("pa_") else slug_of(slug)


def option_value(attribute_slug: str, option: str) -> str:
    """A term's slug for a shared attribute, the text itself for a product's own."""
    return slug_of(option) if attribute_slug.startswith("pa_") else option


def shown_content(raw: str) -> str:
    """What `the_content` makes of a text: paragraphs, and a line for each block."""
    if not raw.strip():
        return ""
    if _BLOCK.search(raw) is None:
        return "".join(f"<p>{part}</p>\n" for part in re.split(r"\n{2,}", raw.strip()))
    return _AFTER_OPENING.sub(r"\1\n", _AFTER_CLOSING.sub(r"\1\n", raw))
