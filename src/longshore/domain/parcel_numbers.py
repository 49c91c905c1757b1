"""What is true about parcels' numbers: which carrier made one, told by its form and check digit
from public standards (UPU S10, UPS 1Z, USPS IMpb with GS1's modulo 10). A form that several
carriers use tells nothing.
"""

import re

_S10 = re.compile(r"[A-Z]{2}\d{9}[A-Z]{2}")
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_UPS = re.compile(r"1Z[0-9A-Z]{16}")
_USPS = re.compile(r"9[1-5]\d{20}")
_FORMS = (
    (re.compile(r"3S[A-Z0-9]{11,15}"), "PostNL"),
    (re.compile(r"(?:JJD|JVGL)\d{15,20}|00340\d{15}"), "DHL"),
    (re.compile(r"1LS\d{12}(?:-\d)?"), "OnTrac"),
    (re.compile(r"Z\d{10}"), "Packeta"),
)
_POSTS = {
    "AT": "Österreichische Post",
    "AU": "Australia Post",
    "BE": "BPost",
    "BR": "Correios",
    "CA": "Canada Post",
    "CH": "Swiss Post",
    "CN": "China Post",
    "CY": "Cyprus Post",
    "DE": "Deutsche Post",
    "DK": "PostNord DK",
    "ES": "Correos",
    "FR": "La Poste Colissimo",
    "GB": "Royal Mail",
    "IE": "An Post",
    "IL": "Israel Post",
    "IN": "India Post",
    "IS": "Iceland Post",
    "IT": "Poste Italiane",
    "JP": "Japan Post (EN)",
    "LT": "Lietuvos Paštas",
    "LV": "Latvia Post",
    "NL": "PostNL",
    "NO": "PostNord NO",
    "NZ": "New Zealand Post",
    "PT": "CTT",
    "SE": "PostNord SE",
    "SG": "Singapore Post",
    "TR": "PTT",
    "US": "USPS",
}
"""The post of the country at the end of an S10 number."""


def bare(number: str) -> str:
    """Without the spaces and dots that people write into it."""
    return re.sub(r"[\s.]", "", number).upper()


def carrier_of(number: str) -> str:
    """The carrier that a number can only be from, "" where its form does not tell."""
    text = bare(number)
    if _S10.fullmatch(text):
        return _POSTS.get(text[-2:], "") if _s10_adds_up(text) else ""
    if _UPS.fullmatch(text):
        return "UPS" if _ups_adds_up(text) else ""
    if _USPS.fullmatch(text):
        return "USPS" if _modulo_10(text) else ""
    return next((carrier for form, carrier in _FORMS if form.fullmatch(text)), "")


def _s10_adds_up(text: str) -> bool:
    total = sum(int(d) * w for d, w in zip(text[2:10], _S10_WEIGHTS, strict=True))
    check = 11 - total % 11
    return int(text[10]) == {10: 0, 11: 5}.get(check, check)


def _ups_adds_up(text: str) -> bool:
    if not text[-1].isdigit():
        return False
    values = [int(c) if c.isdigit() else (ord(c) - 63) % 10 for c in text[2:-1]]
    total = sum(values[::2]) + 2 * sum(values[1::2])
    return (10 - total % 10) % 10 == int(text[-1])


def _modulo_10(digits: str) -> bool:
    """The digits before the last one weigh 3, 1, 3, ... from the right."""
    body = [int(d) for d in reversed(digits[:-1])]
    total = 3 * sum(body[::2]) + sum(body[1::2])
    return (10 - total % 10) % 10 == int(digits[-1])
