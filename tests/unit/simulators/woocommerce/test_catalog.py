"""The catalog: rows as values over a lazy source, and catalogs that are generated."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest

from simulators.woocommerce import ShopSettings, Simulator
from simulators.woocommerce.catalog import Catalog, Product, with_meta
from simulators.woocommerce.generated import DUPLICATE_SKU, Generated

NOW = 1_795_435_200


def generated(products: int = 400, variable: int = 60, seed: int = 1) -> Catalog:
    return Catalog(Generated(products, variable, seed, NOW))


def rows_of(catalog: Catalog) -> list[Product]:
    return [*catalog.products(), *catalog.variations()]


def test_the_same_seed_makes_the_same_rows() -> None:
    assert rows_of(generated()) == rows_of(generated())
    assert rows_of(generated()) != rows_of(generated(seed=2))


@pytest.mark.parametrize(
    ("products", "variable"), [(1, 0), (1, 1), (7, 3), (100, 100), (400, 60), (1000, 1)]
)
def test_counts_and_families(products: int, variable: int) -> None:
    catalog = generated(products, variable)
    rows = list(catalog.products())
    parents = [row for row in rows if row.kind == "variable"]
    assert (len(rows), len(parents)) == (products, variable)
    children = [child for parent in parents for child in parent.children]
    assert children == list(catalog.variation_ids)
    assert all(2 <= len(parent.children) <= 10 for parent in parents)
    for parent in parents:
        assert {row.parent_id for row in catalog.children_of(parent)} == {parent.id}
    ids = [*catalog.product_ids, *catalog.variation_ids]
    assert len(set(ids)) == len(ids)


def test_most_products_are_plain_and_every_oddity_is_there() -> None:
    catalog = generated(1000, 120)
    rows = list(catalog.products())
    children = list(catalog.variations())

    def sellable(row: Product) -> bool:
        return row.status == "publish" and bool(row.price) and row.stock_status == "instock"

    simple = [row for row in rows if row.kind == "simple"]
    assert sum(map(sellable, simple)) > len(simple) * 0.65
    assert {row.kind for row in rows} == {"simple", "variable", "grouped", "external"}
    assert {row.status for row in rows} == {"publish", "draft", "private", "pending"}
    assert {row.stock_status for row in rows} == {"instock", "outofstock", "onbackorder"}
    assert {row.backorders for row in rows} == {"no", "notify", "yes"}
    assert any((row.stock_quantity or 0) < 0 for row in rows)
    assert any(not row.price for row in simple)
    assert any(row.sku == "" for row in simple)
    assert Counter(row.sku for row in rows)[DUPLICATE_SKU] > 1
    assert any("<em>" in row.name and "\N{OWL}" in row.name for row in rows)
    assert any(row.content.get("post_password") for row in rows)
    assert any(row.content.get("catalog_visibility") == "hidden" for row in rows)
    assert any(row.sale_price for row in rows)
    assert any(row.manage_stock for row in rows if row.kind == "variable")
    assert any(not row.manage_stock for row in children)
    assert any(not row.price for row in children)
    assert any(
        "" in [str(one["option"]) for one in row.attributes] or len(row.attributes) == 1
        for row in children
    )


def test_rows_that_never_were_are_none() -> None:
    catalog = generated(10, 2)
    known = {*catalog.product_ids, *catalog.variation_ids}
    for row_id in (0, 34, 35 + 10_000, -1):
        assert row_id not in known
        assert catalog.get(row_id) is None
    with pytest.raises(KeyError):
        catalog.require(0)


def test_skus_are_found_without_a_walk() -> None:
    catalog = generated(400, 60)
    by_sku: dict[str, list[int]] = {}
    for row in rows_of(catalog):
        if row.sku:
            by_sku.setdefault(row.sku, []).append(row.id)
    for sku, ids in by_sku.items():
        assert catalog.ids_of_sku(sku.lower()) == sorted(ids), sku
    assert catalog.ids_of_sku("G-999999") == catalog.ids_of_sku("other") == []


def test_only_changed_rows_are_kept() -> None:
    catalog = generated(400, 60)
    for row in rows_of(catalog):
        assert catalog.get(row.id) == row
    assert catalog.changed_rows() == []
    catalog.change(35, name="New")
    assert [row.name for row in catalog.changed_rows()] == ["New"]
    assert catalog.require(35).name == "New"


def test_a_changed_sku_is_found_and_the_old_one_is_not() -> None:
    catalog = generated(10, 0)
    old = catalog.require(36).sku
    catalog.change(36, sku="Mine")
    assert catalog.ids_of_sku("MINE") == [36]
    assert catalog.ids_of_sku(old) == []


def test_adding_and_removing_families() -> None:
    catalog = Catalog()
    catalog.put(Product(id=5, kind="variable"))
    catalog.put(Product(id=7, kind="variation", parent_id=5))
    catalog.put(Product(id=6, kind="variation", parent_id=5))
    assert catalog.require(5).children == (7, 6)
    assert list(catalog.variation_ids) == [6, 7]
    catalog.remove(catalog.require(7))
    assert catalog.require(5).children == (6,)
    catalog.remove(catalog.require(5))
    assert (len(catalog), catalog.get(6)) == (0, None)


def test_stamps_move_with_the_row_and_what_it_shows() -> None:
    catalog = Catalog()
    catalog.put(Product(id=5, kind="variable"))
    child = catalog.put(Product(id=6, kind="variation", parent_id=5))
    other = catalog.put(Product(id=9))
    before = [catalog.stamp(row_id) for row_id in (5, 6, 9)]
    catalog.change(child, price="2")
    after = [catalog.stamp(row_id) for row_id in (5, 6, 9)]
    assert [new > old for new, old in zip(after, before, strict=True)] == [True, True, False]
    members = catalog.membership
    catalog.change(other, status="trash")
    assert catalog.membership > members
    assert catalog.trashed == {9}


def test_rows_that_may_have_changed_since() -> None:
    catalog = generated(10, 0)
    assert catalog.changed_since(0) is None
    assert catalog.changed_since(NOW) == []
    catalog.change(35, modified=NOW)
    assert catalog.changed_since(NOW - 5) == [35]


def test_meta_by_id_by_key_and_gone() -> None:
    ids = iter(range(10, 20))

    def written(meta: Sequence[Any], *entries: Any) -> list[Any]:
        return [(row["id"], row["key"], row["value"]) for row in with_meta(meta, entries, ids)]

    meta = with_meta((), [{"key": "a", "value": 1}, {"key": "b", "value": 2}], ids)
    assert written(meta, {"key": "a", "value": 3}) == [(10, "a", 3), (11, "b", 2)]
    assert written(meta, {"id": 11, "key": "x", "value": 4}) == [(10, "a", 1), (11, "b", 4)]
    assert written(meta, {"key": "b", "value": None}) == [(10, "a", 1)]
    assert written(meta, {"key": "c", "value": None}) == [(10, "a", 1), (11, "b", 2)]
    assert [row["value"] for row in meta] == [1, 2]


def test_the_default_catalog_is_the_recorded_one() -> None:
    catalog = Simulator().shop.catalog
    live = [row for row in catalog.products() if row.status != "trash"]
    assert (len(live), len(catalog.trashed), len(catalog.variation_ids)) == (347, 1, 300)
    assert catalog.require(35).name == "Chef\N{RIGHT SINGLE QUOTATION MARK}s knife 1"


def test_a_big_catalog_starts_at_once_and_small() -> None:
    """Rows are made when they are asked for."""
    made = 0
    source = Generated(200_000, 20_000, 1, NOW)
    row = source.row

    def counted(row_id: int) -> Product | None:
        nonlocal made
        made += 1
        return row(row_id)

    source.row = counted  # type: ignore[method-assign] - to count
    catalog = Catalog(source)
    assert len(catalog.product_ids) == 200_000
    assert made == 0
    assert catalog.require(catalog.product_ids[-1]).sku == "G-200000"
    assert made == 1


def test_a_generated_shop_serves_its_catalog() -> None:
    simulator = Simulator(ShopSettings(products=30, variable=4, seed=3))
    assert len(simulator.shop.catalog.product_ids) == 30
    assert simulator.shop.next_id() > simulator.shop.catalog.last_id
