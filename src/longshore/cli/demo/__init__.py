"""`longshore demo`: the whole main job with simulated shops, joined to the hub by nothing but HTTP,
then audited from the outside.
"""

import json
import re
import signal
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from longshore.cli.output import complain, say

MOST = 8
RELEASE = re.compile(r"(2\.[2-9]|[3-9]|[1-9]\d)(\.\d+){0,2}")
"""A release that can be connected: from 2.2 on."""


def register(app: typer.Typer) -> None:
    @app.command()
    def demo(
        *,
        once: Annotated[
            bool, typer.Option("--once", help="Play the story, audit both sides, and end.")
        ] = False,
        json_file: Annotated[
            Path | None, typer.Option("--json", help="Where the audit's figures go.")
        ] = None,
        port: Annotated[
            int, typer.Option(help="The site's port; 0 takes a free one.", min=0, max=65535)
        ] = 8000,
        vendors: Annotated[
            str, typer.Option(help="The shops' releases of WooCommerce, from two to eight of them.")
        ] = "9.9.5,9.9.5",
        products: Annotated[
            int, typer.Option(help="Products of each shop but the first.", min=20, max=20_000)
        ] = 60,
        variable: Annotated[
            int, typer.Option(help="How many of them have variations.", min=0)
        ] = 12,
    ) -> None:
        """Run the main job with simulated vendors and a simulated Shopify."""
        if variable > products:
            complain("--variable must not be larger than --products.")
            raise typer.Exit(2)
        releases = tuple(one.strip() for one in vendors.split(","))
        if not MOST >= len(releases) >= 2 or not all(map(RELEASE.fullmatch, releases)):  # noqa: PLR2004
            complain(f"--vendors wants two to {MOST} releases, such as 2.6.14,9.9.5.")
            raise typer.Exit(2)
        wish = Wish(port, products, variable, releases)
        with tempfile.TemporaryDirectory(prefix="longshore-demo-") as folder:
            figures = _run(Path(folder), wish, stay=not once)
        if json_file is not None:
            json_file.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
        if figures["mismatches"] or figures["duplicates"]:
            complain("Both sides do not agree; see the mismatches above.")
            raise typer.Exit(1)


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for on the command line."""

    port: int
    products: int
    variable: int
    vendors: tuple[str, ...]


def _run(folder: Path, wish: Wish, *, stay: bool) -> dict[str, Any]:
    from longshore.cli.demo.market import open_market
    from longshore.cli.demo.stage import set_up
    from longshore.cli.demo.story import play

    # SIGTERM ends the demo as Ctrl-C does, so that its processes and folder go with it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    started = time.monotonic()
    with set_up(folder, wish) as stage:
        with open_market(stage) as market:
            market.fill()
            market.put_on_sale()
            figures = play(stage, market)
        figures["seconds"] = round(time.monotonic() - started, 1)
        _tell(figures)
        if stay:
            stage.introduce(market.logins)
            threading.Event().wait()
    return figures


def _tell(figures: dict[str, Any]) -> None:
    say("")
    for name, value in figures.items():
        say(f"  {name.replace('_', ' '):28} {value}")
    say("")
