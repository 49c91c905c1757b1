"""A carrier that Shopify does not know gets a name once, and a label ships where that is said."""

from dataclasses import replace

import pytest

from longshore.ports.errors import Rejected
from longshore.storage.models import CarrierName, PurchaseOrder, Shipment
from longshore.storage.repositories.carrier_names import name_carrier
from longshore.storage.repositories.vendors import change_vendor
from support.quay import COMPLETED, PROCESSING, Quay, parcel

pytestmark = pytest.mark.django_db


def say(quay: Quay, row: PurchaseOrder, said: str, name: str, *, everywhere: bool = False) -> None:
    now = quay.clock.now()
    name_carrier(row.marketplace_id, row.pk, said, name, now, everywhere=everywhere)


def sent(quay: Quay, number: str, carrier: str) -> PurchaseOrder:
    row = quay.order(1)
    quay.store_says(row, COMPLETED, replace(parcel(number), carrier=carrier))
    quay.tell()
    return row


def companies(quay: Quay) -> list[str]:
    return [one["tracking"][0]["company"] for one in quay.shop.state.fulfillments.values()]


def test_a_name_is_told_from_then_on_and_where_it_was_told_wrong(quay: Quay):
    row = sent(quay, "A1", "Bob's  Vans")
    assert companies(quay) == ["Bob's Vans"]
    say(quay, row, "bob's vans", "DPD UK")
    quay.tell()
    sent(quay, "A2", "BOB'S VANS")
    assert companies(quay) == ["DPD UK", "DPD UK"]
    assert not Shipment.objects.filter(correction=True).exists()


def test_a_name_goes_before_every_guess(quay: Quay):
    row = sent(quay, "1Z999AA10123456784", "ups")
    assert companies(quay) == ["UPS"]
    say(quay, row, "ups", "Parcelforce")
    quay.tell()
    assert companies(quay) == ["Parcelforce"]


def test_one_vendors_name_goes_before_that_of_all(quay: Quay):
    row = sent(quay, "A1", "Van")
    say(quay, row, "van", "DHL", everywhere=True)
    say(quay, row, "van", "GLS")
    quay.tell()
    assert companies(quay) == ["GLS"]
    CarrierName.objects.filter(vendor__isnull=False).update(vendor=quay.harbor.stores[1].vendor)
    sent(quay, "A2", "Van")
    assert companies(quay)[1] == "DHL", "another vendor's name is not this one's"


def test_a_name_is_taken_back(quay: Quay):
    row = sent(quay, "A1", "Van")
    say(quay, row, "van", "GLS")
    say(quay, row, "van", " ")
    quay.tell()
    assert (companies(quay), CarrierName.objects.count()) == (["Van"], 0)


@pytest.mark.parametrize("name", ["x" * 101, "GLS\x00"])
def test_nonsense_is_no_name(quay: Quay, name: str):
    row = sent(quay, "A1", "Van")
    with pytest.raises(Rejected):
        say(quay, row, "van", name)


def test_only_a_carrier_of_an_own_parcel_is_named(quay: Quay):
    row = sent(quay, "A1", "Van")
    with pytest.raises(Rejected, match="No parcel"):
        say(quay, row, "ups", "GLS")
    with pytest.raises(Rejected, match="No parcel"):
        name_carrier(
            row.marketplace_id + 1, row.pk, "van", "GLS", quay.clock.now(), everywhere=True
        )
    assert not CarrierName.objects.exists()


def test_a_label_ships_where_the_vendor_means_it_so(quay: Quay):
    row = quay.order(2)
    label = parcel("LABEL", label=True)
    quay.store_says(row, PROCESSING, label)
    assert not Shipment.objects.exists()
    change_vendor(row.vendor_id, quay.clock.now(), labels_ship=True)
    for _ in range(2):
        quay.store_says(row, PROCESSING, label)
        quay.tell()
    assert quay.shown(row) == [(("LABEL",), 2)]
    quay.store_says(row, COMPLETED, label)
    quay.tell()
    assert quay.shown(row) == [(("LABEL",), 2)]
