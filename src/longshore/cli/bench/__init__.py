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
    ORDERS = "orders"
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
        orders: Annotated[int, typer.Option(help="Of orders: how many.", min=10)] = 10_000,
        stores: Annotated[int, typer.Option(help="Of orders: to how many shops.", min=1)] = 50,
        kills: Annotated[int, typer.Option(help="Of orders: workers killed.", min=0)] = 200,
    ) -> None:
        """Measure; exits 0 only when every goal holds."""
        measures = _benches(orders, stores, kills)
        report = measures[name](scale)
        write(report, json)
        if not report.holds:
            raise typer.Exit(1)


def _benches(orders: int, stores: int, kills: int) -> dict[Bench, Callable[[float], Report]]:
    from longshore.cli.bench import catalog, connection, fleet, intake, pages, publish, stock
    from longshore.cli.bench import orders as placing

    return {
        Bench.CATALOG: catalog.measure,
        Bench.CONNECTION: connection.measure,
        Bench.FLEET: fleet.measure,
        Bench.INTAKE: intake.measure,
        Bench.ORDERS: lambda _: placing.measure(placing.Size(orders, stores, kills)),
        Bench.PAGES: pages.measure,
        Bench.PUBLISH: publish.measure,
        Bench.STOCK: stock.measure,
    }
