from dataclasses import replace
from datetime import UTC, datetime

import pytest

from longshore import settings
from longshore.domain.findings import Finding
from longshore.domain.health import GRACE, PATIENCE
from longshore.ports.errors import NeedsVendor, Rejected, TryLater
from longshore.ports.ledger.connections import KnownStore, StorefrontKeys, StoreKeys
from longshore.ports.storefronts import Publication, StorefrontFacts
from longshore.ports.stores import ConnectionProfile, Signing, WebhookReport
from longshore.storage.models import Marketplace, OpenFinding, Store, Storefront, Vendor
from longshore.storage.repositories import going_live
from longshore.storage.repositories.connections import Connections, SessionTokens
from longshore.storage.repositories.shop_health import (
    Health,
    note_store_answer,
    note_store_trouble,
)
from longshore.storage.repositories.store_states import profile_of

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db
KEYS = StoreKeys("https://kiln.example", "ck_fake_key", "cs_fake_secret")
FACTS = ConnectionProfile(
    name="Kiln",
    base_url="https://kiln.example",
    dialect="wc/v3",
    signing=Signing.BASIC,
    home_url="https://kiln.example",
    platform_version="9.9.5",
    wordpress_version="6.8",
    currency="EUR",
    prices_include_tax=True,
    timezone="Europe/Prague",
    weight_unit="kg",
    stock_managed=True,
    variations_route="wc/v3/variations",
    orders_search_reference=True,
    can_write=True,
    plugins={"woocommerce-shipment-tracking": "2.6.5"},
)
SHOP = StorefrontFacts(
    name="Harbor",
    domain="harbor.myshopify.com",
    currency="EUR",
    timezone="Europe/Prague",
    taxes_included=True,
    location_limit=10,
    variant_limit=2048,
    weight_unit="KILOGRAMS",
)


@pytest.fixture
def vendor() -> Vendor:
    marketplace = Marketplace.objects.create(name="Harbor")
    return Vendor.objects.create(marketplace=marketplace, name="Kiln")


def test_a_store_is_remembered_with_sealed_keys_and_its_facts(vendor: Vendor):
    store_id = Connections().add_store(vendor.pk, KEYS, FACTS, (), NOW)
    store = Store.objects.get(pk=store_id)
    assert profile_of(store) == FACTS
    assert store.consumer_secret.reveal() == "cs_fake_secret"
    stored = Store.objects.filter(pk=store_id).values_list("consumer_secret", flat=True)[0]
    assert "cs_fake_secret" not in str(stored)
    assert Connections().store_at(vendor.marketplace_id, KEYS.base_url) == KnownStore(
        store_id, vendor.pk
    )


def refused() -> NeedsVendor:
    return NeedsVendor("no", finding=Finding("store_key_refused", {"host": "kiln.example"}))


def silent() -> TryLater:
    return TryLater("no", finding=Finding("store_unreachable", {"host": "kiln.example"}))


def test_a_refused_key_breaks_the_store_until_it_answers_again(vendor: Vendor):
    store_id = Connections().add_store(vendor.pk, KEYS, FACTS, (), NOW)
    for _ in range(2):
        note_store_trouble(store_id, refused(), NOW)
    found = OpenFinding.objects.get(resolved_at=None)
    assert (found.times_seen, found.vendor_id) == (2, vendor.pk)
    assert Store.objects.get().state == "broken"
    Health().renew_store(store_id, FACTS, (), NOW)
    assert Store.objects.get().state == "connected"
    assert not OpenFinding.objects.filter(resolved_at=None).exists()


def test_a_store_may_be_silent_for_a_while(vendor: Vendor):
    store_id = Connections().add_store(vendor.pk, KEYS, FACTS, (), NOW)
    note_store_trouble(store_id, silent(), NOW + PATIENCE / 2)
    assert Store.objects.get().state == "connected"
    assert not OpenFinding.objects.exists()
    note_store_trouble(store_id, silent(), NOW + PATIENCE)
    assert Store.objects.get().state == "degraded"
    note_store_answer(store_id, NOW + PATIENCE)
    assert Store.objects.get().state == "connected"
    note_store_trouble(store_id, silent(), NOW + PATIENCE + GRACE / 2)
    assert Store.objects.get().state == "degraded"
    note_store_trouble(store_id, silent(), NOW + PATIENCE + GRACE)
    assert Store.objects.get().state == "broken"
    assert OpenFinding.objects.get(resolved_at=None).code == "store_unreachable"


def test_trouble_with_one_item_says_nothing_about_the_store(vendor: Vendor):
    store_id = Connections().add_store(vendor.pk, KEYS, FACTS, (), NOW)
    note_store_trouble(store_id, Rejected("no such product"), NOW + GRACE * 2)
    assert Store.objects.get().state == "connected"
    assert not OpenFinding.objects.exists()


def test_a_new_key_takes_a_broken_store_into_use_again(vendor: Vendor):
    store_id = Connections().add_store(vendor.pk, KEYS, FACTS, (), NOW)
    note_store_trouble(store_id, refused(), NOW)
    fresh = StoreKeys(KEYS.base_url, "ck_fake_new", "cs_fake_new")
    Connections().replace_keys(store_id, fresh, FACTS, (), NOW)
    store = Store.objects.get()
    assert (store.state, store.consumer_secret.reveal()) == ("connected", "cs_fake_new")
    assert not OpenFinding.objects.filter(resolved_at=None).exists()


@pytest.fixture
def public(monkeypatch: pytest.MonkeyPatch) -> None:
    known = replace(settings.load(), public_url="https://hub.example")
    monkeypatch.setattr(settings, "load", lambda: known)


def test_no_webhooks_before_anything_is_on_sale_or_live(vendor: Vendor, public: None):
    store_id = Connections().add_store(vendor.pk, KEYS, FACTS, (), NOW)
    Connections().save_storefront(
        vendor.marketplace_id, StorefrontKeys("h.myshopify.com", "id", "fake"), SHOP, None, NOW
    )
    assert Health().store_hook(store_id) is None
    assert Health().storefront_hook(vendor.marketplace_id) is None
    Marketplace.objects.update(live_since=NOW)
    hook = Health().store_hook(store_id)
    assert hook is not None
    assert hook.url == f"https://hub.example/hooks/woocommerce/{Store.objects.get().hook_token}/"
    assert Health().storefront_hook(vendor.marketplace_id) is not None


def test_webhooks_that_cannot_be_made_are_a_note(vendor: Vendor):
    store_id = Connections().add_store(vendor.pk, KEYS, FACTS, (), NOW)
    report = WebhookReport((), failed={"order.updated": "no"})
    Health().keep_store_webhooks(store_id, report, NOW)
    assert OpenFinding.objects.get(resolved_at=None).code == "webhooks_dead"
    Health().keep_store_webhooks(store_id, WebhookReport(("order.updated",)), NOW)
    assert not OpenFinding.objects.filter(resolved_at=None).exists()
    assert Store.objects.get().state == "connected"


def test_a_storefront_keeps_the_publication_a_person_chose(vendor: Vendor):
    keys = StorefrontKeys("harbor.myshopify.com", "id", "fake-secret")
    first = Publication("gid://shopify/Publication/1", "Online Store")
    ledger = Connections()
    ledger.save_storefront(vendor.marketplace_id, keys, SHOP, first, NOW)
    Storefront.objects.update(publication_id="gid://shopify/Publication/2")
    ledger.save_storefront(vendor.marketplace_id, keys, SHOP, first, NOW)
    row = Storefront.objects.get()
    assert row.publication_id == "gid://shopify/Publication/2"
    assert row.client_secret.reveal() == "fake-secret"


def test_session_tokens_are_shared_and_sealed(vendor: Vendor):
    keys = StorefrontKeys("harbor.myshopify.com", "id", "fake-secret")
    storefront_id = Connections().save_storefront(vendor.marketplace_id, keys, SHOP, None, NOW)
    tokens = SessionTokens(storefront_id)
    assert tokens.load() is None
    tokens.save("shpat_fake_session", NOW)
    assert SessionTokens(storefront_id).load() == ("shpat_fake_session", NOW)


def test_an_order_of_the_same_second_as_going_live_is_a_new_one(vendor: Vendor):
    keys = StorefrontKeys("harbor.myshopify.com", "id", "fake-secret")
    online = Publication("gid://shopify/Publication/1", "Online Store")
    Connections().save_storefront(vendor.marketplace_id, keys, SHOP, online, NOW)
    Connections().add_store(vendor.pk, KEYS, FACTS, (), NOW)
    going_live.go_live(vendor.marketplace_id, NOW.replace(microsecond=700_000))
    assert Marketplace.objects.get().live_since == NOW, "Shopify's times have no fractions"
