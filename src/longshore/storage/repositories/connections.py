"""Connections as rows: stores and storefronts with their sealed keys and their facts."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from longshore.domain.findings import Finding
from longshore.ports.ledger.connections import StorefrontKeys, StoreKeys
from longshore.ports.storefronts import Publication, StorefrontFacts
from longshore.ports.stores import StoreFacts
from longshore.storage import work
from longshore.storage.models import (
    CallBudget,
    Store,
    Storefront,
    StorefrontState,
    StoreState,
    Vendor,
)
from longshore.storage.repositories.findings import note_finding, resolve_findings


class Connections:
    """Implements `ports.ledger.connections.ConnectionLedger`."""

    def store_at(self, marketplace_id: int, base_url: str) -> int | None:
        rows = Store.objects.filter(marketplace_id=marketplace_id, base_url=base_url)
        return rows.values_list("id", flat=True).first()

    @transaction.atomic
    def add_store(self, vendor_id: int, keys: StoreKeys, facts: StoreFacts, at: datetime) -> int:
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
            **_columns(facts),
        )
        work.import_catalog(store.pk)
        return store.pk

    @transaction.atomic
    def renew_store(
        self, store_id: int, facts: StoreFacts, at: datetime, keys: StoreKeys | None = None
    ) -> None:
        store = Store.objects.select_for_update().get(pk=store_id)
        for name, value in _columns(facts).items():
            setattr(store, name, value)
        if keys is not None:
            store.base_url = keys.base_url
            store.consumer_key = keys.key
            store.consumer_secret = keys.secret
        store.last_answer_at = at
        if store.state == StoreState.BROKEN:
            store.state = StoreState.CONNECTED
        store.save()
        resolve_findings(store.marketplace_id, f"store:{store_id}", at)

    @transaction.atomic
    def break_store(self, store_id: int, finding: Finding, at: datetime) -> None:
        store = Store.objects.get(pk=store_id)
        if finding.kind.severity.value == "stop":
            Store.objects.filter(pk=store_id).update(state=StoreState.BROKEN)
        note_finding(
            store.marketplace_id, f"store:{store_id}", finding, at, vendor_id=store.vendor_id
        )

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
        row.state = StorefrontState.READY
        row.facts_read_at = at
        for name in _STOREFRONT_FACTS:
            setattr(row, name, getattr(facts, name))
        row.missing_scopes = dict(facts.missing_scopes)
        if publication is not None and not row.publication_id:
            row.publication_id = publication.publication_id
            row.publication_name = publication.name
        row.save()
        CallBudget.objects.get_or_create(
            storefront=row, defaults={"marketplace_id": marketplace_id, "measured_at": at}
        )
        resolve_findings(marketplace_id, f"storefront:{row.pk}", at)
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


def _columns(facts: StoreFacts) -> dict[str, Any]:
    """The columns of `Store` that repeat facts, and the facts themselves."""
    return {
        "name": facts.name,
        "currency": facts.currency,
        "prices_include_tax": facts.prices_include_tax,
        "weight_unit": facts.weight_unit,
        "stock_managed": facts.stock_managed,
        "facts": {**asdict(facts), "plugins": list(facts.plugins)},
    }


def facts_of(store: Store) -> StoreFacts | None:
    """The facts as they were read, None before the first time."""
    if not store.facts:
        return None
    return StoreFacts(**{**store.facts, "plugins": tuple(store.facts.get("plugins", ()))})


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
