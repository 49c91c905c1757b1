"""How the shops are, as rows: facts read anew, our webhooks, trouble, and answers after it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from longshore import settings
from longshore.domain.findings import Finding
from longshore.domain.health import (
    MAY_PASS,
    HealthState,
    SilencePolicy,
    WhenSilent,
    health_after,
    health_by_verdict,
)
from longshore.ports.doctor import Diagnosis
from longshore.ports.errors import LongshoreError, Rejected, TryLater
from longshore.ports.ledger.connections import StoreKeys
from longshore.ports.ledger.health import ConnectedStore, Hook
from longshore.ports.storefronts import StorefrontFacts
from longshore.ports.stores import ConnectionProfile, WebhookReport
from longshore.storage import work
from longshore.storage.models import (
    IN_USE,
    Listing,
    ListingState,
    Marketplace,
    Store,
    Storefront,
    StorefrontState,
    StoreState,
)
from longshore.storage.postgres import release_connection
from longshore.storage.repositories import outages
from longshore.storage.repositories.connections import renew_storefront
from longshore.storage.repositories.findings import note_finding, resolve_findings
from longshore.storage.repositories.store_states import (
    keep_notes,
    move,
    profile_columns,
    profile_of,
    renew,
    withhold,
)

_ON = (ListingState.APPROVED, ListingState.PUBLISHED)
_PASSING = ("store_unreachable", "store_slow_down", "store_answer_broken", *sorted(MAY_PASS))
_STATES = {
    HealthState.OK: StoreState.CONNECTED,
    HealthState.DEGRADED: StoreState.DEGRADED,
    HealthState.BROKEN: StoreState.BROKEN,
}
_MOVED_BY_HEALTH = (*IN_USE, StoreState.BROKEN)
"""The states that a person did not choose."""


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

    def store(self, store_id: int) -> ConnectedStore:
        row = Store.objects.get(pk=store_id)
        keys = StoreKeys(row.base_url, row.consumer_key.reveal(), row.consumer_secret.reveal())
        release_connection()
        return ConnectedStore(keys, profile_of(row), row.last_answer_at)

    @transaction.atomic
    def keep_diagnosis(self, store_id: int, diagnosis: Diagnosis, at: datetime) -> None:
        row = Store.objects.select_for_update(no_key=True).get(pk=store_id)
        row.examined_at = at
        if diagnosis.profile is not None:
            row.profile = profile_columns(diagnosis.profile)["profile"]
        row.save(update_fields=["examined_at", "profile"])
        health = health_by_verdict(diagnosis.verdict, silence(row, at))
        if row.state in _MOVED_BY_HEALTH:
            _become(row, health, at)
        keep_notes(row, diagnosis.findings, at)

    @transaction.atomic
    def renew_store(
        self, store_id: int, profile: ConnectionProfile, notes: Sequence[Finding], at: datetime
    ) -> None:
        renew(Store.objects.select_for_update(no_key=True).get(pk=store_id), profile, notes, at)

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
    """Notes a store's problem. One that lasts degrades the store; one that will not pass by itself
    takes it out of use, and the doctor is sent at once. Errors that name no finding are about one
    item, not about the store.
    """
    finding = error.finding
    row = (
        Store.objects.select_for_update(no_key=True)
        .filter(pk=store_id, state__in=_MOVED_BY_HEALTH)
        .first()
    )
    if row is None or finding is None or not finding.code.startswith("store_"):
        return
    may_pass = isinstance(error, TryLater)
    health = health_after(finding.kind.severity, silence(row, at), may_pass=may_pass)
    if health is HealthState.OK:
        return  # it is asked again soon; a problem is shown when it lasts
    if row.state != StoreState.BROKEN:
        _become(row, health, at)
        work.examine_store(store_id)
    note_finding(row.marketplace_id, f"store:{store_id}", finding, at, vendor_id=row.vendor_id)


def _become(row: Store, health: HealthState, at: datetime) -> None:
    if health is HealthState.BROKEN:
        outages.begin(row, at)
    move(row, _STATES[health], at)


@transaction.atomic
def note_store_answer(store_id: int, at: datetime) -> None:
    """The store answered as it should: what passes by itself has passed."""
    row = Store.objects.filter(pk=store_id, state__in=IN_USE)
    row.update(last_answer_at=at)
    for owner, state in row.values_list("marketplace_id", "state"):
        closed = resolve_findings(owner, f"store:{store_id}", at, _PASSING)
        if closed and state == StoreState.DEGRADED:
            row.update(state=StoreState.CONNECTED, state_since=at)
            outages.end(row.get(), at)


@transaction.atomic
def pause_store(marketplace_id: int, store_id: int, at: datetime, *, paused: bool) -> None:
    """A person takes a store out of use, or lets the doctor take it into use again. Raises Rejected
    where the store is not theirs, or waits for another choice first.
    """
    rows = Store.objects.select_for_update(no_key=True).filter(
        pk=store_id, marketplace_id=marketplace_id
    )
    row = rows.exclude(state=StoreState.HELD).first()
    if row is None:
        raise Rejected("This store cannot be paused or taken into use now.")
    if paused:
        move(row, StoreState.PAUSED, at)
        outages.forget(row)
    elif row.state == StoreState.PAUSED:
        move(row, StoreState.BROKEN, at)
        work.examine_store(store_id)


def silence(row: Store, at: datetime) -> timedelta:
    """How long the store has not answered as it should."""
    return at - (row.last_answer_at or row.connected_at or at)


def in_use(store_id: int) -> bool:
    """Whether the store is read now."""
    return Store.objects.filter(pk=store_id, state__in=IN_USE).exists()


def takes_orders(store_id: int) -> bool:
    """Whether orders may be sent to the store now; a key that only reads keeps them waiting."""
    row = Store.objects.filter(pk=store_id, state__in=IN_USE).first()
    return row is not None and row.profile.get("can_write", True)


def withhold_silent_stores(at: datetime) -> int:
    """Shows as zero the stock of shops that stayed away for longer than their vendor's policy
    allows; returns of how many.
    """
    asked = Store.objects.filter(
        state=StoreState.BROKEN, withheld=False, vendor__when_silent=WhenSilent.ZERO
    )
    count = 0
    for row in asked.select_related("vendor"):
        policy = SilencePolicy(WhenSilent.ZERO, timedelta(hours=row.vendor.silent_hours))
        if policy.withholds(silence(row, at)):
            with transaction.atomic():
                withhold(row, withheld=True, at=at)
            count += 1
    return count


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
