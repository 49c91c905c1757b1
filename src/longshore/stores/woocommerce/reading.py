"""Pages of a store's collections in the words of its dialect: walks, changes, and rows by id."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from longshore.ports.errors import LongshoreError, TryLater
from longshore.ports.stores import ConnectionProfile, ScanSlice, Unreadable
from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.client import NOT_FOUND, Api, Page, Refused
from longshore.stores.woocommerce.dialects import Dialect
from longshore.stores.woocommerce.languages import every_language
from longshore.stores.woocommerce.pace import Pace
from longshore.stores.woocommerce.products import UnreadableItem
from longshore.stores.woocommerce.scan import Walk
from longshore.stores.woocommerce.wire import Json

Item = TypeVar("Item")
MOST_PAGES = 1000
SHORT = 100
FEW = 15
"""Characters of fields, and ids, that a short address may name."""
_SECOND = timedelta(seconds=1)
_ONE_GONE = frozenset({"woocommerce_api_invalid_product", "woocommerce_api_invalid_order"})


@dataclass(frozen=True, slots=True)
class Collection:
    """One list of a store: its route, the key its rows stand under, what is asked of each row, and
    how a row becomes one of `wc/v3`.
    """

    route: str
    envelope: str
    single: str
    fields: str
    reshape: Callable[[Json], Json]


@dataclass(slots=True)
class Reader:
    """Reads lists of one store. A walk's pace is shared by all walks of the job."""

    api: Api
    dialect: Dialect
    profile: ConnectionProfile
    pace: Pace

    def walk(
        self,
        collection: Collection,
        convert: Callable[[Json], Iterable[Item]],
        cursor: str | None,
        budget_s: float,
    ) -> Iterator[ScanSlice[Item]]:
        """A slice of the walk over everything in the collection, by id, in parts."""

        def fetch(offset: int, limit: int) -> Page:
            return self.window(collection, offset, limit)

        def one_by_one(offset: int, limit: int) -> tuple[Page, Mapping[int, str]]:
            return self._one_by_one(collection, offset, limit)

        return Walk(fetch, convert, self.pace, one_by_one).run(cursor, budget_s)

    def window(
        self, collection: Collection, offset: int, limit: int, fields: str | None = None
    ) -> Page:
        """The rows from `offset` on, in the order of their ids."""
        names = self.dialect.names
        params = {
            names.limit: str(limit),
            names.offset: str(offset),
            **names.by_id,
            **names.skip_cache,
            **self._fields(collection.fields if fields is None else fields),
        }
        return self._page(collection, params)

    def changed(self, collection: Collection, since: datetime) -> list[Json]:
        """Rows modified after `since`, by the filter the store has; nothing where it has none."""
        match self.profile.changes_by:
            case "modified_after":
                # Exclusive, second-precise, and naive GMT with the flag: "...Z" would be shifted
                # by the site's zone and miss rows (recording incremental_sync.json).
                at = self.dialect.moment((since - _SECOND).astimezone(UTC))
                given = {"modified_after": at, "dates_are_gmt": "true"}
                return self._all(collection, given)
            case "updated_at_min":
                at = self.dialect.moment((since - _SECOND).astimezone(UTC))
                return self._all(collection, {"filter[updated_at_min]": at})
            case "orderby_modified":
                return list(self._newest_changes(collection, since))
            case _:
                return []

    def by_ids(self, collection: Collection, ids: Iterable[int]) -> list[Json]:
        """Rows by id; those the store does not have are not among them. A store that does not know
        the filter sends others: then each is asked for by itself.
        """
        numbers = sorted(set(ids))
        found: list[Json] = []
        size = self.pace.page_size
        if self.profile.short_queries:
            size = min(size, FEW)
        for start in range(0, len(numbers), size):
            chunk = numbers[start : start + size]
            rows = self._included(collection, chunk)
            if rows is None:
                rows = [row for number in chunk if (row := self.by_id(collection, number))]
            found += rows
        return found

    def by_id(self, collection: Collection, number: int) -> Json | None:
        """One row, None where the store does not have it."""
        params = {**self._fields(collection.fields), **self._filters(collection)}
        try:
            row = wire.mapping(self.api.get(f"{collection.route}/{number}", params))
        except Refused as refused:
            if refused.status == NOT_FOUND or refused.code in _ONE_GONE:
                return None
            raise self.api.named(refused) from None
        row = wire.mapping(row.get(collection.single)) if collection.single else row
        return collection.reshape(row)

    def newest(
        self, collection: Collection, after: datetime, most_pages: int
    ) -> Iterator[Sequence[Json]]:
        """Pages of what was made since, the newest first. Raises TryLater when there are more than
        `most_pages`: then nobody may conclude that something is not among them.
        """
        names = self.dialect.names
        size = self.pace.page_size
        at = self.dialect.moment((after - timedelta(days=1)).astimezone(UTC))
        for number in range(most_pages):
            params = {
                names.limit: str(size),
                names.offset: str(number * (size - 1)),
                names.created_after: at,
                **names.newest_first,
                **names.every_order,
                **self._fields(collection.fields),
            }
            rows = self._page(collection, params).rows
            yield rows
            if len(rows) < size:
                return
        raise TryLater(
            f"{self.api.host} has too many recent orders to look through; we look again later.",
            f"{self.api.host}: more than {most_pages} pages of recent orders",
        )

    def _newest_changes(self, collection: Collection, since: datetime) -> Iterator[Json]:
        size = self.pace.page_size
        for number in range(MOST_PAGES):
            params = {
                self.dialect.names.limit: str(size),
                self.dialect.names.offset: str(number * size),
                "orderby": "modified",
                "order": "desc",
                **self._fields(collection.fields),
            }
            rows = self._page(collection, params).rows
            for row in rows:
                at = wire.moment(row.get("date_modified_gmt"))
                if at is not None and at < since - _SECOND:
                    return
                yield row
            if len(rows) < size:
                return

    def _all(self, collection: Collection, given: Mapping[str, str]) -> list[Json]:
        """All pages of a short list, distinct by id."""
        names, size = self.dialect.names, self.pace.page_size
        rows: dict[object, Json] = {}
        for number in range(MOST_PAGES):
            params = {
                **given,
                **names.by_id,
                names.limit: str(size),
                names.offset: str(number * size),
                **self._fields(collection.fields),
            }
            page = self._page(collection, params)
            rows.update({row.get("id"): row for row in page.rows})
            if len(page.rows) < size:
                break
        return list(rows.values())

    def _included(self, collection: Collection, chunk: Sequence[int]) -> list[Json] | None:
        names = self.dialect.names
        params = {
            names.include: ",".join(str(number) for number in chunk),
            names.limit: str(len(chunk)),
            **names.skip_cache,
            **self._fields(collection.fields),
        }
        if collection.envelope == "orders" or collection.route.endswith("/orders"):
            params |= names.every_order
        rows = self._page(collection, params).rows
        got = {wire.integer(row.get("id")) for row in rows}
        return list(rows) if got <= set(chunk) else None

    def _one_by_one(
        self, collection: Collection, offset: int, limit: int
    ) -> tuple[Page, Mapping[int, str]]:
        """The rows of a page that breaks the shop: ids first, then each alone."""
        page = self.window(collection, offset, limit, fields="id")
        rows: list[Json] = []
        broken: dict[int, str] = {}
        for row in page.rows:
            number = wire.integer(row.get("id")) or 0
            try:
                whole = self.by_id(collection, number)
            except LongshoreError as error:
                broken[number], whole = f"the shop breaks on it ({error.internal})", {"id": number}
            rows.append(whole or {"id": number})
        return Page(rows, page.total, page.elapsed_s), broken

    def _page(self, collection: Collection, params: Mapping[str, str]) -> Page:
        given = {**params, **self._filters(collection)}
        try:
            page = self.api.page(collection.route, given, collection.envelope)
        except Refused as refused:
            raise self.api.named(refused) from None
        rows = [collection.reshape(row) for row in page.rows]
        return Page(rows, page.total, page.elapsed_s)

    def _filters(self, collection: Collection) -> Mapping[str, str]:
        if collection.single == "order" or collection.route.endswith("/orders"):
            return self.dialect.order_filters
        return every_language(self.profile)

    def _fields(self, fields: str) -> Mapping[str, str]:
        """Where long addresses are turned away only the short wish for a few fields is said."""
        if self.profile.short_queries and len(fields) > SHORT:
            return {}
        return {self.dialect.names.fields: fields} if fields else {}


def converted(
    rows: Iterable[Json], convert: Callable[[Json], Item]
) -> tuple[tuple[Item, ...], tuple[Unreadable, ...]]:
    """The items of rows, and those that could not be understood."""
    found: list[Item] = []
    unreadable: list[Unreadable] = []
    for row in rows:
        number = wire.integer(row.get("id")) or 0
        try:
            found.append(convert(row))
        except UnreadableItem as problem:
            unreadable.append(Unreadable(problem.product_id or number, problem.why))
        except (ValueError, TypeError, ArithmeticError, LookupError) as problem:
            unreadable.append(Unreadable(number, f"unexpected shape ({problem})"))
    return tuple(found), tuple(unreadable)
