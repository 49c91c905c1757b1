"""Notes of an order, where tools of the cloud leave a number (ShipStation, Royal Mail, Shippo,
Pirate Ship, Dokan, WCFM; wordings read in the plugins that write or read them). They are translated
and free text: what is found here is only ever a suggestion.
"""

import re
from collections.abc import Sequence
from html import unescape

from longshore.domain.parcel_numbers import carrier_of
from longshore.domain.tracking import Tracking
from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.plugins import shapes
from longshore.stores.woocommerce.wire import Json

LONGEST = 4_000
_ABOUT = re.compile(
    r"(?i)track|shipped|des?patched|consignment|shipping number|sendung|suivi|seguimiento|rastre"
)
_NOT = re.compile(r"(?i)removed|deleted|cancel|packet claim|return label|label for packet")
_LINK = re.compile(r"""(?is)<a\s[^>]*href=["']([^"']+)["'][^>]*>(.*?)</a>""")
_SAID = re.compile(
    r"(?i)(?:tracking|shipping|consignment)\s*(?:number|code|no\.?)s?\s*(?:is)?\s*[:#]?\s*"
    r"([a-z0-9][a-z0-9-]{5,39})\b"
)
_VIA = re.compile(r"(?i)(?:shipped (?:via|with)|provider:|despatched via)\s+([\w .&-]{2,40}?)"
                  r"(?=\s+(?:on|and|with)\b|[.,;\n]|$)")  # fmt: skip
_WORD = re.compile(r"\b[A-Z0-9]{9,35}\b")


def rows_of(answer: object) -> Sequence[Json]:
    """The notes of the route's answer; the old APIs put them into an envelope."""
    return wire.items(wire.mapping(answer).get("order_notes", answer))


def suggestion(notes: Sequence[Json]) -> Tracking | None:
    """The number in the newest note that has one."""
    newest = sorted(notes, key=lambda note: wire.integer(note.get("id")) or 0, reverse=True)
    for note in newest:
        text = wire.text(note.get("note"))[:LONGEST]
        if _ABOUT.search(text) and not _NOT.search(text):
            found = _in(text)
            if found is not None:
                return found
    return None


def _in(text: str) -> Tracking | None:
    plain = unescape(re.sub(r"<[^>]+>", " ", re.sub(r"(?i)<br\s*/?>", "\n", text)))
    via = _VIA.search(plain)
    carrier = via[1].strip() if via else ""
    for url, inner in _LINK.findall(text):
        number = shapes.number(unescape(re.sub(r"<[^>]+>", "", inner)))
        link = shapes.link(unescape(url))
        if number and link and any(mark.isdigit() for mark in number):
            return _suggested(number, carrier, link)
    said = _SAID.search(plain)
    if said and any(mark.isdigit() for mark in said[1]):
        return _suggested(said[1], carrier, "")
    for word in _WORD.findall(plain):
        if carrier_of(word):
            return _suggested(word, carrier, "")
    return None


def _suggested(number: str, carrier: str, url: str) -> Tracking:
    return Tracking(f"note:{number}", number, carrier or carrier_of(number), url)
