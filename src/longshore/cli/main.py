"""The command `longshore` with all its parts, and how its errors are told."""

import sys
import traceback
from typing import Annotated

import typer
from typer.exceptions import TyperException

from longshore import __version__
from longshore.cli import (
    bench,
    buyer,
    connect,
    database,
    demo,
    doctor,
    owner,
    serve,
    setup,
    simulate,
    up,
    why,
)
from longshore.cli.output import complain, say
from longshore.ports.errors import LongshoreError
from longshore.settings import SettingError

WRONG_USE = 2
FAILURE = 1
INTERRUPTED = 130

app = typer.Typer(
    name="longshore",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
PARTS = (up, serve, setup, owner, buyer, connect, doctor, database, demo, simulate, why, bench)
"""Each module registers its own commands. A new one is added here; it must import nothing heavy
before its command runs, `--help` stays instant.
"""
for part in PARTS:
    part.register(app)


def _tell_version(asked: bool) -> None:  # noqa: FBT001 - Typer's callback
    if asked:
        say(f"longshore {__version__}")
        raise typer.Exit


@app.callback()
def longshore(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Show the version and exit.", callback=_tell_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Connect vendors' WooCommerce shops to a Shopify marketplace."""


def run() -> None:
    """The entry point: an error is one line that says what to do, never a traceback."""
    up.follow_supervisor()
    sys.exit(_exit_code())


def _exit_code() -> int:
    try:
        result = app(prog_name="longshore", standalone_mode=False)
    except TyperException as error:
        if error.format_message():  # empty when the help was shown instead
            complain(f"{error.format_message()} See longshore --help.")
        return error.exit_code
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except SettingError as error:
        complain(str(error))
        return WRONG_USE
    except LongshoreError as error:
        complain(error.person)
        return FAILURE
    except Exception as error:  # noqa: BLE001 - told in one line, details kept in a file
        complain(_unexpected(error))
        return FAILURE
    return result if isinstance(result, int) else 0


def _unexpected(error: Exception) -> str:
    from django.db import OperationalError as DjangoOperationalError
    from psycopg import OperationalError

    from longshore import logs, settings

    first_line = logs.redact_text(str(error).strip().split("\n")[0])
    if isinstance(error, DjangoOperationalError | OperationalError):
        return (
            f"The database does not answer: {first_line.rstrip('.')}. Check LONGSHORE_DATABASE_URL."
        )
    details = logs.redact_text("".join(traceback.format_exception(error)))
    message = f"This should not have happened: {type(error).__name__}: {first_line}"
    try:
        file = settings.load().data_dir / "last-error.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(details, encoding="utf-8")
    except (OSError, SettingError):
        return message
    return f"{message} Details are in {file}."
