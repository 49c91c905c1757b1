"""The shop without a socket: an httpx2 transport around the application."""

import httpx2

from simulators.woocommerce.app import App
from simulators.woocommerce.exchange import Exchange


class InProcess(httpx2.BaseTransport):
    """A cut connection becomes the error that a socket would give; waits are not waited for."""

    def __init__(self, app: App) -> None:
        self._app = app

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        exchange = Exchange(
            method=request.method,
            uri=request.url.raw_path.decode("ascii"),
            headers={name.lower(): value for name, value in request.headers.items()},
            body=request.read(),
            secure=request.url.scheme == "https",
        )
        reply = self._app.answer(exchange)
        cut = reply.cut
        if cut is not None and cut.wait_s:
            raise httpx2.ReadTimeout("the shop does not answer", request=request)
        if cut is not None:
            raise httpx2.ReadError("the connection was reset", request=request)
        body = b"" if request.method == "HEAD" else reply.body
        headers = [*reply.headers, ("Content-Length", str(len(body)))]
        if reply.header("Content-Encoding") is None:
            return httpx2.Response(reply.status, headers=headers, content=body, request=request)
        # A stream, so that the client unpacks what is packed only while it reads.
        stream = httpx2.ByteStream(body)
        return httpx2.Response(reply.status, headers=headers, stream=stream, request=request)
