from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from longshore.storage.models import (
    Delivery,
    Hint,
    HintKind,
    Marketplace,
    Store,
    Storefront,
    Vendor,
)
from longshore.storage.repositories import inbox
from longshore.storage.repositories.inbox import Incoming

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def incoming() -> Incoming:
    marketplace = Marketplace.objects.create(name="Harbor")
    vendor = Vendor.objects.create(marketplace=marketplace, name="Kiln")
    store = Store.objects.create(
        marketplace=marketplace, vendor=vendor, base_url="https://kiln.example"
    )
    target = inbox.store_target(store.hook_token)
    assert target is not None
    return Incoming(target, "d1", "product.updated", HintKind.PRODUCT, "7", NOW)


def jobs() -> list[str]:
    return sorted(ProcrastinateJob.objects.values_list("task_name", flat=True))


def test_a_delivery_is_kept_once_and_asks_for_one_job(incoming: Incoming):
    assert inbox.keep([incoming, incoming]) == 1
    assert inbox.keep([incoming]) == 0
    assert Delivery.objects.count() == 1
    assert Hint.objects.get().resource_id == "7"
    assert jobs() == ["refresh_products"]


def test_topics_that_mean_nothing_to_us_leave_no_hint(incoming: Incoming):
    inbox.keep([replace(incoming, kind=None)])
    assert Delivery.objects.count() == 1
    assert not Hint.objects.exists()
    assert jobs() == []


def test_orders_of_a_store_and_of_the_storefront_wake_their_own_jobs(incoming: Incoming):
    owner = incoming.target.marketplace_id
    shop = Storefront.objects.create(
        marketplace_id=owner, shop_domain="x.myshopify.com", client_secret="fake-secret"
    )
    target = inbox.storefront_target(str(shop.uuid))
    assert target is not None
    inbox.keep(
        [
            replace(incoming, kind=HintKind.STORE_ORDER, resource_id="9"),
            Incoming(
                target,
                "d1",
                "orders/create",
                HintKind.STOREFRONT_ORDER,
                "gid://shopify/Order/1",
                NOW,
            ),
        ]
    )
    assert jobs() == ["pull_orders", "pull_shipments"]


def test_a_hint_noted_again_while_its_job_runs_stays(incoming: Incoming):
    inbox.keep([incoming])
    seen = inbox.hints(incoming.target.source, HintKind.PRODUCT, 10)
    later = replace(incoming, delivery_id="d2", received_at=NOW + timedelta(seconds=1))
    inbox.keep([later])
    inbox.clear_hints(incoming.target.source, HintKind.PRODUCT, seen)
    assert Hint.objects.count() == 1
    inbox.clear_hints(
        incoming.target.source,
        HintKind.PRODUCT,
        inbox.hints(incoming.target.source, HintKind.PRODUCT, 10),
    )
    assert not Hint.objects.exists()


def test_an_unknown_address_is_nobodys():
    assert inbox.store_target("no-such-token-at-all") is None


def test_a_target_never_shows_its_secret(incoming: Incoming):
    assert incoming.target.secret
    assert incoming.target.secret not in repr(incoming)


def heard_at(incoming: Incoming) -> datetime | None:
    return Store.objects.get(pk=incoming.target.owner_id).last_webhook_at


def test_it_is_known_when_a_shop_was_last_heard(incoming: Incoming):
    other = Store.objects.create(
        marketplace_id=incoming.target.marketplace_id,
        vendor=Vendor.objects.create(marketplace_id=incoming.target.marketplace_id, name="Other"),
        base_url="https://other.example",
    )
    inbox.keep([replace(incoming, kind=None)])
    assert heard_at(incoming) == NOW, "a ping is heard too"
    inbox.keep([replace(incoming, delivery_id="d2", received_at=NOW + timedelta(minutes=1))])
    assert heard_at(incoming) == NOW + timedelta(minutes=1)
    inbox.keep([replace(incoming, delivery_id="d3", received_at=NOW - timedelta(minutes=1))])
    assert heard_at(incoming) == NOW + timedelta(minutes=1), "a late one does not turn time back"
    assert Store.objects.get(pk=other.pk).last_webhook_at is None


def test_the_storefront_is_heard_too(incoming: Incoming):
    shop = Storefront.objects.create(
        marketplace_id=incoming.target.marketplace_id,
        shop_domain="x.myshopify.com",
        client_secret="fake-secret",
    )
    target = inbox.storefront_target(str(shop.uuid))
    assert target is not None
    inbox.keep([Incoming(target, "d9", "orders/create", None, "1", NOW)])
    shop.refresh_from_db()
    assert shop.last_webhook_at == NOW
    assert heard_at(incoming) is None
