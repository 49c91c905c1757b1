"""What is true about tracking: a parcel's number, carrier and link, and what becomes of parcels
that several places tell.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from longshore.domain.parcel_numbers import bare

LONGEST_LINK = 2_000


@dataclass(frozen=True, slots=True)
class Tracking:
    """One parcel as a plugin wrote it. `lines` maps store line item ids to quantities where the
    plugin says which goods are inside, and is empty where it does not.

    `key` is stable for one parcel of one store order, also when its number is corrected. `number`
    may be empty where goods are named. `label`: the number is there since the label was made, the
    goods may still be in the house. `others`: (number, url) of further parcels with the same goods.
    `country`: of the sender, which tells carriers of one name apart. `company`: the
    storefront's name of the carrier where the marketplace said it; it goes before all guesses.
    """

    key: str
    number: str
    carrier: str
    url: str
    shipped_at: datetime | None = None
    lines: tuple[tuple[int, int], ...] = ()
    label: bool = False
    others: tuple[tuple[str, str], ...] = ()
    country: str = ""
    company: str = ""

    @property
    def numbers(self) -> tuple[str, ...]:
        first = (self.number,) if self.number else ()
        return (*first, *(number for number, _ in self.others))


@dataclass(frozen=True, slots=True)
class TaughtKeys:
    """Names of the order fields in which one store keeps a number, a carrier and a link, as the
    marketplace's people taught us; "" where there is none.
    """

    number: str = ""
    carrier: str = ""
    link: str = ""


def web_address(text: str) -> str:
    """A link a person may click, "" for anything else: a script, another scheme, no host."""
    if len(text) > LONGEST_LINK or any(m.isspace() or not m.isprintable() for m in text):
        return ""
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return ""
    plain = parts.scheme in {"http", "https"} and host and "@" not in parts.netloc
    return text if plain else ""


def merged(sources: Iterable[Sequence[Tracking]]) -> tuple[Tracking, ...]:
    """The parcels of several sources, the most trusted first. The same number is the same parcel:
    the first source names it, later ones fill in what is missing. What names goods without a number
    stands for itself.
    """
    found: dict[str, Tracking] = {}
    for source in sources:
        fresh: dict[str, Tracking] = {}
        for parcel in source:
            place = bare(parcel.number) or parcel.key
            if place in found:
                found[place] = _filled(found[place], parcel)
            elif place in fresh:
                # One source tells the same number twice: as two entries, or with goods apart.
                fresh[place] = _joined(fresh[place], parcel)
            else:
                fresh[place] = parcel
        found |= fresh
    return tuple(found.values())


def each_once(parcel: Tracking, more: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The further numbers of a parcel and `more`, each once, and never its own."""
    found: dict[str, tuple[str, str]] = {}
    for number, url in (*parcel.others, *more):
        place = bare(number)
        if place and place != bare(parcel.number):
            known = found.get(place)
            found[place] = (known[0], known[1] or url) if known else (number, url)
    return tuple(found.values())


def _filled(known: Tracking, other: Tracking) -> Tracking:
    return replace(
        known,
        carrier=known.carrier or other.carrier,
        url=known.url or other.url,
        shipped_at=known.shipped_at or other.shipped_at,
        lines=known.lines or other.lines,
        label=_is_label(known, other),
        others=each_once(known, other.others),
    )


def _is_label(one: Tracking, other: Tracking) -> bool:
    """Whoever names the goods knows whether they left: a number alone says nothing about that."""
    telling = [parcel for parcel in (one, other) if parcel.lines] or [one, other]
    return all(parcel.label for parcel in telling)


def _joined(one: Tracking, other: Tracking) -> Tracking:
    units = dict(one.lines)
    if one.key != other.key or one.lines != other.lines:
        for line, quantity in other.lines:
            units[line] = units.get(line, 0) + quantity
    return replace(_filled(one, other), lines=tuple(units.items()))
