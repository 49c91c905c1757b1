"""Products and variations of the simulated shop. Rows are values: a change makes a new row, so that
unchanged rows of a large catalog need not be kept (see `generated.py`).
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

import msgspec

from simulators.woocommerce.jsonish import Json

NO_CONTENT: Json = {}
TRASH = "trash"


class Product(msgspec.Struct, frozen=True, gc=False):
    """A product or a variation (`parent_id` set). Times are epoch seconds. `content` holds what no
    rule depends on, as the API prints it; it may be shared between rows and is never changed in
    place. `price` is the active price, which changes by cron and not by clock.
    """

    id: int
    kind: str = "simple"
    name: str = ""
    slug: str = ""
    sku: str = ""
    status: str = "publish"
    created: int = 0
    modified: int = 0
    parent_id: int = 0
    regular_price: str = ""
    sale_price: str = ""
    price: str = ""
    sale_from: int | None = None
    sale_to: int | None = None
    manage_stock: bool = False
    stock_quantity: float | None = None
    stock_status: str = "instock"
    backorders: str = "no"
    total_sales: int = 0
    attributes: tuple[Json, ...] = ()
    children: tuple[int, ...] = ()
    meta: tuple[Json, ...] = ()
    content: Json = NO_CONTENT

    @property
    def is_variation(self) -> bool:
        return self.parent_id != 0


class Source(Protocol):
    """What a catalog begins with, made row by row when asked for."""

    @property
    def product_ids(self) -> Sequence[int]: ...

    @property
    def variation_ids(self) -> Sequence[int]: ...

    @property
    def trashed(self) -> Iterable[int]: ...

    @property
    def newest(self) -> int:
        """No row was created or modified later."""
        ...

    def row(self, row_id: int) -> Product | None: ...

    def created(self, row_id: int) -> int: ...

    def ids_of_sku(self, sku: str) -> Iterable[int]:
        """Every row that may have this SKU (folded case)."""
        ...


class Catalog:
    """`version` counts all changes, `membership` those of which rows there are and in which order
    they were made, `stamp(id)` those of one row and what it shows of others.
    """

    def __init__(self, source: Source | None = None) -> None:
        self._source = source
        self._changed: dict[int, Product] = {}
        self._removed: set[int] = set()
        self._stamps: dict[int, int] = {}
        self._products = array("q", source.product_ids if source else ())
        self._variations = array("q", source.variation_ids if source else ())
        self.trashed: set[int] = set(source.trashed if source else ())
        self.version = 0
        self.membership = 0

    def __len__(self) -> int:
        return len(self._products) + len(self._variations)

    def __contains__(self, row_id: int) -> bool:
        return self.get(row_id) is not None

    @property
    def last_id(self) -> int:
        return max((ids[-1] for ids in (self._products, self._variations) if ids), default=0)

    @property
    def product_ids(self) -> Sequence[int]:
        """In order of id, those in the trash too."""
        return self._products

    @property
    def variation_ids(self) -> Sequence[int]:
        return self._variations

    def get(self, row_id: int) -> Product | None:
        found = self._changed.get(row_id)
        if found is not None or self._source is None or row_id in self._removed:
            return found
        return self._source.row(row_id)

    def require(self, row_id: int) -> Product:
        """Raises KeyError."""
        row = self.get(row_id)
        if row is None:
            raise KeyError(row_id)
        return row

    def created(self, row_id: int) -> int:
        row = self._changed.get(row_id)
        if row is not None or self._source is None:
            return 0 if row is None else row.created
        return self._source.created(row_id)

    def stamp(self, row_id: int) -> int:
        return self._stamps.get(row_id, 0)

    def parent_of(self, row: Product) -> Product | None:
        return self.get(row.parent_id) if row.parent_id else None

    def children_of(self, parent: Product) -> list[Product]:
        return [row for child in parent.children if (row := self.get(child)) is not None]

    def products(self) -> Iterator[Product]:
        return self.rows(self._products)

    def variations(self) -> Iterator[Product]:
        return self.rows(self._variations)

    def rows(self, ids: Iterable[int]) -> Iterator[Product]:
        return (row for row_id in ids if (row := self.get(row_id)) is not None)

    def changed_rows(self) -> list[Product]:
        """The rows that are not as the catalog began."""
        return list(self._changed.values())

    def changed_since(self, second: int) -> Iterable[int] | None:
        """Ids of the rows that may have been modified after; None: any may."""
        if self._source is not None and second < self._source.newest:
            return None
        return list(self._changed)

    def ids_of_sku(self, sku: str) -> list[int]:
        """Rows with that SKU in order of id, letter case aside, as the database compares."""
        wanted = sku.casefold()
        found = {row.id for row in self._changed.values() if row.sku.casefold() == wanted}
        if self._source is not None:
            found |= {
                row_id
                for row_id in self._source.ids_of_sku(wanted)
                if (row := self.get(row_id)) is not None and row.sku.casefold() == wanted
            }
        return sorted(found)

    def by_sku(self, sku: str) -> Product | None:
        """The first row with that SKU."""
        ids = self.ids_of_sku(sku)
        return self.get(ids[0]) if ids else None

    def change(self, row: Product | int, **fields: Any) -> Product:
        old = self.require(row if isinstance(row, int) else row.id)
        return self.put(msgspec.structs.replace(old, **fields))

    def put(self, row: Product) -> Product:
        """Adds or replaces a row; a variation is added to its parent's children."""
        old = self.get(row.id)
        self._changed[row.id] = row
        self._removed.discard(row.id)
        if old is None:
            _insert(self._variations if row.is_variation else self._products, row.id)
        if old is None or (old.created, old.status == TRASH) != (row.created, row.status == TRASH):
            self.membership += 1
        (self.trashed.add if row.status == TRASH else self.trashed.discard)(row.id)
        self._touch(row.id)
        parent = self.parent_of(row)
        if parent is not None:
            self._touch(parent.id)
            if row.id not in parent.children:
                self.put(msgspec.structs.replace(parent, children=(*parent.children, row.id)))
        return row

    def remove(self, row: Product) -> None:
        """Takes the row away, and with a parent its variations."""
        for child in self.children_of(row):
            self.remove(child)
        ids = self._variations if row.is_variation else self._products
        del ids[bisect_left(ids, row.id)]
        self._changed.pop(row.id, None)
        self._removed.add(row.id)
        self.trashed.discard(row.id)
        self.membership += 1
        self._touch(row.id)
        parent = self.parent_of(row)
        if parent is not None and row.id in parent.children:
            left = tuple(child for child in parent.children if child != row.id)
            self.put(msgspec.structs.replace(parent, children=left))

    def _touch(self, row_id: int) -> None:
        self.version += 1
        self._stamps[row_id] = self.version


def _insert(ids: "array[int]", row_id: int) -> None:
    if ids and ids[-1] > row_id:
        ids.insert(bisect_left(ids, row_id), row_id)
    else:
        ids.append(row_id)


def with_meta(
    meta: Sequence[Json], entries: Iterable[Json], next_id: "Iterator[int]"
) -> tuple[Json, ...]:
    """Changes by id or key, adds the rest; a null value removes. The given list stays as it is."""
    kept = list(meta)
    for entry in entries:
        key: Any = entry.get("key")
        place = next(
            (
                number
                for number, known in enumerate(kept)
                if known["id"] == entry.get("id") or (not entry.get("id") and known["key"] == key)
            ),
            None,
        )
        if entry.get("value") is None:
            if place is not None:
                del kept[place]
        elif place is not None:
            kept[place] = {**kept[place], "value": entry["value"]}
        else:
            kept.append({"id": next(next_id), "key": str(key), "value": entry["value"]})
    return tuple(kept)
