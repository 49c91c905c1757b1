"""What people type about how a vendor's orders are placed, and how each mistake is named."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from longshore.domain.invoice_address import InvoiceAddress, can_be_billed
from longshore.domain.orders import Address
from longshore.domain.placing_policy import (
    METHOD_ID,
    MOST_META,
    PROCESSING,
    TITLE,
    BuyerEmail,
    CompletedAtOnce,
    PlacingPolicy,
    ShippingPrice,
    Start,
    is_field_key,
    policy_of,
    start,
    unknown_words,
)
from longshore.domain.pricing import PurchasePrices
from longshore.storage.queries.placing import PlacingPage
from longshore.web.admin.setup_forms import EMAILS
from longshore.web.shared.shop_fields import PLAIN

USUAL = ""
PRICES = [
    (PurchasePrices.RETAIL.value, gettext_lazy("what the buyer paid")),
    (PurchasePrices.OWN.value, gettext_lazy("the vendor's own price")),
    (PurchasePrices.COST.value, gettext_lazy("a share of the vendor's own price")),
    (PurchasePrices.ZERO.value, gettext_lazy("0.00")),
]
STARTS: Mapping[Start, Any] = {
    Start.LEAVES_STOCK: gettext_lazy(
        "The shop would take nothing from its stock: WooCommerce does that in processing, on hold"
        " and completed only. The goods would be sold twice."
    ),
    Start.LEAVES_STOCK_HERE: gettext_lazy(
        "This shop is older than WooCommerce 3.5 and takes goods from stock only for processing."
    ),
    Start.SHIPPED: gettext_lazy(
        "Completed means shipped: the buyer would be told so before anybody packed it."
    ),
}


class PlacingForm(forms.Form):
    email = forms.ChoiceField(
        label=gettext_lazy("E-mail address on its orders"),
        choices=[(USUAL, gettext_lazy("as the marketplace's settings say")), *EMAILS],
        required=False,
        widget=forms.RadioSelect,
    )
    invoice = forms.ChoiceField(
        label=gettext_lazy("Invoice address on its orders"),
        choices=[
            (InvoiceAddress.DELIVERY.value, gettext_lazy("where the goods go")),
            (InvoiceAddress.BUYER.value, gettext_lazy("the buyer's own, as typed on Shopify")),
            (InvoiceAddress.MARKETPLACE.value, gettext_lazy("yours, from Settings")),
        ],
        required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("A shop may reckon taxes and print invoices by it."),
    )
    prices = forms.ChoiceField(
        label=gettext_lazy("Prices on its orders"),
        choices=[(USUAL, gettext_lazy("as the marketplace's settings say")), *PRICES],
        required=False,
        widget=forms.RadioSelect,
    )
    cost_percent = forms.DecimalField(
        label=gettext_lazy("The share, percent"),
        min_value=0,
        max_value=1000,
        max_digits=7,
        decimal_places=3,
        required=False,
        initial=100,
    )
    tax_percent = forms.DecimalField(
        label=gettext_lazy("Tax taken out before sending, percent"),
        min_value=0,
        max_value=100,
        max_digits=6,
        decimal_places=3,
        required=False,
        initial=0,
        help_text=gettext_lazy(
            "The shop reads prices of an order as without tax and adds its own. 0 leaves them."
        ),
    )
    shipping_title = forms.CharField(
        label=gettext_lazy("Shipping line"),
        max_length=150,
        required=False,
        help_text=gettext_lazy(
            "{method} is what the buyer chose; {order}, {marketplace}, {vendor} work too."
        ),
    )
    shipping_method = forms.CharField(
        label=gettext_lazy("Method id"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Such as flat_rate, where a shipping plugin of theirs needs it."),
        widget=forms.TextInput(attrs=PLAIN),
    )
    shipping_price = forms.ChoiceField(
        label=gettext_lazy("Shipping price on its orders"),
        choices=[
            (ShippingPrice.NONE.value, gettext_lazy("0.00")),
            (ShippingPrice.SHARE.value, gettext_lazy("its share, by the worth of its goods")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    status = forms.CharField(
        label=gettext_lazy("Its orders begin as"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("processing, or on-hold where somebody there releases them."),
        widget=forms.TextInput(attrs=PLAIN),
    )
    completed = forms.ChoiceField(
        label=gettext_lazy("When its shop completes an order the moment it arrives"),
        choices=[
            (CompletedAtOnce.ASK.value, gettext_lazy("ask me")),
            (
                CompletedAtOnce.DIGITAL.value,
                gettext_lazy("it is shipped if all is virtual and downloadable, else ask me"),
            ),
            (CompletedAtOnce.SHIPPED.value, gettext_lazy("it is shipped, nothing is packed there")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    tells_note = forms.BooleanField(
        label=gettext_lazy("Give the buyer's note and gift message to the vendor"), required=False
    )
    fields_text = forms.CharField(
        label=gettext_lazy("Fields of your own"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, **PLAIN}),
        help_text=gettext_lazy("One a line: channel = {marketplace}"),
    )

    def __init__(self, page: PlacingPage, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._page = page

    def clean_status(self) -> str:
        text = str(self.cleaned_data["status"]).strip().lower().removeprefix("wc-") or PROCESSING
        found = start(text, status_moves_stock=self._page.moves_stock)
        if found is not Start.FINE:
            raise forms.ValidationError(str(STARTS[found]))
        return text

    def clean_shipping_title(self) -> str:
        return _known(str(self.cleaned_data["shipping_title"]).strip() or TITLE)

    def clean_shipping_method(self) -> str:
        text = str(self.cleaned_data["shipping_method"]).strip() or METHOD_ID
        if not all(one.isascii() and (one.isalnum() or one in "_-:") for one in text):
            raise forms.ValidationError(
                _("A method id has letters, digits, - and _ only, such as flat_rate.")
            )
        return text

    def clean_fields_text(self) -> tuple[tuple[str, str], ...]:
        found: list[tuple[str, str]] = []
        for line in str(self.cleaned_data["fields_text"]).splitlines():
            if not line.strip():
                continue
            key, equals, text = (part.strip() for part in line.partition("="))
            if not equals or not is_field_key(key):
                raise forms.ValidationError(
                    _(
                        "%(line)s is not like name = text. Names begin with a letter; letters,"
                        " digits, - and _ may follow."
                    )
                    % {"line": line.strip()[:60]}
                )
            found.append((key, _known(text[:200])))
        if len(found) > MOST_META or len({key for key, _text in found}) < len(found):
            raise forms.ValidationError(
                _("At most %(n)d fields, each named once.") % {"n": MOST_META}
            )
        return tuple(found)

    def clean(self) -> None:
        chosen = self.cleaned_data.get("email")
        if chosen == BuyerEmail.RELAY and not self._page.relay_domain:
            self.add_error("email", _("No relay domain is set. Open Settings and give one."))
        if chosen == BuyerEmail.MARKETPLACE and not self._page.order_email:
            self.add_error("email", _("No own address is set. Open Settings and give one."))
        invoice = self.cleaned_data.get("invoice")
        ours = Address(**self._page.invoice_address)
        if invoice == InvoiceAddress.MARKETPLACE and not can_be_billed(ours):
            self.add_error("invoice", _("No own address is set. Open Settings and give one."))

    def policy(self) -> PlacingPolicy:
        """Of a valid form."""
        data = self.cleaned_data
        row = {
            name: data[name]
            for name in (
                *("email", "prices", "cost_percent", "tax_percent", "shipping_title"),
                *("shipping_method", "shipping_price", "status", "completed", "invoice"),
            )
            if data.get(name) not in {None, ""}
        }
        return policy_of({**row, "tells_note": data["tells_note"], "fields": data["fields_text"]})


def _known(text: str) -> str:
    unknown = unknown_words(text)
    if unknown:
        raise forms.ValidationError(
            _("Nobody knows {%(word)s}. Use {method}, {order}, {reference}, {marketplace}.")
            % {"word": unknown[0]}
        )
    return text


def typed(policy: PlacingPolicy) -> dict[str, Any]:
    """A policy as the form shows it."""
    return {
        "email": policy.email.value if policy.email else USUAL,
        "prices": policy.prices.value if policy.prices else USUAL,
        "cost_percent": f"{policy.cost_percent.normalize():f}",
        "tax_percent": f"{policy.tax_percent.normalize():f}",
        "shipping_title": policy.shipping_title,
        "shipping_method": policy.shipping_method,
        "shipping_price": policy.shipping_price.value,
        "status": policy.status,
        "completed": policy.completed.value,
        "invoice": policy.invoice.value,
        "tells_note": policy.tells_note,
        "fields_text": "\n".join(f"{key} = {text}" for key, text in policy.fields),
    }
