"""What people type about shops and vendors, and how each mistake is named with its cure."""

import re
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from longshore.domain.health import WhenSilent
from longshore.ports.ledger.connections import StorefrontKeys
from longshore.web.shared.countries import codes_in, country_name
from longshore.web.shared.shop_fields import (
    PLAIN,
    address_field,
    key_field,
    secret_field,
    whole,
)

SHOP = re.compile(r"[a-z0-9][a-z0-9-]*\.myshopify\.com")


class ShopifyForm(forms.Form):
    shop = forms.CharField(
        label=_("Shop domain"),
        max_length=255,
        help_text=_("As in the address of your Shopify admin: name.myshopify.com."),
        widget=forms.TextInput(attrs=PLAIN),
    )
    client_id = forms.CharField(
        label=_("Client id"),
        required=False,
        max_length=100,
        help_text=_("From the app's settings. Leave it empty to sign in with an access token."),
        widget=forms.TextInput(attrs=PLAIN),
    )
    secret = secret_field(
        _("Client secret (API secret key)"),
        _("Shopify signs its notices with it. Kept encrypted, never shown again."),
    )
    token = secret_field(
        _("Access token"), _("Only without a client id. Begins with shpat_."), required=False
    )

    def clean_shop(self) -> str:
        text = str(self.cleaned_data["shop"]).strip().lower()
        try:
            text = urlsplit(text if "://" in text else f"//{text}").hostname or ""
        except ValueError:
            text = ""
        if text and "." not in text:
            text = f"{text}.myshopify.com"
        if not SHOP.fullmatch(text):
            raise forms.ValidationError(
                _(
                    "This is not the shop's own domain. It ends in .myshopify.com; see Settings,"
                    " Domains in Shopify."
                )
            )
        return text

    def clean_token(self) -> str:
        token = str(self.cleaned_data["token"]).strip()
        if token and not token.startswith("shp"):
            raise forms.ValidationError(
                _("This is not an access token; those begin with shpat_. Copy it again.")
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


class VendorForm(forms.Form):
    name = forms.CharField(
        label=_("Vendor's name"), max_length=200, help_text=_("Buyers see it as the brand.")
    )
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("For invitations. Can be added later.")
    )


class StoreForm(forms.Form):
    """What can be seen before anybody asks the shop; the rest is the doctor's."""

    url = address_field(_("Address of the WooCommerce shop"))
    key = key_field(_("Consumer key"))
    secret = key_field(_("Consumer secret"), secret=True)

    def clean_key(self) -> str:
        return whole(self.cleaned_data["key"], "ck_")

    def clean_secret(self) -> str:
        return whole(self.cleaned_data["secret"], "cs_")


DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class CountriesField(forms.CharField):
    """Countries as people type them, by name or by code: "Czechia, sk de"."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(country_name, value)) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> tuple[str, ...]:
        codes, unknown = codes_in(str(super().clean(value)))
        if unknown:
            raise forms.ValidationError(
                _("There is no country %(code)s. Write names or two letters each, such as"
                  " Czechia, SK."),
                params={"code": unknown},
            )  # fmt: skip
        return codes


class VendorSettingsForm(forms.Form):
    """The effect of each is told beside it by `effects.py`."""

    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(label=_("E-mail"), required=False)
    buffer = forms.IntegerField(
        label=_("Stock buffer"), min_value=0, max_value=100_000, help_text=_("Usually 0.")
    )
    sell_backorders = forms.BooleanField(
        label=_("Sell what the vendor takes on backorder"), required=False
    )
    auto_approve = forms.BooleanField(
        label=_("Publish new products without review"), required=False
    )
    drafts_first = forms.BooleanField(
        label=_("As drafts, for a last look on Shopify"), required=False
    )
    rate = forms.DecimalField(
        label=_("Exchange rate"), required=False, min_value=0, max_digits=18, decimal_places=8
    )
    rate_still_right = forms.BooleanField(label=_("It is still right today"), required=False)
    rate_days = forms.IntegerField(
        label=_("Ask for a new rate after, days"),
        min_value=1,
        max_value=3650,
        required=False,
        initial=30,
        help_text=_("Usually 30."),
    )
    tax_factor = forms.DecimalField(
        label=_("Tax factor"), required=False, min_value=0, max_digits=10, decimal_places=6
    )
    ship_days = forms.IntegerField(
        label=_("Ship within, working days"),
        min_value=0,
        max_value=60,
        required=False,
        initial=2,
        help_text=_("Usually 2."),
    )
    labels_ship = forms.BooleanField(label=_("A label counts as shipped"), required=False)
    when_silent = forms.ChoiceField(
        label=_("When the shop does not answer for long"),
        choices=[
            (WhenSilent.KEEP.value, _("keep the last stock on sale")),
            (WhenSilent.ZERO.value, _("show everything as sold out")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    silent_hours = forms.IntegerField(
        label=_("For long means, hours"),
        min_value=1,
        max_value=720,
        required=False,
        initial=24,
        help_text=_("Usually 24."),
    )
    countries = CountriesField(
        label=_("Sends to these countries only"),
        required=False,
        max_length=6000,
        help_text=_("Usually empty: everywhere. By name or two letters, such as Czechia, SK."),
    )
    holiday_from = forms.DateField(label=_("Holiday, first day"), required=False, widget=DAY)
    holiday_until = forms.DateField(label=_("Holiday, last day"), required=False, widget=DAY)

    def clean(self) -> None:
        """What an older page did not send stays as it is."""
        for name in ("ship_days", "when_silent", "silent_hours", "rate_days"):
            if self.cleaned_data.get(name) in {None, ""}:
                self.cleaned_data[name] = self.initial.get(name, self.fields[name].initial)
        if "countries" not in self.data:
            self.cleaned_data["countries"] = tuple(self.initial.get("countries", ()))

    def clean_rate(self) -> Any:
        return self._above_zero("rate")

    def clean_tax_factor(self) -> Any:
        return self._above_zero("tax_factor")

    def _above_zero(self, name: str) -> Any:
        value = self.cleaned_data[name]
        if value is not None and value <= 0:
            raise forms.ValidationError(_("This must be above 0. Leave it empty for no rule."))
        return value


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail of the person"))
