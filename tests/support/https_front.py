"""What stands before a hub on the internet: https outside, plain HTTP to the hub, and who asked."""

import http.client
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import trustme

NOT_PASSED_ON = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class _Front(BaseHTTPRequestHandler):
    """One request after the other, as they come."""

    protocol_version = "HTTP/1.1"
    behind = 0

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        line = http.client.HTTPConnection("127.0.0.1", self.behind, timeout=60)
        try:
            headers = {**self.headers, "X-Forwarded-Proto": "https", "Connection": "close"}
            line.request(self.command, self.path, body, headers)
            answer = line.getresponse()
            self._answer(answer.status, answer.getheaders(), answer.read())
        except OSError:  # the hub does not listen yet
            self._answer(502, [], b"")
        finally:
            line.close()

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in NOT_PASSED_ON:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_POST = do_HEAD = _pass_on  # noqa: N815 - the library's names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Nobody reads it."""


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that leaves is no error of ours."""


@contextmanager
def https_front(folder: Path, behind: int) -> Iterator[tuple[str, Path]]:
    """(address, its authority's certificate) before the port `behind`."""
    folder.mkdir(parents=True, exist_ok=True)
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "front-ca.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server = _Quiet(("127.0.0.1", 0), type("Front", (_Front,), {"behind": behind}))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_address[1]}", folder / "front-ca.pem"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
