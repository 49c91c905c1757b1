"""What people type about one product: words, a price, whose turn it is and at what cost."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.http.request import QueryDict
from django.utils.translation import gettext_lazy

from longshore.storage.queries.sources import SourceRow
from longshore.storage.queries.stock import StockLine

AMOUNT = {"inputmode": "decimal", "autocomplete": "off"}


class AmountField(forms.DecimalField):
    """An amount, with a comma or a point before the cents."""

    widget = forms.TextInput(attrs=AMOUNT)

    def to_python(self, value: Any) -> Any:
        return super().to_python(str(value or "").strip().replace(",", "."))


class ContentForm(forms.Form):
    """The marketplace's own words; only what differs from before is kept."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=255)
    vendor = forms.CharField(label=gettext_lazy("Brand shown"), max_length=255)
    product_type = forms.CharField(
        label=gettext_lazy("Product type"), max_length=255, required=False
    )
    tags = forms.CharField(
        label=gettext_lazy("Tags"),
        max_length=5000,
        required=False,
        help_text=gettext_lazy("Separated by commas."),
    )
    description = forms.CharField(
        label=gettext_lazy("Description, as HTML"),
        required=False,
        max_length=500_000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )


class SourceForm(forms.Form):
    """One vendor of several who have the same goods."""

    priority = forms.IntegerField(
        label=gettext_lazy("Turn"),
        min_value=0,
        max_value=1_000_000,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "class": "short"}
        ),
    )
    cost = AmountField(
        label=gettext_lazy("Cost"),
        required=False,
        min_value=0,
        max_digits=15,
        decimal_places=6,
        widget=forms.TextInput(attrs={**AMOUNT, "class": "short"}),
    )


class PriceForm(forms.Form):
    """A price of the marketplace's own for one variant."""

    line = forms.ChoiceField(label=gettext_lazy("Variant"))
    price = AmountField(
        label=gettext_lazy("Its price in your shop"),
        min_value=0,
        max_digits=15,
        decimal_places=3,
        help_text=gettext_lazy("Such as 19.90. It stays whatever the vendor asks."),
    )

    def __init__(self, lines: Iterable[StockLine], data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="own_%s", prefix="own")
        choice: Any = self.fields["line"]
        choice.choices = [(str(line.id), line.options or line.product) for line in lines]


def source_forms(rows: Iterable[SourceRow], typed: QueryDict | None = None) -> list[SourceForm]:
    """One for each row, with what was typed into any of them."""
    return [
        SourceForm(
            typed,
            prefix=f"source-{row.id}",
            initial={"priority": row.priority, "cost": _short(row.cost)},
        )
        for row in rows
    ]


def _short(cost: Decimal | None) -> str:
    return "" if cost is None else f"{cost.normalize():f}"


def first_words(said: Mapping[str, Any], names: Iterable[str]) -> dict[str, str]:
    """What a `ContentForm` begins with, of the values that are wanted now."""
    return {name: _typed(said.get(name)) for name in names}


def _typed(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list | tuple) else str(value or "")
