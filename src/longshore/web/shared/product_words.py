"""The words of products: a listing's state and what keeps it back."""

from typing import NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from longshore.storage.queries.products import ProductRow
from longshore.web.shared.words import advice, sentence


class State(NamedTuple):
    kind: str
    word: str


def state_of(row: ProductRow) -> State:
    if row.publish_error:
        return State("stop", _("Shopify refused it"))
    if row.problems and row.state in {"review", "approved"}:
        return State("need", _("Problem"))
    match row.state:
        case "review":
            return State("wait", _("To review"))
        case "approved":
            return State("wait", _("Being published"))
        case "published":
            return State("wait", _("Being updated")) if row.dirty else State("ok", _("On Shopify"))
        case "unpublished":
            return State("off", _("Taken off"))
        case "declined":
            return State("off", _("Declined"))
        case other:
            return State("off", other)


def reasons(row: ProductRow) -> list[tuple[SafeString, str]]:
    """(what keeps it back, what cures it)."""
    found = [(sentence(p.code, p.evidence), advice(p.code, p.evidence)) for p in row.problems]
    if row.publish_error:
        found.append((format_html(_("Shopify refused it: {}."), row.publish_error.rstrip(".")), ""))
    return found
