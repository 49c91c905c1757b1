"""The command `longshore` with all its parts, and how its errors are told."""

import sys
import traceback

import click
import typer

from longshore.cli import database, serve, simulate, up
from longshore.cli.output import complain
from longshore.ports.errors import LongshoreError
from longshore.settings import SettingError

WRONG_USE = 2
FAILURE = 1
INTERRUPTED = 130

app = typer.Typer(
    name="longshore",
    help="Connects vendors' WooCommerce shops to a Shopify marketplace.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (up, serve, database, simulate):
    command.register(app)


def run() -> None:
    """The entry point: an error is one line that says what to do, never a traceback."""
    up.follow_supervisor()
    sys.exit(_exit_code())


def _exit_code() -> int:
    try:
        result = app(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
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
        return f"The database does not answer: {first_line} Check LONGSHORE_DATABASE_URL."
    details = logs.redact_text("".join(traceback.format_exception(error)))
    message = f"This should not have happened: {type(error).__name__}: {first_line}"
    try:
        file = settings.load().data_dir / "last-error.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(details, encoding="utf-8")
    except (OSError, SettingError):
        return message
    return f"{message} Details are in {file}."
