"""Where the simulated shop is known to answer otherwise. One that is not needed any more fails the
tests.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Deviation:
    """`row` and `place` are searched for in the row's name and in the difference as worded."""

    why: str
    recordings: tuple[str, ...]
    row: str
    place: str

    def fits(self, row: str, line: str) -> bool:
        return bool(re.search(self.row, row) and re.search(self.place, line))


DEVIATIONS = (
    Deviation(
        "notes on stock and status have the words of 3.0, and those of one second another order",
        ("2.4.13 v2", "2.6.14 v2", "3.5.8 v2", "2.4.13 v3", "2.6.14 v3", "3.5.8 v3", "4.0.0 v3"),
        "order notes list",
        r"\.(note|customer_note): ",
    ),
    Deviation(
        "a shop's separators are those of 2.5 and later",
        ("2.4.13 v2", "2.4.13 v3"),
        "index without auth",
        "_separator: ",
    ),
    Deviation(
        "a parent that counts is in stock by its count, also right after it was made",
        ("2.4.13 v2", "2.4.13 v3"),
        "parent managed",
        r"parent\.in_stock: ",
    ),
)
NOT_ASKED = (
    "rows of one second come in order of id; MySQL leaves them as they lie",
    "customers, coupons, reports, taxes and the writing of terms are in the index and answer 501",
    "a variable product has its price at once; 2.2 and 3.0 forget it in the answer to a write",
    "of a registered customer an order tells no more than of a guest",
    "a child of a grouped product is not named after it, as before 3.0",
)
"""Known differences that no recorded row shows."""
