"""What a vendor says of a parcel, and of goods that cannot be delivered."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from longshore import wiring
from longshore.storage.queries.portal import PartLine, PartPage

CARRIERS = (
    "DHL", "DPD", "FedEx", "GLS", "Hermes", "UPS", "USPS", "Royal Mail", "La Poste", "Colissimo",
    "Deutsche Post", "Posten", "Bring", "PostNord", "PostNL", "bpost", "Correos", "Poste Italiane",
    "InPost", "Poczta Polska", "Packeta", "Canada Post", "Australia Post",
)  # fmt: skip
"""Offered while one types; any other name is taken too."""


class _Lines(forms.Form):
    """A quantity for each line that is not shipped yet."""

    def __init__(self, part: PartPage, data: Any = None) -> None:
        super().__init__(data)
        self.part = part
        self.open = [line for line in part.lines if line.left]
        for line in self.open:
            self.fields[f"u{line.id}"] = forms.IntegerField(
                label=line.title, min_value=0, max_value=line.left, initial=self.usual(line)
            )

    def usual(self, line: PartLine) -> int:
        return line.left

    def quantities(self) -> Iterator[tuple[PartLine, BoundField]]:
        return ((line, self[f"u{line.id}"]) for line in self.open)

    def units(self) -> dict[int, int]:
        return {line.id: self.cleaned_data[f"u{line.id}"] for line in self.open}

    def clean(self) -> None:
        chosen = [self.cleaned_data.get(f"u{line.id}") for line in self.open]
        if None not in chosen and not any(chosen):
            raise forms.ValidationError(_("Choose at least one item."))


class ParcelForm(_Lines):
    number = forms.CharField(
        label=gettext_lazy("Tracking number"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Leave it empty if the parcel has none."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
    )
    carrier = forms.CharField(
        label=gettext_lazy("Carrier"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"list": "carriers", "autocomplete": "off"}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def parcel(self) -> wiring.Parcel:
        data = self.cleaned_data
        number = " ".join(data["number"].split())
        return wiring.Parcel(str(data["key"]), self.units(), number, data["carrier"].strip())


class MessageForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Your message"),
        max_length=wiring.LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class NumberForm(forms.Form):
    """The number of what was sent without one."""

    number = forms.CharField(
        label=gettext_lazy("Tracking number"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
    )
    carrier = forms.CharField(
        label=gettext_lazy("Carrier"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"list": "carriers", "autocomplete": "off"}),
    )


class CannotForm(_Lines):
    why = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        help_text=gettext_lazy("Such as: sold out, broken, back on Monday."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def usual(self, line: PartLine) -> int:
        return line.left if len(self.open) == 1 else 0


def done_words(part: PartPage, left: object) -> str:
    """What a person reads after a parcel."""
    told = _("Shipped. %(who)s and the buyer are told.") % {"who": part.marketplace}
    if not isinstance(left, int) or not left:
        return told
    more = ngettext("%(n)d item stays open.", "%(n)d items stay open.", left) % {"n": left}
    return f"{told} {more}"
