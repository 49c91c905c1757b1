"""What people type about a shop: its address and its keys, each mistake named with its cure."""

import re
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

PLAIN = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}


def secret_field(label: Any, hint: Any = "", **more: Any) -> forms.CharField:
    """A stored secret is never shown again. What was just typed comes back in the same field, so
    that one mistake elsewhere does not cost it.
    """
    widget = forms.PasswordInput(attrs=PLAIN, render_value=True)
    return forms.CharField(label=label, help_text=hint, widget=widget, max_length=500, **more)


def address_field(label: Any) -> forms.CharField:
    return _Address(
        label=label,
        max_length=500,
        help_text=_("Such as https://shop.example.org. The start page is enough."),
        widget=forms.TextInput(attrs={**PLAIN, "inputmode": "url"}),
    )


class _Address(forms.CharField):
    def clean(self, value: Any) -> str:
        text = str(super().clean(value)).strip()
        if "://" not in text:
            text = f"https://{text}"
        try:
            parts = urlsplit(text)
            good = parts.scheme in {"http", "https"} and bool(parts.hostname)
            good = good and not parts.username and (parts.port or 1) > 0
            good = good and not re.search(r"\s", parts.netloc)
        except ValueError:
            good = False
        if not good:
            raise forms.ValidationError(_("Write the address like https://shop.example.org."))
        return text


def key_field(label: Any, *, secret: bool = False) -> forms.CharField:
    if secret:
        return secret_field(label, _("Begins with cs_. Kept encrypted, never shown again."))
    return forms.CharField(
        label=label,
        max_length=200,
        help_text=_(
            "Begins with ck_. From WooCommerce, Settings, Advanced, REST API; permission:"
            " Read/Write."
        ),
        widget=forms.TextInput(attrs=PLAIN),
    )


def whole(text: str, begin: str) -> str:
    """A key as it must be sent. Raises ValidationError for one that was cut off or mixed up."""
    text = "".join(str(text).split())
    if text.startswith(("…", "...")):
        raise forms.ValidationError(
            _(
                "This is only the end of the key. WooCommerce shows the whole key once; create"
                " a new one and copy both values."
            )
        )
    if not text.startswith(begin):
        raise forms.ValidationError(
            _("This does not begin with %(begin)s. Copy it again from WooCommerce."),
            params={"begin": begin},
        )
    return text


class KeysForm(forms.Form):
    key = key_field(_("Consumer key"))
    secret = key_field(_("Consumer secret"), secret=True)

    def clean_key(self) -> str:
        return whole(self.cleaned_data["key"], "ck_")

    def clean_secret(self) -> str:
        return whole(self.cleaned_data["secret"], "cs_")
