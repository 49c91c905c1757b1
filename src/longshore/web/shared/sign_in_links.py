"""Signing in by a link in a letter, for people who open the portal twice a month. A second step
that somebody has set up is asked for as always.
"""

from datetime import timedelta

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.core import ratelimit
from django import forms
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from longshore import settings
from longshore.storage.models import SignInLink
from longshore.storage.tokens import digest_of, new_token
from longshore.web.shared.accounts import send_hub_mail

LIVES = timedelta(minutes=15)
BACKEND = "django.contrib.auth.backends.ModelBackend"


class AskForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The answer never tells whether an address is known, nor that too many letters were asked for:
    an unknown one gets a letter too, which also takes as long.
    """
    form = AskForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "account/link_ask.html", {"form": form}, status=status)
    email = form.cleaned_data["email"].lower()
    if ratelimit.consume(request, action="sign_in_link", key=email):
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        if user is None:
            send_hub_mail(email, *_unknown(email))
        else:
            _send(user, request.build_absolute_uri("/"))
    return render(request, "account/link_sent.html", {"email": email})


def _unknown(email: str) -> tuple[str, str]:
    return _("No account with this address"), _(
        "Somebody asked for a link to sign in as %(email)s, but no account has this address. If it"
        " was you, try the address your invitation was sent to.\n"
    ) % {"email": email}


def _send(user: User, base: str) -> None:
    token = new_token()
    SignInLink.objects.filter(user=user, used_at=None).delete()
    SignInLink.objects.create(digest=digest_of(token), user=user, expires_at=timezone.now() + LIVES)
    there = (settings.load().public_url or base).rstrip("/") + reverse("sign_in", args=[token])
    send_hub_mail(
        user.email,
        _("Your link to sign in"),
        _("Open this link to sign in. It works once, for 15 minutes.\n\n%(link)s\n\nIf you did not"
          " ask for it, do nothing.\n") % {"link": there},
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Programs that look at letters open every link: only the button uses it."""
    if request.method != "POST":
        good = _usable(token).exists()
        return render(request, "account/link_use.html", {"good": good}, status=200 if good else 410)
    with transaction.atomic():
        row = _usable(token).select_for_update().select_related("user").first()
        if row is None:
            return render(request, "account/link_use.html", {"good": False}, status=410)
        row.used_at = timezone.now()
        row.save(update_fields=["used_at"])
    row.user.backend = BACKEND
    answer: HttpResponse = perform_login(request, Login(user=row.user, redirect_url="/"))
    return answer


def _usable(token: str) -> "QuerySet[SignInLink]":
    return SignInLink.objects.filter(
        digest=digest_of(token), used_at=None, expires_at__gt=timezone.now(), user__is_active=True
    )
