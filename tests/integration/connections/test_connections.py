from datetime import UTC, datetime

import pytest

from longshore.domain.findings import Finding
from longshore.ports.ledger.connections import StorefrontKeys, StoreKeys
from longshore.ports.storefronts import Publication, StorefrontFacts
from longshore.ports.stores import StoreFacts
from longshore.storage.models import Marketplace, OpenFinding, Store, Storefront, Vendor
from longshore.storage.repositories.connections import Connections, SessionTokens, facts_of

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db
KEYS = StoreKeys("https://kiln.example", "ck_fake_key", "cs_fake_secret")
FACTS = StoreFacts(
    name="Kiln",
    base_url="https://kiln.example",
    dialect="wc/v3",
    auth="basic",
    platform_version="9.9.5",
    wordpress_version="6.8",
    currency="EUR",
    prices_include_tax=True,
    timezone="Europe/Prague",
    weight_unit="kg",
    stock_managed=True,
    lists_all_variations=False,
    orders_search_reference=True,
    can_write=True,
    plugins=("woocommerce-shipment-tracking",),
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
    store_id = Connections().add_store(vendor.pk, KEYS, FACTS, NOW)
    store = Store.objects.get(pk=store_id)
    assert facts_of(store) == FACTS
    assert store.consumer_secret.reveal() == "cs_fake_secret"
    stored = Store.objects.filter(pk=store_id).values_list("consumer_secret", flat=True)[0]
    assert "cs_fake_secret" not in str(stored)
    assert Connections().store_at(vendor.marketplace_id, KEYS.base_url) == store_id


def test_a_broken_store_is_a_finding_until_it_answers_again(vendor: Vendor):
    store_id = Connections().add_store(vendor.pk, KEYS, FACTS, NOW)
    Connections().break_store(store_id, Finding("store_key_refused", {"host": "kiln.example"}), NOW)
    Connections().break_store(store_id, Finding("store_key_refused", {"host": "kiln.example"}), NOW)
    found = OpenFinding.objects.get(resolved_at=None)
    assert (found.times_seen, found.vendor_id) == (2, vendor.pk)
    assert Store.objects.get().state == "broken"
    Connections().renew_store(store_id, FACTS, NOW)
    assert Store.objects.get().state == "connected"
    assert not OpenFinding.objects.filter(resolved_at=None).exists()


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
