"""Tracking that orders do not show by themselves: other routes of the shop tell it."""

from dataclasses import replace
from typing import Any

from longshore.domain.orders import StoreOrder
from longshore.stores.woocommerce.plugins import chain, routes
from support.exam_shop import ExamShop, simulated_shop


def ordered(shop: ExamShop) -> StoreOrder:
    return shop.order(shop.draft("LS-TRACK1", (shop.tracked(), 2)))


def write(shop: ExamShop, order: StoreOrder, what: str, body: dict[str, Any]) -> None:
    root = shop.reader.dialect.root
    shop.reader.api.write("POST", f"{root}/orders/{order.order_id}/{what}", body)


def read(shop: ExamShop, order: StoreOrder) -> tuple[StoreOrder, int]:
    before = shop.client.requests_made
    (found,) = shop.store.read_orders([order.order_id]).items
    return found, shop.client.requests_made - before


def test_fulfillments_of_woocommerces_own_name_their_goods():
    with simulated_shop("10.3.0", "https", features=["fulfillments"]) as shop:
        assert shop.profile.fulfillments
        order = ordered(shop)
        bare, requests = read(shop, order)
        assert (bare.trackings, requests) == ((), 1)
        line = order.lines[0].line_item_id
        meta = {
            "_items": [{"item_id": line, "qty": 1}],
            "_tracking_number": "FAKE1",
            "_shipment_provider": "ups",
            "_tracking_url": "javascript:alert(1)",
        }
        entries = [{"id": 0, "key": key, "value": value} for key, value in meta.items()]
        body = {"status": "fulfilled", "is_fulfilled": True, "meta_data": entries}
        write(shop, order, "fulfillments", body)
        found, requests = read(shop, order)
        (parcel,) = found.trackings
        assert (parcel.number, parcel.carrier, parcel.url) == ("FAKE1", "ups", "")
        assert parcel.lines == ((line, 1),)
        assert requests == 2


def test_where_orders_show_no_meta_the_plugins_route_tells():
    """As in `wc/v1`: the order comes without its meta."""
    with simulated_shop("9.9.5", "https", tracking_plugin="ast") as shop:
        order = ordered(shop)
        write(shop, order, "shipment-trackings", {"tracking_number": "FAKE2"})
        profile = replace(shop.profile, tracking_route=True)
        reader = shop.open_with(shop.key, shop.secret, profile)._known
        row = routes.with_answers(reader, {"id": order.order_id, "line_items": []})
        assert [one.number for one in chain.trackings(row)] == ["FAKE2"]


def test_where_they_show_meta_nothing_more_is_asked():
    with simulated_shop("9.9.5", "https", tracking_plugin="ast") as shop:
        order = ordered(shop)
        write(shop, order, "shipment-trackings", {"tracking_number": "FAKE3"})
        found, requests = read(shop, order)
        assert [one.number for one in found.trackings] == ["FAKE3"]
        assert requests == 1


def test_a_number_in_a_note_is_suggested():
    with simulated_shop("9.9.5", "https") as shop:
        order = ordered(shop)
        assert shop.store.suggest_tracking(order.order_id) is None
        note = {"note": "Shipped via UPS on Monday with tracking number 1ZFAKE99."}
        write(shop, order, "notes", note)
        found = shop.store.suggest_tracking(order.order_id)
        assert found is not None
        assert (found.number, found.carrier) == ("1ZFAKE99", "UPS")
