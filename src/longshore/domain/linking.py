"""What is true about the same goods in two places: which variant there is which one here."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from longshore.domain.folding import folded


class WhenWithdrawn(StrEnum):
    """What becomes of a linked product whose goods the vendor, a rule or the marketplace does not
    want on sale: it stays on Shopify and shows none, or it is taken off like one that we made.
    """

    SOLD_OUT = "sold_out"
    TAKE_OFF = "take_off"


@dataclass(frozen=True, slots=True)
class Likeness:
    """What a variant can be told by. `name` is whatever the caller calls it."""

    name: str
    barcode: str = ""
    sku: str = ""
    options: tuple[str, ...] = ()


def same_goods(mine: Sequence[Likeness], theirs: Sequence[Likeness]) -> Mapping[str, str]:
    """My names with theirs: by barcode, else by SKU, else by options, and a single variant by being
    the only one. What two have in common proves nothing.
    """
    found: dict[str, str] = {}
    for mark in (_barcode, _sku, _options):
        known = _unique(theirs, mark, set(found.values()))
        for key, name in _unique(mine, mark, set(found)).items():
            if key in known and name not in found and known[key] not in found.values():
                found[name] = known[key]
    if not found and len(mine) == len(theirs) == 1:
        found[mine[0].name] = theirs[0].name
    return found


def _unique(
    some: Sequence[Likeness], mark: Callable[[Likeness], str], but: set[str]
) -> dict[str, str]:
    marks = [(mark(one), one.name) for one in some if one.name not in but]
    count = Counter(key for key, _ in marks)
    return {key: name for key, name in marks if key and count[key] == 1}


def _barcode(one: Likeness) -> str:
    return folded(one.barcode)


def _sku(one: Likeness) -> str:
    return folded(one.sku)


def _options(one: Likeness) -> str:
    """In no order: the two may name their options in another one."""
    return " / ".join(sorted(folded(value) for value in one.options))
