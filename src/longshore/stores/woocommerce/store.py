"""A WooCommerce shop as a `VendorStore`."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar, cast

from longshore.domain.catalog import ProductType, VendorProduct, VendorVariant
from longshore.domain.orders import StoreOrder, StoreOrderDraft
from longshore.ports.errors import Bug, NeedsVendor, Rejected
from longshore.ports.stores import (
    Found,
    ScanSlice,
    StockLine,
    StoreFacts,
    Unreadable,
    WebhookReport,
)
from longshore.stores.http import GuardedClient
from longshore.stores.woocommerce import facts as facts_module
from longshore.stores.woocommerce import orders, products, variations, webhook_setup
from longshore.stores.woocommerce.access import StoreAccess
from longshore.stores.woocommerce.client import NOT_FOUND, Api, Refused
from longshore.stores.woocommerce.dialects.table import Dialect
from longshore.stores.woocommerce.dialects.wc_v3 import WC_V3
from longshore.stores.woocommerce.products import UnreadableItem, identity
from longshore.stores.woocommerce.scan import PER_PAGE, Pace
from longshore.stores.woocommerce.wire import Json

Item = TypeVar("Item")

MOST_PAGES = 1000
LOOK_BACK_PAGES = 20
"""How many pages of recent orders are searched where the store's search knows no reference."""
_SECOND = timedelta(seconds=1)
_SweepMark = tuple[str, list[int], str | None, int, int]
_SWEEP_START: _SweepMark = ("products", [], None, 0, 0)


class WooCommerceStore:
    """Implements `ports.stores.VendorStore` for the dialect `wc/v3`."""

    def __init__(self, access: StoreAccess, http: GuardedClient) -> None:
        self._http = http
        self._access = access
        self._facts = access.facts
        self._dialect: Dialect = WC_V3
        self._pace = Pace()
        self._collection: str | None = None
        self._collection_known = False

    @property
    def _api(self) -> Api:
        site = (
            self._facts.base_url
            if self._facts
            else facts_module.site_address(self._access.base_url)
        )
        return Api(self._http, site, self._access.key, self._access.secret)

    @property
    def requests_made(self) -> int:
        return self._http.requests_made

    # --- what the store is ---

    def read_facts(self) -> StoreFacts:
        site, index = facts_module.discover(self._http, self._access.base_url)
        api = Api(self._http, site, self._access.key, self._access.secret)
        self._facts = facts_module.read_facts(api, index, self._dialect)
        return self._facts

    # --- products ---

    def scan_products(self, cursor: str | None, budget_s: float) -> ScanSlice[VendorProduct]:
        return variations.walk_collection(
            self._api,
            f"{self._dialect.root}/products",
            self._dialect.product_fields,
            products.product,
            self._pace,
            cursor,
            budget_s,
        )

    def scan_variants(
        self, cursor: str | None, budget_s: float, parents: Sequence[int]
    ) -> ScanSlice[VendorVariant]:
        wanted = frozenset(parents)
        route = self._variation_collection()
        if route is None:
            return variations.walk_parents(
                self._reader(self._dialect.variation_fields),
                products.variant,
                self._pace,
                cursor,
                budget_s,
                sorted(wanted),
            )
        found = variations.walk_collection(
            self._api,
            route,
            self._dialect.variation_fields,
            products.variant,
            self._pace,
            cursor,
            budget_s,
        )
        return replace(found, items=tuple(one for one in found.items if one.product_id in wanted))

    def sweep_stock(self, cursor: str | None, budget_s: float) -> ScanSlice[StockLine]:
        """Products first, then variations; the cursor is [phase, variable parents, inner cursor,
        seen, total].
        """
        mark = cast("_SweepMark", json.loads(cursor) if cursor else _SWEEP_START)
        phase, parents, inner, seen, total = mark
        api, dialect = self._api, self._dialect
        if phase == "products":
            variable: list[int] = []

            def convert(row: Json) -> StockLine:
                if row.get("type") == ProductType.VARIABLE.value:
                    variable.append(identity(row))
                return products.stock_line(row)

            found = variations.walk_collection(
                api,
                f"{dialect.root}/products",
                dialect.stock_fields,
                convert,
                self._pace,
                inner,
                budget_s,
            )
            parents = sorted({*parents, *variable})
            if found.cursor is not None:
                return replace(found, cursor=json.dumps([phase, parents, found.cursor, 0, 0]))
            if not found.proven or not parents:
                return found
            state = ["variations", parents, None, found.seen, found.total]
            return replace(found, cursor=json.dumps(state), proven=False)
        found = self._sweep_variations(inner, budget_s, parents)
        after = None
        if found.cursor is not None:
            after = json.dumps([phase, parents, found.cursor, seen, total])
        return replace(found, cursor=after, seen=seen + found.seen, total=total + found.total)

    def _sweep_variations(
        self, cursor: str | None, budget_s: float, parents: Sequence[int]
    ) -> ScanSlice[StockLine]:
        route = self._variation_collection()
        fields = self._dialect.stock_fields
        if route is not None:
            return variations.walk_collection(
                self._api, route, fields, products.stock_line, self._pace, cursor, budget_s
            )

        def convert(row: Json, parent: int | None) -> StockLine:
            return products.stock_line({"parent_id": parent, **row})

        return variations.walk_parents(
            self._reader(fields), convert, self._pace, cursor, budget_s, parents
        )

    def _reader(self, fields: str) -> Callable[[int], variations.Rows]:
        return partial(variations.variations_of, self._api, self._dialect, fields)

    def changed_products(self, since: datetime) -> Found[VendorProduct]:
        asked_at = datetime.now(UTC)
        params = {
            **_modified_after(since),
            "_fields": self._dialect.product_fields,
        }
        rows = self._walk_pages(f"{self._dialect.root}/products", params)
        found, unreadable = _converted(rows, products.product)
        newest = max((one.modified_at for one in found if one.modified_at), default=None)
        return Found(self._complete(found), frozenset(), unreadable, asked_at, newest)

    def read_products(self, product_ids: Sequence[int]) -> Found[VendorProduct]:
        asked_at = datetime.now(UTC)
        rows = self._include(
            f"{self._dialect.root}/products", product_ids, self._dialect.product_fields
        )
        found, unreadable = _converted(rows, products.product)
        there = {one.product_id for one in found} | {one.product_id for one in unreadable}
        missing = frozenset(product_ids) - there
        return Found(self._complete(found), missing, unreadable, asked_at)

    def _complete(self, found: Sequence[VendorProduct]) -> tuple[VendorProduct, ...]:
        """The products with their variants."""
        return tuple(
            self._with_variants(one) if one.kind is ProductType.VARIABLE else one for one in found
        )

    def _with_variants(self, one: VendorProduct) -> VendorProduct:
        rows, _, _ = variations.variations_of(
            self._api, self._dialect, self._dialect.variation_fields, one.product_id
        )
        return products.with_variants(one, [products.variant(row, one.product_id) for row in rows])

    def _variation_collection(self) -> str | None:
        if not self._collection_known:
            known = self._facts
            if known is None or known.lists_all_variations:
                self._collection = facts_module.variation_collection(self._api)
            self._collection_known = True
        return self._collection

    # --- orders ---

    def create_order(self, draft: StoreOrderDraft) -> StoreOrder:
        api = self._api
        try:
            row = api.write("POST", f"{self._dialect.root}/orders", orders.payload(draft))
        except Refused as refused:
            raise _order_refused(api, refused) from None
        return self._order(row)

    def read_orders(self, order_ids: Sequence[int]) -> Found[StoreOrder]:
        asked_at = datetime.now(UTC)
        rows = list(
            self._include(f"{self._dialect.root}/orders", order_ids, self._dialect.order_fields)
        )
        found, unreadable = _converted(rows, orders.order)
        absent = set(order_ids) - {one.order_id for one in found}
        # Lists leave out the trash; one order read by its id shows it.
        trashed = [one for number in sorted(absent) if (one := self._order_by_id(number))]
        missing = frozenset(absent) - {one.order_id for one in trashed}
        return Found((*found, *trashed), missing, unreadable, asked_at)

    def changed_orders(self, since: datetime) -> Found[StoreOrder]:
        asked_at = datetime.now(UTC)
        params = {**_modified_after(since), "_fields": self._dialect.order_fields}
        rows = self._walk_pages(f"{self._dialect.root}/orders", params)
        found, unreadable = _converted(rows, orders.order)
        newest = max((one.modified_at for one in found if one.modified_at), default=None)
        return Found(found, frozenset(), unreadable, asked_at, newest)

    def find_order(self, reference: str, since: datetime) -> StoreOrder | None:
        if self._facts is not None and self._facts.orders_search_reference:
            params = {"search": reference, "_fields": self._dialect.order_fields, "per_page": "20"}
            rows = self._page(f"{self._dialect.root}/orders", params)
            return self._ours(rows, reference)
        after = (since - timedelta(days=1)).astimezone(UTC)
        for number in range(1, LOOK_BACK_PAGES + 1):
            params = {
                "orderby": "id",
                "order": "desc",
                "per_page": str(PER_PAGE),
                "page": str(number),
                "after": _naive_gmt(after),
                "dates_are_gmt": "true",
                "_fields": self._dialect.order_fields,
            }
            rows = self._page(f"{self._dialect.root}/orders", params)
            ours = self._ours(rows, reference)
            if ours is not None or len(rows) < PER_PAGE:
                return ours
        raise NeedsVendor(
            f"{self._api.host} has too many recent orders to look for {reference} among them."
        )

    def _ours(self, rows: Sequence[Json], reference: str) -> StoreOrder | None:
        for row in rows:
            if reference in {orders.reference(row), row.get("transaction_id")}:
                return self._order(row)
        return None

    def cancel_order(self, order_id: int) -> StoreOrder:
        api = self._api
        try:
            row = api.write(
                "PUT", f"{self._dialect.root}/orders/{order_id}", {"status": "cancelled"}
            )
        except Refused as refused:
            raise _order_refused(api, refused) from None
        return self._order(row)

    def _order_by_id(self, order_id: int) -> StoreOrder | None:
        api = self._api
        try:
            row = api.get(
                f"{self._dialect.root}/orders/{order_id}", {"_fields": self._dialect.order_fields}
            )
        except Refused as refused:
            if refused.status == NOT_FOUND:
                return None
            raise api.named(refused) from None
        return self._order(row)

    def _order(self, row: Json) -> StoreOrder:
        try:
            return orders.order(row)
        except UnreadableItem as problem:
            raise Bug(
                f"{self._api.host} answered with an order we cannot read.", str(problem)
            ) from (None)

    # --- webhooks ---

    def ensure_webhooks(self, topics: Sequence[str], url: str, secret: str) -> WebhookReport:
        return webhook_setup.ensure(self._api, self._dialect, topics, url, secret)

    def remove_webhooks(self, url: str) -> int:
        return webhook_setup.remove(self._api, self._dialect, url)

    # --- pages ---

    def _page(self, path: str, params: Mapping[str, str]) -> Sequence[Json]:
        api = self._api
        try:
            return api.page(path, params).rows
        except Refused as refused:
            raise api.named(refused) from None

    def _walk_pages(self, path: str, params: Mapping[str, str]) -> list[Json]:
        """All pages of a short list (what changed), distinct by id."""
        rows: dict[object, Json] = {}
        for number in range(1, MOST_PAGES):
            page = self._page(
                path,
                {
                    **params,
                    "orderby": "id",
                    "order": "asc",
                    "per_page": str(PER_PAGE),
                    "page": str(number),
                },
            )
            rows.update({row.get("id"): row for row in page})
            if len(page) < PER_PAGE:
                break
        return list(rows.values())

    def _include(self, path: str, ids: Iterable[int], fields: str) -> Iterable[Json]:
        numbers = sorted(set(ids))
        for start in range(0, len(numbers), PER_PAGE):
            chunk = numbers[start : start + PER_PAGE]
            yield from self._page(
                path,
                {
                    "include": ",".join(str(number) for number in chunk),
                    "per_page": str(PER_PAGE),
                    "_fields": fields,
                },
            )


def _order_refused(api: Api, refused: Refused) -> Exception:
    """Invalid parameters of an order are the store's word on this order, not a bug of ours."""
    error = api.named(refused)
    if isinstance(error, Bug):
        return Rejected(f"{api.host} refused: {refused.message or refused.code}", error.internal)
    return error


def _naive_gmt(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat()


def _modified_after(since: datetime) -> Mapping[str, str]:
    """The filter is exclusive and second-precise, and wants naive GMT with the flag: "...Z" would
    be shifted by the site's zone and miss rows (recording incremental_sync.json).
    """
    return {"modified_after": _naive_gmt(since - _SECOND), "dates_are_gmt": "true"}


def _converted(
    rows: Iterable[Json], convert: Callable[[Json], Item]
) -> tuple[tuple[Item, ...], tuple[Unreadable, ...]]:
    found: list[Item] = []
    unreadable: list[Unreadable] = []
    for row in rows:
        try:
            found.append(convert(row))
        except UnreadableItem as problem:
            unreadable.append(Unreadable(problem.product_id, problem.why))
        except (ValueError, TypeError, ArithmeticError, LookupError) as problem:
            number = row.get("id")
            unreadable.append(
                Unreadable(
                    number if isinstance(number, int) else 0, f"unexpected shape ({problem})"
                )
            )
    return tuple(found), tuple(unreadable)
