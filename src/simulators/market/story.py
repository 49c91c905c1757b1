"""The story: buyers buy and change their minds, vendors sell over their own counter, refuse, refund
and ship, answers are lost; and nobody tells the hub.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from simulators.market import truth
from simulators.market.audit import Findings, audit, shelves
from simulators.market.fates import LOST_ANSWER, OVER, PATIENCE, REFUSAL, Fate, Played
from simulators.market.shops import Refused, Row, StorefrontShop, VendorShop

PATIENCE_S = 120.0
SETTLES_WITHIN_S = 60.0
LOOK_EVERY_S = 1.0
MORE_ORDERS = 2
"""Beside one for each vendor: what the story below makes. A change there changes this."""
CHANGED = {Fate.CANCELED: 2, Fate.REFUNDED: 3, Fate.REFUNDED_BY_VENDOR: 2}
"""Orders that change once the vendors have them: units from each vendor."""
NEW_ORDER = r"^POST [^?]*/orders/?(\?|$)"
Tell = Callable[[str], None]


class NotInTime(Exception):  # noqa: N818 - a result
    """Something that had to happen did not."""


def wait_until(what: str, happened: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
    deadline = time.monotonic() + patience_s
    while not happened():
        if time.monotonic() > deadline:
            raise NotInTime(f"waited {patience_s:.0f} s in vain: {what}")
        time.sleep(LOOK_EVERY_S)


def play(front: StorefrontShop, shops: Sequence[VendorShop], tell: Tell, played: Played) -> None:
    """What was done is noted in `played`, also when it ends early. Raises NotInTime, or
    AssertionError when a buyer can have what must not be sold.
    """
    played.shelves |= shelves(shops)
    scene = _Scene(front, shops, _goods(front, shops), tell)
    first, second, *_ = shops
    tell("a buyer orders from every vendor")
    on_counter = scene.goods.take(first.name, 2)
    front.buy(on_counter, *(scene.goods.take(shop.name, 2) for shop in shops[1:]))
    tell("a buyer takes something that is not counted")
    front.buy((scene.goods.free[first.name], 3))
    tell("a buyer fails to buy what is sold out")
    _cannot_buy(front, scene.goods.sold_out[second.name])
    tell("a webhook of an order is lost")
    front.withhold({"ORDERS_CREATE": 1, "ORDERS_PAID": 1, "ORDERS_UPDATED": 1})
    front.buy(scene.goods.take(second.name, 1))
    tell("a vendor sells over the counter")
    first.sell(scene.goods.rows[on_counter[0]], 1)
    changed = {fate: scene.buy(units) for fate, units in CHANGED.items()}
    tell("waiting for the vendors to get their orders")
    scene.placed(len(shops) * (1 + len(CHANGED)) + MORE_ORDERS)
    _trouble(scene, played)
    _change_minds(scene, changed)
    played.fates |= {fate: one["id"] for fate, one in changed.items()}
    tell("the vendors pack and ship")
    parcels = sum(_ship(number, shop) for number, shop in enumerate(shops, 1))
    tell("waiting for the buyers to hear of the shipments")
    wait_until(f"the buyers hear of {parcels} shipments", lambda: _told(front) == parcels)


class _Goods:
    """What can be bought of each vendor: ids on the storefront."""

    def __init__(self) -> None:
        self.counted: dict[str, dict[str, int]] = {}
        self.free: dict[str, str] = {}
        self.sold_out: dict[str, str] = {}
        self.rows: dict[str, Row] = {}

    def take(self, shop: str, units: int) -> tuple[str, int]:
        """Something counted of which so many are there; one more stays on the shelf."""
        for variant, left in self.counted[shop].items():
            if left > units:
                self.counted[shop][variant] -= units
                return variant, units
        raise AssertionError(f"{shop} has too little for the story")


@dataclass(frozen=True)
class _Scene:
    """Who is there, and what they have."""

    front: StorefrontShop
    shops: Sequence[VendorShop]
    goods: _Goods
    tell: Tell

    def buy(self, units: int) -> Row:
        """A buyer's order of so many units of one thing from each vendor."""
        return self.front.buy(*(self.goods.take(shop.name, units) for shop in self.shops))

    def placed(self, wanted: int) -> None:
        wait_until(
            f"the vendors have {wanted} orders",
            lambda: sum(len(_from_hub(shop)) for shop in self.shops) >= wanted,
        )

    def answered(self, status: int) -> None:
        """Waits until every shop answered so to a new order."""
        wait_until(
            f"every shop answered {status} to an order",
            lambda: all(
                any(one["method"] == "POST" and one["status"] == status for one in shop.requests())
                for shop in self.shops
            ),
        )

    def spoil(self, kind: str, value: str) -> None:
        """The next new order of each shop goes wrong."""
        for shop in self.shops:
            shop.play("faults", kind=kind, value=value, times=1, match=NEW_ORDER)


def _trouble(scene: _Scene, played: Played) -> None:
    """Orders that do not come through at once, one after the other, from every vendor."""
    front, tell = scene.front, scene.tell
    tell("the vendors' shops ask for ten minutes of patience; the buyer cancels meanwhile")
    scene.spoil("rate_limit", "600")
    unsent = scene.buy(1)
    scene.answered(PATIENCE)
    front.cancel(unsent["id"])
    tell("the vendors' shops refuse an order; it is canceled on the storefront")
    scene.spoil("refuse_order", "We do not ship to this address.")
    refused = scene.buy(1)
    scene.answered(REFUSAL)
    front.cancel(refused["id"])
    tell("the vendors' shops take an order, and their answers are lost")
    before = sum(len(_from_hub(shop)) for shop in scene.shops)
    scene.spoil("commit_then_502", "0")
    lost = scene.buy(1)
    scene.answered(LOST_ANSWER)
    orders = {Fate.CANCELED_UNSENT: unsent, Fate.REFUSED: refused, Fate.TIMED_OUT: lost}
    played.fates |= {fate: one["id"] for fate, one in orders.items()}
    scene.placed(before + len(scene.shops))


def _change_minds(scene: _Scene, orders: dict[Fate, Row]) -> None:
    """What was sent is canceled, and refunded in part: by the marketplace first, or by vendors."""
    front, tell = scene.front, scene.tell
    tell("a buyer cancels what the vendors have, another wants one piece less")
    front.cancel(orders[Fate.CANCELED]["id"])
    front.refund(orders[Fate.REFUNDED], 1)
    tell("the vendors refund a piece that they cannot send; the marketplace pays it back")
    vendors_first = orders[Fate.REFUNDED_BY_VENDOR]
    for shop in scene.shops:
        _take_off(shop, vendors_first)
    front.refund(vendors_first, 1)
    tell("waiting for the vendors to hear of it")
    for shop in scene.shops:
        _hears(shop, orders[Fate.CANCELED], lambda one: one["status"] == "cancelled")
        for fate in (Fate.REFUNDED, Fate.REFUNDED_BY_VENDOR):
            _hears(shop, orders[fate], lambda one: any("in place of" in n for n in one["notes"]))
        _take_off(shop, orders[Fate.REFUNDED])


def _hears(shop: VendorShop, order: Row, knows: Callable[[Row], bool]) -> None:
    what = f"{shop.name} hears what became of {order['name']}"
    wait_until(what, lambda: all(knows(one) for one in _of(shop, order)))


def _of(shop: VendorShop, order: Row) -> list[Row]:
    return [one for one in _from_hub(shop) if f" {order['name']}," in f" {one['customer_note']}"]


def _take_off(shop: VendorShop, order: Row) -> None:
    for one in _of(shop, order):
        shop.refund(one["id"], {one["line_items"][0]["id"]: 1})


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
            elif must.quantity:
                goods.counted.setdefault(shop.name, {})[variant] = must.quantity
    return goods


def _cannot_buy(front: StorefrontShop, variant: str) -> None:
    try:
        front.buy((variant, 1))
    except Refused:
        return
    raise AssertionError("a buyer could have what is sold out")


def _from_hub(shop: VendorShop) -> list[Row]:
    return [one for one in shop.orders() if ", LS-" in one["customer_note"]]


def _told(front: StorefrontShop) -> int:
    return sum(len(order["fulfillments"]) for order in front.state()["orders"])


def _ship(number: int, shop: VendorShop) -> int:
    """Ships everything, and tells in how many parcels. An order of two pieces goes in two parcels,
    the first vendor's others go without a number. Where the shop's API cannot show numbers there
    are none.
    """
    parcels = 0
    orders = [one for one in _from_hub(shop) if one["status"] not in OVER]
    for place, order in enumerate(orders, 1):
        line = order["line_items"][0]
        name = f"FAKE-{number}-{place}"
        whole = not any(order["refunded_units"].values())
        if not shop.shows_numbers:
            shop.ship(order["id"], None, {})
        elif whole and line["quantity"] == 2:  # noqa: PLR2004 - the order of two pieces
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


def settle(
    front: StorefrontShop,
    shops: Sequence[VendorShop],
    tell: Tell,
    played: Played | None = None,
) -> Findings:
    """The audit, repeated until both sides agree or the time for that is over."""
    deadline = time.monotonic() + SETTLES_WITHIN_S
    tell("comparing both sides")
    while True:
        found = audit(front, shops, played)
        if (not found.problems and not found.duplicates) or time.monotonic() > deadline:
            return found
        time.sleep(LOOK_EVERY_S)
