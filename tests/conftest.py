"""One embedded PostgreSQL for a whole test run, in a folder of its own, started by the first test
that asks for the database. Workers of pytest-xdist share it: the first builds a migrated template,
each copies its database from there.
"""

import fcntl
import os
import shutil
import tempfile
from pathlib import Path

import pytest

RUN_FOLDER = "LONGSHORE_TEST_RUN"
KEPT = (RUN_FOLDER, "LONGSHORE_EXAM_")
TEMPLATE = "longshore_template"

for _name in [name for name in os.environ if name.startswith("LONGSHORE_")]:
    if not _name.startswith(KEPT):
        del os.environ[_name]
_made_here = RUN_FOLDER not in os.environ
if _made_here:
    os.environ[RUN_FOLDER] = tempfile.mkdtemp(prefix="longshore-test-")
run_folder = Path(os.environ[RUN_FOLDER])
os.environ["LONGSHORE_DATA"] = str(run_folder / "data")
os.environ["LONGSHORE_SECRET_KEY"] = "fake-key-for-tests-only-0123456789abcdef"
os.environ["DJANGO_SETTINGS_MODULE"] = "longshore.django_settings"


def _server():
    from longshore import settings
    from longshore.storage.postgres import embedded_server

    server = embedded_server(settings.load())
    server.options = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    return server


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    from django.conf import settings

    # pytest-django sets Django up only when it finds the settings loaded.
    settings.DATABASES["default"]["OPTIONS"].pop("pool", None)


def pytest_unconfigure() -> None:
    server = _server()
    if _made_here:
        server.stop()
        shutil.rmtree(run_folder, ignore_errors=True)
    else:
        server.leave()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix, django_db_blocker
) -> None:
    from django.db import connection

    _server().join()
    with (run_folder / "template.lock").open("a") as file, django_db_blocker.unblock():
        fcntl.flock(file, fcntl.LOCK_EX)
        _make_template(connection)
    connection.settings_dict["TEST"]["TEMPLATE"] = TEMPLATE


def _make_template(connection) -> None:
    from django.core.management import call_command

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE])
        if cursor.fetchone():
            connection.close()
            return
        cursor.execute(f"CREATE DATABASE {TEMPLATE}_draft")
    connection.close()
    real_name = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = f"{TEMPLATE}_draft"
    try:
        call_command("migrate", interactive=False, verbosity=0)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = real_name
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {TEMPLATE}_draft RENAME TO {TEMPLATE}")
    connection.close()
