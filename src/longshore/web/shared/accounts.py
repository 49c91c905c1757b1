"""How sign-in behaves: by invitation only, with mail over the marketplace's own server."""

from typing import ClassVar

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from longshore import settings
from longshore.mail import mail_server, send_mail
from longshore.ports.errors import LongshoreError
from longshore.storage.models import Marketplace

log = structlog.get_logger(__name__)


class ClosedSignup(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Nobody signs up by themselves; accounts come from one-time links."""

    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_password": _("This is not your password."),
        "email_password_mismatch": _("This e-mail address and password do not belong together."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, then try again."),
        "account_inactive": _("This account is closed. Ask the marketplace."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, object]) -> None:
        """A hub without a mail server sends nothing; the sign-in page says so beforehand."""
        message = self.render_mail(template_prefix, email, context)
        send_hub_mail(email, message.subject, message.body)


def mail_row() -> Marketplace | None:
    """The marketplace whose mail server the hub's own letters use, None while there is none."""
    return Marketplace.objects.exclude(mail_url="").order_by("id").first()


def send_hub_mail(to: str, subject: str, text: str, *, row: Marketplace | None = None) -> bool:
    """Whether the letter was handed to a mail server. A failure is logged, never raised: whoever
    asked must not learn from it whether an address is known.
    """
    row = row or mail_row()
    if row is None or not row.mail_url:
        log.warning("mail_without_server")
        return False
    try:
        send_mail(
            mail_server(row.mail_url.reveal()),
            row.mail_from,
            to,
            subject,
            text,
            ca=settings.load().ca_bundle,
        )
    except LongshoreError as error:
        log.warning("mail_failed", why=error.internal)
        return False
    return True
