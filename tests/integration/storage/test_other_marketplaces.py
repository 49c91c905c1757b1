"""Whoever acts names a marketplace, and nothing outside of it is read or changed, whatever id is
given: the last line of defense behind the pages' own.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.apps import apps

from longshore.domain.findings import Finding
from longshore.domain.listing import Field
from longshore.domain.orders import PurchaseOrderState
from longshore.domain.placing import Conflict
from longshore.ports.errors import Rejected
from longshore.storage.models import (
    Listing,
    ListingVariant,
    Marketplace,
    PurchaseOrder,
    Shipment,
    Store,
    StorefrontOrder,
    VariantSource,
    VendorVariant,
)
from longshore.storage.repositories import (
    buyers,
    deciding,
    joining,
    own_values,
    reconnects,
    resending,
    suggestions,
    tracking_keys,
)
from longshore.storage.repositories.findings import note_finding
from support.screens import World, make_world

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SUGGESTED = Finding(suggestions.CODE, {"number": "FAKE1", "carrier": "", "url": ""})


@pytest.fixture
def world(db) -> World:
    made = make_world()
    owner = made.marketplace.pk
    line = ListingVariant.objects.filter(marketplace_id=owner, listing=made.published).first()
    assert line is not None
    VariantSource.objects.create(
        marketplace_id=owner, listing_variant=line, variant_id=line.variant_id, priority=100
    )
    line.removed_at, line.held_price = NOW, 9
    line.save()
    alike = VendorVariant.objects.filter(pk=line.variant_id)
    (alike | VendorVariant.objects.filter(product=made.review.product)).update(
        barcode="4006381333931"
    )
    apart = Listing.objects.filter(marketplace_id=owner).exclude(
        pk__in=[made.review.pk, made.published.pk]
    )
    Listing.objects.filter(pk=apart[0].pk).update(joins=made.published)
    others = PurchaseOrder.objects.filter(marketplace_id=owner).exclude(pk=made.purchase.pk)
    others.update(state=PurchaseOrderState.REFUSED, store_state="")
    others[0].shipments.all().delete()
    fields: list[Any] = [["parcel", "FAKE1"]]
    PurchaseOrder.objects.filter(pk=made.purchase.pk).update(
        conflict=Conflict.OPEN, order_fields=fields
    )
    Store.objects.filter(pk=made.store.pk).update(tracking_keys={"number": "parcel"})
    StorefrontOrder.objects.filter(pk=made.order.pk).update(email="ada@buyer.example")
    parcel = Shipment.objects.create(
        marketplace_id=owner, purchase_order=made.purchase, key="k", found_at=NOW
    )
    note_finding(owner, f"shipment:{parcel.pk}", SUGGESTED, NOW)
    return made


def refused(world: World) -> PurchaseOrder:
    return PurchaseOrder.objects.exclude(pk=world.purchase.pk)[0]


ACTS: dict[str, Callable[[int, World], object]] = {
    "send again": lambda who, w: resending.send_again(who, refused(w).pk, NOW),
    "give up": lambda who, w: deciding.give_up(who, refused(w).pk, NOW),
    "settle": lambda who, w: deciding.settle_conflict(who, w.purchase.pk, Conflict.KEEP_SALE, NOW),
    "join": lambda who, w: joining.join_listing(who, w.review.pk, w.published.pk, NOW),
    "leave": lambda who, _: joining.leave_listing(who, Listing.objects.get(joins__gt=0).pk, NOW),
    "source": lambda who, _: joining.change_source(
        who, VariantSource.objects.get().pk, 1, None, NOW
    ),
    "own value": lambda who, w: own_values.edit_listing(
        who, w.published.pk, {Field.TITLE: "Mine"}, {}
    ),
    "vendor's value": lambda who, w: own_values.take_vendors_value(
        who, w.published.pk, [Field.TITLE], NOW
    ),
    "bring back": lambda who, _: own_values.bring_back_variant(
        who, ListingVariant.objects.get(removed_at=NOW).pk, NOW
    ),
    "teach": lambda who, w: tracking_keys.teach(who, w.purchase.pk, "parcel", "carrier"),
    "suggestion": lambda who, _: suggestions.use_suggestion(
        who, Shipment.objects.get(key="k").pk, NOW
    ),
    "reconnect": lambda who, w: reconnects.make(who, w.store.pk, NOW),
}
QUIET: dict[str, Callable[[int, World], object]] = {
    "erase": lambda who, _: buyers.erase_buyer(who, "ada@buyer.example", NOW).erased,
    "count": lambda who, _: buyers.count_buyer(who, "ada@buyer.example"),
    "export": lambda who, _: len(buyers.export_buyer(who, "ada@buyer.example")),
    "held prices": lambda who, w: own_values.decide_held_prices(who, [w.published.pk], accept=True),
    "forget": lambda who, w: tracking_keys.forget(who, w.store.pk) or 0,
}
"""Those that find nothing instead of refusing."""


def everything(world: World) -> dict[str, list[dict[str, Any]]]:
    """Every row of the marketplace."""
    found: dict[str, list[dict[str, Any]]] = {}
    for model in apps.get_app_config("storage").get_models():
        if "marketplace" in {field.name for field in model._meta.fields}:
            rows = model._default_manager.filter(marketplace=world.marketplace)  # type: ignore[misc]
            found[model.__name__] = [
                {name: str(value) for name, value in row.items()}
                for row in rows.order_by("pk").values()
            ]
    return found


@pytest.fixture
def stranger(world: World) -> int:
    return Marketplace.objects.create(name="Elsewhere").pk


@pytest.mark.parametrize("name", ACTS)
def test_nobody_acts_in_another_marketplace(world: World, stranger: int, name: str):
    before = everything(world)
    with pytest.raises(Rejected):
        ACTS[name](stranger, world)
    assert everything(world) == before


@pytest.mark.parametrize("name", QUIET)
def test_nothing_of_another_marketplace_is_found(world: World, stranger: int, name: str):
    before = everything(world)
    assert QUIET[name](stranger, world) == 0
    assert everything(world) == before


@pytest.mark.parametrize("name", [name for name in ACTS if name != "vendor's value"])
def test_its_own_people_may(world: World, name: str):
    """Else the refusals above would prove nothing."""
    before = everything(world)
    ACTS[name](world.marketplace.pk, world)
    assert everything(world) != before


@pytest.mark.parametrize("name", ["erase", "count", "export", "held prices", "forget"])
def test_its_own_people_find_it(world: World, name: str):
    before = everything(world)
    found = QUIET[name](world.marketplace.pk, world)
    assert found or everything(world) != before
