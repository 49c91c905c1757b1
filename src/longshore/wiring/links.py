"""Links that open one thing without a password: an order to ship, a shop's connection check, the
end of a kind of letter. Each names its thing under the hub's own signature and ends after a month;
the end of letters does not.
"""

from datetime import timedelta

from django.core import signing
from django.urls import reverse

from longshore import settings

LIVES = timedelta(days=30)
SHIP = "longshore.link.ship"
CHECK = "longshore.link.check"
LETTERS = "longshore.link.letters"
RECOVERIES = "longshore.link.recoveries"
PAGES = {SHIP: "ship", CHECK: "check", LETTERS: "letters", RECOVERIES: "letters"}
LASTING = frozenset({LETTERS, RECOVERIES})


def link_to(kind: str, number: int, base: str) -> str:
    """`base`: where the hub is reached, used when no public address is set."""
    token = signing.dumps(number, salt=kind)
    there = reverse(PAGES[kind], args=[token])
    return (settings.load().public_url or base).rstrip("/") + there


def named_by(kind: str, token: str) -> int | None:
    """What a link names; None for one that is wrong or too old."""
    try:
        number = signing.loads(token, salt=kind, max_age=None if kind in LASTING else LIVES)
    except signing.BadSignature:
        return None
    return number if isinstance(number, int) else None
