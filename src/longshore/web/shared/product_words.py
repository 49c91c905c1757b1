"""The words of products: a listing's state, what approving it does, and what keeps it back."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from longshore.storage.queries.products import ProductRow
from longshore.web.shared.said import said
from longshore.web.shared.state import State
from longshore.web.shared.words import advice, sentence

STATES = {
    "review": ("wait", gettext_lazy("To review")),
    "approved": ("wait", gettext_lazy("Being published")),
    "published": ("ok", gettext_lazy("On Shopify")),
    "unpublished": ("off", gettext_lazy("Taken off")),
    "declined": ("off", gettext_lazy("Declined")),
}


def state_of(row: ProductRow) -> State:
    if row.publish_error:
        return State("stop", _("Shopify refused it"))
    if row.problems and row.state in {"review", "approved"}:
        return State("need", _("Problem"))
    if row.gone_since is not None and row.state == "published":
        return State("need", _("Gone from the vendor's shop"))
    if row.stays:
        return State("need", _("On Shopify, sold out"))
    return _there(row)


def _there(row: ProductRow) -> State:
    if row.state == "published" and row.dirty:
        return State("wait", _("Being updated"))
    if row.state == "published" and row.draft:
        return State("wait", _("Draft on Shopify"))
    kind, word = STATES[row.state]
    return State(kind, str(word))


def reasons(row: ProductRow) -> list[tuple[SafeString, str]]:
    """(what keeps it back, what cures it)."""
    found: list[tuple[SafeString, str]] = [
        (sentence(p.code, p.evidence), advice(p.code, p.evidence)) for p in row.problems
    ]
    if row.publish_error:
        found.append(
            (format_html(_("Shopify refused it: {}."), said(row.publish_error).rstrip(".")), "")
        )
    return found
