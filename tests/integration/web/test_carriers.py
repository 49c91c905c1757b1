"""Where a carrier is seen that Shopify does not know, somebody says which one it is."""

from django.test import Client
from django.utils import timezone

from longshore.storage.models import CarrierName, Deed, PurchaseOrder, Shipment
from support.screens import World


def test_an_unknown_carrier_is_named_on_the_order(world: World, owner: Client, signed_in):
    part = PurchaseOrder.objects.get(order__name="#1044")
    Shipment.objects.create(
        marketplace_id=part.marketplace_id,
        purchase_order=part,
        key="k1",
        state="fulfilled",
        tracking_number="FAKE77",
        carrier="<i>Bob's Vans",
        found_at=timezone.now(),
    )
    address = f"/orders/{part.order_id}/"
    page = owner.get(address).content.decode()
    assert "Shopify does not know" in page
    assert "<i>Bob" not in page, "the shop's text is text"
    reader = signed_in(world.reader)
    assert "Shopify does not know" not in reader.get(address).content.decode()
    given = {"part": part.pk, "said": "<i>Bob's Vans", "name": "GLS"}
    assert reader.post(f"{address}carrier/", given).status_code == 403
    assert owner.post(f"{address}carrier/", {**given, "part": "0"}).status_code == 404
    owner.post(f"{address}carrier/", given)
    assert CarrierName.objects.get().name == "GLS"
    assert Deed.objects.latest("pk").kind == "carrier_named"
    assert Shipment.objects.get(key="k1").correction
    assert "You said what" in owner.get(address).content.decode()
    owner.post(f"{address}carrier/", {**given, "name": ""})
    assert not CarrierName.objects.exists()
