"""What is true about orders that are changed after a vendor got its part."""

from collections.abc import Iterable

from longshore.domain.orders import Address

PLACE = "Please send it to: "


def told_edits(lines: Iterable[tuple[str, int, int]], place: str = "") -> str:
    """What differs, in words for the vendor; "" where nothing does. `lines`: (title, as sent, as it
    is now). `place`: where it goes now, "" where that is as it was sent.
    """
    told = [f"{title}: {now} in place of {sent}" for title, sent, now in lines if now != sent]
    return "; ".join([*told, f"{PLACE}{place}"] if place else told)


def without_place(told: str) -> str:
    """The same without whom it goes to: it is erased with the buyer's data."""
    return told.partition(PLACE)[0].removesuffix("; ")


def in_short(told: str) -> str:
    """The same where it is kept for long: that the place is another, not which."""
    units, moved, _place = told.partition(PLACE)
    return f"{units}the delivery address" if moved else units


def new_place(sent: Address, now: Address) -> str:
    """Where goods go now, in one line, "" where that is as it was sent."""
    if now == sent:
        return ""
    parts = (
        f"{now.first_name} {now.last_name}",
        *(now.company, now.line1, now.line2, f"{now.postcode} {now.city}"),
        f"{now.region} {now.country}",
        now.phone,
    )
    return ", ".join(part.strip() for part in parts if part.strip())
