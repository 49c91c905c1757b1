"""The words of rules: each as one sentence, and what other rules would change."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from longshore import wiring
from longshore.web.shared import field_words
from longshore.web.templatetags.longshore import number

KINDS: Mapping[str, Any] = {
    "imports": gettext_lazy("Which products"),
    "names": gettext_lazy("Words"),
    "markups": gettext_lazy("Prices"),
}
SUBJECTS: Mapping[str, Any] = {
    "category": gettext_lazy("the category"),
    "tag": gettext_lazy("the tag"),
    "type": gettext_lazy("the product's type"),
    "brand": gettext_lazy("the brand"),
    "name": gettext_lazy("the name"),
    "sku": gettext_lazy("the SKU"),
    "price": gettext_lazy("the lowest price"),
    "stock": gettext_lazy("the stock"),
}
COMPARISONS: Mapping[str, Any] = {
    "is": gettext_lazy("is"),
    "contains": gettext_lazy("contains"),
    "below": gettext_lazy("is below"),
    "at_least": gettext_lazy("is at least"),
}
NAME_KINDS: Mapping[str, Any] = {
    "category": gettext_lazy("a category that becomes the product type"),
    "category_tag": gettext_lazy("a category that brings a tag"),
    "tag": gettext_lazy("a tag"),
    "option": gettext_lazy("the name of an option"),
    "value": gettext_lazy("a value of an option"),
    "metafield": gettext_lazy("an attribute that becomes a metafield"),
}
MARKUPS: Mapping[str, Any] = {
    "percent": gettext_lazy("the vendor's, plus percent"),
    "margin": gettext_lazy("such that percent of it are yours"),
    "add": gettext_lazy("the vendor's, plus an amount"),
    "set": gettext_lazy("this amount"),
}
ROUND_TO: Mapping[str, Any] = {
    "nearest": gettext_lazy("to the nearest"),
    "up": gettext_lazy("up"),
    "down": gettext_lazy("down"),
}
COMPARE_AT: Mapping[str, Any] = {
    "sale": gettext_lazy("shows the regular price struck through"),
    "never": gettext_lazy("only lowers the price"),
}
CHOICES: Mapping[str, Any] = {
    "priority": gettext_lazy("the first in your order that has them"),
    "stock": gettext_lazy("whoever has most"),
    "cost": gettext_lazy("whoever is cheapest"),
}
WITHDRAWN: Mapping[str, Any] = {
    "sold_out": gettext_lazy("stays on Shopify, sold out"),
    "take_off": gettext_lazy("is taken off, as our own are"),
}
PLACES = (
    gettext_lazy("Who gets an order: asked first"),
    gettext_lazy("Then, where that tells nothing"),
    gettext_lazy("Then"),
    gettext_lazy("At last"),
)
ORDER_RULES: Mapping[str, Any] = {
    "stock": gettext_lazy("who has all that was ordered"),
    "country": gettext_lazy("who is in the buyer's country"),
    "cost": gettext_lazy("who asks less"),
    "priority": gettext_lazy("who is first in your order"),
}
OWNERS: Mapping[str, Any] = {
    "vendor": gettext_lazy("the vendor; edits are put back"),
    "until_edited": gettext_lazy("the vendor, until somebody edits it"),
    "first_import": gettext_lazy("the vendor, once"),
    "marketplace": gettext_lazy("you, on Shopify"),
}


def owned(name: str) -> Any:
    return field_words.NAMES[name]


def sentence(kind: str, values: Mapping[str, Any]) -> str:
    """A rule as one sentence."""
    return {"imports": _import, "names": _name, "markups": _markup}[kind](values)


def _import(values: Mapping[str, Any]) -> str:
    words = {
        "subject": SUBJECTS[values["subject"]],
        "comparison": COMPARISONS[values["comparison"]],
        "value": values["value"],
    }
    if values["include"]:
        return _("Comes in where %(subject)s %(comparison)s “%(value)s”") % words
    return _("Kept out where %(subject)s %(comparison)s “%(value)s”") % words


def _name(values: Mapping[str, Any]) -> str:
    words = {"source": values["source"], "target": values["target"]}
    if not values["target"]:
        return _("The tag “%(source)s” is dropped") % words
    told = {
        "category": _("The category “%(source)s” makes the product type “%(target)s”"),
        "category_tag": _("The category “%(source)s” brings the tag “%(target)s”"),
        "tag": _("The tag “%(source)s” becomes “%(target)s”"),
        "option": _("The option “%(source)s” is called “%(target)s”"),
        "value": _("The value “%(source)s” is called “%(target)s”"),
        "metafield": _("The attribute “%(source)s” is written to %(target)s"),
    }
    return told[values["kind"]] % words


def _markup(values: Mapping[str, Any]) -> str:
    amount = _plain(values["amount"])
    told = {
        "percent": _("%(amount)s percent on top"),
        "margin": _("%(amount)s percent of the price are yours"),
        "add": _("%(amount)s on top"),
        "set": _("Sold for %(amount)s"),
    }
    parts = [told[values["markup"]] % {"amount": amount}]
    if values["category"]:
        parts.append(_("in “%(category)s”") % {"category": values["category"]})
    if values["tag"]:
        parts.append(_("with the tag “%(tag)s”") % {"tag": values["tag"]})
    if values["at_least"] is not None:
        parts.append(_("from %(amount)s") % {"amount": _plain(values["at_least"])})
    if values["below"] is not None:
        parts.append(_("below %(amount)s") % {"amount": _plain(values["below"])})
    if values["ending"] is not None:
        parts.append(_("ending in %(amount)s") % {"amount": _plain(values["ending"])})
    return ", ".join(parts)


def _plain(amount: Any) -> str:
    number = Decimal(amount)
    return format(number.normalize(), "f") if number else "0"


class Previewed(NamedTuple):
    """`sentence` says exactly what would happen, `rows` are examples: (product's listing or None,
    product, field, before, after, whether the price would be held).
    """

    sentence: SafeString
    looked: str
    rows: tuple[tuple[int | None, str, str, str, str, bool], ...]


def previewed(found: wiring.RulesPreview) -> Previewed:
    words = (
        (ngettext("%(n)s product comes in", "%(n)s products come in", found.comes_in),
         found.comes_in),
        (ngettext("%(n)s product is kept out", "%(n)s products are kept out", found.kept_out),
         found.kept_out),
        (ngettext("%(n)s product changes", "%(n)s products change", found.changed),
         found.changed),
        (ngettext("%(n)s product stops for a problem", "%(n)s products stop for a problem",
                  found.stopped), found.stopped),
        (ngettext("%(n)s price waits for you", "%(n)s prices wait for you", found.held),
         found.held),
    )  # fmt: skip
    told = [(text % {"n": number(count)},) for text, count in words if count]
    if told:
        text = format_html(_("Saving this: {}."), format_html_join(", ", "<b>{}</b>", told))
    else:
        text = format_html("{}", _("Saving this changes nothing that is there now."))
    return Previewed(text, _looked(found), tuple(_example(one) for one in found.examples))


def _looked(found: wiring.RulesPreview) -> str:
    if found.looked >= found.total:
        words = ngettext(
            "All %(n)s product was looked at.", "All %(n)s products were looked at.", found.total
        )
        return words % {"n": number(found.total)}
    return _("%(n)s of %(total)s products were looked at, the newest first.") % {
        "n": number(found.looked),
        "total": number(found.total),
    }


def _example(one: Any) -> tuple[int | None, str, str, str, str, bool]:
    before, after = field_words.said(one.field, one.before), field_words.said(one.field, one.after)
    return one.listing_id, one.product, field_words.label(one.field), before, after, one.held
