import socket
import threading
from collections.abc import Iterator

import pytest

from longshore.mail import MailServer, mail_server, send_mail
from longshore.ports.errors import NeedsOperator


def test_reads_an_address():
    server = mail_server("smtp://me%40x.example:s%3Acret@mail.example:2525")
    assert (server.host, server.port, server.user) == ("mail.example", 2525, "me@x.example")
    assert server.password == "s:cret"
    assert "s:cret" not in repr(server)


@pytest.mark.parametrize(
    ("url", "port"), [("smtp://mail.example", 587), ("smtps://mail.example", 465)]
)
def test_ports_have_defaults(url: str, port: int):
    assert mail_server(url).port == port


@pytest.mark.parametrize(
    "url", ["", "mail.example", "http://mail.example", "smtp://", "smtp://h:x"]
)
def test_a_wrong_address_says_what_it_must_look_like(url: str):
    with pytest.raises(NeedsOperator, match="smtp://user:password@"):
        mail_server(url)


@pytest.fixture
def talk() -> Iterator[int]:
    """A mail server that knows EHLO only: no STARTTLS."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rwb", buffering=0) as stream:
            stream.write(b"220 test\r\n")
            while line := stream.readline():
                known = line[:4].upper() in {b"EHLO", b"HELO", b"QUIT", b"RSET"}
                stream.write(b"250 test\r\n" if known else b"502 no\r\n")

    thread = threading.Thread(target=serve)
    thread.start()
    yield listener.getsockname()[1]
    listener.close()
    thread.join(5)


def test_nothing_is_sent_in_clear(talk: int):
    server = MailServer("smtp", "127.0.0.1", talk, "me", "fake-password")
    with pytest.raises(NeedsOperator, match="no encryption"):
        send_mail(server, "a@example.org", "b@example.org", "Hello", "text")


def test_a_server_that_is_not_there_is_named():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(NeedsOperator, match=f"127.0.0.1:{port}"):
        send_mail(MailServer("smtp", "127.0.0.1", port), "a@x.org", "b@x.org", "s", "t")


def test_a_line_break_in_a_header_is_refused():
    with pytest.raises(NeedsOperator, match="line break"):
        send_mail(MailServer("smtp", "127.0.0.1", 1), "a@x.org", "b@x.org\nBcc: c@x.org", "s", "t")
