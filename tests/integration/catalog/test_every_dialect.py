"""What becomes of a product in the vendor's shop is noticed within one sweep, through every
generation of the API; nothing else tells us here, neither webhooks nor polls.
"""

from collections.abc import Callable

import pytest

from support.read_store import ReadStore, read_store

pytestmark = pytest.mark.django_db
VERSIONS = ("2.2.9", "2.4.13", "2.6.14", "3.0.9", "3.5.8", "9.9.5", "11.1.0")
"""Legacy v2 and v3, wc/v1, wc/v2, wc/v3 with and without its later collections."""

Change = Callable[[ReadStore, int], object]


def deleted(store: ReadStore, number: int) -> None:
    store.made.delete_product(number, force=True)


def trashed(store: ReadStore, number: int) -> None:
    store.made.delete_product(number)


def drafted(store: ReadStore, number: int) -> None:
    store.made.catalog.change(number, status="draft")


def made_private(store: ReadStore, number: int) -> None:
    store.made.catalog.change(number, status="private")


def hidden(store: ReadStore, number: int) -> None:
    store.made.catalog.change(number, content={"catalog_visibility": "hidden"})


def made_variable(store: ReadStore, number: int) -> None:
    store.made.catalog.change(number, kind="variable")
    store.made.add_product(
        parent_id=number, regular_price="5.00", manage_stock=True, stock_quantity=4
    )


def made_grouped(store: ReadStore, number: int) -> None:
    store.made.catalog.change(number, kind="grouped")


def is_off_sale(store: ReadStore, number: int) -> bool:
    row = store.product(number)
    gone = row.absent_since is not None or bool(row.left_out)
    return gone and store.wanted(number) == 0


def is_hidden(store: ReadStore, number: int) -> bool:
    return not store.product(number).visible


def is_variable(store: ReadStore, number: int) -> bool:
    row = store.product(number)
    children = row.variants.filter(variation_id__gt=0, absent_since=None)
    simple = store.variant(number)
    return (
        row.kind == "variable"
        and simple.absent_since is not None
        and store.wanted(number) == 0
        and list(children.values_list("quantity", flat=True)) == [4]
    )


CHANGES: dict[str, tuple[Change, Callable[[ReadStore, int], bool]]] = {
    "deleted": (deleted, is_off_sale),
    "trashed": (trashed, is_off_sale),
    "drafted": (drafted, is_off_sale),
    "private": (made_private, is_off_sale),
    "hidden": (hidden, is_hidden),
    "variable": (made_variable, is_variable),
    "grouped": (made_grouped, is_off_sale),
}


@pytest.mark.parametrize("version", VERSIONS)
def test_it_is_noticed_within_one_sweep(version: str):
    """All changes at once, each on a product of its own."""
    store = read_store(products=60, variable=6, version=version)
    store.import_all()
    store.put_on_sale()
    numbers = dict(zip(CHANGES, store.counted(), strict=False))
    assert len(numbers) == len(CHANGES)
    store.forward(minutes=5)
    for name, number in numbers.items():
        CHANGES[name][0](store, number)
    store.sweep()
    for _ in range(3):  # what it names is asked for, what is gone once more two minutes later
        store.refresh()
        store.forward(minutes=2)
    noticed = {name for name, number in numbers.items() if CHANGES[name][1](store, number)}
    assert noticed == set(CHANGES)
    others = set(store.counted()) - set(numbers.values())
    assert others
    assert all(store.wanted(number) for number in others), "nothing else was touched"
