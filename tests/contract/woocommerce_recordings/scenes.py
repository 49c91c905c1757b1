"""How the recorded shop stood when each topic began: what earlier topics had left behind."""

import itertools
from collections.abc import Mapping
from datetime import UTC, datetime

from contract.woocommerce_recordings.replay import Replay, Row
from simulators.woocommerce import Shop
from simulators.woocommerce.orders import ADDRESS, Order, Refund


def _second(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def _number(shop: Shop, *, post: int = 0, line: int = 0, note: int = 0, term: int = 0) -> None:
    """The next ids to be given out; most kinds of rows are numbered together."""
    if post:
        shop.ids = itertools.count(post)
    if line:
        shop.line_ids = itertools.count(line)
    if note:
        shop.note_ids = itertools.count(note)
    if term:
        shop.terms.ids = itertools.count(term)


def _old_orders(shop: Shop, counts: Mapping[str, int], last_id: int) -> None:
    """Orders from before, so many of each status, the last one with this id."""
    at = _second("2026-11-23T04:14:00")
    order_id = last_id - sum(counts.values()) + 1
    for status, count in counts.items():
        for _ in range(count):
            order = Order(order_id, at, at, "EUR", status=status)
            order.billing = dict.fromkeys((*ADDRESS, "email", "phone"), "")
            order.shipping = dict.fromkeys((*ADDRESS, "phone"), "")
            shop.orders[order_id] = order
            order_id += 1


def date_modified(replay: Replay) -> None:
    shop = replay.simulator.shop
    _number(shop, post=824, line=307, note=200)


def incremental_sync(replay: Replay) -> None:
    shop = replay.simulator.shop
    catalog = shop.catalog
    catalog.change(35, modified=_second("2026-11-23T04:20:29"))
    catalog.change(346, modified=_second("2026-11-23T04:20:07"))
    catalog.change(676, modified=_second("2026-11-23T04:17:49"), stock_quantity=6)
    _old_orders(shop, {"processing": 121}, 824)
    shop.orders[824].modified = _second("2026-11-23T04:19:40")
    shop.orders[823].modified = _second("2026-11-23T04:14:32")
    shop.orders[824].created += 2
    shop.orders[823].created += 1


def orders(replay: Replay) -> None:
    shop = replay.simulator.shop
    _number(shop, post=851, line=343, note=228)
    counts = {
        "pending": 16,
        "on-hold": 15,
        "processing": 10,
        "completed": 20,
        "cancelled": 16,
        "refunded": 15,
        "failed": 15,
        "checkout-draft": 15,
    }
    _old_orders(shop, counts, 822)
    _old_orders(shop, {"processing": 22}, 849)
    for order_id in (828, 829):
        shop.orders[order_id].transaction_id = "SHOP-1001"
        shop.orders[order_id].billing["email"] = "buyer@example.test"
    for number, order in enumerate(list(shop.orders.values())[:21]):
        order.refunds.append(Refund(600 + number, order.created, 100, ""))
    # A refund that the gateway refuses uses up a number.
    replay.before["full refund of rest -> status"] = lambda: _number(shop, post=879)
    replay.before["note"] = lambda: _number(shop, note=271)
    replay.before["add customer note"] = lambda: _number(shop, note=269)


def plain_permalinks(replay: Replay) -> None:
    settings = replay.simulator.settings
    settings.pretty_permalinks = False
    _number(replay.simulator.shop, term=54)

    def pretty() -> None:
        settings.pretty_permalinks = True

    replay.before["pretty again"] = pretty


def products(replay: Replay) -> None:
    for name in ("oauth tag", "w tag"):
        replay.simulator.shop.terms.add("tags", name)


def shipment_tracking(replay: Replay) -> None:
    shop = replay.simulator.shop
    _number(shop, post=902, line=393, note=319)
    shop.catalog.change(47, stock_quantity=-2)

    def same_id(row: Row) -> None:
        body = row["answer"].get("json")
        if row["ask"]["method"] == "POST" and "tracking_id" in body:
            shop.trackings.new_id = lambda _order, _number: str(body["tracking_id"])

    replay.prepare = same_id

    def use(plugin: str) -> None:
        replay.simulator.settings.tracking_plugin = plugin

    def by_php() -> None:
        """What another plugin adds through the official one's function."""
        order = shop.orders[903]
        entry = {
            "tracking_provider": "dhl",
            "custom_tracking_provider": "",
            "custom_tracking_link": "",
            "tracking_number": "PHP-1",
            "date_shipped": "1795392000",
            "tracking_id": "bf41bcd9fb786482028babf94abe6adb",
        }
        shop.trackings.write(order, [*shop.trackings.of(order), entry])

    replay.before["official 2.6.5: order"] = lambda: use("official")
    replay.before["official: after wc_st_add_tracking_number"] = by_php
    replay.before["official deactivated: meta stays on order"] = lambda: use("")
    replay.before["AST 3.9.2: order"] = lambda: use("ast")


def shipment_tracking_hpos_off(replay: Replay) -> None:
    shop = replay.simulator.shop
    replay.simulator.settings.hpos = False
    replay.simulator.settings.tracking_plugin = "official"
    _number(shop, post=905, line=396)
    shop.trackings.new_id = lambda _order, _number: "fb05b247545d7a798cea7c6a07508fcd"


def webhooks(replay: Replay) -> None:
    shop = replay.simulator.shop
    _number(shop, post=880, line=375, note=279)
    catalog = shop.catalog
    catalog.change(47, stock_quantity=-3, stock_status="outofstock", total_sales=23)
    categories = [
        {**one, "name": "Men 1795407615"} if one["slug"] == "men" else one
        for one in catalog.require(48).content["categories"]
    ]
    content = {**catalog.require(48).content, "categories": categories}
    catalog.change(48, total_sales=6, content=content)
    catalog.change(346, regular_price="77", price="77")


SCENES = {
    "date_modified": date_modified,
    "incremental_sync": incremental_sync,
    "orders": orders,
    "plain_permalinks": plain_permalinks,
    "products": products,
    "shipment_tracking": shipment_tracking,
    "shipment_tracking_hpos_off": shipment_tracking_hpos_off,
    "webhooks": webhooks,
}
