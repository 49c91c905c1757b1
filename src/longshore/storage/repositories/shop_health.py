"""How the shops are, as rows: facts read anew, our webhooks, trouble, and answers after it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from longshore import settings
from longshore.domain.findings import Finding
from longshore.domain.health import breaks
from longshore.ports.errors import LongshoreError, TryLater
from longshore.ports.ledger.health import Hook
from longshore.ports.storefronts import StorefrontFacts
from longshore.ports.stores import ConnectionProfile, WebhookReport
from longshore.storage.models import (
    Listing,
    ListingState,
    Marketplace,
    Store,
    Storefront,
    StorefrontState,
    StoreState,
)
from longshore.storage.postgres import release_connection
from longshore.storage.repositories.connections import renew, renew_storefront
from longshore.storage.repositories.findings import note_finding, resolve_findings

_ON = (ListingState.APPROVED, ListingState.PUBLISHED)
_PASSING = ("store_unreachable", "store_slow_down", "store_answer_broken")


class Health:
    """Implements `ports.ledger.health.HealthLedger`."""

    def store_hook(self, store_id: int) -> Hook | None:
        row = Store.objects.get(pk=store_id)
        listed = Listing.objects.filter(vendor_id=row.vendor_id, state__in=_ON)
        public = settings.load().public_url
        hook = None
        if public and (listed.exists() or _is_live(row.marketplace_id)):
            url = f"{public}/hooks/woocommerce/{row.hook_token}/"
            hook = Hook(url, row.webhook_secret.reveal())
        release_connection()
        return hook

    @transaction.atomic
    def renew_store(self, store_id: int, profile: ConnectionProfile, at: datetime) -> None:
        renew(Store.objects.select_for_update().get(pk=store_id), profile, at)

    @transaction.atomic
    def keep_store_webhooks(self, store_id: int, report: WebhookReport, at: datetime) -> None:
        row = Store.objects.get(pk=store_id)
        row.webhooks_active = list(report.active)
        row.webhooks_checked_at = at
        row.save(update_fields=["webhooks_active", "webhooks_checked_at"])
        subject = f"store:{store_id}"
        if not report.failed:
            resolve_findings(row.marketplace_id, subject, at, ["webhooks_dead"])
            return
        host = row.base_url.partition("://")[2]
        finding = Finding("webhooks_dead", {"host": host, "why": "; ".join(report.failed.values())})
        note_finding(row.marketplace_id, subject, finding, at, vendor_id=row.vendor_id)

    def storefront_hook(self, marketplace_id: int) -> Hook | None:
        row = Storefront.objects.get(marketplace_id=marketplace_id)
        listed = Listing.objects.filter(marketplace_id=marketplace_id, state__in=_ON)
        public = settings.load().public_url
        hook = None
        if public and (listed.exists() or _is_live(marketplace_id)):
            hook = Hook(f"{public}/hooks/shopify/{row.uuid}/", row.client_secret.reveal())
        release_connection()
        return hook

    @transaction.atomic
    def renew_storefront(self, marketplace_id: int, facts: StorefrontFacts, at: datetime) -> None:
        row = Storefront.objects.select_for_update().get(marketplace_id=marketplace_id)
        renew_storefront(row, facts, at)

    def keep_storefront_webhooks(
        self, marketplace_id: int, topics: Sequence[str], at: datetime
    ) -> None:
        Storefront.objects.filter(marketplace_id=marketplace_id).update(
            webhooks_active=list(topics), webhooks_checked_at=at
        )


def _is_live(marketplace_id: int) -> bool:
    return Marketplace.objects.filter(pk=marketplace_id, live_since__isnull=False).exists()


@transaction.atomic
def note_store_trouble(store_id: int, error: LongshoreError, at: datetime) -> None:
    """Notes a store's problem; takes it out of use when it will not pass by itself. Errors that
    name no finding are about one item, not about the store.
    """
    finding = error.finding
    row = Store.objects.select_for_update().filter(pk=store_id).first()
    if row is None or finding is None or not finding.code.startswith("store_"):
        return
    silent_for = at - (row.last_answer_at or row.connected_at or at)
    if breaks(finding.kind.severity, silent_for, may_pass=isinstance(error, TryLater)):
        if row.state == StoreState.CONNECTED:
            row.state = StoreState.BROKEN
            row.save(update_fields=["state"])
    elif isinstance(error, TryLater):
        return  # it is asked again soon; a problem is shown when it lasts
    note_finding(row.marketplace_id, f"store:{store_id}", finding, at, vendor_id=row.vendor_id)


@transaction.atomic
def note_store_answer(store_id: int, at: datetime) -> None:
    """The store answered as it should: what passes by itself has passed."""
    row = Store.objects.filter(pk=store_id)
    row.update(last_answer_at=at)
    owner = row.values_list("marketplace_id", flat=True).first()
    if owner is not None and row.filter(state=StoreState.CONNECTED).exists():
        resolve_findings(owner, f"store:{store_id}", at, _PASSING)


@transaction.atomic
def note_storefront_trouble(marketplace_id: int, error: LongshoreError, at: datetime) -> None:
    """Notes why Shopify does not let us in; what passes by itself is not noted."""
    row = Storefront.objects.select_for_update().filter(marketplace_id=marketplace_id).first()
    if row is None or isinstance(error, TryLater) or error.finding is None:
        return
    if not error.finding.code.startswith("storefront_"):
        return
    row.state = StorefrontState.BROKEN
    row.save(update_fields=["state"])
    note_finding(marketplace_id, f"storefront:{row.pk}", error.finding, at)
