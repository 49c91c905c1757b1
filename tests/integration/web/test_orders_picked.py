"""Several orders that wait are sent with one click; each stands for itself."""

from django.test import Client

from longshore.storage.models import Deed, StorefrontOrder
from support import screen_rows as rows
from support.screens import World, make_world


def wait_for_hand(world: World, number: int) -> StorefrontOrder:
    order = rows.make_order(
        world.marketplace,
        number,
        ("Jan", "Ghent"),
        routing="waiting",
        waits_for="before_go_live",
        created_in_shop=rows.ago(days=33),
        routed_at=None,
    )
    rows.make_line(order, world.line, "Stoneware mug, sand", 1, "21.00")
    return order


def test_the_picked_are_sent_and_noted(world: World, owner: Client):
    orders = [wait_for_hand(world, 900 + index) for index in range(3)]
    page = owner.get("/orders/?tab=waiting").content.decode()
    assert "Send the picked to their vendors" in page
    picked = {"ids": [orders[0].pk, orders[1].pk], "back": "/orders/?tab=waiting"}
    answer = owner.post("/orders/route/", picked, follow=True)
    assert "2 orders go to their vendors now." in answer.content.decode()
    left = StorefrontOrder.objects.filter(marketplace=world.marketplace, routing="waiting")
    assert orders[2] in left
    assert not {orders[0], orders[1]} & set(left)
    assert Deed.objects.filter(kind="order_sent").count() == 2


def test_one_that_was_sent_meanwhile_keeps_no_other(world: World, owner: Client):
    order = wait_for_hand(world, 900)
    picked = {"ids": [order.pk, world.order.pk], "back": "/orders/?tab=waiting"}
    told = owner.post("/orders/route/", picked, follow=True).content.decode()
    assert "1 order goes to its vendors now." in told
    assert "#1042 was sent already." in told


def test_nothing_picked_and_other_marketplaces_orders(world: World, owner: Client):
    other = make_world("west", "West Wares")
    for ids in ([], ["x"], [str(other.waiting.pk)]):
        told = owner.post("/orders/route/", {"ids": ids}, follow=True).content.decode()
        assert "Nothing was picked." in told
    other.waiting.refresh_from_db()
    assert other.waiting.routing == "waiting"


def test_a_reader_picks_nothing(world: World, signed_in):
    reader = signed_in(world.reader)
    assert "Send the picked" not in reader.get("/orders/?tab=waiting").content.decode()
    assert reader.post("/orders/route/", {"ids": [world.waiting.pk]}).status_code == 403
