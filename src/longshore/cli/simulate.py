"""`longshore simulate`: starts a simulated shop. The simulators are a package of their own that is
never imported here, only run.
"""

import importlib.util
import os
import sys
from enum import StrEnum

import typer

from longshore.cli.output import complain


class Platform(StrEnum):
    WOOCOMMERCE = "woocommerce"
    SHOPIFY = "shopify"


def register(app: typer.Typer) -> None:
    @app.command(
        context_settings={
            "allow_extra_args": True,
            "ignore_unknown_options": True,
            "help_option_names": [],
        }
    )
    def simulate(context: typer.Context, platform: Platform) -> None:
        """Run a simulated shop; further options go to it (--help shows them)."""
        module = f"simulators.{platform}"
        if importlib.util.find_spec(f"{module}.__main__") is None:
            complain(f"The simulator {platform} is not installed.")
            raise typer.Exit(1)
        sys.stdout.flush()
        os.execv(sys.executable, [sys.executable, "-m", module, *context.args])  # noqa: S606
