"""What the shop's rows are made of, and the ways in which it says no."""

from collections.abc import Collection
from typing import Any

Row = dict[str, Any]
Entry = tuple[list[str] | None, str, str | None]
"""One entry of `userErrors`: where in the input, the text, the code."""


class UserErrors(Exception):  # noqa: N818 - an answer, not a mistake
    """What a mutation answers in place of doing anything."""

    def __init__(self, *entries: Entry) -> None:
        super().__init__(entries)
        self.entries = entries


class Refused(Exception):  # noqa: N818 - an answer, not a mistake
    """A top-level GraphQL error with its code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class NotModelled(Exception):  # noqa: N818 - said loudly rather than answered wrongly
    """The simulator does not know what Shopify would do here."""

    def __init__(self, what: str) -> None:
        super().__init__(f"SIMULATOR: {what} is not modelled")


def only(given: Row, known: Collection[str], where: str) -> None:
    """Refuses loudly what an input names beyond what is modelled; nothing is silently dropped."""
    for name, value in given.items():
        if name not in known and value not in (None, [], False):
            raise NotModelled(f"{where}.{name}")


def number(gid: str) -> int:
    """The number at the end of a global id."""
    return int(gid.rpartition("/")[2].partition("?")[0])


def kind_of(gid: str) -> str:
    """The type that a global id names: gid://shopify/Product/1 -> Product."""
    return gid.removeprefix("gid://shopify/").partition("/")[0]
