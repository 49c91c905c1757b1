"""The words of stock: a line's state, the rule that decided, and what changed it."""

from collections.abc import Callable
from typing import NamedTuple

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from longshore.storage.queries.stock import StockHappening, StockLine
from longshore.web.shared.state import State


def state_of(line: StockLine) -> State:
    if line.write_error:
        return State("stop", _("Not written"))
    if not line.on_shopify:
        return State("off", _("Not on Shopify"))
    if line.cap == 0:
        return State("off", _("Held by hand"))
    if line.to_write:
        return State("wait", _("Being written"))
    if line.known_at is None:
        return State("wait", _("Not confirmed yet"))
    return State("ok", _("Up to date"))


def rule_words(line: StockLine) -> str:
    """Why Shopify should show this number: the rule that decided, in a sentence."""
    if line.gone_since is not None:
        return _("The vendor's shop no longer has this variant, so nothing of it is sold.")
    if not line.sellable:
        return _(
            "The vendor's shop does not sell this variant now: it is hidden, left out or has no"
            " price. So Shopify shows 0."
        )
    match line.rule:
        case 1:
            return _(
                "The vendor does not count this product and says it is in stock, so Shopify does"
                " not count it either: it can always be bought."
            )
        case 2:
            return _(
                "The vendor does not count this product and does not say it is in stock, so"
                " Shopify shows 0: it cannot be bought."
            )
        case 3:
            return _(
                "The vendor counts this product, so Shopify counts it too: it can be bought while"
                " the number is above 0."
            )
        case _:
            return _("Not decided yet. That happens with the next reading of the vendor's shop.")


def limit_words(line: StockLine) -> str:
    """What a person's word about the line does now, in a sentence."""
    if line.cap == 0:
        return _("It is held: Shopify shows 0 until somebody lets it sell again.")
    if line.cap is not None and not line.store_tracked:
        return _("The vendor does not count it, so a limit above 0 does nothing; 0 holds it.")
    if line.cap is not None:
        words = _("With %(n)s at the vendor, Shopify still shows %(cap)s at most.")
        return words % {"n": line.cap + 10, "cap": line.cap}
    return _("Nothing holds it back: it shows what the vendor has, less reserved and buffer.")


STORE_WORDS = {
    "instock": gettext_lazy("In stock"),
    "onbackorder": gettext_lazy("On backorder"),
    "outofstock": gettext_lazy("Out of stock"),
}


def store_words(line: StockLine) -> str:
    """What the vendor's shop says of a line that it does not count."""
    return str(STORE_WORDS.get(line.store_status, line.store_status))


class Happened(NamedTuple):
    words: str
    why: str


def happened(event: StockHappening) -> Happened:
    """One row of a line's history; kinds that have no words yet show their own name."""
    teller = _TELLERS.get(event.kind)
    return teller(event) if teller else Happened(capfirst(event.kind.replace("_", " ")), "")


def _decision(event: StockHappening) -> Happened:
    if event.data.get("tracked") is False:
        return Happened(_("Shopify should stop counting it"), "")
    return Happened(_("Shopify should show another number"), _sum(event))


def _sale(event: StockHappening) -> Happened:
    sold = (event.before or 0) - (event.after or 0)
    if sold < 0:
        return Happened(_("%(n)d put back on Shopify") % {"n": -sold}, "")
    return Happened(
        ngettext("%(n)d sold on Shopify", "%(n)d sold on Shopify", sold) % {"n": sold}, ""
    )


def _source(event: StockHappening) -> Happened:
    words = _("%(vendor)s sells it now, instead of %(before)s")
    told = {"vendor": event.data.get("to", "?"), "before": event.data.get("from", "?")}
    return Happened(words % told, "")


def _limit(event: StockHappening) -> Happened:
    who = _("by %(who)s") % {"who": event.data.get("who") or "?"}
    buffer = event.data.get("buffer")
    if buffer is not None:
        who = _("%(who)s, own buffer %(n)s") % {"who": who, "n": buffer}
    if event.after == 0:
        return Happened(_("Held: nothing of it is sold"), who)
    if event.after is not None:
        return Happened(_("Limited to %(n)s") % {"n": event.after}, who)
    return Happened(_("Not held or limited any more") if event.before is not None
                    else _("Its buffer was changed"), who)  # fmt: skip


_TELLERS: dict[str, Callable[[StockHappening], Happened]] = {
    "reading": lambda _event: Happened(_("The vendor's number changed"), ""),
    "decision": _decision,
    "sale": _sale,
    "limit": _limit,
    "source": _source,
    "write": lambda _event: Happened(_("Written to Shopify"), ""),
    "drift": lambda _event: Happened(
        _("Somebody changed it on Shopify"), _("found by a check, and put right")
    ),
    "stale": lambda _event: Happened(
        _("Shopify had another number than believed"), _("orders were read again before writing")
    ),
}


def _sum(event: StockHappening) -> str:
    reserved, buffer = event.data.get("reserved"), event.data.get("buffer")
    if not reserved and not buffer:
        return ""
    return _("%(reserved)s reserved, buffer %(buffer)s") % {"reserved": reserved, "buffer": buffer}
