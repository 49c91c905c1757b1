"""`longshore web` and `longshore worker`: the two parts that serve, one process each."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from longshore.cli.database import collect_static, hub, require_tables
from longshore.cli.output import say

HOST = "127.0.0.1"
PORT = 8000
WEB_THREADS = 32

Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)]


def register(app: typer.Typer) -> None:
    @app.command()
    def web(host: Host = HOST, port: Port = PORT) -> None:
        """Serve the pages, the API and the webhooks."""
        with hub():
            require_tables()
            collect_static()
            serve_web(host, port)

    @app.command()
    def worker(
        concurrency: Annotated[
            int | None, typer.Option(help="How many jobs run at a time.", min=1, max=200)
        ] = None,
        metrics_file: Annotated[
            Path | None, typer.Option(help="Keep figures for Prometheus in this file.")
        ] = None,
    ) -> None:
        """Work off jobs; start as many as you like, on any machine."""
        with hub() as env:
            require_tables()
            from longshore.worker import process

            options = process.options_from(env)
            code = process.run(
                replace(
                    options,
                    concurrency=concurrency or options.concurrency,
                    metrics_file=metrics_file,
                )
            )
        raise typer.Exit(code)


def serve_web(host: str, port: int) -> None:
    """Serves until SIGTERM or SIGINT."""
    from granian import Granian
    from granian.constants import Interfaces

    say(f"Longshore answers on {address(host, port)}")
    Granian(
        "longshore.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=WEB_THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_enabled=False,
        websockets=False,
    ).serve()


def address(host: str, port: int) -> str:
    shown = "127.0.0.1" if host in {"", "0.0.0.0", "::"} else host  # noqa: S104 - compared only
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/"
