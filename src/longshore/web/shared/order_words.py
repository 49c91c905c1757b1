"""The words of orders: the state of an order, of a vendor's part, and the lines of a timeline."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from longshore.storage.queries.home import Lately
from longshore.storage.queries.order import Happening, Part
from longshore.storage.queries.orders import OrderRow, PartState
from longshore.web.shared.said import said
from longshore.web.shared.state import State

WAITS = {
    "canceled": gettext_lazy("Canceled"),
    "test": gettext_lazy("A test order, not sent"),
    "payment": gettext_lazy("Waits for payment"),
    "before_go_live": gettext_lazy("From before going live"),
    "risk": gettext_lazy("Held, Shopify warns of it"),
    "risk_pending": gettext_lazy("Waits for Shopify's advice about fraud"),
    "left_out": gettext_lazy("Left out by hand"),
    "delivery": gettext_lazy("Waits a moment, Shopify has not said yet how it is delivered"),
    "hold": gettext_lazy("Held a moment, the buyer may still change it"),
}
PAYMENTS = {
    "pending": gettext_lazy("not paid yet"),
    "authorized": gettext_lazy("payment authorized"),
    "paid": gettext_lazy("paid"),
    "partially_refunded": gettext_lazy("partly refunded"),
    "refunded": gettext_lazy("refunded"),
    "voided": gettext_lazy("payment voided"),
}
LEFT_OUT = {
    "removed": gettext_lazy("removed from the order"),
    "gift_card": gettext_lazy("a gift card, nothing to ship"),
    "no_shipping": gettext_lazy("needs no shipping"),
    "pickup": gettext_lazy("the buyer picks it up"),
    "in_store": gettext_lazy("handed over in the shop"),
    "own": gettext_lazy("you send it yourself"),
}
STORE_STATES = {
    "draft": gettext_lazy("half made"),
    "pending": gettext_lazy("waits for payment"),
    "on_hold": gettext_lazy("on hold"),
    "processing": gettext_lazy("being packed"),
    "completed": gettext_lazy("completed"),
    "canceled": gettext_lazy("canceled"),
    "refunded": gettext_lazy("refunded"),
    "failed": gettext_lazy("failed"),
    "trashed": gettext_lazy("in the bin"),
    "gone": gettext_lazy("no longer there"),
}


def waits(reason: str) -> str:
    return str(WAITS.get(reason) or _("Waits to be sent"))


def state_of(row: OrderRow, *, vendor_only: bool = False) -> State:
    """The one state an order's row shows: the worst thing first."""
    if row.canceled_at is not None:
        return State("off", _("Canceled"))
    if row.stopped and not vendor_only:
        return State("stop", _("Stopped"))
    if row.needing and not vendor_only:
        return State("need", _("Needs you"))
    if row.routing == "waiting":
        return State("off" if row.waits_for == "before_go_live" else "wait", waits(row.waits_for))
    return _parts_state(row)


def _parts_state(row: OrderRow) -> State:
    every, shipped = len(row.parts), row.shipped_parts
    stuck = any(part.state in BEFORE and part.shop_stopped for part in row.parts)
    states = {part.state for part in row.parts}
    some = _("Shipped, %(shipped)d of %(every)d parts") % {"shipped": shipped, "every": every}
    cases = (
        (not every, "off", _("Nothing to ship")),
        (shipped == every, "ok", _("Shipped")),
        ("refused" in states, "stop", _("Refused")),
        (stuck, "stop", _("Waits for the vendor's shop")),
        (bool(states & BEFORE), "wait", _("On its way to the vendor")),
        (bool(shipped), "ok", some),
        (True, "wait", _("With the vendor")),
    )
    return next(State(kind, word) for true, kind, word in cases if true)


BEFORE = {"pending", "sending", "uncertain"}
SIMPLE = {
    "refused": ("stop", gettext_lazy("Refused")),
    "canceled": ("off", gettext_lazy("Canceled")),
    "uncertain": ("wait", gettext_lazy("Being looked for")),
    "pending": ("wait", gettext_lazy("Being sent")),
    "sending": ("wait", gettext_lazy("Being sent")),
}


def chip_state(part: PartState) -> State:
    """A vendor's part in a list."""
    if part.state in BEFORE and part.shop_stopped:
        return State("stop", _("Waits for the vendor's shop"))
    if part.state in SIMPLE:
        kind, word = SIMPLE[part.state]
        return State(kind, str(word))
    return State("ok", _("Shipped")) if part.shipped else State("wait", _("With the vendor"))


def part_state(part: Part) -> State:
    """A vendor's part on the order's own page."""
    if part.state in SIMPLE:
        kind, word = SIMPLE[part.state]
        return State(kind, str(word))
    units, sent = sum(x.quantity for x in part.lines), sum(x.shipped for x in part.lines)
    if part.shipped_at is not None or (units and sent >= units):
        return State("ok", _("Shipped"))
    if part.born_completed:
        return State("need", _("Marked completed at once"))
    if sent:
        return State("wait", _("%(sent)d of %(units)d shipped") % {"sent": sent, "units": units})
    known = STORE_STATES.get(part.store_state)
    return State("wait", capfirst(str(known)) if known else _("With the vendor"))


class Told(NamedTuple):
    kind: str
    icon: str
    text: SafeString
    more: str


EVENTS: Mapping[str, tuple[str, str, Any]] = {
    # kind: (color, icon, words). Colored only where it ended well or badly.
    "seen": ("", "inbox", gettext_lazy("Received from Shopify")),
    "waits": ("", "clock", gettext_lazy("Waits")),
    "routed": ("", "send", gettext_lazy("Split by vendor")),
    "left_out": ("", "minus", gettext_lazy("A line is no vendor's work")),
    "sender_chosen": ("", "check", gettext_lazy("It was chosen who sends a line")),
    "sender_known": ("", "check", gettext_lazy("A line goes to whom you chose before")),
    "picked": ("", "check", gettext_lazy("Several vendors have a line; one was picked")),
    "risk_answered": ("", "check", gettext_lazy("It was decided about its risk")),
    "edited": ("need", "pencil", gettext_lazy("Changed on Shopify")),
    "payment": ("", "check", gettext_lazy("Payment changed")),
    "sending": ("", "send", gettext_lazy("Being sent to {vendor}")),
    "accepted": ("ok", "check-check", gettext_lazy("{vendor} has it; read back, it matches")),
    "adopted": ("ok", "check-check", gettext_lazy("Found in the shop of {vendor}, not sent again")),
    "differs": ("stop", "octagon-x", gettext_lazy("{vendor} took it, but not as sent")),
    "refused": ("stop", "octagon-x", gettext_lazy("{vendor} refused it")),
    "put_back": ("", "clock", gettext_lazy("Not sent to {vendor} yet")),
    "held_back": ("need", "pause", gettext_lazy("Not sent to {vendor}: somebody must decide")),
    "uncertain": ("need", "clock", gettext_lazy("No answer from {vendor}; we look for it there")),
    "looked_up": ("", "search", gettext_lazy("Looked for it in the shop of {vendor}")),
    "put_off": ("", "clock", gettext_lazy("The shop of {vendor} could not be searched")),
    "resent": ("", "send", gettext_lazy("Sent to {vendor} again by hand")),
    "put_back_on_shelf": ("", "boxes", gettext_lazy("Goods are back in the stock of {vendor}")),
    "refunded": ("need", "ban", gettext_lazy("Money was paid back")),
    "vendor_told": ("", "pencil", gettext_lazy("{vendor} was told in a note on its order")),
    "note_refused": ("need", "pencil", gettext_lazy("The shop of {vendor} takes no note")),
    "conflict_settled": ("ok", "check", gettext_lazy("Decided who bears the parcel of {vendor}")),
    "store_state": ("", "refresh-cw", gettext_lazy("{vendor} moved it on")),
    "cannot_deliver": ("need", "ban", gettext_lazy("{vendor} cannot deliver something")),
    "shipped": ("ok", "truck", gettext_lazy("{vendor} shipped")),
    "fulfilled": ("ok", "truck", gettext_lazy("Shopify has the shipment of {vendor}")),
    "tracking_corrected": ("ok", "truck", gettext_lazy("{vendor} corrected a tracking number")),
    "told_again": ("", "send", gettext_lazy("Shopify is told again of the shipment of {vendor}")),
    "held_on_shopify": (
        "need",
        "pause",
        gettext_lazy("Shopify holds the shipment of {vendor} back"),
    ),
    "vendor_wrote": ("need", "pencil", gettext_lazy("{vendor} writes")),
    "vendor_was_written": ("", "send", gettext_lazy("{vendor} was written to")),
    "noted": ("", "pencil", gettext_lazy("A note")),
    "reminded": ("", "send", gettext_lazy("{vendor} was reminded by mail")),
    "cancel_asked": ("need", "ban", gettext_lazy("Canceled on Shopify; {vendor} has it already")),
    "not_found": ("wait", "clock", gettext_lazy("Not found on Shopify; asked for once more")),
    "order_deleted": ("stop", "ban", gettext_lazy("Deleted on Shopify")),
    "order_canceled": ("stop", "ban", gettext_lazy("Canceled on Shopify")),
    "canceled": ("stop", "ban", gettext_lazy("The part of {vendor} is canceled")),
    "exception": ("stop", "octagon-x", gettext_lazy("It cannot go on by itself")),
}
PARCEL_EVENTS = frozenset({"shipped", "fulfilled"})
"""Their `number` is a tracking number; elsewhere it is the store's order number."""


def told(event: Happening) -> Told:
    """One line of the timeline; kinds that have no words yet show their own name."""
    kind, icon, words = EVENTS.get(event.kind, ("", "circle", None))
    if words is None:
        text = format_html("{}", event.kind.replace("_", " ").capitalize())
    else:
        text = format_html(str(words), vendor=event.vendor or _("the vendor"))
    return Told(kind, icon, text, _details(event))


def _details(event: Happening) -> str:
    """The few facts of an event that people ask for."""
    data = event.data
    if event.kind == "noted":
        return f"“{data.get('text', '')}” – {data.get('who', '')}"  # noqa: RUF001 - as a quotation ends
    found = [str(data[name]) for name in ("goods", "at_vendor", "text") if data.get(name)]
    number = data.get("number")
    if number and event.kind in PARCEL_EVENTS:
        found.append(_("parcel %(number)s") % {"number": number})
    elif number:
        found.append(_("their order %(number)s") % {"number": number})
    found += _picked(data) if event.kind == "picked" else []
    if isinstance(units := data.get("units"), int):
        found.append(ngettext("%(n)d unit", "%(n)d units", units) % {"n": units})
    if isinstance(vendors := data.get("vendors"), int):
        found.append(ngettext("%(n)d vendor", "%(n)d vendors", vendors) % {"n": vendors})
    found += [_("by hand")] if data.get("by_hand") else []
    if "found" in data:
        found.append(_("it is there") if data["found"] else _("it is not there"))
    found += [str(data["amount"])] if data.get("amount") else []
    if data.get("new"):
        found.append(_("now %(number)s") % {"number": data["new"]})
    if data.get("state"):
        found.append(str(STORE_STATES.get(str(data["state"])) or data["state"]))
    why = data.get("why") or data.get("reason") or data.get("difference")
    if why:
        found.append(str(WAITS.get(str(why)) or LEFT_OUT.get(str(why)) or said(str(why))))
    return ", ".join(found)


PASSED: Mapping[str, Any] = {
    "stock": gettext_lazy("%(vendor)s has %(has)s"),
    "country": gettext_lazy("%(vendor)s is in another country"),
    "cost": gettext_lazy("%(vendor)s asks more"),
    "priority": gettext_lazy("%(vendor)s comes later in your order"),
    "not_now": gettext_lazy("%(vendor)s is not on sale now"),
    "not_served": gettext_lazy("%(vendor)s does not send there"),
    "short": gettext_lazy("%(vendor)s has only %(has)s"),
}
BETTER: Mapping[str, Any] = {
    "stock": gettext_lazy("has enough"),
    "country": gettext_lazy("is in the buyer's country"),
    "cost": gettext_lazy("is cheaper"),
    "priority": gettext_lazy("comes first in your order"),
}
NOT_COUNTED = 1_000_000


def _picked(data: Mapping[str, Any]) -> list[str]:
    """Who got it because of what it has, and each of the others with why not."""
    has = _has(data.get("has"))
    return [_("has %(has)s") % {"has": has}, *(_passed(one) for one in data.get("passed") or ())]


def _passed(one: Mapping[str, Any]) -> str:
    words = {"vendor": one.get("vendor"), "has": _has(one.get("has"))}
    text = str(PASSED.get(str(one.get("because")), "%(vendor)s")) % words
    better = [str(BETTER[rule]) for rule in one.get("better") or () if rule in BETTER]
    if not better:
        return text
    return _("%(text)s, though it %(better)s") % {"text": text, "better": ", ".join(better)}


def _has(units: Any) -> str:
    counted = isinstance(units, int) and units < NOT_COUNTED
    return str(units) if counted else _("it uncounted")


BRIEF: Mapping[str, tuple[str, str, Any]] = {
    "accepted": ("ok", "check-check", gettext_lazy("{vendor} has its part of {order}.")),
    "adopted": (
        "ok",
        "check-check",
        gettext_lazy("{order} was found at {vendor}, not sent again."),
    ),
    "refused": ("stop", "octagon-x", gettext_lazy("{vendor} refused its part of {order}.")),
    "differs": ("stop", "octagon-x", gettext_lazy("{vendor} took {order}, but not as sent.")),
    "shipped": ("ok", "truck", gettext_lazy("{vendor} shipped {order}.")),
    "tracking_corrected": (
        "ok",
        "truck",
        gettext_lazy("{vendor} corrected a tracking number of {order}."),
    ),
    "exception": ("stop", "octagon-x", gettext_lazy("{order} cannot go on by itself.")),
}
"""The timeline's words for a page that is not the order's own; kinds as in `queries.home.TOLD`."""


def brief(event: Lately) -> Told:
    """One line of what happened lately."""
    kind, icon, words = BRIEF[event.kind]
    link = format_html(
        '<a href="{}">{}</a>', reverse("admin:order", args=[event.order_id]), event.order
    )
    text = format_html(str(words), vendor=event.vendor or _("the vendor"), order=link)
    return Told(kind, icon, text, "")
