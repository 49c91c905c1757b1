"""Orders a day on home, and the list of one day that each number leads to."""

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from longshore.storage.models import Marketplace, StorefrontOrder
from longshore.storage.queries.home import DRAWN_DAYS, orders_a_day
from longshore.web.shared.order_days import weeks_of
from support import screen_rows as rows
from support.screens import World, make_world


def midnight(zone: str):
    with timezone.override(zone):
        return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def place(marketplace: Marketplace, number: int, at) -> None:
    rows.make_order(marketplace, number, ("Mara", "Lund"), created_in_shop=at)


def test_days_are_those_of_the_marketplace(db):
    marketplace = Marketplace.objects.create(name="East", timezone="Asia/Tokyo")
    today = midnight("Asia/Tokyo")
    for number, at in enumerate((today, today - timedelta(seconds=1), today - timedelta(days=2))):
        place(marketplace, 1000 + number, at)
    place(marketplace, 1009, today - timedelta(days=DRAWN_DAYS))
    place(Marketplace.objects.create(name="Other"), 1010, today)
    days = orders_a_day(marketplace.pk, today)
    assert len(days) == DRAWN_DAYS
    assert [count for _day, count in days[-4:]] == [0, 1, 1, 1]
    assert sum(count for _day, count in days) == 3
    assert days[-1][0] == today.date()


def test_one_query_however_many_orders(db):
    marketplace = Marketplace.objects.create(name="Many", timezone="UTC")
    for number in range(30):
        place(marketplace, 1000 + number, rows.ago(days=number % 9))
    with CaptureQueriesContext(connection) as asked:
        orders_a_day(marketplace.pk, midnight("UTC"))
    assert len(asked) == 1


def test_home_draws_them_and_says_the_same_in_words(world: World, owner: Client):
    page = owner.get("/").content.decode()
    with timezone.override(world.marketplace.timezone):
        days = orders_a_day(world.marketplace.pk, midnight(world.marketplace.timezone))
        told = weeks_of(days)
    assert told is not None
    assert f'role="img" aria-label="{told.words}"' in page
    assert page.count('<rect class="bar') == DRAWN_DAYS
    counted = [(day, count) for day, count in days if count]
    for day, count in counted:
        assert f'day={day.isoformat()}">{count}</a>' in page


def test_a_number_leads_to_the_orders_it_counts(world: World, owner: Client):
    zone = world.marketplace.timezone
    day, count = max(orders_a_day(world.marketplace.pk, midnight(zone)), key=lambda one: one[1])
    page = owner.get(f"/orders/?tab=all&day={day.isoformat()}").content.decode()
    assert page.count(" data-row>") == count
    assert "Show all days" in page
    file = b"".join(owner.get(f"/orders/?tab=all&day={day.isoformat()}&as=csv")).decode()  # type: ignore[arg-type]
    assert len(file.strip().splitlines()) == count + 1


def test_a_day_without_orders_and_a_day_that_is_none(world: World, owner: Client):
    page = owner.get("/orders/?day=2001-01-01").content.decode()
    assert "None of that day here" in page
    every = owner.get("/orders/?tab=all").content.decode().count(" data-row>")
    for bad in ("yesterday", "2026-13-01", "0001-01-01", "9999-12-31", "%00"):
        page = owner.get(f"/orders/?tab=all&day={bad}").content.decode()
        assert page.count(" data-row>") == every, bad


def test_nothing_is_drawn_before_the_first_order(world: World, owner: Client):
    StorefrontOrder.objects.update(created_in_shop=rows.ago(days=90))
    assert "Orders a day" not in owner.get("/").content.decode()


def test_other_marketplaces_orders_are_not_counted(world: World, owner: Client):
    before = owner.get("/").content.decode().count('">1</a>')
    make_world("west", "West Wares")
    assert owner.get("/").content.decode().count('">1</a>') == before
