"""The only room that knows every other: it opens shops with the keys we remember (`shops`), and
offers the use cases to pages, jobs and commands.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from longshore import settings
from longshore.mail import mail_server, send_mail
from longshore.ports.ledger.listings import Decided
from longshore.storage.models import HintKind
from longshore.storage.repositories import going_live, marketplaces, order_notes, vendors
from longshore.storage.repositories.buyers import Erased as Erased
from longshore.storage.repositories.inbox import Incoming, Target, store_target, storefront_target
from longshore.storage.repositories.listings import Listings
from longshore.stores import shopify, woocommerce
from longshore.sync import approve_listings as _listings
from longshore.wiring.buyers import count_buyer as count_buyer
from longshore.wiring.buyers import erase_buyer as erase_buyer
from longshore.wiring.buyers import export_buyer as export_buyer
from longshore.wiring.buyers import marketplace_named as marketplace_named
from longshore.wiring.connections import ask_by_link as ask_by_link
from longshore.wiring.connections import ask_check as ask_check
from longshore.wiring.connections import ask_examination as ask_examination
from longshore.wiring.connections import begin_approval as begin_approval
from longshore.wiring.connections import choose_catalog as choose_catalog
from longshore.wiring.connections import choose_language as choose_language
from longshore.wiring.connections import connect_store as connect_store
from longshore.wiring.connections import connect_storefront as connect_storefront
from longshore.wiring.connections import diagnose as diagnose
from longshore.wiring.connections import examine_store as examine_store
from longshore.wiring.connections import follow_by_link as follow_by_link
from longshore.wiring.connections import make_reconnect_link as make_reconnect_link
from longshore.wiring.connections import pause_store as pause_store
from longshore.wiring.connections import run_examination as run_examination
from longshore.wiring.connections import state_currency as state_currency
from longshore.wiring.connections import take_approved_key as take_approved_key
from longshore.wiring.goods import Explained as Explained
from longshore.wiring.goods import FieldToday as FieldToday
from longshore.wiring.goods import Gate as Gate
from longshore.wiring.goods import RuleKind as RuleKind
from longshore.wiring.goods import RulesPreview as RulesPreview
from longshore.wiring.goods import apply_brake as apply_brake
from longshore.wiring.goods import ask_link as ask_link
from longshore.wiring.goods import ask_unlink as ask_unlink
from longshore.wiring.goods import bring_back_variant as bring_back_variant
from longshore.wiring.goods import change_source as change_source
from longshore.wiring.goods import decide_held_prices as decide_held_prices
from longshore.wiring.goods import edit_listing as edit_listing
from longshore.wiring.goods import explain_listing as explain_listing
from longshore.wiring.goods import ignore_brake as ignore_brake
from longshore.wiring.goods import join_listing as join_listing
from longshore.wiring.goods import leave_listing as leave_listing
from longshore.wiring.goods import limit_line as limit_line
from longshore.wiring.goods import link_listings as link_listings
from longshore.wiring.goods import move_rule as move_rule
from longshore.wiring.goods import preview_policy as preview_policy
from longshore.wiring.goods import preview_rule as preview_rule
from longshore.wiring.goods import refuse_link as refuse_link
from longshore.wiring.goods import remove_rule as remove_rule
from longshore.wiring.goods import save_policy as save_policy
from longshore.wiring.goods import save_rule as save_rule
from longshore.wiring.goods import take_vendors_value as take_vendors_value
from longshore.wiring.goods import undo_run as undo_run
from longshore.wiring.letters import LetterKind as LetterKind
from longshore.wiring.letters import choose_letters as choose_letters
from longshore.wiring.letters import letter_choice as letter_choice
from longshore.wiring.letters import send_letters as send_letters
from longshore.wiring.long_work import go_on_publishing as go_on_publishing
from longshore.wiring.long_work import read_again as read_again
from longshore.wiring.long_work import stop_import as stop_import
from longshore.wiring.long_work import stop_publishing as stop_publishing
from longshore.wiring.order_messages import LONGEST_MESSAGE as LONGEST_MESSAGE
from longshore.wiring.order_messages import send_news as send_news
from longshore.wiring.order_messages import vendor_writes as vendor_writes
from longshore.wiring.order_messages import write_to_vendor as write_to_vendor
from longshore.wiring.ordering import SHOPIFY_CARRIERS as SHOPIFY_CARRIERS
from longshore.wiring.ordering import ask_trial as ask_trial
from longshore.wiring.ordering import carrier_on_shopify as carrier_on_shopify
from longshore.wiring.ordering import choose_sender as choose_sender
from longshore.wiring.ordering import choose_status_meaning as choose_status_meaning
from longshore.wiring.ordering import forget_sender as forget_sender
from longshore.wiring.ordering import forget_status_meaning as forget_status_meaning
from longshore.wiring.ordering import forget_tracking as forget_tracking
from longshore.wiring.ordering import give_up_part as give_up_part
from longshore.wiring.ordering import leave_out_order as leave_out_order
from longshore.wiring.ordering import name_carrier as name_carrier
from longshore.wiring.ordering import send_part_again as send_part_again
from longshore.wiring.ordering import send_part_as_it_is as send_part_as_it_is
from longshore.wiring.ordering import send_risky_order as send_risky_order
from longshore.wiring.ordering import settle_conflict as settle_conflict
from longshore.wiring.ordering import teach_tracking as teach_tracking
from longshore.wiring.ordering import tell_shipment_again as tell_shipment_again
from longshore.wiring.ordering import use_suggestion as use_suggestion
from longshore.wiring.people import Doer as Doer
from longshore.wiring.people import Program as Program
from longshore.wiring.people import Reply as Reply
from longshore.wiring.people import What as What
from longshore.wiring.people import as_request as as_request
from longshore.wiring.people import begin_reply as begin_reply
from longshore.wiring.people import change_role as change_role
from longshore.wiring.people import drop_filter as drop_filter
from longshore.wiring.people import drop_reply as drop_reply
from longshore.wiring.people import keep_reply as keep_reply
from longshore.wiring.people import make_token as make_token
from longshore.wiring.people import note_deed as note_deed
from longshore.wiring.people import program_of as program_of
from longshore.wiring.people import remove_member as remove_member
from longshore.wiring.people import requests_a_window as requests_a_window
from longshore.wiring.people import revoke_token as revoke_token
from longshore.wiring.people import save_filter as save_filter
from longshore.wiring.people import settle_findings as settle_findings
from longshore.wiring.people import undo_deed as undo_deed
from longshore.wiring.portal import Numbered as Numbered
from longshore.wiring.portal import Parcel as Parcel
from longshore.wiring.portal import cannot_deliver as cannot_deliver
from longshore.wiring.portal import give_numbers as give_numbers
from longshore.wiring.portal import keep_back as keep_back
from longshore.wiring.portal import ship_parcel as ship_parcel
from longshore.wiring.reading import change_manners as change_manners
from longshore.wiring.recovery_letters import send_recovery_letters as send_recovery_letters
from longshore.wiring.reminders import ask_reminder as ask_reminder
from longshore.wiring.reminders import send_reminder as send_reminder
from longshore.wiring.shops import SystemClock as SystemClock
from longshore.wiring.shops import clock as clock
from longshore.wiring.shops import http_client as http_client
from longshore.wiring.shops import open_store as open_store
from longshore.wiring.shops import open_storefront as open_storefront
from longshore.wiring.shops import wishes as wishes


class WrongSignature(Exception):  # noqa: N818 - an answer, not a mistake
    """A webhook whose signature does not fit its bytes."""


def webhook_target(platform: str, token: str) -> Target | None:
    """Whose webhook address this is, None for nobody's."""
    return store_target(token) if platform == "woocommerce" else storefront_target(token)


def read_webhook(
    platform: str, target: Target, headers: Mapping[str, str], body: bytes
) -> Incoming | None:
    """A verified delivery, or None for a ping. `headers` have lower-case names. Raises
    WrongSignature, and ValueError when the body makes no sense.
    """
    now = clock.now()
    if platform == "woocommerce":
        return _store_event(target, headers, body, now)
    return _storefront_event(target, headers, body, now)


def _store_event(
    target: Target, headers: Mapping[str, str], body: bytes, now: datetime
) -> Incoming | None:
    hooks = woocommerce.webhooks
    if hooks.is_ping(headers, body):  # WooCommerce does not sign it
        return None
    if not hooks.verify(target.secret, body, headers.get("x-wc-webhook-signature", "")):
        raise WrongSignature
    event = hooks.read_event(headers, body)
    kinds = {"product": HintKind.PRODUCT, "order": HintKind.STORE_ORDER}
    kind = kinds.get(event.topic.partition(".")[0])
    return Incoming(target, event.delivery_id, event.topic, kind, str(event.resource_id), now)


def _storefront_event(
    target: Target, headers: Mapping[str, str], body: bytes, now: datetime
) -> Incoming | None:
    hooks = shopify.webhooks
    if not hooks.verify(target.secret, body, headers.get("x-shopify-hmac-sha256", "")):
        raise WrongSignature
    event = hooks.read_event(headers, body)
    about = {
        HintKind.STOREFRONT_ORDER: event.order_gid,
        HintKind.STOREFRONT_PRODUCT: event.product_gid,
        HintKind.STOREFRONT_BULK: event.bulk_gid,
    }
    kind = next((kind for kind, gid in about.items() if gid), None)
    resource = about[kind] if kind else ""
    return Incoming(target, event.delivery_id, event.topic, kind, resource, now)


def test_mail(url: str, sender: str, to: str) -> None:
    """Sends a test message. Raises NeedsOperator naming what to change."""
    send_mail(
        mail_server(url),
        sender,
        to,
        "Longshore can send mail",
        "This message shows that the mail settings work.\n",
        ca=settings.load().ca_bundle,
    )


def change_vendor(vendor_id: int, **switches: vendors.Switch) -> None:
    """Sets a vendor's switches; what depends on them follows. Raises Rejected."""
    vendors.change_vendor(vendor_id, clock.now(), **switches)


def approve_listings(
    marketplace_id: int, listing_ids: Sequence[int], user_id: int | None
) -> Decided:
    """See `sync.approve_listings`; the same for the two below."""
    return _listings.approve_listings(
        Listings(), clock, marketplace_id=marketplace_id, listing_ids=listing_ids, user_id=user_id
    )


def approve_as_drafts(
    marketplace_id: int, listing_ids: Sequence[int], user_id: int | None
) -> Decided:
    """They go on Shopify as drafts, for a last look."""
    return _listings.approve_listings(
        Listings(),
        clock,
        marketplace_id=marketplace_id,
        listing_ids=listing_ids,
        user_id=user_id,
        as_draft=True,
    )


def decline_listings(
    marketplace_id: int, listing_ids: Sequence[int], _user_id: int | None
) -> Decided:
    return _listings.decline_listings(
        Listings(), clock, marketplace_id=marketplace_id, listing_ids=listing_ids
    )


def unpublish_listings(
    marketplace_id: int, listing_ids: Sequence[int], _user_id: int | None
) -> Decided:
    return _listings.unpublish_listings(
        Listings(), clock, marketplace_id=marketplace_id, listing_ids=listing_ids
    )


def take_off_listing(marketplace_id: int, listing_id: int) -> None:
    unpublish_listings(marketplace_id, [listing_id], None)


add_vendor = marketplaces.add_vendor
change_marketplace = marketplaces.change_marketplace
choose_places = marketplaces.choose_places
go_live_preview = going_live.preview


def go_live(marketplace_id: int) -> None:
    """From now on new orders are routed by themselves. Raises NeedsOperator."""
    going_live.go_live(marketplace_id, clock.now())


def note_order(marketplace_id: int, order_id: int, text: str, who: str) -> None:
    """See `storage.repositories.order_notes`."""
    order_notes.note_order(marketplace_id, order_id, text, who, clock.now())


def route_by_hand(marketplace_id: int, order_id: int) -> None:
    """Sends an order that waits. Raises Rejected with the reason when it may not be sent."""
    going_live.route_by_hand(marketplace_id, order_id, clock.now())
