"""What is true about pasted parcel numbers: which order, carrier and number a line names. It comes
from a table ("#1042, DHL, 0034..."), its cells in any order, or from a carrier's mail, where
numbers stand among words. Nothing is guessed: what cannot be read keeps its text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from longshore.domain.parcel_numbers import bare, carrier_of

LONGEST_TEXT = 50_000
MOST_LINES = 500
LONGEST_NUMBER = 60
LONGEST_CARRIER = 60
SHORTEST_NUMBER = 8
FEWEST_DIGITS = 5
SHOWN = 200

_CELLS = re.compile(r"[,;\t|]")
_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9/_-]*")
_ORDER = re.compile(r"#?[A-Z0-9][A-Z0-9._/-]*", re.IGNORECASE)
_CARRIER = re.compile(r"[^\W\d_][\w .&'+-]*")
_DAY = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}\.?")
_LINK = re.compile(r"\S*(?:://|www\.|@)\S*")
_GROUPS = re.compile(r"(?<!\S)\d{2,5}(?: \d{2,5}){2,}(?!\S)")
"""A number that is written in groups."""


@dataclass(frozen=True, slots=True)
class PastedLine:
    """`number` "": none could be read in this line. `order` "": it names none. `text`: the line as
    it was pasted, cut.
    """

    line: int
    text: str
    order: str = ""
    carrier: str = ""
    number: str = ""


def read_pasted(text: str) -> tuple[PastedLine, ...]:
    """Every number once, at most MOST_LINES; lines without any digit are words, and left out."""
    found: dict[tuple[str, str, int], PastedLine] = {}
    for at, raw in enumerate(text.splitlines(), 1):
        line = "".join(sign if sign.isprintable() else "\t" for sign in raw).strip()
        if not any(sign.isdigit() for sign in line):
            continue
        for one in _read(at, line):
            key = (one.order, bare(one.number), 0 if one.number else at)
            found.setdefault(key, one)
            if len(found) == MOST_LINES:
                return tuple(found.values())
    return tuple(found.values())


def _read(at: int, line: str) -> Iterator[PastedLine]:
    cells = [cell.strip().strip("\"'") for cell in _CELLS.split(line)]
    cells = [cell for cell in cells if cell]
    shown = line[:SHOWN]
    if len(cells) > 1:
        one = _from_cells(at, shown, cells)
        if one is not None:
            yield one
            return
    yield from _from_words(at, shown, line)


def _from_cells(at: int, shown: str, cells: list[str]) -> PastedLine | None:
    """The cell that is most like a parcel's number; of the others, the order and the carrier."""
    numbers = [cell for cell in cells if is_number(cell)]
    if not numbers:
        return None
    number = max(numbers, key=lambda cell: (bool(carrier_of(cell)), len(bare(cell))))
    others = [cell for cell in cells if cell != number and not _DAY.fullmatch(cell)]
    order = next((cell for cell in others if is_order(cell)), "")
    carrier = next((cell for cell in others if cell != order and is_carrier(cell)), "")
    return PastedLine(at, shown, order, carrier or carrier_of(number), bare(number))


def _from_words(at: int, shown: str, line: str) -> Iterator[PastedLine]:
    """Numbers among words. An order's is known by its "#", or where the line is nothing else."""
    line = _LINK.sub(" ", line)
    line = _GROUPS.sub(lambda found: found[0].replace(" ", ""), line)
    words = [word.strip(".,;:()[]<>\"'") for word in line.split()]
    words = [word for word in words if word and not _DAY.fullmatch(word)]
    numbers = [word for word in words if is_number(word)]
    order = next((word for word in words if word.startswith("#") and is_order(word)), "")
    rest = [word for word in words if word not in (*numbers, order)]
    if not order and len(numbers) == 1 and rest and is_order(rest[0]) and len(rest) <= 2:  # noqa: PLR2004
        order = rest.pop(0)
    carrier = _named_carrier(words, rest, order)
    if not numbers:
        yield PastedLine(at, shown, order)
    for number in numbers:
        yield PastedLine(at, shown, order, carrier or carrier_of(number), bare(number))


def _named_carrier(words: list[str], rest: list[str], order: str) -> str:
    """The one other word of a line, where it stands as a carrier would: "1042 Posten 3707...", "DHL
    3707...", but not "Order #1042 3707..." or "Parcel 3707...".
    """
    if len(rest) != 1 or not is_carrier(rest[0]):
        return ""
    behind = bool(order) and words.index(rest[0]) > words.index(order)
    return rest[0] if rest[0].isupper() or (behind and rest[0][0].isupper()) else ""


def is_number(text: str) -> bool:
    """Whether a text may be a parcel's number."""
    plain = bare(text)
    return (
        SHORTEST_NUMBER <= len(plain) <= LONGEST_NUMBER
        and sum(sign.isdigit() for sign in plain) >= FEWEST_DIGITS
        and plain.isascii()
        and _NUMBER.fullmatch(plain) is not None
        and not text.startswith("#")
        and not _DAY.fullmatch(text)
    )


def is_order(text: str) -> bool:
    """Whether a text may be the number of an order."""
    return (
        len(text) <= LONGEST_NUMBER
        and any(sign.isdigit() for sign in text)
        and _ORDER.fullmatch(text) is not None
        and not _DAY.fullmatch(text)
    )


def is_carrier(text: str) -> bool:
    return len(text) <= LONGEST_CARRIER and _CARRIER.fullmatch(text) is not None
