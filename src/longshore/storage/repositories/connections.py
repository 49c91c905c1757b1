"""Connections as rows: stores and storefronts with their sealed keys and their facts."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from longshore.domain.catalog import ProductType
from longshore.domain.findings import Finding
from longshore.domain.same_catalog import ENOUGH, SAMPLE, CatalogProof, Fingerprint
from longshore.ports.ledger.connections import KnownStore, StorefrontKeys, StoreKeys
from longshore.ports.storefronts import Publication, StorefrontFacts
from longshore.ports.stores import ConnectionProfile
from longshore.storage import work
from longshore.storage.models import (
    CallBudget,
    Store,
    Storefront,
    StorefrontState,
    StoreState,
    Vendor,
    VendorProduct,
)
from longshore.storage.repositories.findings import note_finding, resolve_findings
from longshore.storage.repositories.listings import review_everything
from longshore.storage.repositories.store_states import (
    keep_notes,
    move,
    profile_columns,
    renew,
    store_subject,
)
from longshore.storage.repositories.walks import begin_import


class Connections:
    """Implements `ports.ledger.connections.ConnectionLedger`."""

    def store_at(self, marketplace_id: int, base_url: str) -> KnownStore | None:
        row = Store.objects.filter(marketplace_id=marketplace_id, base_url=base_url).first()
        return None if row is None else KnownStore(row.pk, row.vendor_id)

    def fingerprints(self, store_id: int) -> dict[int, Fingerprint]:
        """See the port. Simple products first: one request reads a hundred of them."""
        rows = VendorProduct.objects.filter(
            store_id=store_id, absent_since=None, created_in_store__isnull=False
        )
        simple = rows.filter(kind=ProductType.SIMPLE)
        chosen = simple if simple.count() >= ENOUGH else rows
        half = SAMPLE // 2
        columns = ("product_id", "created_in_store", "slug", "sku")
        oldest = chosen.order_by("product_id").values_list(*columns)[:half]
        newest = chosen.order_by("-product_id").values_list(*columns)[:half]
        return {row[0]: Fingerprint(*row[1:]) for row in (*oldest, *newest)}

    @transaction.atomic
    def hold_store(self, store_id: int, proof: CatalogProof, at: datetime) -> None:
        row = Store.objects.select_for_update(no_key=True).get(pk=store_id)
        move(row, StoreState.HELD, at)
        finding = Finding(
            "store_catalog_differs",
            {
                "host": row.base_url.partition("://")[2],
                "asked": proof.asked,
                "matched": proof.matched,
            },
        )
        note_finding(row.marketplace_id, store_subject(row), finding, at, vendor_id=row.vendor_id)

    @transaction.atomic
    def add_store(
        self,
        vendor_id: int,
        keys: StoreKeys,
        profile: ConnectionProfile,
        notes: Sequence[Finding],
        at: datetime,
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
            examined_at=at,
            state_since=at,
            **profile_columns(profile),
        )
        keep_notes(store, notes, at)
        begin_import(store.pk, at)
        return store.pk

    @transaction.atomic
    def replace_keys(
        self,
        store_id: int,
        keys: StoreKeys,
        profile: ConnectionProfile,
        notes: Sequence[Finding],
        at: datetime,
    ) -> None:
        store = Store.objects.select_for_update(no_key=True).get(pk=store_id)
        store.consumer_key = keys.key
        store.consumer_secret = keys.secret
        store.save(update_fields=["consumer_key", "consumer_secret"])
        if store.state in (StoreState.HELD, StoreState.PAUSED):
            store.state = StoreState.BROKEN
        renew(store, profile, notes, at)

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
        work.compare_storefront(marketplace_id)
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


def renew_storefront(row: Storefront, facts: StorefrontFacts, at: datetime) -> None:
    """As `renew`, for the storefront."""
    for name in _STOREFRONT_FACTS:
        setattr(row, name, getattr(facts, name))
    row.missing_scopes = dict(facts.missing_scopes)
    row.facts_read_at = at
    row.state = StorefrontState.READY
    row.save()
    resolve_findings(row.marketplace_id, f"storefront:{row.pk}", at)


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
