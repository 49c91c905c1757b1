"""One simulated Shopify shop."""

import threading
from collections.abc import Generator
from contextlib import contextmanager

from werkzeug.serving import WSGIRequestHandler, make_server

from simulators.shopify.app import App
from simulators.shopify.auth import Tokens
from simulators.shopify.bulk import BulkRuns
from simulators.shopify.clock import Clock
from simulators.shopify.executor import Executor
from simulators.shopify.fields import declare
from simulators.shopify.later import Later
from simulators.shopify.settings import ShopSettings
from simulators.shopify.simulator_parts import Parts
from simulators.shopify.state import State
from simulators.shopify.webhooks import Post, Webhooks


class Simulator:
    """`app` is the WSGI application; `parts` is the shop from the inside, for tests. `post` sends
    webhooks in another way than over HTTP.
    """

    def __init__(self, settings: ShopSettings | None = None, post: Post | None = None) -> None:
        declare()
        self.parts = make_parts(settings or ShopSettings(), post)
        self.app = App(self.parts, lambda: make_parts(self.settings, post))
        self.settings = self.parts.state.settings

    def settle(self) -> None:
        """Lets everything happen that is due by the shop's clock."""
        self.parts.state.later.settle()

    def close(self) -> None:
        self.parts.state.later.close()


def make_parts(settings: ShopSettings, post: Post | None) -> Parts:
    """A new shop, empty but for its first location and its sales channels."""
    clock = Clock()
    state = State(settings, clock, Later(clock))
    webhooks = Webhooks(state, post)
    executor = Executor(state, webhooks)
    return Parts(state, webhooks, Tokens(state), executor, BulkRuns(state, executor))


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
