"""Reading a store's catalog: whole, lightly, what changed, and single products."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from longshore.domain.catalog import ProductType, VendorProduct, VendorVariant
from longshore.ports.stores import Changes, Found, ScanSlice, StockLine, Unreadable
from longshore.ports.turns import ENDLESS, Turn
from longshore.stores.woocommerce import products, variations, wire
from longshore.stores.woocommerce.dialects import Variations
from longshore.stores.woocommerce.languages import told
from longshore.stores.woocommerce.products import identity
from longshore.stores.woocommerce.reading import Collection, Reader, converted
from longshore.stores.woocommerce.variations import ParentWalk
from longshore.stores.woocommerce.wire import Json


@dataclass(frozen=True, slots=True)
class _ChangeMark:
    """Where a reading of changes is: "products", then, where one of them has variations that were
    not read with it, "variations", then "done".
    """

    phase: str = "products"
    inner: str | None = None
    newest: datetime | None = None
    variable: bool = False

    @classmethod
    def read(cls, cursor: str | None) -> "_ChangeMark":
        if not cursor:
            return cls()
        phase, inner, newest, variable = json.loads(cursor)
        return cls(phase, inner, datetime.fromisoformat(newest) if newest else None, variable)

    def __str__(self) -> str:
        newest = self.newest.isoformat() if self.newest else None
        return json.dumps([self.phase, self.inner, newest, self.variable])

    def after(self, part: Changes) -> "_ChangeMark":
        newest = max(filter(None, (self.newest, part.newest)), default=None)
        variable = self.variable or any(one.variants is None for one in part.items)
        if part.cursor is not None:
            return _ChangeMark(self.phase, part.cursor, newest, variable)
        more = self.phase == "products" and variable
        return _ChangeMark("variations" if more else "done", None, newest, variable)


@dataclass(slots=True)
class Catalog:
    """The catalog of one store, in whatever generation of the API."""

    reader: Reader

    @property
    def _inline(self) -> bool:
        return self.reader.dialect.variations is Variations.INLINE

    def scan_products(self, cursor: str | None, turn: Turn) -> Iterator[ScanSlice[VendorProduct]]:
        def convert(row: Json) -> Iterable[VendorProduct]:
            return (self._product(row),)

        return self.reader.walk(self._products(), convert, cursor, turn)

    def scan_variants(
        self, cursor: str | None, turn: Turn, parents: Sequence[int]
    ) -> Iterator[ScanSlice[VendorVariant]]:
        if self._inline:  # they came with their products
            now = self.reader.waits.now()
            return iter([ScanSlice((), (), None, 0, 0, now, proven=True)])
        wanted = frozenset(parents)
        fields = self.reader.dialect.variation_fields
        if not self.reader.profile.variations_route:
            walk = ParentWalk(self.reader, fields, products.variant, sorted(wanted))
            return walk.run(cursor, turn)

        def convert(row: Json) -> Iterable[VendorVariant]:
            found = products.variant(row)
            return (found,) if found.product_id in wanted else ()

        return self.reader.walk(self._every_variation(fields), convert, cursor, turn)

    # --- the light walk ---

    def sweep_stock(
        self, cursor: str | None, turn: Turn, parents: Sequence[int]
    ) -> Iterator[ScanSlice[StockLine]]:
        """Products first, then variations; the cursor is [phase, inner cursor, seen, total]."""
        phase, inner, seen, total = json.loads(cursor) if cursor else ("products", None, 0, 0)
        if phase == "products":
            more = bool(parents) and not self._inline
            for part in self._sweep_products(inner, turn):
                if part.cursor is not None:
                    yield replace(part, cursor=json.dumps(["products", part.cursor, 0, 0]))
                elif part.proven and more:
                    phase, inner, seen, total = "variations", None, part.seen, part.total
                    after = json.dumps([phase, inner, seen, total])
                    yield replace(part, cursor=after, proven=False)
                else:
                    yield part
            if phase == "products" or turn.over():
                return
        for part in self._sweep_variations(inner, turn, parents):
            after = part.cursor and json.dumps(["variations", part.cursor, seen, total])
            yield replace(part, cursor=after, seen=seen + part.seen, total=total + part.total)

    def _sweep_products(self, inner: str | None, turn: Turn) -> Iterator[ScanSlice[StockLine]]:
        def convert(row: Json) -> Iterable[StockLine]:
            yield products.stock_line(row)
            if self._inline and row.get("type") == ProductType.VARIABLE.value:
                number = identity(row)
                yield from (products.stock_line(one, number) for one in self._inside(row))

        collection = self._products(self.reader.dialect.stock_fields)
        return self.reader.walk(collection, convert, inner, turn)

    def _sweep_variations(
        self, cursor: str | None, turn: Turn, parents: Sequence[int]
    ) -> Iterator[ScanSlice[StockLine]]:
        fields = self.reader.dialect.stock_fields
        if self.reader.profile.variations_route:
            collection = self._every_variation(fields)
            return self.reader.walk(collection, _lines_of_variation, cursor, turn)

        def convert(row: Json, parent: int | None) -> StockLine:
            return products.stock_line(row, parent or 0)

        return ParentWalk(self.reader, fields, convert, sorted(parents)).run(cursor, turn)

    def read_stock(self, wanted: Mapping[int, Sequence[int]]) -> Found[StockLine]:
        fields = self.reader.dialect.stock_fields
        rows = self.reader.by_ids(self._products(), wanted, fields)
        found, unreadable = converted(rows, products.stock_line)
        unreadable += tuple(Unreadable(number, why) for number, why in rows.broken.items())
        lines, true_since = list(found), rows.true_since
        numbers = [number for some in wanted.values() for number in some]
        if self._inline:
            for row in rows:
                lines += [products.stock_line(one, identity(row)) for one in self._inside(row)]
        elif numbers and self.reader.profile.variations_route:
            more = self.reader.by_ids(self._every_variation(fields), numbers)
            of_route, strange = converted(more, _line_of_variation)
            lines, unreadable = lines + list(of_route), (*unreadable, *strange)
            true_since = min(true_since, more.true_since)
        else:
            for parent in (parent for parent, some in wanted.items() if some):
                children = variations.variations_of(self.reader, fields, parent)
                lines += [products.stock_line(row, parent) for row in children.rows]
                true_since = min(true_since, children.true_since)
        there = {line.product_id for line in lines} | {one.product_id for one in unreadable}
        return Found(tuple(lines), frozenset(wanted) - there, unreadable, true_since)

    # --- what changed, and single products ---

    def changed_products(
        self, since: datetime, cursor: str | None, turn: Turn
    ) -> Iterator[Changes]:
        given = self.reader.changed_filter(since)
        if given is None:
            yield self._changed_at_once(since)
            return
        mark = _ChangeMark.read(cursor)
        while mark.phase != "done":
            phase = mark.phase
            walk = self._changed_products if phase == "products" else self._changed_variations
            for part in walk(given, mark.inner, turn):
                mark = mark.after(part)
                after = None if mark.phase == "done" else str(mark)
                yield replace(part, cursor=after, newest=mark.newest)
            if mark.phase == phase or turn.over():
                return

    def _changed_products(
        self, given: Mapping[str, str], inner: str | None, turn: Turn
    ) -> Iterator[Changes]:
        """A product whose variations share its own stock is completed: its change is theirs, and
        their dates do not move (recording date_modified_matrix.json).
        """
        complete = not self.reader.profile.variations_route
        pooling: set[int] = set()

        def convert(row: Json) -> Iterable[VendorProduct]:
            if complete or wire.flag(row.get("manage_stock")):
                pooling.add(identity(row))
            return (self._product(row),)

        for part in self.reader.walk(self._products(), convert, inner, turn, given):
            newest = max((one.modified_at for one in part.items if one.modified_at), default=None)
            whole = self._whole([o for o in part.items if o.product_id in pooling], ENDLESS)
            others = [one for one in part.items if one.product_id not in pooling]
            yield Changes(
                (*others, *whole.items),
                (),
                (*part.unreadable, *whole.unreadable),
                part.cursor,
                min(part.requested_at, whole.requested_at),
                newest,
            )

    def _changed_variations(
        self, given: Mapping[str, str], inner: str | None, turn: Turn
    ) -> Iterator[Changes]:
        collection = self._every_variation(self.reader.dialect.variation_fields)
        for part in self.reader.walk(collection, _variants, inner, turn, given):
            yield Changes((), part.items, part.unreadable, part.cursor, part.requested_at)

    def _changed_at_once(self, since: datetime) -> Changes:
        rows = self.reader.changed(self._products(), since)
        found, unreadable = converted(rows, self._product)
        newest = max((one.modified_at for one in found if one.modified_at), default=None)
        whole = self._whole(found, ENDLESS)
        since = min(rows.true_since, whole.requested_at)
        return Changes(whole.items, (), (*unreadable, *whole.unreadable), None, since, newest)

    def read_products(self, product_ids: Sequence[int], turn: Turn) -> Found[VendorProduct]:
        rows = self.reader.by_ids(self._products(), product_ids)
        found, unreadable = converted(rows, self._product)
        unreadable += tuple(Unreadable(number, why) for number, why in rows.broken.items())
        there = {one.product_id for one in found} | {one.product_id for one in unreadable}
        whole = self._whole(found, turn)
        return Found(
            whole.items,
            frozenset(product_ids) - there,
            (*unreadable, *whole.unreadable),
            min(rows.true_since, whole.requested_at),
            unread=whole.unread,
        )

    def _whole(self, products_found: Sequence[VendorProduct], turn: Turn) -> Found[VendorProduct]:
        """The products with their variants. One with a variation that cannot be understood is not
        whole: what is left of it would look as if the variation were gone.
        """
        parents = {one.product_id for one in products_found if one.variants is None}
        fields = self.reader.dialect.variation_fields
        walk = ParentWalk(self.reader, fields, products.variant, sorted(parents))
        variants: defaultdict[int, list[VendorVariant]] = defaultdict(list)
        strange: dict[int, Unreadable] = {}
        since, cursor = self.reader.waits.now(), None
        for part in walk.run(None, turn) if parents else ():
            for variant in part.items:
                variants[variant.product_id].append(variant)
            strange |= {one.product_id: one for one in part.unreadable}
            since, cursor = min(since, part.requested_at), part.cursor
        unread = frozenset(one for one in parents if cursor and one > json.loads(cursor)[0])
        items = [
            one
            if one.variants is not None
            else products.with_variants(one, variants[one.product_id])
            for one in products_found
            if one.product_id not in strange and one.product_id not in unread
        ]
        return Found(tuple(items), frozenset(), tuple(strange.values()), since, unread=unread)

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


def _variants(row: Json) -> Iterable[VendorVariant]:
    return (products.variant(row),)


def _line_of_variation(row: Json) -> StockLine:
    return products.stock_line(row, wire.integer(row.get("parent_id")) or 0)


def _lines_of_variation(row: Json) -> Iterable[StockLine]:
    return (_line_of_variation(row),)
