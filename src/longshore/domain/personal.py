"""What is true about buyers' data: which words name a person, and how a text loses them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

ERASED = "(erased)"
SHORTEST = 3
"""Words shorter than that stand in too many texts."""
_NAMES_NOBODY = frozenset({"country", "region", "city"})


def words_of(email: str, *addresses: Mapping[str, object] | None) -> tuple[str, ...]:
    """The words of an order that name its buyer and who pays, the longest first."""
    found = {email, *email.split("@")[:1]}
    for address in filter(None, addresses):
        found |= {
            value
            for name, value in address.items()
            if name not in _NAMES_NOBODY and isinstance(value, str)
        }
    return longest_first({word.strip() for word in found if len(word.strip()) >= SHORTEST})


def longest_first(words: Iterable[str]) -> tuple[str, ...]:
    """So that a word inside a longer one does not keep that one from being found."""
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def scrubbed(value: object, words: Sequence[str]) -> object:
    """A kept value (JSON) without these words, wherever and however they are written in it."""
    if isinstance(value, str):
        return _without(value, words)
    if isinstance(value, list):
        return [scrubbed(one, words) for one in cast("list[object]", value)]
    if isinstance(value, dict):
        held = cast("dict[str, object]", value)
        return {key: scrubbed(one, words) for key, one in held.items()}
    return value


def masked(value: object) -> object:
    """A kept value (JSON) that shows that something is there, not what: the first letter of each
    text.
    """
    if isinstance(value, str):
        return f"{value[:1]}…" if value else ""
    if isinstance(value, dict):
        held = cast("dict[str, object]", value)
        return {key: one if key in _NAMES_NOBODY else masked(one) for key, one in held.items()}
    return value


def _without(text: str, words: Iterable[str]) -> str:
    for word in words:
        folded, at = text.casefold(), 0
        if len(folded) != len(text):  # a letter that becomes two: places would not fit
            folded = text.lower() if len(text.lower()) == len(text) else text
        wanted = word.casefold()
        while (at := folded.find(wanted, at)) >= 0:
            text = text[:at] + ERASED + text[at + len(wanted) :]
            folded = folded[:at] + ERASED + folded[at + len(wanted) :]
            at += len(ERASED)
    return text
