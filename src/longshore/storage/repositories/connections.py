"""Connections as rows: stores and storefronts with their sealed keys and their facts."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from longshore.ports.ledger.connections import KnownStore, StorefrontKeys, StoreKeys
from longshore.ports.storefronts import Publication, StorefrontFacts
from longshore.ports.stores import AddressForm, ConnectionProfile, Signing
from longshore.storage import work
from longshore.storage.models import (
    CallBudget,
    Store,
    Storefront,
    StorefrontState,
    StoreState,
    Vendor,
)
from longshore.storage.repositories.findings import resolve_findings
from longshore.storage.repositories.listings import review_everything


class Connections:
    """Implements `ports.ledger.connections.ConnectionLedger`."""

    def store_at(self, marketplace_id: int, base_url: str) -> KnownStore | None:
        row = Store.objects.filter(marketplace_id=marketplace_id, base_url=base_url).first()
        return None if row is None else KnownStore(row.pk, row.vendor_id)

    @transaction.atomic
    def add_store(
        self, vendor_id: int, keys: StoreKeys, profile: ConnectionProfile, at: datetime
    ) -> int:
        vendor = Vendor.objects.get(pk=vendor_id)
        store = Store.objects.create(
            marketplace_id=vendor.marketplace_id,
            vendor=vendor,
            base_url=keys.base_url,
            consumer_key=keys.key,
            consumer_secret=keys.secret,
            connected_at=at,
            last_answer_at=at,
            orders_read_to=at,
            **_columns(profile),
        )
        work.import_catalog(store.pk)
        return store.pk

    @transaction.atomic
    def replace_keys(
        self, store_id: int, keys: StoreKeys, profile: ConnectionProfile, at: datetime
    ) -> None:
        store = Store.objects.select_for_update().get(pk=store_id)
        store.consumer_key = keys.key
        store.consumer_secret = keys.secret
        store.save(update_fields=["consumer_key", "consumer_secret"])
        renew(store, profile, at)

    @transaction.atomic
    def save_storefront(
        self,
        marketplace_id: int,
        keys: StorefrontKeys,
        facts: StorefrontFacts,
        publication: Publication | None,
        at: datetime,
    ) -> int:
        row = Storefront.objects.filter(marketplace_id=marketplace_id).first()
        row = row or Storefront(marketplace_id=marketplace_id, orders_read_to=at)
        row.shop_domain = facts.domain or keys.shop_domain
        row.api_base = keys.api_base
        row.client_id = keys.client_id
        row.client_secret = keys.client_secret
        row.access_token = keys.access_token
        row.session_token = ""
        row.session_expires_at = None
        if publication is not None and not row.publication_id:
            row.publication_id = publication.publication_id
            row.publication_name = publication.name
        row.save()
        renew_storefront(row, facts, at)
        CallBudget.objects.get_or_create(
            storefront=row, defaults={"marketplace_id": marketplace_id, "measured_at": at}
        )
        review_everything(Store.objects.filter(marketplace_id=marketplace_id))
        work.pull_orders(marketplace_id)
        return row.pk


_STOREFRONT_FACTS = (
    "name",
    "currency",
    "timezone",
    "taxes_included",
    "location_limit",
    "variant_limit",
    "weight_unit",
)


def renew(store: Store, profile: ConnectionProfile, at: datetime) -> None:
    """Keeps the profile of a store that answers, closes its findings and takes it into use
    again. In the caller's transaction.
    """
    for name, value in _columns(profile).items():
        setattr(store, name, value)
    store.last_answer_at = at
    if store.state == StoreState.BROKEN:
        store.state = StoreState.CONNECTED
    store.save()
    resolve_findings(store.marketplace_id, f"store:{store.pk}", at)


def renew_storefront(row: Storefront, facts: StorefrontFacts, at: datetime) -> None:
    """As `renew`, for the storefront."""
    for name in _STOREFRONT_FACTS:
        setattr(row, name, getattr(facts, name))
    row.missing_scopes = dict(facts.missing_scopes)
    row.facts_read_at = at
    row.state = StorefrontState.READY
    row.save()
    resolve_findings(row.marketplace_id, f"storefront:{row.pk}", at)


def _columns(profile: ConnectionProfile) -> dict[str, Any]:
    """The columns of `Store` that repeat the profile, and the profile itself."""
    return {
        "name": profile.name,
        "currency": profile.currency,
        "prices_include_tax": profile.prices_include_tax,
        "weight_unit": profile.weight_unit,
        "stock_managed": profile.stock_managed,
        "profile": asdict(profile),
    }


def profile_of(store: Store) -> ConnectionProfile | None:
    """The profile as it was learned, None before the first time."""
    if not store.profile:
        return None
    kept = store.profile
    return ConnectionProfile(
        **{
            **kept,
            "signing": Signing(kept["signing"]),
            "form": AddressForm(kept["form"]),
            **{name: tuple(kept[name]) for name in ("namespaces", "languages", "limits")},
        }
    )


class SessionTokens:
    """Shopify's short-lived token, shared by all workers and sealed at rest."""

    def __init__(self, storefront_id: int) -> None:
        self._id = storefront_id

    def load(self) -> tuple[str, datetime] | None:
        row = Storefront.objects.get(pk=self._id)
        token = row.session_token.reveal() if row.session_token else ""
        if not token or row.session_expires_at is None:
            return None
        return token, row.session_expires_at

    def save(self, token: str, expires_at: datetime) -> None:
        row = Storefront.objects.get(pk=self._id)
        row.session_token = token
        row.session_expires_at = expires_at
        row.save(update_fields=["session_token", "session_expires_at"])
