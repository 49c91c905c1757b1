"""A click on a field of a vendor's order says where its shop keeps the parcel's number."""

from django.test import Client

from longshore.storage.models import Deed, PurchaseOrder
from support.screens import World


def test_what_was_sent_is_shown_masked(world: World, owner: Client):
    part = PurchaseOrder.objects.get(order__name="#1044")
    part.draft = {"reference": "LS-SENT", "shipping_address": {"last_name": "Fakeova"}}
    part.save()
    page = owner.get(f"/orders/{part.order_id}/").content.decode()
    assert "LS-SENT" in page
    assert "F…" in page
    assert "Fakeova" not in page


def test_a_field_is_taught_and_forgotten(world: World, owner: Client, signed_in):
    part = PurchaseOrder.objects.get(order__name="#1044")
    part.order_fields = [["my_parcel", "<b>370</b>"]]
    part.save()
    page = owner.get(f"/orders/{part.order_id}/").content.decode()
    assert "my_parcel" in page
    assert "<b>370</b>" not in page, "the shop's text is text"
    assert (
        "Is it one of these?"
        not in signed_in(world.reader).get(f"/orders/{part.order_id}/").content.decode()
    )
    address = f"/orders/{part.order_id}/teach/"
    assert owner.post(address, {"part": part.pk, "nothing": "my_parcel"}).status_code == 404
    owner.post(address, {"part": part.pk, "number": "another"})
    part.store.refresh_from_db()
    assert part.store.tracking_keys == {}
    owner.post(address, {"part": part.pk, "number": "my_parcel"})
    part.store.refresh_from_db()
    assert part.store.tracking_keys == {"number": "my_parcel"}
    assert Deed.objects.latest("pk").kind == "tracking_taught"
    vendor = f"/vendors/{part.vendor_id}/"
    assert "my_parcel" in owner.get(vendor).content.decode()
    owner.post(f"{vendor}choose/", {"store": part.store_id, "forget_tracking": "1"})
    part.store.refresh_from_db()
    assert part.store.tracking_keys == {}
