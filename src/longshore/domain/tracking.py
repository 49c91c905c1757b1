"""What is true about tracking: a parcel's number, carrier and link."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Tracking:
    """One parcel as the store's plugin wrote it. `lines` maps store line item ids to quantities
    where the plugin says which goods are inside, and is empty where it does not.

    `key` is stable for one parcel of one store order, also when its number is corrected.
    """

    key: str
    number: str
    carrier: str
    url: str
    shipped_at: datetime | None = None
    lines: tuple[tuple[int, int], ...] = ()
