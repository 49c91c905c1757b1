"""What people type about the marketplace itself: its clock, its prices, its mail, its places."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from longshore.domain.invoice_address import can_be_billed
from longshore.domain.orders import Address
from longshore.domain.placing_policy import BuyerEmail, is_domain, one_line
from longshore.domain.pricing import PurchasePrices
from longshore.domain.routing import RiskHold
from longshore.web.shared.countries import codes_in
from longshore.web.shared.shop_fields import PLAIN, secret_field

EMAILS = [
    (BuyerEmail.NONE.value, _("none; the vendor's shop mails nobody")),
    (BuyerEmail.RELAY.value, _("a relay address of its own for each order")),
    (BuyerEmail.MARKETPLACE.value, _("your own address")),
    (BuyerEmail.BUYER.value, _("the buyer's; the vendor's shop writes to the buyer")),
]


class MarketplaceForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200, help_text=_("Vendors see it too."))
    timezone = forms.CharField(
        label=_("Time zone"),
        max_length=64,
        help_text=_("All times are shown in it, and today begins at its midnight."),
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
    )
    hold_minutes = forms.IntegerField(
        label=_("Minutes before vendors get an order"),
        min_value=0,
        max_value=1440,
        required=False,
        help_text=_("So long a buyer may still change or cancel it. 0 sends it at once."),
    )
    route_authorized = forms.BooleanField(
        label=_("Send orders whose payment is authorized but not collected yet"), required=False
    )
    hold_risk = forms.ChoiceField(
        label=_("Orders that Shopify warns of"),
        required=False,
        choices=[
            (RiskHold.INVESTIGATE.value, _("Hold those it advises to investigate or to cancel")),
            (RiskHold.CANCEL.value, _("Hold only those it advises to cancel")),
            (RiskHold.NEVER.value, _("Send them like any other")),
        ],
        widget=forms.RadioSelect,
        help_text=_("A held order goes to no vendor until somebody says so."),
    )
    purchase_prices = forms.ChoiceField(
        label=_("Prices on the vendors' orders"),
        choices=[
            (PurchasePrices.RETAIL.value, _("What the buyer paid")),
            (PurchasePrices.OWN.value, _("The vendor's own price")),
            (PurchasePrices.ZERO.value, _("0.00; you settle with the vendors elsewhere")),
        ],
        widget=forms.RadioSelect,
    )
    buyer_email = forms.ChoiceField(
        label=_("E-mail address on the vendors' orders"),
        choices=EMAILS,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("The vendor's shop writes to it about the order. Each vendor may differ."),
    )
    relay_domain = forms.CharField(
        label=_("Domain of relay addresses"),
        max_length=200,
        required=False,
        help_text=_("Such as orders.example.org. All mail to it must come to you."),
        widget=forms.TextInput(attrs=PLAIN),
    )
    order_email = forms.EmailField(
        label=_("Your own address for the vendors' orders"),
        required=False,
        help_text=_("Also given to shops that take no order without an address."),
    )
    notify_buyers = forms.BooleanField(
        label=_("Shopify tells the buyer when something ships"), required=False
    )

    def clean_buyer_email(self) -> str:
        return str(self.cleaned_data.get("buyer_email") or self.initial.get("buyer_email", "none"))

    def clean_relay_domain(self) -> str:
        text = str(self.cleaned_data["relay_domain"]).strip().strip(".").lower()
        if text and not is_domain(text):
            raise forms.ValidationError(
                _("This is no domain. Write it like orders.example.org, without @.")
            )
        return text

    def clean(self) -> None:
        data = self.cleaned_data
        if data.get("buyer_email") == BuyerEmail.RELAY and not data.get("relay_domain"):
            self.add_error("relay_domain", _("Relay addresses need a domain whose mail you get."))
        if data.get("buyer_email") == BuyerEmail.MARKETPLACE and not data.get("order_email"):
            self.add_error("order_email", _("Give the address that the orders shall carry."))

    def clean_hold_minutes(self) -> int:
        return int(self.cleaned_data.get("hold_minutes") or 0)

    def clean_hold_risk(self) -> str:
        """What an older page did not send is the safe way."""
        return str(self.cleaned_data.get("hold_risk") or RiskHold.INVESTIGATE)

    def clean_timezone(self) -> str:
        text = str(self.cleaned_data["timezone"]).strip()
        if text not in available_timezones():
            raise forms.ValidationError(
                _("There is no such time zone. Write it like Europe/Prague, or UTC.")
            )
        return text


class InvoiceForm(forms.Form):
    """The marketplace's own address. All of it or nothing."""

    company = forms.CharField(label=_("Company"), max_length=200, required=False)
    first_name = forms.CharField(label=_("First name"), max_length=100, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=100, required=False)
    line1 = forms.CharField(label=_("Street and number"), max_length=200, required=False)
    line2 = forms.CharField(label=_("Second line"), max_length=200, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=20, required=False)
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    region = forms.CharField(
        label=_("Region"),
        max_length=20,
        required=False,
        help_text=_("As a code, such as NB, where the country has them."),
    )
    country = forms.CharField(
        label=_("Country"),
        max_length=100,
        required=False,
        help_text=_("Its name or its two letters, such as Netherlands or NL."),
        widget=forms.TextInput(attrs=PLAIN),
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        help_text=_("Empty: the buyer's, so that a carrier reaches the buyer in old shops too."),
    )

    def clean_country(self) -> str:
        codes, unknown = codes_in(str(self.cleaned_data["country"]))
        if unknown or len(codes) > 1:
            raise forms.ValidationError(
                _("There is no such country. Write it like Netherlands or NL.")
            )
        return codes[0] if codes else ""

    def clean(self) -> None:
        given = Address(**self.kept())
        if self.kept() and not self.errors and not can_be_billed(given):
            message = _("An invoice needs a company or a name, a street or postcode, a country.")
            raise forms.ValidationError(message)

    def kept(self) -> dict[str, str]:
        """The fields that say something, of a cleaned form."""
        cleaned = {name: one_line(str(text)) for name, text in self.cleaned_data.items()}
        return {name: text for name, text in cleaned.items() if text}


class MailForm(forms.Form):
    url = secret_field(
        _("Mail server"),
        _("As smtp://user:password@mail.example.org:587; smtps:// for port 465. Kept encrypted."),
        error_messages={"required": _("Give the server with its password: it is not shown again.")},
    )
    sender = forms.EmailField(
        label=_("Mail is sent from"), help_text=_("Such as shop@example.org.")
    )
    to = forms.EmailField(
        label=_("Send the test to"), help_text=_("The settings are saved once this mail is out.")
    )


class PlacesForm(forms.Form):
    """The choices are what Shopify just offered."""

    publication = forms.ChoiceField(label=_("Sell on"), widget=forms.RadioSelect)
    layout = forms.ChoiceField(
        label=_("Stock stands at"),
        widget=forms.RadioSelect,
        help_text=_("Orders reach the right vendor with either choice."),
    )

    def __init__(
        self,
        publications: Sequence[tuple[str, str]],
        layouts: Sequence[tuple[str, str]],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("publication", publications), ("layout", layouts)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = list(choices)
