"""Who may use each address of the hub, by its name: written by hand, so that the tests refuse a new
address until somebody decided.
"""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver, resolve


class Door(StrEnum):
    """OPEN: anybody. LINK: whoever holds the link; a wrong one opens nothing. CLOSED: nobody.
    SIGNED_IN: whoever has an account. MEMBER: whoever belongs to a marketplace. BUILDER: those who
    build screens. READ: all of the marketplace's people look, who work also send its form. WORK:
    a form of those who work. OWN: a form also for those who only read, about their own lists.
    GOVERN: owners. VENDOR: a vendor's people. KEY: programs with a key, never a session.
    """

    OPEN = "open"
    LINK = "link"
    CLOSED = "closed"
    SIGNED_IN = "signed_in"
    MEMBER = "member"
    BUILDER = "builder"
    READ = "read"
    WORK = "work"
    OWN = "own"
    GOVERN = "govern"
    VENDOR = "vendor"
    KEY = "key"


_BY_DOOR: Mapping[Door, str] = {
    Door.OPEN: "alive icons guide guide_keys theme set_language sign_in_link account_login"
    " account_logout account_inactive account_signup account_reset_password"
    " account_reset_password_done account_reset_password_from_key_done account_confirm_login_code"
    " mfa_authenticate mfa_login_webauthn api:docs api:api-v1:openapi-json",
    Door.LINK: "join ship ship_cannot ship_message ship_slip check letters reconnect sign_in"
    " account_reset_password_from_key",
    Door.CLOSED: "account/email/ account/confirm-email/ account/confirm-email/<str:key>/"
    " api:api-v1:api-root api/v1/<path:rest>",
    Door.SIGNED_IN: "session_end account_reauthenticate account_change_password"
    " account_set_password usersessions_list mfa_index mfa_reauthenticate mfa_activate_totp"
    " mfa_deactivate_totp mfa_view_recovery_codes mfa_generate_recovery_codes"
    " mfa_download_recovery_codes mfa_list_webauthn mfa_add_webauthn mfa_reauthenticate_webauthn"
    " mfa_remove_webauthn mfa_edit_webauthn",
    Door.MEMBER: "you switch",
    Door.BUILDER: "gallery",
    Door.READ: "admin:home admin:find admin:needs admin:need admin:go_live admin:orders admin:order"
    " admin:order_numbers admin:pace admin:stock_checks admin:products admin:left_out"
    " admin:runs admin:run admin:product"
    " admin:held admin:stock admin:stock_line admin:vendors admin:vendor admin:vendor_add"
    " admin:vendor_connect admin:vendor_check admin:vendor_history admin:vendor_reading"
    " admin:vendor_settings admin:vendor_effects admin:vendor_scan admin:setup admin:activity"
    " admin:policy admin:policy_of admin:imports admin:import_add admin:import admin:names"
    " admin:name_add admin:name admin:markups admin:markup_add admin:markup"
    " admin:run_progress admin:vendor_placing admin:placing_example admin:vendor_trial_steps"
    " admin:choose_sender admin:senders",
    Door.WORK: "admin:order_note admin:vendors_decide admin:stock_limit admin:needs_settle"
    " admin:needs_apply"
    " admin:order_route admin:order_teach"
    " admin:order_decide admin:decide admin:run_undo admin:product_edit admin:product_say"
    " admin:held_settle admin:vendor_check_again admin:vendor_pause admin:vendor_choose"
    " admin:vendor_invite admin:vendor_reconnect admin:undo admin:import_move admin:import_remove"
    " admin:name_move admin:name_remove admin:markup_move admin:markup_remove"
    " admin:order_mean admin:order_risk admin:vendor_trial admin:sender_forget"
    " admin:order_carrier admin:order_write admin:orders_route admin:run_move"
    " admin:vendor_scan_move",
    Door.OWN: "admin:list_keep admin:list_drop",
    Door.GOVERN: "admin:setup_shopify admin:setup_places admin:setup_marketplace admin:setup_mail"
    " admin:setup_invoice admin:privacy admin:privacy_buyer admin:team admin:team_invite"
    " admin:team_second_step admin:team_role admin:team_remove admin:keys"
    " admin:key_make admin:key_revoke",
    Door.VENDOR: "vendor:home vendor:orders vendor:numbers vendor:order vendor:cannot"
    " vendor:message vendor:slip"
    " vendor:products vendor:offer vendor:shop vendor:settings vendor:holiday vendor:connect"
    " vendor:check_again vendor:check vendor:approve vendor:approved vendor:keys_pasted"
    " vendor:trial vendor:trial_steps",
    Door.KEY: "api:api-v1:list_orders api:api-v1:read_order api:api-v1:send_order"
    " api:api-v1:report_parcel api:api-v1:list_products api:api-v1:read_product"
    " api:api-v1:approve_products api:api-v1:decline_products api:api-v1:take_off_products"
    " api:api-v1:list_stock api:api-v1:read_stock api:api-v1:list_vendors api:api-v1:add_vendor"
    " api:api-v1:read_vendor api:api-v1:change_vendor api:api-v1:list_activity"
    " api:api-v1:list_stores api:api-v1:read_store api:api-v1:list_parts api:api-v1:read_part"
    " api:api-v1:list_parcels api:api-v1:list_findings api:api-v1:settle_findings",
}
DOORS: dict[str, Door] = {name: door for door, names in _BY_DOOR.items() for name in names.split()}
SHADOWED = frozenset({"account_email", "account_email_verification_sent", "account_confirm_email"})
"""Of a library, answered by an address of ours that stands before it."""
FILLED: Mapping[str, Any] = {
    "digest": "nothing",
    "token": "nothing",
    "era": "2-2",
    "session_id": 1,
    "pk": 1,
    "key": "a-b",
    "uidb36": "1",
    "rest": "nothing",
    "store_id": 1,
}


class Address(NamedTuple):
    """`name` with its namespaces; its route where it has none. `of_row`: it names one row of a
    marketplace.
    """

    name: str
    url: str
    of_row: bool


def every_name() -> set[str]:
    """All that the resolver knows, but for what is shadowed."""
    return {name for name, _, _ in _walk(get_resolver(), "", "")} - SHADOWED


def every_address(ids: Mapping[str, Any]) -> Iterator[Address]:
    """All that the resolver knows, filled with these ids."""
    values = {**FILLED, "product_id": ids["listing_id"], **ids}
    for name, route, arguments in _walk(get_resolver(), "", ""):
        url = "/" + route
        for argument in arguments:
            url = url.replace(f"<{argument}>", str(values[argument]))
        yield Address(name, url, any(argument in ids for argument in arguments))


def _walk(
    resolver: URLResolver, namespace: str, before: str
) -> Iterator[tuple[str, str, list[str]]]:
    """(name, route with <argument>s, arguments)."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            inner = f"{namespace}{one.namespace}:" if one.namespace else namespace
            yield from _walk(one, inner, before + _plain(one))
        else:
            route = before + _plain(one)
            arguments = [
                *one.pattern.converters, *getattr(one.pattern.regex, "groupindex", {})
            ]  # fmt: skip
            name = f"{namespace}{one.name}" if one.name else before + str(one.pattern)
            yield name, route, list(dict.fromkeys(arguments))


def _plain(one: URLPattern | URLResolver) -> str:
    """A route with only the names of its arguments."""
    text = str(one.pattern)
    text = re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", text).strip("^$")
    return re.sub(r"<\w+:(\w+)>", r"<\1>", text)


def resolves_to_itself(address: Address) -> bool:
    found = resolve(address.url)
    return (found.view_name or found.route) == address.name
