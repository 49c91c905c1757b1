"""The settings page: what is connected, where stock stands, who sells, how mail goes out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from longshore.storage.models import Marketplace, Membership, Storefront


@dataclass(frozen=True, slots=True)
class FrontCard:
    """The connected storefront, without its secrets. `missing_scopes`: feature by scope."""

    shop_domain: str
    api_base: str
    client_id: str
    by_token: bool
    state: str
    name: str
    currency: str
    taxes_included: bool
    timezone: str
    location_limit: int
    missing_scopes: tuple[tuple[str, str], ...]
    facts_read_at: datetime | None
    publication_id: str
    publication: str
    layout: str
    shared_location_id: str
    webhooks: int
    webhook_at: datetime | None
    orders_polled_at: datetime | None


@dataclass(frozen=True, slots=True)
class SetupPage:
    """`mail_host`: the server without its password, "" while there is none."""

    name: str
    timezone: str
    purchase_prices: str
    hold_minutes: int
    route_authorized: bool
    hold_risk: str
    buyer_email: str
    relay_domain: str
    order_email: str
    invoice_address: Mapping[str, str]
    """As fields of `domain.orders.Address`; empty where none is set."""
    notify_buyers: bool
    keep_buyer_days: int
    second_step: bool
    live_since: datetime | None
    mail_host: str
    mail_from: str
    front: FrontCard | None
    people: tuple[tuple[str, str], ...]
    """(e-mail address, role) of those who see the whole marketplace."""


def setup_page(marketplace_id: int) -> SetupPage:
    row = Marketplace.objects.get(pk=marketplace_id)
    front = Storefront.objects.filter(marketplace_id=marketplace_id).first()
    url = row.mail_url.reveal() if row.mail_url else ""
    return SetupPage(
        name=row.name,
        timezone=row.timezone,
        purchase_prices=row.purchase_prices,
        hold_minutes=row.hold_minutes,
        route_authorized=row.route_authorized,
        hold_risk=row.hold_risk,
        buyer_email=row.buyer_email,
        relay_domain=row.relay_domain,
        order_email=row.order_email,
        invoice_address=row.invoice_address,
        notify_buyers=row.notify_buyers,
        keep_buyer_days=row.keep_buyer_days,
        second_step=row.second_step,
        live_since=row.live_since,
        mail_host=url.rpartition("@")[2].partition("://")[2] or url.rpartition("@")[2],
        mail_from=row.mail_from,
        front=_front(front) if front else None,
        people=_people(marketplace_id),
    )


def _people(marketplace_id: int) -> tuple[tuple[str, str], ...]:
    rows = Membership.objects.filter(marketplace_id=marketplace_id, vendor=None).order_by("id")
    return tuple(rows.values_list("user__email", "role"))


def _front(row: Storefront) -> FrontCard:
    missing = row.missing_scopes if isinstance(row.missing_scopes, dict) else {}
    return FrontCard(
        shop_domain=row.shop_domain,
        api_base=row.api_base,
        client_id=row.client_id,
        by_token=bool(row.access_token),
        state=row.state,
        name=row.name,
        currency=row.currency,
        taxes_included=row.taxes_included,
        timezone=row.timezone,
        location_limit=row.location_limit,
        missing_scopes=tuple(sorted((str(k), str(v)) for k, v in missing.items())),
        facts_read_at=row.facts_read_at,
        publication_id=row.publication_id,
        publication=row.publication_name,
        layout=row.location_layout,
        shared_location_id=row.shared_location_id,
        webhooks=len(row.webhooks_active),
        webhook_at=row.last_webhook_at,
        orders_polled_at=row.orders_polled_at,
    )
