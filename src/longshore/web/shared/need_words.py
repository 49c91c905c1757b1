"""A cause that waits for a person, in words."""

from typing import NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from longshore.storage.queries.needs import Need
from longshore.web.shared.amounts import money
from longshore.web.shared.icons import STATES
from longshore.web.shared.words import advice, sentence


class Told(NamedTuple):
    kind: str
    icon: str
    word: str
    sentence: SafeString
    more: str
    facts: tuple[str, ...]
    advice: SafeString


def told(need: Need) -> Told:
    kind = "stop" if need.severity == "stop" else "need"
    evidence = {"vendor": need.vendor, **need.evidence}
    more = need.count - 1
    return Told(
        kind=kind,
        icon=STATES[kind],
        word=_("Stopped") if kind == "stop" else _("Needs you"),
        sentence=sentence(need.code, evidence),
        more=ngettext("%(n)d more like it.", "%(n)d more like it.", more) % {"n": more}
        if more
        else "",
        facts=tuple(_facts(need)),
        advice=advice(need.code, evidence),
    )


def _facts(need: Need) -> list[str]:
    facts = []
    if need.worth:
        worth = money(need.worth, need.currency)
        facts.append(_("orders worth %(worth)s") % {"worth": worth})
    if need.vendors > 1:
        facts.append(
            ngettext("at %(n)d vendor", "at %(n)d vendors", need.vendors) % {"n": need.vendors}
        )
    if need.who == "vendor":
        facts.append(_("the vendor can mend it"))
    if need.who == "host":
        facts.append(_("the vendor's host can mend it"))
    return facts
