"""Where the rows live: the operator's PostgreSQL, or the embedded one in the data folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.conf import settings as django_settings
from django.db import connections
from psycopg import ProgrammingError, connect
from psycopg.conninfo import conninfo_to_dict

from longshore.settings import SettingError, Settings
from longshore.storage.embedded_server import EmbeddedServer

DEAD_CONNECTION_MS = 30_000
"""A half-open connection freezes a worker silently (procrastinate issues 1513, 1334)."""

SESSION = " ".join(
    [
        "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3",
        # A worker that lost its power must not keep its row locks for hours.
        f"-c tcp_user_timeout={DEAD_CONNECTION_MS}",
        "-c idle_in_transaction_session_timeout=120000",
    ]
)

CONNECTION = {
    "connect_timeout": 10,
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": DEAD_CONNECTION_MS,
    "options": SESSION,
}


def django_database(settings: Settings) -> dict[str, Any]:
    """The DATABASES entry. Starts nothing: importing Django's settings stays free of effects, the
    place of the embedded server's socket is known beforehand. Commands that need rows enter
    `running(settings)` first.

    Parameters in LONGSHORE_DATABASE_URL win over ours (a pooler that refuses start-up options is
    satisfied with `options=`).
    """
    given = _parameters(settings)
    place = {
        name.upper() if name != "dbname" else "NAME": given.pop(name, "")
        for name in ("dbname", "user", "password", "host", "port")
    }
    return {
        "ENGINE": "django.db.backends.postgresql",
        **place,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **CONNECTION,
            **given,
            "pool": {"min_size": 1, "max_size": 12, "timeout": 30, "max_idle": 120},
        },
    }


def ensure_running(settings: Settings) -> None:
    """Starts the embedded server unless it runs; does nothing when a database URL is given."""
    if settings.database_url is None:
        embedded_server(settings).join()


@contextmanager
def running(settings: Settings) -> Iterator[None]:
    """The database is there inside; the last process that leaves stops the embedded server.
    Raises psycopg.OperationalError with the reason at once, where the pool would try for 30 s.
    """
    ensure_running(settings)
    if settings.database_url is not None:
        _parameters(settings)  # refuses an address that cannot be understood in our words
        connect(settings.database_url, connect_timeout=10).close()
    try:
        yield
    finally:
        close_connections()
        if settings.database_url is None:
            embedded_server(settings).leave()


def release_connection() -> None:
    """Gives this thread's connection back to the pool, before a wait for a shop: 32 jobs then need
    few connections. Refuses inside a transaction, which would wait with the row locks it holds.
    """
    connection = connections["default"]
    if connection.in_atomic_block:
        # As Django's own check of durable blocks: tests wrap everything in a transaction.
        if not getattr(connection.atomic_blocks[-1], "_from_testcase", False):
            raise RuntimeError("A transaction must end before waiting for a shop.")
        return
    connection.close()


def close_connections() -> None:
    """Gives back this thread's connection and closes the process's pool, if Django was used."""
    if not django_settings.configured:
        return
    for connection in connections.all(initialized_only=True):
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]


@cache
def embedded_server(settings: Settings) -> EmbeddedServer:
    return EmbeddedServer(settings.data_dir / "postgres")


def _parameters(settings: Settings) -> dict[str, Any]:
    url = settings.database_url or embedded_server(settings).url
    try:
        given = conninfo_to_dict(url)
    except ProgrammingError:
        # Its message repeats the text, which may hold a password.
        raise SettingError(
            "LONGSHORE_DATABASE_URL cannot be understood; it must look like"
            " postgresql://user:password@host:5432/name."
        ) from None
    if not given.get("dbname"):
        raise SettingError("LONGSHORE_DATABASE_URL names no database; add /name at its end.")
    return given
