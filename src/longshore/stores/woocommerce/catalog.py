"""Reading a store's catalog: whole, lightly, what changed, and single products."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import cast

from longshore.domain.catalog import ProductType, VendorProduct, VendorVariant
from longshore.ports.stores import Found, ScanSlice, StockLine
from longshore.stores.woocommerce import products, variations, wire
from longshore.stores.woocommerce.dialects import Variations
from longshore.stores.woocommerce.languages import told
from longshore.stores.woocommerce.products import identity
from longshore.stores.woocommerce.reading import Collection, Reader, converted
from longshore.stores.woocommerce.wire import Json

_SweepMark = tuple[str, list[int], str | None, int, int]
_SWEEP_START: _SweepMark = ("products", [], None, 0, 0)


@dataclass(slots=True)
class Catalog:
    """The catalog of one store, in whatever generation of the API."""

    reader: Reader

    @property
    def _inline(self) -> bool:
        return self.reader.dialect.variations is Variations.INLINE

    def scan_products(
        self, cursor: str | None, budget_s: float
    ) -> Iterator[ScanSlice[VendorProduct]]:
        def convert(row: Json) -> Iterable[VendorProduct]:
            return (self._product(row),)

        return self.reader.walk(self._products(), convert, cursor, budget_s)

    def scan_variants(
        self, cursor: str | None, budget_s: float, parents: Sequence[int]
    ) -> Iterator[ScanSlice[VendorVariant]]:
        if self._inline:  # they came with their products
            return iter([ScanSlice((), (), None, 0, 0, datetime.now(UTC), proven=True)])
        wanted = frozenset(parents)
        fields = self.reader.dialect.variation_fields
        if not self.reader.profile.variations_route:
            return variations.walk_parents(
                self.reader, fields, products.variant, cursor, budget_s, sorted(wanted)
            )

        def convert(row: Json) -> Iterable[VendorVariant]:
            found = products.variant(row)
            return (found,) if found.product_id in wanted else ()

        return self.reader.walk(self._every_variation(fields), convert, cursor, budget_s)

    def sweep_stock(self, cursor: str | None, budget_s: float) -> Iterator[ScanSlice[StockLine]]:
        """Products first, then variations; the cursor is [phase, variable parents, inner cursor,
        seen, total].
        """
        mark = cast("_SweepMark", json.loads(cursor) if cursor else _SWEEP_START)
        phase, parents, inner, seen, total = mark
        if phase == "products":
            yield from self._sweep_products(inner, budget_s, parents)
            return
        for found in self._sweep_variations(inner, budget_s, parents):
            after = None
            if found.cursor is not None:
                after = json.dumps([phase, parents, found.cursor, seen, total])
            yield replace(found, cursor=after, seen=seen + found.seen, total=total + found.total)

    def _sweep_products(
        self, inner: str | None, budget_s: float, parents: list[int]
    ) -> Iterator[ScanSlice[StockLine]]:
        variable = set(parents)

        def convert(row: Json) -> Iterable[StockLine]:
            yield products.stock_line(row)
            if row.get("type") == ProductType.VARIABLE.value and self._inline:
                number = identity(row)
                yield from (products.stock_line(one, number) for one in self._inside(row))
            elif row.get("type") == ProductType.VARIABLE.value:
                variable.add(identity(row))

        collection = self._products(self.reader.dialect.stock_fields)
        for found in self.reader.walk(collection, convert, inner, budget_s):
            numbers = sorted(variable)
            if found.cursor is not None:
                yield replace(found, cursor=json.dumps(["products", numbers, found.cursor, 0, 0]))
            elif found.proven and numbers:
                state = ["variations", numbers, None, found.seen, found.total]
                yield replace(found, cursor=json.dumps(state), proven=False)
            else:
                yield found

    def _sweep_variations(
        self, cursor: str | None, budget_s: float, parents: Sequence[int]
    ) -> Iterator[ScanSlice[StockLine]]:
        fields = self.reader.dialect.stock_fields
        if self.reader.profile.variations_route:
            return self.reader.walk(
                self._every_variation(fields),
                lambda row: (products.stock_line(row, wire.integer(row.get("parent_id")) or 0),),
                cursor,
                budget_s,
            )

        def convert(row: Json, parent: int | None) -> StockLine:
            return products.stock_line(row, parent or 0)

        return variations.walk_parents(self.reader, fields, convert, cursor, budget_s, parents)

    def changed_products(self, since: datetime) -> Found[VendorProduct]:
        asked_at = datetime.now(UTC)
        rows = self.reader.changed(self._products(), since)
        found, unreadable = converted(rows, self._product)
        newest = max((one.modified_at for one in found if one.modified_at), default=None)
        return Found(self._complete(found), frozenset(), unreadable, asked_at, newest)

    def read_products(self, product_ids: Sequence[int]) -> Found[VendorProduct]:
        asked_at = datetime.now(UTC)
        rows = self.reader.by_ids(self._products(), product_ids)
        found, unreadable = converted(rows, self._product)
        there = {one.product_id for one in found} | {one.product_id for one in unreadable}
        missing = frozenset(product_ids) - there
        return Found(self._complete(found), missing, unreadable, asked_at)

    def _product(self, row: Json) -> VendorProduct:
        found = products.product(row)
        languages = self.reader.profile.languages
        if len(languages) > 1:
            said = told(row, languages, self.reader.profile.home_url)
            found = replace(found, language=said.language, original_id=said.original_id)
        if not self._inline or found.kind is not ProductType.VARIABLE:
            return found
        inside = [products.variant(one, found.product_id) for one in self._inside(row)]
        ids = tuple(one.variation_id for one in inside)
        return products.with_variants(replace(found, variation_ids=ids), inside)

    def _inside(self, row: Json) -> Iterator[Json]:
        """The variations inside a product's row. 2.2.0 to 2.2.8 do not say there whether stock is
        managed; asked for by itself each variation says it (recordings wc2.2.0_v2).
        """
        parent = identity(row)
        for one in wire.items(row.get("variations")):
            known = {"parent_id": parent, **one}
            if "manage_stock" not in one:
                whole = self.reader.by_id(self._products(""), identity(one)) or {}
                known |= {name: whole.get(name) for name in ("manage_stock", "stock_quantity")}
            yield known

    def _complete(self, found: Sequence[VendorProduct]) -> tuple[VendorProduct, ...]:
        """The products with their variants."""
        return tuple(
            self._with_variants(one)
            if one.kind is ProductType.VARIABLE and one.variants is None
            else one
            for one in found
        )

    def _with_variants(self, one: VendorProduct) -> VendorProduct:
        fields = self.reader.dialect.variation_fields
        rows, _, _ = variations.variations_of(self.reader, fields, one.product_id)
        return products.with_variants(one, [products.variant(row, one.product_id) for row in rows])

    def _products(self, fields: str | None = None) -> Collection:
        dialect = self.reader.dialect
        return Collection(
            f"{dialect.root}/products",
            dialect.envelopes.products,
            dialect.envelopes.product,
            dialect.product_fields if fields is None else fields,
            dialect.product,
        )

    def _every_variation(self, fields: str) -> Collection:
        return Collection(self.reader.profile.variations_route, "", "", fields, lambda row: row)
