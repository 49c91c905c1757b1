"""What people say of a rule: which goods come in, what they are called, what they cost, and how a
product is written.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from longshore.domain.linking import WhenWithdrawn
from longshore.domain.mapping import Comparison, NameKind, Subject
from longshore.domain.markup import CompareAt, Markup, RoundTo
from longshore.domain.ownership import Owner
from longshore.domain.sources import Choice, OrderRule
from longshore.web.shared import rule_words as words
from longshore.web.shared.long_select import LongSelect

Choices = list[tuple[str, Any]]


def choices(known: Iterable[str], told: Mapping[str, Any]) -> Choices:
    return [(one, told.get(one, one)) for one in known]


class RuleForm(forms.Form):
    """What all rules have."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Shown wherever the rule decided something."),
    )
    vendor_id = forms.TypedChoiceField(
        label=gettext_lazy("For"), required=False, coerce=int, empty_value=None
    )
    active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)

    def __init__(self, data: Any, vendors: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["vendor_id"] = forms.TypedChoiceField(
            label=_("For"),
            required=False,
            choices=[("", _("every vendor")), *((str(id_), name) for id_, name in vendors)],
            widget=LongSelect,
            coerce=int,
            empty_value=None,
        )

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class ImportForm(RuleForm):
    include = forms.TypedChoiceField(
        label=gettext_lazy("Products that fit"),
        choices=[
            ("no", gettext_lazy("are kept out")),
            ("yes", gettext_lazy("come in; all others of the vendor stay out")),
        ],
        coerce=lambda text: text == "yes",
        widget=forms.RadioSelect,
        initial="no",
    )
    subject = forms.ChoiceField(
        label=gettext_lazy("Look at"), choices=choices(Subject, words.SUBJECTS)
    )
    comparison = forms.ChoiceField(
        label=gettext_lazy("Whether it"), choices=choices(Comparison, words.COMPARISONS)
    )
    value = forms.CharField(
        label=gettext_lazy("Word or number"),
        max_length=500,
        help_text=gettext_lazy(
            "Upper and lower case are the same. Price and stock in the vendor's own units."
        ),
    )
    field_order = ("subject", "comparison", "value", "include", "vendor_id", "name", "active")


class NameForm(RuleForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("What it is"), choices=choices(NameKind, words.NAME_KINDS)
    )
    source = forms.CharField(
        label=gettext_lazy("The vendor's word"),
        max_length=500,
        help_text=gettext_lazy("Upper and lower case and stray spaces are the same."),
    )
    target = forms.CharField(
        label=gettext_lazy("Becomes"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("A tag with nothing here is dropped. A metafield: custom.material."),
    )
    field_order = ("kind", "source", "target", "vendor_id", "name", "active")


AMOUNT: Mapping[str, Any] = {"max_digits": 14, "decimal_places": 3, "required": False}


class MarkupForm(RuleForm):
    markup = forms.ChoiceField(
        label=gettext_lazy("The price is"), choices=choices(Markup, words.MARKUPS)
    )
    amount = forms.DecimalField(
        label=gettext_lazy("Percent or amount"),
        max_digits=14,
        decimal_places=3,
        help_text=gettext_lazy("Amounts in your shop's currency, after it was converted."),
    )
    category = forms.CharField(
        label=gettext_lazy("Only in the category"), max_length=200, required=False
    )
    tag = forms.CharField(label=gettext_lazy("Only with the tag"), max_length=200, required=False)
    at_least = forms.DecimalField(label=gettext_lazy("Only from the price"), **AMOUNT)
    below = forms.DecimalField(label=gettext_lazy("Only below the price"), **AMOUNT)
    ending = forms.DecimalField(
        label=gettext_lazy("Rounded to the ending"),
        help_text=gettext_lazy("0.99 makes 12.99. Empty: not rounded."),
        **AMOUNT,
    )
    every = forms.DecimalField(
        label=gettext_lazy("Which repeats every"),
        initial=Decimal(1),
        help_text=gettext_lazy("1 makes 12.99, 10 makes 19.99 of an ending 9.99."),
        **AMOUNT,
    )
    round_to = forms.ChoiceField(
        label=gettext_lazy("Rounded"), choices=choices(RoundTo, words.ROUND_TO)
    )
    compare_at = forms.ChoiceField(
        label=gettext_lazy("A vendor's sale"), choices=choices(CompareAt, words.COMPARE_AT)
    )
    field_order = (
        "markup", "amount", "vendor_id", "category", "tag", "at_least", "below", "ending", "every",
        "round_to", "compare_at", "name", "active",
    )  # fmt: skip

    def clean_every(self) -> Decimal:
        value = self.cleaned_data["every"]
        return Decimal(1) if value is None else value


OWNED = ("title", "description", "vendor", "product_type", "tags", "images", "price", "compare_at",
         "sku", "barcode", "weight")  # fmt: skip
"""Fields whose owner is chosen here."""


PLACES = tuple(f"order_rule_{place}" for place in range(len(words.PLACES)))


class PolicyForm(forms.Form):
    """How products are written; empty is the usual way."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        required=False,
        max_length=500,
        help_text=gettext_lazy(
            "For example {brand} {title}. Known: title, brand, vendor, sku, category."
        ),
    )
    description = forms.CharField(
        label=gettext_lazy("Description"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("HTML, with {description} or {short} and the words above."),
    )
    sku = forms.CharField(
        label=gettext_lazy("SKU"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("For example {vendor}-{sku}. Empty: the vendor's own."),
    )
    shown_vendor = forms.CharField(
        label=gettext_lazy("Brand that buyers see"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("{brand} or {vendor}. Empty: the vendor's name."),
    )
    merges = forms.CharField(
        label=gettext_lazy("Options made one"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "Shopify takes 3 options. One line for each merge, as Color, Material."
        ),
    )
    price_rise_percent = forms.DecimalField(
        label=gettext_lazy("Hold a price that rises by more than, percent"),
        required=False,
        max_digits=7,
        decimal_places=2,
        help_text=gettext_lazy("Empty: 150."),
    )
    price_drop_percent = forms.DecimalField(
        label=gettext_lazy("Hold a price that falls by more than, percent"),
        required=False,
        max_digits=5,
        decimal_places=2,
        help_text=gettext_lazy("Empty: 60."),
    )
    choice = forms.ChoiceField(
        label=gettext_lazy("Where several vendors have the same goods"),
        required=False,
        choices=[("", gettext_lazy("the usual way")), *choices(Choice, words.CHOICES)],
    )
    linked = forms.ChoiceField(
        label=gettext_lazy("A linked product that is not for sale any more"),
        required=False,
        choices=[("", gettext_lazy("the usual way")), *choices(WhenWithdrawn, words.WITHDRAWN)],
        help_text=gettext_lazy("It was on Shopify before us. Usually it stays there, sold out."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place, label in enumerate(words.PLACES):
            self.fields[f"order_rule_{place}"] = forms.ChoiceField(
                label=label,
                required=False,
                choices=[("", _("nothing more")), *choices(OrderRule, words.ORDER_RULES)],
            )
        for name in OWNED:
            self.fields[f"owner_{name}"] = forms.ChoiceField(
                label=words.owned(name),
                required=False,
                choices=[("", _("the usual way")), *choices(Owner, words.OWNERS)],
            )

    def owners(self) -> list[Any]:
        """The fields that say who decides, for the page."""
        return [self[f"owner_{name}"] for name in OWNED]

    def texts(self) -> list[Any]:
        return [self[name] for name in ("title", "description", "sku", "shown_vendor", "merges")]

    def limits(self) -> list[Any]:
        names = ("price_rise_percent", "price_drop_percent", "linked")
        return [self[name] for name in names]

    def sources(self) -> list[Any]:
        """Who is on sale where several vendors have the same goods, and who gets an order."""
        return [self["choice"], *(self[name] for name in PLACES)]

    def values(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        owners = {name: data.pop(f"owner_{name}") for name in OWNED}
        lines = [line.split(",") for line in data["merges"].splitlines()]
        merges = [[word.strip() for word in line if word.strip()] for line in lines]
        data["merges"] = [line for line in merges if len(line) > 1]
        data["order_rules"] = [*dict.fromkeys(filter(None, map(data.pop, PLACES)))]
        data["owners"] = {name: owner for name, owner in owners.items() if owner}
        return data


def policy_initial(values: Mapping[str, Any]) -> dict[str, Any]:
    """A kept policy as the form shows it."""
    shown = dict(values)
    shown["merges"] = "\n".join(", ".join(line) for line in values.get("merges") or ())
    owners: Mapping[str, str] = values.get("owners") or {}
    rules = shown.pop("order_rules", None) or ()
    shown |= {f"order_rule_{place}": rule for place, rule in enumerate(rules)}
    return shown | {f"owner_{name}": owners.get(name, "") for name in OWNED}


FORMS: Mapping[str, type[RuleForm]] = {
    "imports": ImportForm,
    "names": NameForm,
    "markups": MarkupForm,
}


def rule_initial(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """A kept rule as the form shows it: 10, where the database keeps 10.000000."""
    shown = {name: _short(value) for name, value in values.items()}
    if kind == "imports":
        shown["include"] = "yes" if values.get("include") else "no"
    return shown


def _short(value: Any) -> Any:
    if not isinstance(value, Decimal):
        return value
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()
