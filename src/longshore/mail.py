"""How we write mail: one message over the marketplace's own SMTP server."""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

from longshore.ports.errors import NeedsOperator

TIMEOUT_S = 15.0
PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class MailServer:
    """`smtp://` begins in clear and must upgrade (STARTTLS); `smtps://` is TLS from the start."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)


def mail_server(url: str) -> MailServer:
    """Reads an address like smtp://user:password@host:587. Raises NeedsOperator."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in PORTS or not parts.hostname:
        raise NeedsOperator(
            "The mail server must look like smtp://user:password@mail.example.org:587"
            " (or smtps:// for port 465)."
        )
    return MailServer(
        parts.scheme,
        parts.hostname,
        port or PORTS[parts.scheme],
        unquote(parts.username or ""),
        unquote(parts.password or ""),
    )


@dataclass(frozen=True, slots=True)
class Letter:
    """`stop_url`: where one click ends letters of this kind (RFC 8058), "" where there is none."""

    subject: str
    text: str
    html: str = ""
    stop_url: str = ""


def send_mail(
    server: MailServer, sender: str, to: str, subject: str, text: str, *, ca: Path | None = None
) -> None:
    """Sends one message; TLS is always verified. Raises NeedsOperator naming what to change."""
    send_letter(server, sender, to, Letter(subject, text), ca=ca)


def send_letter(
    server: MailServer, sender: str, to: str, letter: Letter, *, ca: Path | None = None
) -> None:
    """The same with all that a letter has."""
    _send(server, _message(sender, to, letter), to, ca)


def _message(sender: str, to: str, letter: Letter) -> EmailMessage:
    message = EmailMessage()
    try:
        message["From"], message["To"], message["Subject"] = sender, to, letter.subject
        if letter.stop_url:
            message["List-Unsubscribe"] = f"<{letter.stop_url}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    except ValueError:
        raise NeedsOperator("An address or the subject holds a line break.") from None
    message.set_content(letter.text)
    if letter.html:
        message.add_alternative(letter.html, subtype="html")
    return message


def _send(server: MailServer, message: EmailMessage, to: str, ca: Path | None) -> None:
    try:
        with _connection(server, ca) as smtp:
            if server.user:
                smtp.login(server.user, server.password)
            smtp.send_message(message)
    except smtplib.SMTPAuthenticationError:
        raise NeedsOperator(
            f"{server.host} refuses the user name or password. Check them with your mail provider."
        ) from None
    except smtplib.SMTPRecipientsRefused:
        raise NeedsOperator(f"{server.host} does not accept mail for {to}.") from None
    except smtplib.SMTPNotSupportedError:
        raise NeedsOperator(
            f"{server.host} offers no encryption or sign-in on port {server.port}. Try smtps:// or"
            " another port."
        ) from None
    except ssl.SSLError as error:
        raise NeedsOperator(
            f"The certificate of {server.host} cannot be trusted ({error.reason})."
        ) from None
    except (smtplib.SMTPException, OSError) as error:
        raise NeedsOperator(
            f"{server.host}:{server.port} did not take the mail ({type(error).__name__})."
            " Check the address and the port."
        ) from None


def _connection(server: MailServer, ca: Path | None) -> smtplib.SMTP:
    trust = ssl.create_default_context()
    if ca is not None:
        trust.load_verify_locations(ca)
    if server.scheme == "smtps":
        return smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=trust)
    smtp = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
    try:
        smtp.starttls(context=trust)
    except BaseException:
        smtp.close()
        raise
    return smtp
