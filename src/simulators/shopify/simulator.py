"""One simulated Shopify shop."""

import threading
from collections.abc import Generator
from contextlib import contextmanager

from werkzeug.serving import WSGIRequestHandler, make_server

from simulators.shopify.app import App
from simulators.shopify.auth import Tokens
from simulators.shopify.clock import Clock
from simulators.shopify.executor import Executor
from simulators.shopify.faults import Faults
from simulators.shopify.simulator_parts import Parts
from simulators.shopify.state import ShopSettings, State
from simulators.shopify.webhooks import Webhooks


class Simulator:
    """`app` is the WSGI application; `parts` is the shop from the inside, for tests."""

    def __init__(self, settings: ShopSettings | None = None) -> None:
        state = State(settings or ShopSettings(), Clock())
        webhooks = Webhooks(state)
        self.parts = Parts(state, webhooks, Tokens(state), Executor(state, webhooks), Faults())
        self.app = App(self.parts)
        self.settings = state.settings

    def close(self) -> None:
        self.parts.webhooks.close()


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's name
        """The request log under /_sim/requests says more."""


@contextmanager
def serve(simulator: Simulator, port: int = 0, host: str = "127.0.0.1") -> Generator[str]:
    """Serves on a socket; gives the address."""
    server = make_server(host, port, simulator.app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://{host}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        simulator.close()
