"""The words of a listing's fields: what each is called, what it says, whose value it is, and where
a product stands on its way to buyers.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from longshore import wiring
from longshore.web.shared.words import advice, sentence

MOST_CHANGES = 8
NAMES: Mapping[str, Any] = {
    "title": gettext_lazy("Title"),
    "description": gettext_lazy("Description"),
    "vendor": gettext_lazy("Brand shown"),
    "product_type": gettext_lazy("Product type"),
    "tags": gettext_lazy("Tags"),
    "metafields": gettext_lazy("Metafields"),
    "images": gettext_lazy("Images"),
    "option_names": gettext_lazy("Options"),
    "status": gettext_lazy("Status"),
    "on_sale": gettext_lazy("On sale"),
    "options": gettext_lazy("Option values"),
    "price": gettext_lazy("Price"),
    "compare_at": gettext_lazy("Compare-at price"),
    "sku": gettext_lazy("SKU"),
    "barcode": gettext_lazy("Barcode"),
    "weight": gettext_lazy("Weight"),
    "image": gettext_lazy("Image"),
}
DECIDERS: Mapping[str, Any] = {
    "hub": gettext_lazy("you, here"),
    "shopify": gettext_lazy("an edit on Shopify"),
    "undo": gettext_lazy("what was taken back"),
    "vendor": gettext_lazy("the vendor, always"),
    "until_edited": gettext_lazy("the vendor, until somebody edits it"),
    "first_import": gettext_lazy("the vendor, once"),
    "marketplace": gettext_lazy("you, on Shopify"),
}
# By gate: what is said of one that is behind, and of the one it stands at.
GATES: Mapping[str, tuple[Any, Any]] = {
    "there": (
        gettext_lazy("The vendor's shop has it"),
        gettext_lazy("The vendor's shop no longer has it"),
    ),
    "let_in": (gettext_lazy("No rule keeps it out"), gettext_lazy("A rule keeps it out")),
    "ready": (gettext_lazy("Nothing is wrong with it"), gettext_lazy("A problem keeps it back")),
    "chosen": (gettext_lazy("It was approved"), gettext_lazy("It is not approved")),
    "written": (
        gettext_lazy("Shopify shows it as it should"),
        gettext_lazy("It is being written to Shopify"),
    ),
}
BECAUSE: Mapping[str, Any] = {
    "review": gettext_lazy("It waits for your review."),
    "declined": gettext_lazy("You declined it."),
    "person": gettext_lazy("You took it off."),
    "undone": gettext_lazy("It went off when a run was taken back."),
    "storefront": gettext_lazy("It was deleted on Shopify."),
    "absent": gettext_lazy("It went off because the vendor's shop no longer had it."),
    "left_out": gettext_lazy("It went off because a rule kept it out."),
    "joined": gettext_lazy("Another product sells the same goods for this vendor too."),
}
STAYS: Mapping[str, Any] = {
    "linked": gettext_lazy(
        "It stays on Shopify, sold out: it was there before us. Take it off there or here."
    ),
    "put_back": gettext_lazy(
        "It stays on Shopify, sold out: it was put back by taking back a run."
    ),
    "elsewhere": gettext_lazy("It stays on Shopify: another vendor has the goods."),
}
LONGEST = 160


class Told(NamedTuple):
    """A step of a product's way. `kind` is ok, stop or todo."""

    kind: str
    words: str
    more: tuple[Any, ...]


class FieldTold(NamedTuple):
    name: str
    label: str
    now: str
    wanted: str
    vendors: str
    decider: str
    own: bool
    differs: bool


def way(found: wiring.Explained) -> list[Told]:
    """All gates in order: those behind it, the one it stands at, those it has not seen yet."""
    steps: list[Told] = []
    reached = True
    for gate in wiring.Gate:
        passed, stopped = GATES[gate.value]
        if gate == found.stopped_at:
            steps.append(Told("stop" if gate != "written" else "run", str(stopped), _why(found)))
            reached = False
        elif reached:
            steps.append(Told("ok", str(passed), (*_ruled(found, gate), *_draft(found, gate))))
        else:
            steps.append(Told("todo", str(passed), ()))
    return steps


def _draft(found: wiring.Explained, gate: str) -> tuple[str, ...]:
    if gate != "written" or not found.draft:
        return ()
    return (_("As a draft: buyers do not see it until somebody puts it on sale."),)


def _ruled(found: wiring.Explained, gate: str) -> tuple[str, ...]:
    if gate != "let_in" or not found.rule:
        return ()
    return (_("By the rule: %(rule)s") % {"rule": found.rule},)


def _why(found: wiring.Explained) -> tuple[Any, ...]:
    if found.stopped_at == "chosen":
        return (str(BECAUSE.get(found.because, found.because)),)
    told = tuple(
        part
        for one in found.reasons
        for part in (sentence(one.code, one.evidence), advice(one.code, one.evidence))
    )
    return (*told, str(STAYS[found.stays])) if found.stays else told


def fields(found: Iterable[wiring.FieldToday]) -> list[FieldTold]:
    return [
        FieldTold(
            name=one.name,
            label=label(one.name),
            now=said(one.name, one.now),
            wanted=said(one.name, one.wanted),
            vendors=said(one.name, one.vendors),
            decider=str(DECIDERS.get(one.decided_by, one.decided_by)),
            own=one.own,
            differs=one.differs,
        )
        for one in found
    ]


def label(name: str) -> str:
    return str(NAMES.get(name) or name.replace("_", " "))


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(field, before, after) in words, the first of them."""
    return [
        (label(name), said(name, before.get(name)), said(name, value))
        for name, value in list(after.items())[:MOST_CHANGES]
    ]


def said(name: str, value: Any) -> str:
    """A field's value as a person reads it; empty where it says nothing."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if not value:
        return ""
    if name == "images":
        return ngettext("%(n)d image", "%(n)d images", len(value)) % {"n": len(value)}
    if name == "description":
        return Truncator(" ".join(strip_tags(str(value)).split())).chars(LONGEST)
    return Truncator(_plain(value)).chars(LONGEST)


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        parts: Mapping[str, Any] = value
        return ", ".join(f"{key}: {one[-1]}" for key, one in parts.items())
    if isinstance(value, list | tuple):
        texts: list[Any] = list(value)
        return ", ".join(map(str, texts))
    return str(value)
