"""What people type on the admin's pages, and how each mistake is named with its cure."""

import re
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from longshore.domain.pricing import PurchasePrices
from longshore.ports.ledger.connections import StorefrontKeys

SHOP = re.compile(r"[a-z0-9][a-z0-9-]*\.myshopify\.com")


def _secret(label: Any, hint: Any = "", **more: Any) -> forms.CharField:
    """Never shown again, not even what was just typed."""
    widget = forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    return forms.CharField(label=label, help_text=hint, widget=widget, max_length=500, **more)


class ShopifyForm(forms.Form):
    shop = forms.CharField(
        label=_("Shop domain"),
        max_length=255,
        help_text=_("As in the address of your Shopify admin: name.myshopify.com."),
    )
    client_id = forms.CharField(
        label=_("Client id"),
        required=False,
        max_length=100,
        help_text=_("From the app's settings. Leave it empty to sign in with an access token."),
    )
    secret = _secret(
        _("Client secret (API secret key)"),
        _("Shopify signs its notices with it. Kept encrypted, never shown again."),
    )
    token = _secret(
        _("Access token"), _("Only without a client id. Begins with shpat_."), required=False
    )

    def clean_shop(self) -> str:
        text = str(self.cleaned_data["shop"]).strip().lower()
        text = urlsplit(text if "://" in text else f"//{text}").hostname or ""
        if "." not in text:
            text = f"{text}.myshopify.com"
        if not SHOP.fullmatch(text):
            raise forms.ValidationError(
                _("This is not the shop's own domain. It ends in .myshopify.com; see Settings, Domains in Shopify.")
            )
        return text

    def clean_token(self) -> str:
        token = str(self.cleaned_data["token"]).strip()
        if token and not token.startswith("shp"):
            raise forms.ValidationError(
                _("This is not an access token; those begin with shpat_. Copy it from the app again.")
            )
        return token

    def clean(self) -> None:
        data = self.cleaned_data
        if "token" in data and not data.get("client_id") and not data.get("token"):
            self.add_error("client_id", _("Give a client id, or an access token below."))

    def keys(self, api_base: str) -> StorefrontKeys:
        data = self.cleaned_data
        token = "" if data["client_id"] else data["token"]
        return StorefrontKeys(
            data["shop"], data["client_id"].strip(), data["secret"].strip(), token, api_base
        )


class MarketplaceForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    timezone = forms.CharField(
        label=_("Time zone"),
        max_length=64,
        help_text=_("Times are shown in it, such as Europe/Prague."),
    )
    purchase_prices = forms.ChoiceField(
        label=_("Prices on the vendors' orders"),
        choices=[
            (PurchasePrices.RETAIL.value, _("What the buyer paid")),
            (PurchasePrices.ZERO.value, _("0.00, you settle with the vendors elsewhere")),
        ],
        widget=forms.RadioSelect,
    )
    share_buyer_email = forms.BooleanField(
        label=_("Give the buyer's e-mail address to the vendor"),
        required=False,
        help_text=_("Without it the vendor's shop writes no mail to the buyer."),
    )
    notify_buyers = forms.BooleanField(
        label=_("Shopify tells the buyer when something ships"), required=False
    )

    def clean_timezone(self) -> str:
        text = str(self.cleaned_data["timezone"]).strip()
        if text not in available_timezones():
            raise forms.ValidationError(
                _("There is no such time zone. Write it like Europe/Prague, or UTC.")
            )
        return text


class MailForm(forms.Form):
    """`url` may stay empty to keep the one there is."""

    url = _secret(
        _("Mail server"),
        _("As smtp://user:password@mail.example.org:587, or smtps:// for port 465. Kept encrypted."),
        required=False,
    )
    sender = forms.EmailField(
        label=_("Mail is sent from"), help_text=_("Such as shop@example.org.")
    )
    to = forms.EmailField(
        label=_("Send the test to"), help_text=_("The settings are saved once this mail is out.")
    )


class VendorForm(forms.Form):
    name = forms.CharField(
        label=_("Vendor's name"), max_length=200, help_text=_("Buyers see it as the brand.")
    )
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("For invitations. Can be added later.")
    )


class StoreForm(forms.Form):
    url = forms.CharField(
        label=_("Address of the WooCommerce shop"),
        max_length=500,
        help_text=_("Such as https://shop.example.org."),
    )
    key = forms.CharField(
        label=_("Consumer key"),
        max_length=200,
        help_text=_("From WooCommerce, Settings, Advanced, REST API. Permission: Read/Write."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    secret = _secret(_("Consumer secret"), _("Begins with cs_. Kept encrypted, never shown again."))

    def clean_url(self) -> str:
        text = str(self.cleaned_data["url"]).strip()
        if "://" not in text:
            text = f"https://{text}"
        try:
            parts = urlsplit(text)
            good = parts.scheme in {"http", "https"} and bool(parts.hostname)
            good = good and not parts.username and (parts.port or 1) > 0
        except ValueError:
            good = False
        if not good:
            raise forms.ValidationError(_("Write the address like https://shop.example.org."))
        return text

    def clean_key(self) -> str:
        return self._whole("key", "ck_")

    def clean_secret(self) -> str:
        return self._whole("secret", "cs_")

    def _whole(self, name: str, begin: str) -> str:
        text = "".join(str(self.cleaned_data[name]).split())
        if text.startswith(("…", "...")):
            raise forms.ValidationError(
                _("This is only the end of the key. WooCommerce shows the whole key once; create a new one and copy both values.")
            )
        if not text.startswith(begin):
            raise forms.ValidationError(
                _("This does not begin with %(begin)s. Copy it again from WooCommerce."),
                params={"begin": begin},
            )
        return text


class SwitchesForm(forms.Form):
    buffer = forms.IntegerField(
        label=_("Stock buffer"),
        min_value=0,
        max_value=100_000,
        help_text=_("With 7 at the vendor and a buffer of 1, Shopify shows 6."),
    )
    sell_backorders = forms.BooleanField(
        label=_("Sell what the vendor takes on backorder"), required=False
    )
    auto_approve = forms.BooleanField(
        label=_("Publish new products without review"),
        required=False,
        help_text=_("Products with a problem still wait for you."),
    )
    active = forms.BooleanField(label=_("This vendor is active"), required=False)
    rate = forms.DecimalField(
        label=_("Exchange rate"),
        required=False,
        min_value=0,
        max_digits=18,
        decimal_places=8,
        help_text=_("How much of your currency one unit of theirs is worth."),
    )
    tax_factor = forms.DecimalField(
        label=_("Tax factor"),
        required=False,
        min_value=0,
        max_digits=10,
        decimal_places=6,
        help_text=_("1.21 adds 21 % tax to prices without; 0.826446 takes it off."),
    )

    def clean_rate(self) -> Any:
        return self._above_zero("rate")

    def clean_tax_factor(self) -> Any:
        return self._above_zero("tax_factor")

    def _above_zero(self, name: str) -> Any:
        value = self.cleaned_data[name]
        if value is not None and value <= 0:
            raise forms.ValidationError(_("This must be above 0. Leave it empty for no rule."))
        return value


class PlacesForm(forms.Form):
    """The choices are what Shopify just offered."""

    publication = forms.ChoiceField(label=_("Sell on"), widget=forms.RadioSelect)
    layout = forms.ChoiceField(label=_("Stock stands at"), widget=forms.RadioSelect)

    def __init__(self, publications: Any, locations: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["publication"].choices = publications  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["layout"].choices = locations  # type: ignore[attr-defined]


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail of the vendor's person"))
