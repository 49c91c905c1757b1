"""A mail server over TLS that keeps what it gets, with a certificate of its own."""

import email
import email.policy
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

import trustme

_LINK = re.compile(r"https?://\S+")


class Mailbox:
    """`url` is what a marketplace types as its mail server; `ca` its authority's certificate."""

    def __init__(self, folder: Path) -> None:
        self.letters: list[EmailMessage] = []
        self.ca = folder / "mail-ca.pem"
        authority = trustme.CA()
        authority.cert_pem.write_to_path(self.ca)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(self._context)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"smtps://127.0.0.1:{self._listener.getsockname()[1]}"

    def to(self, address: str) -> list[EmailMessage]:
        return [one for one in self.letters if one["To"] == address]

    def path_in_last(self, address: str) -> str:
        """The path of the link in the newest letter to somebody."""
        found = _LINK.search(self.to(address)[-1].get_content())
        assert found, "no link in the letter"
        return "/" + found[0].split("/", 3)[3]

    def serve(self) -> None:
        while True:
            try:
                plain, _ = self._listener.accept()
            except OSError:  # closed
                return
            with plain, self._context.wrap_socket(plain, server_side=True) as line:
                self._talk(line)

    def _talk(self, line: ssl.SSLSocket) -> None:
        with line.makefile("rwb", buffering=0) as stream:
            stream.write(b"220 box\r\n")
            while word := stream.readline()[:4].upper():
                if word == b"DATA":
                    stream.write(b"354 go\r\n")
                    raw = b"".join(iter(stream.readline, b".\r\n"))
                    letter = email.message_from_bytes(raw, policy=email.policy.default)
                    assert isinstance(letter, EmailMessage)
                    self.letters.append(letter)
                stream.write(b"221 bye\r\n" if word == b"QUIT" else b"250 yes\r\n")
                if word == b"QUIT":
                    return

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@contextmanager
def open_mailbox(folder: Path) -> Iterator[Mailbox]:
    box = Mailbox(folder)
    thread = threading.Thread(target=box.serve)
    thread.start()
    try:
        yield box
    finally:
        box.close()
        thread.join(5)
