"""A stock line is held, limited or given a buffer of its own by a person, and says so."""

import pytest
from django.test import Client

from longshore.storage.models import Deed, ListingVariant, StockEvent
from support.screens import World, make_world


@pytest.fixture
def url(world: World) -> str:
    """The mug: 7 at the vendor, 2 reserved, buffer 1."""
    return f"/stock/{world.line.pk}/"


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def line(world: World) -> ListingVariant:
    return ListingVariant.objects.get(pk=world.line.pk)


def seen(html: str) -> str:
    return html.partition('name="seen" value="')[2].partition('"')[0]


def test_one_click_holds_it_and_one_lets_it_sell_again(world: World, owner: Client, url: str):
    told = owner.post(f"{url}limit/", {"do": "hold"}, follow=True).content.decode()
    assert "Held by hand" in told
    assert "Shopify shows 0 until somebody lets it sell again" in told
    assert (line(world).wanted_quantity, line(world).stock_dirty) == (0, True)
    assert f"by {world.owner.email}" in told, "its history says who"
    assert "Stoneware mug" in page(owner, "/stock/?show=limited")
    deed = Deed.objects.latest("pk")
    assert (deed.kind, deed.before, deed.after) == ("stock_limited", {"cap": None}, {"cap": 0})
    assert f'href="{url}"' in page(owner, "/activity/")
    owner.post(f"{url}limit/", {"do": "release"})
    assert (line(world).cap, line(world).wanted_quantity) == (None, 4)


def test_a_limit_and_an_own_buffer_count(world: World, owner: Client, url: str):
    owner.post(f"{url}limit/", {"cap": "3", "own_buffer": "", "seen": seen(page(owner, url))})
    assert (line(world).wanted_quantity, line(world).buffer) == (3, 1)
    assert "With 13 at the vendor, Shopify still shows 3 at most." in page(owner, url)
    owner.post(f"{url}limit/", {"cap": "", "own_buffer": "4", "seen": seen(page(owner, url))})
    assert (line(world).wanted_quantity, line(world).buffer) == (1, 4)
    assert "of this one" in page(owner, url)
    kinds = StockEvent.objects.filter(kind="limit").order_by("pk")
    assert list(kinds.values_list("before", "after")) == [(None, 3), (3, None)]


def test_what_makes_no_sense_comes_back_and_an_old_page_overwrites_nothing(
    world: World, owner: Client, url: str
):
    old = seen(page(owner, url))
    wrong = owner.post(f"{url}limit/", {"cap": "some", "own_buffer": "-1", "seen": old})
    assert wrong.status_code == 422
    told = wrong.content.decode()
    assert 'value="some"' in told
    assert 'value="-1"' in told
    assert 'id="id_cap_error"' in told
    owner.post(f"{url}limit/", {"do": "hold"})
    late = owner.post(f"{url}limit/", {"cap": "5", "own_buffer": "", "seen": old})
    assert late.status_code == 422
    assert "Somebody changed these settings" in late.content.decode()
    assert line(world).cap == 0


def test_nobody_else_holds_it(world: World, signed_in, url: str):
    other = make_world("west", "West Wares")
    assert signed_in(other.owner).post(f"{url}limit/", {"do": "hold"}).status_code == 404
    assert signed_in(world.reader).post(f"{url}limit/", {"do": "hold"}).status_code == 403
    assert line(world).cap is None


def test_what_is_not_counted_can_be_held(world: World, owner: Client):
    url = f"/stock/{world.loose_line.pk}/"
    owner.post(f"{url}limit/", {"do": "hold"})
    row = ListingVariant.objects.get(pk=world.loose_line.pk)
    assert (row.wanted_tracked, row.wanted_quantity) == (True, 0)
    told = owner.post(f"{url}limit/", {"cap": "5", "own_buffer": ""}, follow=True)
    assert "does nothing; 0 holds it" in told.content.decode()
    row.refresh_from_db()
    assert row.wanted_tracked is False
