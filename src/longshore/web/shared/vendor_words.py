"""The words of vendors: how a vendor's shop is, and how we talk with it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from longshore.domain.deadlines import Figures, Share
from longshore.domain.limits import limit_words
from longshore.storage.queries.home import ShopPulse
from longshore.storage.queries.vendor import StoreCard
from longshore.storage.queries.vendors import VendorRow
from longshore.web.shared.state import State

STATES = {
    "paused": ("off", gettext_lazy("Paused")),
    "none": ("wait", gettext_lazy("No shop yet")),
    "broken": ("stop", gettext_lazy("Down")),
    "held": ("stop", gettext_lazy("Held: another shop answers")),
    "degraded": ("need", gettext_lazy("Degraded: work goes on")),
    "reading": ("wait", gettext_lazy("Being read")),
    "ready": ("wait", gettext_lazy("Ready for review")),
    "live": ("ok", gettext_lazy("On sale")),
    "well": ("ok", gettext_lazy("Connected")),
    "connected": ("ok", gettext_lazy("Connected")),
}
SIGNING = {
    "basic": gettext_lazy("key in the header"),
    "oauth": gettext_lazy("signed requests"),
    "oauth_http": gettext_lazy("signed requests"),
    "oauth_header": gettext_lazy("signed requests"),
    "query": gettext_lazy("key in the address"),
}
TICK_S = 2.0
"""Clocks that differ by less are the same to everybody."""


def state_of(name: str) -> State:
    """The state of a vendor or of one store, by its name in the queries."""
    kind, word = STATES.get(name, ("wait", name))
    return State(kind, str(word))


WAY = ("none", "reading", "ready")
"""The states on the way to the first sale; its steps are counted with the one of being added."""


def row_state(row: VendorRow) -> State:
    """As `state_of`; one that works but has problems asks for somebody, too."""
    state = state_of(row.state)
    if row.state == "none" and row.invited:
        state = State("wait", _("Invited"))
    if row.problems and state.kind == "ok":
        return State("need", state.word)
    return state


def row_more(row: VendorRow) -> str:
    """What stands under the state: how many problems, and how far it is on its way."""
    said: list[str] = []
    if row.state in WAY:
        step = {"n": WAY.index(row.state) + 1, "all": len(WAY) + 1}
        said.append(_("onboarding %(n)d of %(all)d") % step)
    if row.problems:
        words = ngettext("%(n)d problem", "%(n)d problems", row.problems)
        said.append(words % {"n": row.problems})
    return " · ".join(said)


def pulse_state(pulse: ShopPulse) -> State:
    """A shop in the list of when each was last heard; Shopify's own states are ready or broken."""
    return state_of("connected" if pulse.state == "ready" else pulse.state)


def health_words(name: str) -> str:
    """The heading of a store's connection: the answer to "is it well?"."""
    words = {
        "connected": _("Connected and well"),
        "broken": _("Not in use: the shop cannot be reached"),
        "held": _("Held: it answers, but is not the shop we know"),
        "degraded": _("In use, with trouble"),
        "paused": _("Paused"),
    }
    return words.get(name, _("Connected and well"))


def limits_words(store: StoreCard) -> list[str]:
    """What the shop's version cannot do, and what we do instead."""
    return [_(limit_words(code)) for code in store.limits]


def signing_words(store: StoreCard) -> str:
    return str(SIGNING.get(store.signing, ""))


def clock_words(store: StoreCard) -> str:
    """How the shop's clock stands to ours."""
    ahead = store.clock_offset_s
    if abs(ahead) < TICK_S:
        return _("agrees with ours")
    words = _("%(n)d s ahead of ours") if ahead > 0 else _("%(n)d s behind ours")
    return words % {"n": round(abs(ahead))}


def figure_words(figures: Figures) -> list[tuple[str, str, str]]:
    """(name, percent, of how many) of what there is to measure."""
    shares = (
        (_("Orders taken"), figures.accepted),
        (_("Shipped late"), figures.late),
        (_("With a parcel number"), figures.tracked),
    )
    return [
        (name, f"{share.percent} %", _("%(part)d of %(whole)d") % vars_of(share))
        for name, share in shares
        if share.percent is not None
    ]


def vars_of(share: Share) -> dict[str, int]:
    return {"part": share.part, "whole": share.whole}
