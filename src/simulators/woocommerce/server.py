"""A threaded HTTP/1.1 server for the shop: keep-alive, TLS, and connections that break on request.

The standard library's server closes each connection or parses headers slowly, and no other could
reset a connection in the middle of an answer.
"""

import io
import select
import socket
import ssl
import struct
import sys
import threading
import traceback
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

from simulators.woocommerce.app import App, Broken
from simulators.woocommerce.simulator import Simulator

LONGEST_LINE = 65_536
MOST_HEADERS = 200
IDLE_S = 60.0
BACKLOG = 128


class BadRequest(Exception):  # noqa: N818 - an answer
    """What came in is no HTTP request."""


class Server:
    """Listens from `start` to `stop`, with a thread for each connection."""

    def __init__(self, app: App, host: str, port: int, context: ssl.SSLContext | None) -> None:
        self._app = app
        self._context = context
        self._listener = socket.create_server((host, port), backlog=BACKLOG)
        self.host: str = host
        self.port: int = self._listener.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._stopping = False
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ends at once: open connections are closed, whatever they wait for."""
        self._stopping = True
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            connections = list(self._open)
        for connection in connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._thread.join()

    def _listen(self) -> None:
        while not self._stopping:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self._open.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, raw: socket.socket) -> None:
        connection = raw
        try:
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            raw.settimeout(IDLE_S)
            if self._context is not None:
                connection = self._context.wrap_socket(raw, server_side=True)
                with self._lock:
                    self._open.add(connection)
            stream = io.BufferedReader(socket.SocketIO(connection, "r"), 65_536)
            while not self._stopping and self._one(connection, stream):
                pass
        except (OSError, ValueError, BadRequest):
            pass
        finally:
            with self._lock:
                self._open -= {raw, connection}
            for one in (connection, raw):
                with suppress(OSError):
                    one.close()

    def _one(self, connection: socket.socket, stream: "io.BufferedReader[Any]") -> bool:
        """One request and its answer; whether the connection stays."""
        environ = self._read(connection, stream)
        if environ is None:
            return False
        started: list[tuple[str, list[tuple[str, str]]]] = []
        try:
            body = self._app(environ, lambda status, headers: started.append((status, headers)))
        except Broken as broken:
            self._break(connection, broken)
            return False
        except Exception:  # noqa: BLE001 - a mistake of the simulator must be seen, not guessed
            told = traceback.format_exc()
            sys.stderr.write(told)
            started, body = _failure(told)
        status, headers = started[0]
        stays = environ.get("HTTP_CONNECTION", "").lower() != "close"
        connection.sendall(_head(status, headers, stays=stays) + b"".join(body))
        return stays

    def _read(
        self, connection: socket.socket, stream: "io.BufferedReader[Any]"
    ) -> dict[str, Any] | None:
        line = stream.readline(LONGEST_LINE)
        if not line:
            return None
        parts = line.decode("latin-1").split()
        if len(parts) != 3 or not parts[2].startswith("HTTP/1."):  # noqa: PLR2004 - method, target, version
            connection.sendall(_head("400 Bad Request", [("Content-Length", "0")], stays=False))
            raise BadRequest
        method, target, version = parts
        environ = self._environ(method, target)
        for _ in range(MOST_HEADERS):
            line = stream.readline(LONGEST_LINE)
            if line in (b"\r\n", b"\n", b""):
                break
            name, _, value = line.decode("latin-1").partition(":")
            key = name.strip().upper().replace("-", "_")
            key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
            environ[key] = value.strip()
        if version == "HTTP/1.0" and environ.get("HTTP_CONNECTION", "").lower() != "keep-alive":
            environ["HTTP_CONNECTION"] = "close"
        if environ.get("HTTP_EXPECT", "").lower() == "100-continue":
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = _body(environ, stream)
        environ["CONTENT_LENGTH"] = str(len(body))
        environ["wsgi.input"] = io.BytesIO(body)
        return environ

    def _environ(self, method: str, target: str) -> dict[str, Any]:
        if "://" in target.partition("?")[0]:
            target = "/" + target.partition("://")[2].partition("/")[2]
        path, _, query = target.partition("?")
        return {
            "REQUEST_METHOD": method,
            "REQUEST_URI": target,
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": self.host,
            "SERVER_PORT": str(self.port),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http" if self._context is None else "https",
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }

    def _break(self, connection: socket.socket, broken: Broken) -> None:
        """Waits while the client does, then cuts: cleanly, or with a reset."""
        cut, reply = broken.cut, broken.reply
        if cut.wait_s:
            # Readable means that the client has gone, or talks on, which is as good.
            with suppress(OSError, ValueError):
                select.select([connection], [], [], cut.wait_s)
        if cut.after_bytes is not None:
            headers = [*reply.headers, ("Content-Length", str(len(reply.body)))]
            head = _head(f"{reply.status} {reply.reason}", headers, stays=True)
            connection.sendall(head + reply.body[: cut.after_bytes])
        if cut.reset:
            linger = struct.pack("ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


def _head(status: str, headers: list[tuple[str, str]], *, stays: bool) -> bytes:
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers)]
    lines.append(f"Connection: {'keep-alive' if stays else 'close'}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", errors="replace")


def _failure(told: str) -> tuple[list[tuple[str, list[tuple[str, str]]]], list[bytes]]:
    text = f"The simulated shop is broken.\n{told}".encode()
    headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(text)))]
    return [("500 Internal Server Error", headers)], [text]


def _body(environ: dict[str, Any], stream: "io.BufferedReader[Any]") -> bytes:
    if "chunked" in str(environ.get("HTTP_TRANSFER_ENCODING", "")).lower():
        parts: list[bytes] = []
        while size := int(stream.readline(LONGEST_LINE).partition(b";")[0].strip() or b"0", 16):
            parts.append(stream.read(size))
            stream.readline(LONGEST_LINE)
        while stream.readline(LONGEST_LINE) not in (b"\r\n", b"\n", b""):
            pass
        return b"".join(parts)
    length = str(environ.get("CONTENT_LENGTH", "0"))
    return stream.read(int(length)) if length.isdigit() and int(length) else b""


@contextmanager
def serve(
    simulator: Simulator,
    port: int = 0,
    host: str = "127.0.0.1",
    *,
    certificate: Path | None = None,
    key: Path | None = None,
) -> Generator[str]:
    """Serves on a socket; gives the address. `certificate` and `key`: PEM files, for https. The
    shop's own address becomes this one unless its settings name another.
    """
    context: ssl.SSLContext | None = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
    server = Server(simulator.app, host, port, context)
    address = f"{'https' if context else 'http'}://{host}:{server.port}"
    if not simulator.settings.home:
        simulator.settings.home = address
    server.start()
    simulator.start_cron()
    try:
        yield address
    finally:
        simulator.close()
        server.stop()
