"""The words of what people did, and of the settings that changed by it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from longshore.storage.queries.activity import Change, Done
from longshore.web.shared.countries import country_name

KINDS: Mapping[str, tuple[str, Any]] = {
    # kind: (icon, sentence); {about} is what it was done to.
    "vendor_added": ("store", gettext_lazy("added the vendor {about}")),
    "vendor_changed": ("sliders-horizontal", gettext_lazy("changed settings of {about}")),
    "vendor_paused": ("circle-pause", gettext_lazy("paused {about}")),
    "vendor_resumed": ("circle-check", gettext_lazy("took {about} into use again")),
    "store_connected": ("key-round", gettext_lazy("connected the shop of {about}")),
    "check_asked": ("refresh-cw", gettext_lazy("had the shop of {about} checked")),
    "reconnect_link_made": ("key-round", gettext_lazy("made a link to connect {about} again")),
    "key_given": ("key-round", gettext_lazy("gave the shop of {about} a new key")),
    "catalog_chosen": ("store", gettext_lazy("decided which shop {about} is")),
    "listings_approved": ("check", gettext_lazy("approved {about}")),
    "listings_drafted": ("check", gettext_lazy("approved {about} as drafts")),
    "listings_declined": ("x", gettext_lazy("declined {about}")),
    "listings_linked": ("check-check", gettext_lazy("linked {about} to Shopify's products")),
    "listings_taken_off": ("minus", gettext_lazy("took off {about}")),
    "product_edited": ("pencil", gettext_lazy("said something else than the vendor of {about}")),
    "product_linked": ("check-check", gettext_lazy("linked {about} to a product on Shopify")),
    "product_not_linked": ("x", gettext_lazy("said that {about} is another product")),
    "product_unlinked": ("minus", gettext_lazy("unlinked {about}")),
    "product_joined": ("plus", gettext_lazy("sells {about} for several vendors")),
    "product_left": ("minus", gettext_lazy("took a vendor out of {about}")),
    "source_changed": ("sliders-horizontal", gettext_lazy("changed whose turn it is for {about}")),
    "price_accepted": ("tag", gettext_lazy("let the new price of {about} through")),
    "price_kept": ("tag", gettext_lazy("kept the old price of {about}")),
    "value_given_back": ("history", gettext_lazy("took the vendor's words again for {about}")),
    "variant_brought_back": ("plus", gettext_lazy("brought back a variant of {about}")),
    "held_applied": ("check", gettext_lazy("applied the held change of {about}")),
    "held_ignored": ("x", gettext_lazy("ignored the held change of {about}")),
    "run_undone": ("history", gettext_lazy("took back what was written to Shopify")),
    "rule_saved": ("sliders-horizontal", gettext_lazy("saved the rule {about}")),
    "rule_removed": ("minus", gettext_lazy("removed the rule {about}")),
    "rule_moved": ("sliders-horizontal", gettext_lazy("moved the rule {about}")),
    "policy_saved": (
        "sliders-horizontal",
        gettext_lazy("changed how products are written {about}"),
    ),
    "products_excluded": ("minus", gettext_lazy("keeps {about} in the own shop")),
    "products_included": ("plus", gettext_lazy("offers {about} again")),
    "order_sent": ("send", gettext_lazy("sent {about} by hand")),
    "sender_chosen": ("check", gettext_lazy("chose who sends a line of {about}")),
    "sent_by_us": ("check", gettext_lazy("sends a line of {about} without a vendor")),
    "sender_forgotten": ("minus", gettext_lazy("forgot who sends {about}")),
    "order_left_out": ("ban", gettext_lazy("left out {about} for its risk")),
    "part_given_up": ("ban", gettext_lazy("gave up {about}")),
    "conflict_settled": ("check", gettext_lazy("decided about the parcel of {about}")),
    "stock_limited": ("boxes", gettext_lazy("said how much of {about} is shown")),
    "part_sent_again": ("send", gettext_lazy("had {about} sent again")),
    "part_sent_as_it_is": ("send", gettext_lazy("had {about} sent as it is")),
    "trial_asked": ("send", gettext_lazy("had a test order sent to {about}")),
    "status_understood": ("check", gettext_lazy("said what a status of {about} means")),
    "status_forgotten": ("x", gettext_lazy("took back what a status of {about} means")),
    "order_noted": ("pencil", gettext_lazy("wrote a note on {about}")),
    "part_shipped": ("truck", gettext_lazy("shipped {about}")),
    "numbers_given": ("truck", gettext_lazy("gave {about} its parcel number")),
    "vendor_reminded": ("send", gettext_lazy("reminded the vendor of {about}")),
    "order_written": ("pencil", gettext_lazy("wrote about {about}")),
    "part_refused": ("ban", gettext_lazy("cannot deliver {about}")),
    "marketplace_changed": ("sliders-horizontal", gettext_lazy("changed the settings")),
    "storefront_connected": ("key-round", gettext_lazy("connected the Shopify shop {about}")),
    "places_chosen": ("boxes", gettext_lazy("chose where products are sold and stock stands")),
    "mail_changed": ("send", gettext_lazy("changed the mail server")),
    "went_live": ("circle-check", gettext_lazy("went live")),
    "person_invited": ("user-round", gettext_lazy("invited {about}")),
    "person_removed": ("user-round", gettext_lazy("removed {about}")),
    "person_joined": ("user-round", gettext_lazy("joined")),
    "role_changed": ("users", gettext_lazy("changed the role of {about}")),
    "key_made": ("key-round", gettext_lazy("made the key {about}")),
    "key_revoked": ("key-round", gettext_lazy("revoked the key {about}")),
    "need_applied": ("check", gettext_lazy("acted on: {about}")),
    "finding_settled": ("check", gettext_lazy("settled: {about}")),
    "tracking_taught": (
        "truck",
        gettext_lazy("said where {about} keeps what tells a parcel"),
    ),
    "carrier_named": ("truck", gettext_lazy("said what a carrier of {about} is on Shopify")),
    "tracking_forgotten": (
        "truck",
        gettext_lazy("took back where {about} keeps what tells a parcel"),
    ),
    "buyer_erased": ("user-round", gettext_lazy("erased a buyer's data")),
    "publishing_stopped": ("circle-pause", gettext_lazy("stopped writing to Shopify")),
    "publishing_resumed": ("send", gettext_lazy("let writing to Shopify go on")),
    "reading_stopped": ("circle-pause", gettext_lazy("stopped reading the shop of {about}")),
    "reading_asked": ("refresh-cw", gettext_lazy("had the shop of {about} read again")),
    "manners_changed": ("sliders-horizontal", gettext_lazy("changed how {about} is read")),
    "undone": ("history", gettext_lazy("took back: {about}")),
}
SETTINGS: Mapping[str, Any] = {
    "name": gettext_lazy("Name"),
    "email": gettext_lazy("E-mail"),
    "active": gettext_lazy("In use"),
    "buffer": gettext_lazy("Stock buffer"),
    "own_buffer": gettext_lazy("Buffer of this one"),
    "cap": gettext_lazy("Shown at most"),
    "sell_backorders": gettext_lazy("Sell backorders"),
    "auto_approve": gettext_lazy("Publish without review"),
    "drafts_first": gettext_lazy("Publish as drafts first"),
    "rate": gettext_lazy("Exchange rate"),
    "rate_days": gettext_lazy("Days until a new rate is asked for"),
    "rate_still_right": gettext_lazy("Rate still right"),
    "currency": gettext_lazy("Currency of the shop"),
    "tax_factor": gettext_lazy("Tax factor"),
    "timezone": gettext_lazy("Time zone"),
    "purchase_prices": gettext_lazy("Prices on the vendors' orders"),
    "hold_minutes": gettext_lazy("Minutes before vendors get an order"),
    "route_authorized": gettext_lazy("Send orders that are authorized"),
    "hold_risk": gettext_lazy("Hold orders Shopify warns of"),
    "buyer_email": gettext_lazy("E-mail address on the vendors' orders"),
    "relay_domain": gettext_lazy("Domain of relay addresses"),
    "order_email": gettext_lazy("Own address for the vendors' orders"),
    "invoice_address": gettext_lazy("Your invoice address"),
    "placing": gettext_lazy("How orders are placed"),
    "notify_buyers": gettext_lazy("Shopify tells the buyer"),
    "goods": gettext_lazy("Goods"),
    "remembered": gettext_lazy("Remembered"),
    "role": gettext_lazy("Role"),
    "keep_buyer_days": gettext_lazy("Days buyers' data is kept"),
    "second_step": gettext_lazy("Second step of the team"),
    "ship_days": gettext_lazy("Ship within, working days"),
    "labels_ship": gettext_lazy("A label counts as shipped"),
    "mail_from": gettext_lazy("Mail is sent from"),
    "when_silent": gettext_lazy("Stock while the shop is silent"),
    "silent_hours": gettext_lazy("Hours of silence"),
    "countries": gettext_lazy("Sends to"),
    "holiday_from": gettext_lazy("Holiday from"),
    "holiday_until": gettext_lazy("Holiday until"),
    "language": gettext_lazy("Import language"),
    "quiet_from": gettext_lazy("Quiet from"),
    "quiet_to": gettext_lazy("Quiet to"),
    "most_requests_an_hour": gettext_lazy("Most requests an hour"),
    "publication": gettext_lazy("Sells on"),
}
PAGES = {
    "vendor": "admin:vendor",
    "order": "admin:order",
    "listing": "admin:product",
    "line": "admin:stock_line",
}


class Told(NamedTuple):
    icon: str
    text: SafeString
    changes: tuple[tuple[str, str, str], ...]
    """(setting, before, after) in words."""


def told(done: Done) -> Told:
    icon, words = KINDS.get(done.kind, ("circle", None))
    about = _about(done)
    if words is None:
        text = format_html("{} {}", done.kind.replace("_", " "), about)
    else:
        text = format_html(str(words), about=about)
    return Told(icon, text, tuple(_change(one) for one in done.changes))


def _about(done: Done) -> SafeString:
    named: str = done.about
    count = done.after.get("count")
    if isinstance(count, int) and count > 1:
        named = ngettext("%(n)d product", "%(n)d products", count) % {"n": count}
    kind, _colon, number = done.subject.partition(":")
    if kind in PAGES and number.isdigit() and named:
        return format_html('<a href="{}">{}</a>', reverse(PAGES[kind], args=[number]), named)
    return format_html("<b>{}</b>", named)


def _change(one: Change) -> tuple[str, str, str]:
    label = SETTINGS.get(one.name)
    before, after = one.before, one.after
    if one.name == "countries":
        before, after = _places(before), _places(after)
    return str(label or one.name.replace("_", " ")), said(before), said(after)


def _places(value: Any) -> Any:
    return [country_name(str(one)) for one in value] if isinstance(value, list) else value


def said(value: Any) -> str:
    """A kept value as a person reads it."""
    if value is None or value == "":
        return _("none")
    if isinstance(value, bool):
        return _("on") if value else _("off")
    if isinstance(value, dict):
        return ", ".join(f"{name}: {said(one)}" for name, one in value.items()) or _("as usual")
    if isinstance(value, list | tuple):
        return ", ".join(said(one) for one in value)
    return str(value)
