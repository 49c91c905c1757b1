"""`longshore bench`: measurements with goals, each beside its peer or floor of the same run."""

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated

import typer

from longshore.cli.bench.report import Report, write


class Bench(StrEnum):
    CATALOG = "catalog"
    CONNECTION = "connection"
    FLEET = "fleet"
    INTAKE = "intake"
    PAGES = "pages"
    PUBLISH = "publish"
    STOCK = "stock"


def register(app: typer.Typer) -> None:
    @app.command()
    def bench(
        name: Annotated[Bench, typer.Argument(help="What to measure.")],
        json: Annotated[str, typer.Option(help="Where the JSON goes; - for the terminal.")] = "-",
        scale: Annotated[
            float, typer.Option(help="A smaller load for a quick look.", min=0.01, max=1.0)
        ] = 1.0,
    ) -> None:
        """Measure; exits 0 only when every goal holds."""
        report = _benches()[name](scale)
        write(report, json)
        if not report.holds:
            raise typer.Exit(1)


def _benches() -> dict[Bench, Callable[[float], Report]]:
    from longshore.cli.bench import catalog, connection, fleet, intake, pages, publish, stock

    return {
        Bench.CATALOG: catalog.measure,
        Bench.CONNECTION: connection.measure,
        Bench.FLEET: fleet.measure,
        Bench.INTAKE: intake.measure,
        Bench.PAGES: pages.measure,
        Bench.PUBLISH: publish.measure,
        Bench.STOCK: stock.measure,
    }
