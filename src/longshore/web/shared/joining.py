"""The page behind a one-time link: choose a password, or join with the account one has."""

from typing import Any

from django import forms
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from longshore.web.shared.invitations import Invitation, Refused, accept, open_link

BACKEND = "django.contrib.auth.backends.ModelBackend"


class PasswordForm(forms.Form):
    """`marketplace` is asked for only before the first one exists."""

    marketplace = forms.CharField(
        label=_("Name of your marketplace"),
        max_length=200,
        help_text=_("Vendors and you see it, such as Nordic Table. It can be changed later."),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters."),
    )
    again = forms.CharField(
        label=_("The same password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, offer: Invitation, data: Any = None) -> None:
        super().__init__(data)
        self._email = offer.email
        if offer.marketplace:
            del self.fields["marketplace"]

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, User(email=self._email, username=self._email))
        return password

    def clean(self) -> None:
        first, second = self.cleaned_data.get("password"), self.cleaned_data.get("again")
        if first and second and first != second:
            self.add_error("again", _("This differs from the password above. Type it once more."))


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    offer = open_link(token)
    if isinstance(offer, Refused):
        return _refused(request, offer)
    if not offer.sets_password:
        return _with_account(request, token, offer)
    form = PasswordForm(offer, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "open/join.html", {"offer": offer, "form": form}, status=status)
    data = form.cleaned_data
    user = accept(token, password=data["password"], marketplace=data.get("marketplace", ""))
    if isinstance(user, Refused):
        return _refused(request, user)
    login(request, user, backend=BACKEND)
    return redirect("/")


def _with_account(request: HttpRequest, token: str, offer: Invitation) -> HttpResponse:
    """The address has an account: only whoever can sign in with it may join."""
    mine = request.user.is_authenticated and request.user.email.lower() == offer.email.lower()
    if request.method == "POST" and mine:
        user = accept(token, signed_in=request.user.pk)
        return _refused(request, user) if isinstance(user, Refused) else redirect("/")
    return render(request, "open/join.html", {"offer": offer, "mine": mine})


def _refused(request: HttpRequest, why: Refused) -> HttpResponse:
    status = 404 if why is Refused.UNKNOWN else 410
    return render(request, "open/link_refused.html", {"why": why.value}, status=status)
