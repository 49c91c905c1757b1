"""Rows as bytes, kept until the row, or what it shows of others, changes."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from simulators.woocommerce.catalog import Product
from simulators.woocommerce.jsonish import Json
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.versions import Version
from simulators.woocommerce.wire.common import php_json
from simulators.woocommerce.wire.products import (
    ANALYTICS_VARIATION,
    EDIT_ONLY,
    PRODUCT,
    SINCE,
    VARIATION,
    VARIATION_SINCE,
    Field,
    Fields,
    analytics_body,
    fields_of,
    product_body,
    variation_body,
)
from simulators.woocommerce.wire.view import View

KEPT_BYTES = 48 * 2**20


@dataclass(frozen=True, slots=True)
class Form:
    """How one generation of the API prints a row: its table, and the body around it. `since`: the
    switches of fields that came later.
    """

    name: str
    fields: Fields
    body: Callable[..., Json]
    edit_only: Fields
    since: Mapping[str, str] = field(default_factory=lambda: SINCE)


PRODUCT_FORM = Form("product", PRODUCT, product_body, EDIT_ONLY)
VARIATION_FORM = Form("variation", VARIATION, variation_body, {}, VARIATION_SINCE)
ANALYTICS_FORM = Form("analytics", ANALYTICS_VARIATION, analytics_body, {})


class Renderer:
    """`root`: the address that links begin with. Nothing is kept of rows whose look changes with
    the clock, nor while plugins warp bodies.
    """

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._kept: OrderedDict[tuple[str, str, int], tuple[object, bytes]] = OrderedDict()
        self._size = 0
        self._tables: dict[tuple[str, Version], Mapping[str, Field]] = {}

    def one(
        self, form: Form, root: str, row: Product, fields: Sequence[str] = (), *, edit: bool = False
    ) -> bytes:
        """A single answer; it keeps its links whatever fields are asked for."""
        return php_json(self.body(form, root, row, fields, edit=edit, linked=True))

    def many(
        self, form: Form, root: str, rows: Iterable[Product], fields: Sequence[str] = ()
    ) -> list[bytes]:
        """Items of a list; links only where they are asked for."""
        if not fields:
            return [self._full(form, root, row) for row in rows]
        if tuple(fields) == ("id",) and not self._shop.warps:
            return [b'{"id":%d}' % row.id for row in rows]
        linked = "_links" in fields
        return [php_json(self.body(form, root, row, fields, linked=linked)) for row in rows]

    def body(
        self,
        form: Form,
        root: str,
        row: Product,
        fields: Sequence[str] = (),
        *,
        edit: bool = False,
        linked: bool,
    ) -> Json:
        view = View(self._shop, row, edit=edit)
        table = self._chosen(form, fields) if fields else self._table(form)
        if edit and form.edit_only:
            table = {**table, **fields_of(self._shop, form.edit_only, fields)}
        body = form.body(view, table, root, linked=linked)
        return self._warped(row, body, fields) if self._shop.warps else body

    def _warped(self, row: Product, body: Json, fields: Sequence[str]) -> Json:
        for warp in self._shop.warps:
            body = warp(row, body)
        if not fields:
            return body
        return {name: value for name, value in body.items() if name in fields or name == "_links"}

    def _chosen(self, form: Form, fields: Sequence[str]) -> Mapping[str, Field]:
        return fields_of(self._shop, form.fields, fields, form.since)

    def _table(self, form: Form) -> Mapping[str, Field]:
        key = form.name, self._shop.settings.version
        if key not in self._tables:
            self._tables[key] = self._chosen(form, ())
        return self._tables[key]

    def _full(self, form: Form, root: str, row: Product) -> bytes:
        catalog = self._shop.catalog
        key = (form.name, root, row.id)
        settings = self._shop.settings
        stamp = (
            catalog.stamp(row.id),
            catalog.stamp(row.parent_id),
            settings.currency,
            settings.version,
        )
        kept = self._kept.get(key)
        if kept is not None and kept[0] == stamp and not self._shop.warps:
            return kept[1]
        text = php_json(self.body(form, root, row, linked=True))
        if not self._shop.warps and row.kind != "grouped" and not self._timed(row):
            self._keep(key, stamp, text)
        return text

    def _timed(self, row: Product) -> bool:
        rows = (row, *self._shop.catalog.children_of(row)) if row.kind == "variable" else (row,)
        return any(one.sale_from is not None or one.sale_to is not None for one in rows)

    def _keep(self, key: tuple[str, str, int], stamp: object, text: bytes) -> None:
        old = self._kept.pop(key, None)
        self._size += len(text) - (len(old[1]) if old else 0)
        self._kept[key] = (stamp, text)
        while self._size > KEPT_BYTES:
            _, (_, dropped) = self._kept.popitem(last=False)
            self._size -= len(dropped)
