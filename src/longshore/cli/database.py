"""The database for commands: there while they run, and its tables up to date."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from longshore import logs, settings
from longshore.ports.errors import NeedsOperator
from longshore.settings import Settings
from longshore.storage import postgres

MIGRATION_LOCK = 0x4C6F6E67  # any number that only we use


def set_up() -> Settings:
    """Django is set up after it, and no database is touched."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "longshore.django_settings")
    env = settings.load()
    logs.configure(env.log_format)
    import django

    django.setup()
    return env


@contextmanager
def hub() -> Iterator[Settings]:
    """Django is set up and the database answers inside; every command that touches rows runs in
    it. `--help` and the like never come here, so they start nothing.
    """
    env = set_up()
    with postgres.running(env):
        yield env


def migrate_tables() -> None:
    """Brings the tables up to date; machines that start at once take turns."""
    from django.core.management import call_command
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        try:
            call_command("migrate", interactive=False, verbosity=0)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


def require_tables() -> None:
    """Raises NeedsOperator unless the tables are those of this version: a part that starts before
    them would fail job by job.
    """
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    connection.close()
    if missing:
        raise NeedsOperator(
            "The database's tables are not those of this version. Run `longshore migrate` first.",
            f"{len(missing)} migrations missing",
        )


def collect_static() -> None:
    """Puts styles and scripts where the web server of this machine finds them."""
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)


def register(app: typer.Typer) -> None:
    @app.command()
    def migrate() -> None:
        """Bring the database's tables up to date."""
        from longshore.cli.output import say

        with hub():
            migrate_tables()
            say("The tables are up to date.")

    @app.command()
    def reseal() -> None:
        """Encrypt every stored secret with the newest key, so that older ones can go."""
        from longshore.cli.output import say

        with hub():
            require_tables()
            from longshore.storage.encrypted import reseal_all

            say(f"{reseal_all()} rows hold secrets, all sealed with the newest key now.")
