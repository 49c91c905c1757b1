"""Lists of products and variations: what their parameters filter, and in which order rows come.

Dates tie where rows were imported together, and the database breaks such ties anew for every page:
walking pages in that order repeats some rows and never shows others, as recorded.
"""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from simulators.woocommerce.catalog import TRASH, Product
from simulators.woocommerce.generated import mixed
from simulators.woocommerce.jsonish import Json
from simulators.woocommerce.plugins import WPML
from simulators.woocommerce.rest.dates import second_of
from simulators.woocommerce.rest.languages import LANGUAGES
from simulators.woocommerce.rest.requests import Request, page_of
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.stock import in_sale, number
from simulators.woocommerce.texts import slug_of

Test = Callable[[Product], bool]
KEPT_LISTS = 12
IGNORED = frozenset({"page", "per_page", "offset", "order", "orderby", "_fields", "context"})


class Collections:
    """Remembers the last filtered and sorted lists while the catalog does not change."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._kept: OrderedDict[object, tuple[int, Any]] = OrderedDict()

    def page(
        self, request: Request, base: str, parents: Iterable[int] = ()
    ) -> tuple[list[int], int]:
        """Ids of the asked page, and how many there are. `base`: products, variations, both, or
        children (of `parents`).
        """
        ids = self._filtered(request, base, tuple(parents))
        order_by, order = str(request.params["orderby"]), str(request.params["order"])
        where = page_of(request, len(ids))
        if order_by == "id":
            return list(ids[where] if order == "asc" else ids[::-1][where]), len(ids)
        if order_by in {"include", "post__in"}:
            return self._as_included(request, ids)[where], len(ids)
        ordered, ranks = self._ordered(ids, order_by, order)
        tied = order_by == "modified" or (order_by == "date" and base in {"products", "both"})
        if not tied or self._shop.settings.version.stable_paging:
            return list(ordered[where]), len(ids)
        return _untie(ordered, ranks, where), len(ids)

    # --- which rows ---

    def _filtered(self, request: Request, base: str, parents: tuple[int, ...]) -> Sequence[int]:
        known = {*request.declared, "lang"} - IGNORED
        asked = {name: value for name, value in request.params.items() if name in known}
        tests = _tests(self._shop, asked)
        if base == "children":
            ids: Sequence[int] = self._children(parents)
        elif base == "products":
            ids = self._live()
        elif base == "variations":
            ids = self._shop.catalog.variation_ids
        else:
            ids = sorted([*self._live(), *self._shop.catalog.variation_ids])
        status = str(asked.get("status", "any"))
        if status == TRASH or TRASH in asked.get("include_status", ()):
            ids = [*ids, *sorted(self._shop.catalog.trashed)] if base != "children" else ids
            ids = sorted(set(ids))
        if not tests and not asked.get("include"):
            return ids
        key = (base, parents, repr(sorted(asked.items(), key=lambda pair: pair[0])))
        version = self._shop.catalog.version
        kept = self._kept.get(key)
        if kept is None or kept[0] != version:
            kept = (version, self._matching(asked, ids, tests))
            self._keep(key, kept)
        return kept[1]

    def _matching(self, asked: Json, ids: Sequence[int], tests: Sequence[Test]) -> Sequence[int]:
        catalog = self._shop.catalog
        wanted = self._candidates(asked)
        if wanted is not None:
            known = _Sorted(ids)
            ids = [row_id for row_id in sorted(set(wanted)) if row_id in known]
        found = [row.id for row in catalog.rows(ids) if all(test(row) for test in tests)]
        return array("q", found)

    def _candidates(self, asked: Json) -> Iterable[int] | None:
        """The only rows that can match, where that is known without looking at each."""
        if asked.get("include"):
            return asked["include"]
        if asked.get("sku") and not asked.get("search_sku"):
            parts = str(asked["sku"]).split(",")
            return [row for sku in parts for row in self._shop.catalog.ids_of_sku(sku)]
        if "modified_after" in asked:
            return self._shop.catalog.changed_since(_after(self._shop, asked))
        return None

    def _live(self) -> Sequence[int]:
        catalog = self._shop.catalog
        if not catalog.trashed:
            return catalog.product_ids
        kept = self._kept.get("live")
        if kept is None or kept[0] != catalog.membership:
            ids = array("q", (i for i in catalog.product_ids if i not in catalog.trashed))
            kept = (catalog.membership, ids)
            self._keep("live", kept)
        return kept[1]

    def _children(self, parents: tuple[int, ...]) -> list[int]:
        rows = self._shop.catalog.rows(parents)
        return sorted(child for parent in rows for child in parent.children)

    def _keep(self, key: object, value: tuple[int, Any]) -> None:
        self._kept.pop(key, None)
        self._kept[key] = value
        if len(self._kept) > KEPT_LISTS:
            self._kept.popitem(last=False)

    # --- in which order ---

    def _as_included(self, request: Request, ids: Sequence[int]) -> list[int]:
        wanted: list[int] = request.params.get("include") or []
        places = {row_id: place for place, row_id in enumerate(wanted)}
        return sorted(ids, key=lambda row_id: places.get(row_id, 0))

    def _ordered(
        self, ids: Sequence[int], order_by: str, order: str
    ) -> tuple[Sequence[int], Sequence[int]]:
        """The ids, and rising numbers beside them that are equal where the sort keys are."""
        catalog = self._shop.catalog
        version = catalog.membership if order_by == "date" else catalog.version
        key = ("order", order_by, order, len(ids), ids[0] if ids else 0, ids[-1] if ids else 0)
        kept = self._kept.get(key)
        if kept is None or kept[0] != version or kept[1][2] is not ids:
            pairs = sorted(
                zip(self._keys(ids, order_by), ids, strict=True), reverse=order == "desc"
            )
            ranks = array("q", bytes(8 * len(pairs)))
            for place in range(1, len(pairs)):
                ranks[place] = ranks[place - 1] + (pairs[place][0] != pairs[place - 1][0])
            kept = (version, (array("q", (row_id for _, row_id in pairs)), ranks, ids))
            self._keep(key, kept)
        return kept[1][0], kept[1][1]

    def _keys(self, ids: Sequence[int], order_by: str) -> list[Any]:
        catalog = self._shop.catalog
        if order_by == "date":
            return [catalog.created(row_id) for row_id in ids]
        if order_by == "random":
            return [mixed(catalog.version, row_id) for row_id in ids]
        sort = _SORTS.get(order_by, _newest_id)
        return [sort(row) for row in catalog.rows(ids)]


def _collated(name: str) -> str:
    """Symbols come first, as in the database."""
    return re.sub(r"[^\w ]", "", name.casefold())


def _newest_id(row: Product) -> tuple[int, int]:
    """What nobody has set, such as ratings: all alike."""
    return 0, -row.id


_SORTS: dict[str, Callable[[Product], Any]] = {
    "modified": lambda row: row.modified,
    "title": lambda row: (_collated(row.name), row.id),
    "slug": lambda row: (row.slug, row.id),
    "price": lambda row: (number(row.price) or 0, row.id),
    "menu_order": lambda row: (row.content.get("menu_order", 0), _collated(row.name), row.id),
    "popularity": lambda row: (row.total_sales, row.id),
    "sales": lambda row: (row.total_sales, row.id),
}


class _Sorted:
    """Membership in a sorted sequence."""

    def __init__(self, ids: Sequence[int]) -> None:
        self._ids = ids

    def __contains__(self, row_id: int) -> bool:
        place = bisect_left(self._ids, row_id)
        return place < len(self._ids) and self._ids[place] == row_id


def _untie(ids: Sequence[int], keys: Sequence[int], where: "slice[int, int, None]") -> list[int]:
    """The page as a sort with this limit makes it: ties in an order of its own."""
    if where.start >= where.stop:
        return []
    first = bisect_left(keys, keys[where.start])
    last = bisect_right(keys, keys[where.stop - 1])
    salt = where.start * 1_000_003 + where.stop
    tied = zip(keys[first:last], ids[first:last], strict=True)
    window = sorted((key, mixed(salt, row_id), row_id) for key, row_id in tied)
    return [row_id for _, _, row_id in window[where.start - first : where.stop - first]]


def _after(shop: Shop, asked: Json) -> int:
    gmt = bool(asked.get("dates_are_gmt"))
    return second_of(shop.clock, str(asked["modified_after"]), gmt=gmt)


def _tests(shop: Shop, asked: Json) -> list[Test]:
    tests: list[Test] = []
    if WPML in shop.settings.plugins:
        asked = {"lang": LANGUAGES[0][0], **asked}  # the default language, unless asked otherwise
    for name, value in asked.items():
        make = _FILTERS.get(name)
        if make is not None and value not in (None, "", []):
            test = make(shop, value, asked)
            if test is not None:
                tests.append(test)
    return tests


def _dated(field: str, *, later: bool) -> Callable[[Shop, Any, Json], Test]:
    def make(shop: Shop, value: Any, asked: Json) -> Test:
        second = second_of(shop.clock, str(value), gmt=bool(asked.get("dates_are_gmt")))
        if later:
            return lambda row: getattr(row, field) > second
        return lambda row: getattr(row, field) < second

    return make


def _status(_: Shop, value: Any, asked: Json) -> Test | None:
    if value == "any" or asked.get("include_status"):
        return None
    return lambda row: row.status == value


def _sku(shop: Shop, value: Any, asked: Json) -> Test | None:
    if asked.get("search_sku") or asked.get("search_name_or_sku"):
        return None
    text = str(value).casefold()
    wanted = {text, *text.split(",")} if shop.settings.version.sku_lists else {text}
    return lambda row: row.sku.casefold() in wanted


def _words(value: Any, *texts: Callable[[Product], str]) -> Test:
    """Every word somewhere in the texts."""
    words = [word for word in str(value).casefold().split() if word]
    return lambda row: all(any(word in text(row).casefold() for text in texts) for word in words)


def _search(_: Shop, value: Any, asked: Json) -> Test:
    known: dict[str, Callable[[Product], str]] = {
        "name": lambda row: row.name,
        "sku": lambda row: row.sku,
        "global_unique_id": lambda row: str(row.content.get("global_unique_id", "")),
        "description": lambda row: str(row.content.get("description", "")),
        "short_description": lambda row: str(row.content.get("short_description", "")),
    }
    plain = ["name", "description", "short_description"]
    return _words(value, *(known[name] for name in asked.get("search_fields") or plain))


def _in(field: Callable[[Product], Any]) -> Callable[[Shop, Any, Json], Test]:
    return lambda _shop, value, _asked: lambda row: field(row) in value


def _out(field: Callable[[Product], Any]) -> Callable[[Shop, Any, Json], Test]:
    return lambda _shop, value, _asked: lambda row: field(row) not in value


def _is(field: Callable[[Product], Any]) -> Callable[[Shop, Any, Json], Test]:
    return lambda _shop, value, _asked: lambda row: field(row) == value


def _content(name: str, default: Any = None) -> Callable[[Product], Any]:
    return lambda row: row.content.get(name, default)


def _term(name: str) -> Callable[[Shop, Any, Json], Test]:
    def make(_: Shop, value: Any, _asked: Json) -> Test:
        wanted = {int(part) for part in str(value).split(",") if part.strip().isdigit()}
        return lambda row: any(term["id"] in wanted for term in row.content.get(name, ()))

    return make


def _language(shop: Shop, value: Any, _: Json) -> Test | None:
    """WPML filters products by language; Polylang's free edition does not. A language that the shop
    does not have is as good as none.
    """
    if WPML not in shop.settings.plugins or value == "all":
        return None
    default = LANGUAGES[0][0]
    wanted = value if value in {code for code, *_ in LANGUAGES} else default
    return lambda row: row.content.get("lang", default) == wanted


def _on_sale(shop: Shop, value: Any, _: Json) -> Test:
    now = shop.clock.second()

    def test(row: Product) -> bool:
        rows = shop.catalog.children_of(row) if row.kind == "variable" else [row]
        return any(in_sale(one, now) for one in rows) == value

    return test


def _price(*, least: bool) -> Callable[[Shop, Any, Json], Test]:
    def make(_: Shop, value: Any, _asked: Json) -> Test:
        bound = number(str(value)) or 0

        def test(row: Product) -> bool:
            price = number(row.price) or 0
            return price >= bound if least else price <= bound

        return test

    return make


_FILTERS: dict[str, Callable[[Shop, Any, Json], Test | None]] = {
    "status": _status,
    "include_status": _in(lambda row: row.status),
    "exclude_status": _out(lambda row: row.status),
    "type": _is(lambda row: row.kind),
    "include_types": _in(lambda row: row.kind),
    "exclude_types": _out(lambda row: row.kind),
    "exclude": _out(lambda row: row.id),
    "parent": _in(lambda row: row.parent_id),
    "parent_exclude": _out(lambda row: row.parent_id),
    "after": _dated("created", later=True),
    "before": _dated("created", later=False),
    "modified_after": _dated("modified", later=True),
    "modified_before": _dated("modified", later=False),
    "slug": lambda _, value, _asked: lambda row: row.slug == slug_of(str(value)),
    "sku": _sku,
    "search_sku": lambda _, value, _asked: _words(value, lambda row: row.sku),
    "search_name_or_sku": lambda _, value, _asked: _words(
        value, lambda row: row.name, lambda row: row.sku
    ),
    "search": _search,
    "global_unique_id": lambda _, value, _asked: (
        lambda row: row.content.get("global_unique_id", "") in str(value).split(",")
    ),
    "stock_status": _is(lambda row: row.stock_status),
    "in_stock": _is(lambda row: row.stock_status != "outofstock"),
    "featured": _is(_content("featured", default=False)),
    "virtual": _is(_content("virtual", default=False)),
    "downloadable": _is(_content("downloadable", default=False)),
    "category": _term("categories"),
    "tag": _term("tags"),
    "on_sale": _on_sale,
    "lang": _language,
    "min_price": _price(least=True),
    "max_price": _price(least=False),
}
