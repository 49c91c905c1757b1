"""The story: buyers buy, vendors sell over their own counter and ship, and nobody tells the hub."""

import time
from collections.abc import Callable, Sequence

from simulators.market import truth
from simulators.market.audit import Findings, audit
from simulators.market.shops import Refused, Row, StorefrontShop, VendorShop

PATIENCE_S = 120.0
SETTLES_WITHIN_S = 60.0
LOOK_EVERY_S = 1.0
MORE_ORDERS = 2
"""Beside one for each vendor: what the story below makes. A change there changes this."""
Tell = Callable[[str], None]


class NotInTime(Exception):  # noqa: N818 - a result
    """Something that had to happen did not."""


def wait_until(what: str, happened: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
    deadline = time.monotonic() + patience_s
    while not happened():
        if time.monotonic() > deadline:
            raise NotInTime(f"waited {patience_s:.0f} s in vain: {what}")
        time.sleep(LOOK_EVERY_S)


def play(front: StorefrontShop, shops: Sequence[VendorShop], tell: Tell) -> None:
    """Raises NotInTime, or AssertionError when a buyer can have what must not be sold."""
    goods = _goods(front, shops)
    first, second, *_ = shops
    tell("a buyer orders from every vendor")
    front.buy(*((goods.counted[shop.name], 2) for shop in shops))
    tell("a buyer takes something that is not counted")
    front.buy((goods.free[first.name], 3))
    tell("a buyer fails to buy what is sold out")
    _cannot_buy(front, goods.sold_out[second.name])
    tell("a webhook of an order is lost")
    front.withhold({"ORDERS_CREATE": 1, "ORDERS_PAID": 1, "ORDERS_UPDATED": 1})
    front.buy((goods.counted[second.name], 1))
    tell("a vendor sells over the counter")
    first.sell(goods.rows[goods.counted[first.name]], 1)
    tell("waiting for the vendors to get their orders")
    placed = len(shops) + MORE_ORDERS
    wait_until("every vendor has its orders", lambda: _placed(*shops) == placed)
    tell("the vendors pack and ship")
    parcels = sum(_ship(number, shop) for number, shop in enumerate(shops, 1))
    tell("waiting for the buyers to hear of the shipments")
    wait_until(f"the buyers hear of {parcels} shipments", lambda: _told(front) == parcels)


class _Goods:
    """One variant of each stock rule from each vendor: ids on the storefront."""

    def __init__(self) -> None:
        self.counted: dict[str, str] = {}
        self.free: dict[str, str] = {}
        self.sold_out: dict[str, str] = {}
        self.rows: dict[str, Row] = {}


def _goods(front: StorefrontShop, shops: Sequence[VendorShop]) -> _Goods:
    goods = _Goods()
    listed = {(row["vendor"], row["title"]): row for row in front.state()["products"]}
    for shop in shops:
        for product in shop.products():
            listing = listed.get((shop.name, product["name"]))
            if product["type"] != "simple" or listing is None or not listing["publishedOn"]:
                continue
            variant = listing["variants"][0]["id"]
            goods.rows[variant] = product
            must = truth.must_show(product)
            if not must.tracked:
                goods.free.setdefault(shop.name, variant)
            elif not product["manage_stock"]:
                goods.sold_out.setdefault(shop.name, variant)
            elif (must.quantity or 0) >= 5:  # noqa: PLR2004 - enough for the story
                goods.counted.setdefault(shop.name, variant)
    return goods


def _cannot_buy(front: StorefrontShop, variant: str) -> None:
    try:
        front.buy((variant, 1))
    except Refused:
        return
    raise AssertionError("a buyer could have what is sold out")


def _from_hub(shop: VendorShop) -> list[Row]:
    return [one for one in shop.orders() if ", LS-" in one["customer_note"]]


def _placed(*shops: VendorShop) -> int:
    return sum(len(_from_hub(shop)) for shop in shops)


def _told(front: StorefrontShop) -> int:
    return sum(len(order["fulfillments"]) for order in front.state()["orders"])


def _ship(number: int, shop: VendorShop) -> int:
    """Ships everything, and tells in how many parcels. An order of two pieces goes in two parcels,
    the first vendor's others go without a number. Where the shop's API cannot show numbers there
    are none.
    """
    parcels = 0
    for place, order in enumerate(_from_hub(shop), 1):
        line = order["line_items"][0]
        name = f"FAKE-{number}-{place}"
        if not shop.shows_numbers:
            shop.ship(order["id"], None, {})
        elif line["quantity"] == 2:  # noqa: PLR2004 - the order of two pieces
            shop.ship(order["id"], _parcel(f"{name}-1", "dhl"), {line["id"]: 1})
            shop.ship(order["id"], _parcel(f"{name}-2", "dhl"), {line["id"]: 1})
            parcels += 1
        else:
            parcel = None if number == 1 else _parcel(name, "postnl")
            shop.ship(order["id"], parcel, {})
        parcels += 1
    return parcels


def _parcel(number: str, carrier: str) -> Row:
    link = f"https://track.example/{number}"
    return {"number": number, "provider": carrier, "link": link}


def settle(front: StorefrontShop, shops: Sequence[VendorShop], tell: Tell) -> Findings:
    """The audit, repeated until both sides agree or the time for that is over."""
    deadline = time.monotonic() + SETTLES_WITHIN_S
    tell("comparing both sides")
    while True:
        found = audit(front, shops)
        if (not found.problems and not found.duplicates) or time.monotonic() > deadline:
            return found
        time.sleep(LOOK_EVERY_S)
