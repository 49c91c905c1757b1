"""The table of Django's cache, shared by all web processes: the counts of sign-in attempts."""

from django.db.migrations import RunSQL

TABLE = "longshore_cache"


def operations() -> list[RunSQL]:
    """As Django's own `createcachetable` would make it."""
    make = (
        f"CREATE TABLE {TABLE} (cache_key varchar(255) PRIMARY KEY, value text NOT NULL,"
        f" expires timestamp with time zone NOT NULL);"
        f"CREATE INDEX {TABLE}_expires ON {TABLE} (expires)"
    )
    return [RunSQL(make, f"DROP TABLE {TABLE}")]
