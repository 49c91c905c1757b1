"""The words of stock: a line's state, the rule that decided, and what changed it."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from longshore.storage.queries.stock import StockHappening, StockLine


class State(NamedTuple):
    kind: str
    word: str


def state_of(line: StockLine) -> State:
    if line.write_error:
        return State("stop", _("Not written"))
    if not line.on_shopify:
        return State("off", _("Not on Shopify"))
    if line.to_write:
        return State("wait", _("Being written"))
    if line.known_at is None:
        return State("wait", _("Not confirmed yet"))
    return State("ok", _("Up to date"))


def rule_words(line: StockLine) -> str:
    """Why Shopify should show this number: the rule that decided, in a sentence."""
    if line.gone_since is not None:
        return _("The vendor's shop no longer has this variant, so nothing of it is sold.")
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


KINDS = {"reading", "decision", "sale", "write", "stale"}


class Happened(NamedTuple):
    icon: str
    words: str
    why: str


def happened(event: StockHappening) -> Happened:
    data = event.data
    match event.kind:
        case "reading":
            return Happened("store", _("The vendor's number changed"), "")
        case "decision":
            words = _("Shopify should show another number")
            if data.get("tracked") is False:
                words = _("Shopify should stop counting it")
            return Happened("boxes", words, _sum(event))
        case "sale":
            sold = (event.before or 0) - (event.after or 0)
            if sold < 0:
                return Happened("shopping-cart", _("%(n)d put back on Shopify") % {"n": -sold}, "")
            return Happened("shopping-cart", _("%(n)d sold on Shopify") % {"n": sold}, "")
        case "write":
            return Happened("send", _("Written to Shopify"), "")
        case "stale":
            why = _("orders were read again before writing")
            return Happened("refresh-cw", _("Shopify had another number than believed"), why)
        case other:
            return Happened("circle", other.replace("_", " ").capitalize(), "")


def _sum(event: StockHappening) -> str:
    reserved, buffer = event.data.get("reserved"), event.data.get("buffer")
    if not reserved and not buffer:
        return ""
    return _("%(reserved)s reserved, buffer %(buffer)s") % {"reserved": reserved, "buffer": buffer}
