"""One by one: a thing that a store does not take just now keeps the others from nothing."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from longshore.ports.errors import TryLater

Item = TypeVar("Item")
IN_A_ROW = 2


def one_by_one(items: Iterable[Item], work: Callable[[Item], object]) -> None:
    """Raises the first TryLater once the others had their turn. Two in a row are the store's own
    trouble: nothing more is asked of it.
    """
    first: TryLater | None = None
    failed = 0
    for item in items:
        try:
            work(item)
        except TryLater as error:
            first = first or error
            failed += 1
            if failed == IN_A_ROW:
                break
        else:
            failed = 0
    if first is not None:
        raise first
