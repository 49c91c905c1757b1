"""A door that jobs knock at: the test sees who waits and decides when each may go on."""

import queue
import socket
import threading
from dataclasses import dataclass

PATIENCE_S = 30


@dataclass
class Visit:
    name: str
    connection: socket.socket

    def let_go(self) -> None:
        self.connection.sendall(b"go\n")
        self.connection.close()


class Gate:
    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._visits: queue.Queue[Visit] = queue.Queue()
        self._open: list[socket.socket] = []
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(connection)
            self._visits.put(Visit(connection.recv(200).decode(), connection))

    def next(self) -> Visit:
        return self._visits.get(timeout=PATIENCE_S)

    def nobody_waits(self) -> bool:
        return self._visits.empty()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
        for connection in self._open:
            connection.close()


def knock(port: int, name: str) -> None:
    """In a job: waits until the test lets it go."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as connection:
        connection.sendall(name.encode())
        connection.settimeout(PATIENCE_S * 2)
        if connection.recv(10) != b"go\n":
            raise ConnectionError(name)
