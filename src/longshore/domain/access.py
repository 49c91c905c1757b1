"""What is true about who may do what: three roles of the marketplace's people, and the scopes of
programs' keys. A vendor's people have no rights here: they see their own pages only.
"""

from enum import StrEnum


class Right(StrEnum):
    """READ: see everything. WORK: the daily work, all that can be undone or decided anew. GOVERN:
    who may enter, where the shops are connected, and what everything else rests on.
    """

    READ = "read"
    WORK = "work"
    GOVERN = "govern"


RIGHTS: dict[str, frozenset[Right]] = {
    "owner": frozenset({Right.READ, Right.WORK, Right.GOVERN}),
    "operator": frozenset({Right.READ, Right.WORK}),
    "reader": frozenset({Right.READ}),
    "vendor": frozenset(),
}
"""By the role's word, the strongest first."""


def may(role: str, right: Right) -> bool:
    return right in RIGHTS.get(role, frozenset())


def strength(role: str) -> int:
    """For choosing among several roles of one person; more is stronger."""
    order = list(RIGHTS)
    return len(order) - order.index(role) if role in RIGHTS else 0


class Scope(StrEnum):
    """What a program's key may do; writing a thing includes reading it."""

    ORDERS_READ = "orders:read"
    ORDERS_WRITE = "orders:write"
    PRODUCTS_READ = "products:read"
    PRODUCTS_WRITE = "products:write"
    STOCK_READ = "stock:read"
    VENDORS_READ = "vendors:read"
    VENDORS_WRITE = "vendors:write"
    ACTIVITY_READ = "activity:read"
    FINDINGS_READ = "findings:read"
    FINDINGS_WRITE = "findings:write"


def allows(granted: frozenset[str], scope: Scope) -> bool:
    """Whether a key with these scopes may do what needs `scope`."""
    thing, _, way = scope.partition(":")
    return scope in granted or (way == "read" and f"{thing}:write" in granted)
