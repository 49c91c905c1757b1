"""What is true about orders that are changed after a vendor got its part."""

from collections.abc import Iterable


def told_edits(lines: Iterable[tuple[str, int, int]]) -> str:
    """What differs, in words for the vendor; "" where nothing does. `lines`: (title, as sent, as it
    is now).
    """
    return "; ".join(f"{title}: {now} in place of {sent}" for title, sent, now in lines
                     if now != sent)  # fmt: skip
