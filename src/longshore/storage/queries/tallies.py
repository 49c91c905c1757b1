"""Counts as the database keeps them (`storage.tallies_sql`): few rows where there are millions."""

from collections.abc import Iterable, Mapping

from django.db import connection

_TOTALS = """
SELECT topic, key, sum(n)::bigint FROM storage_tally
WHERE marketplace_id = %s AND topic = ANY(%s) AND vendor_id = %s GROUP BY 1, 2
"""
_BY_VENDOR = """
SELECT vendor_id, key, sum(n)::bigint FROM storage_tally
WHERE marketplace_id = %s AND topic = %s AND vendor_id = ANY(%s) GROUP BY 1, 2
"""


class Counts(dict[str, int]):
    """How many rows have each key; a key is flags and words joined by "|"."""

    def total(self) -> int:
        return sum(self.values())

    def of(self, *patterns: str) -> int:
        """How many fit one of the patterns; a part "*" fits all: "published|*|1|*"."""
        wanted = [pattern.split("|") for pattern in patterns]
        return sum(n for key, n in self.items() if _fits(key.split("|"), wanted))


def _fits(key: list[str], wanted: list[list[str]]) -> bool:
    return any(
        all(want in {"*", part} for want, part in zip(pattern, key, strict=True))
        for pattern in wanted
    )


def counts(
    marketplace_id: int, topics: Iterable[str], vendor_id: int | None = None
) -> Mapping[str, Counts]:
    """The counts of a marketplace, or of one of its vendors, by topic (see `COUNTED`)."""
    asked = list(topics)
    found = {topic: Counts() for topic in asked}
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, [marketplace_id, asked, vendor_id or 0])
        for topic, key, n in cursor.fetchall():
            if n:
                found[topic][key] = n
    return found


def counts_by_vendor(
    marketplace_id: int, topic: str, vendor_ids: Iterable[int]
) -> Mapping[int, Counts]:
    """The counts of several vendors; those without rows are not in it."""
    found: dict[int, Counts] = {}
    with connection.cursor() as cursor:
        cursor.execute(_BY_VENDOR, [marketplace_id, topic, list(vendor_ids)])
        for vendor_id, key, n in cursor.fetchall():
            if n:
                found.setdefault(vendor_id, Counts())[key] = n
    return found
