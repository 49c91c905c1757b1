"""Pages of a store's collections in the words of its dialect: walks, changes, and rows by id."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from longshore.domain.pacing import Pace
from longshore.ports.errors import TryLater
from longshore.ports.stores import ConnectionProfile, ScanSlice, Unreadable
from longshore.ports.turns import Turn
from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.client import NOT_FOUND, Api, Page, Refused
from longshore.stores.woocommerce.dialects import Dialect
from longshore.stores.woocommerce.languages import every_language
from longshore.stores.woocommerce.products import UnreadableItem
from longshore.stores.woocommerce.scan import Singled, Waits, Walk, is_busy
from longshore.stores.woocommerce.wire import Json

Item = TypeVar("Item")
MOST_PAGES = 1000
MOST_BROKEN = 50
"""Rows in a row that are looked at one by one."""
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


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows and the time they speak of: of the oldest page among them. `broken`: ids that the shop
    breaks on, with what it said.
    """

    rows: Sequence[Json]
    true_since: datetime
    broken: Mapping[int, str] = field(default_factory=dict[int, str])

    def __iter__(self) -> Iterator[Json]:
        return iter(self.rows)


@dataclass(slots=True)
class Reader:
    """Reads lists of one store. A walk's pace is shared by all walks of the job."""

    api: Api
    dialect: Dialect
    profile: ConnectionProfile
    pace: Pace
    waits: Waits = field(default_factory=Waits)
    timeout_s: float = 60.0

    def walk(
        self,
        collection: Collection,
        convert: Callable[[Json], Iterable[Item]],
        cursor: str | None,
        turn: Turn,
        given: Mapping[str, str] | None = None,
    ) -> Iterator[ScanSlice[Item]]:
        """A slice of the walk over the collection (filtered by `given`), by id, in parts."""

        def fetch(offset: int, limit: int) -> Page:
            return self.window(collection, offset, limit, given=given)

        def single_out(offset: int) -> Singled:
            return self._single_out(collection, offset, given)

        return Walk(fetch, convert, self.pace, single_out, self.waits).run(cursor, turn)

    def window(
        self,
        collection: Collection,
        offset: int,
        limit: int,
        *,
        fields: str | None = None,
        given: Mapping[str, str] | None = None,
    ) -> Page:
        """The rows from `offset` on, in the order of their ids."""
        names = self.dialect.names
        params = {
            **(given or {}),
            names.limit: str(limit),
            names.offset: str(offset),
            **names.by_id,
            **names.skip_cache,
            **self._fields(collection.fields if fields is None else fields),
        }
        return self._page(collection, params)

    def changed(self, collection: Collection, since: datetime) -> Rows:
        """Rows modified after `since`, by the filter the store has; nothing where it has none."""
        at = self.waits.now()
        rows, age_s = self._changed(collection, since)
        return Rows(rows, at - timedelta(seconds=age_s))

    def _changed(self, collection: Collection, since: datetime) -> tuple[Sequence[Json], float]:
        given = self.changed_filter(since)
        if given is not None:
            return self._all(collection, given)
        if self.profile.changes_by == "orderby_modified":
            return self._newest_changes(collection, since)
        return (), 0.0

    def changed_filter(self, since: datetime) -> Mapping[str, str] | None:
        """The parameters that leave only what was modified after `since`; None: there are none."""
        at = self.dialect.moment((since - _SECOND).astimezone(UTC))
        match self.profile.changes_by:
            case "modified_after":
                # Exclusive, second-precise, and naive GMT with the flag: "...Z" would be shifted
                # by the site's zone and miss rows (recording incremental_sync.json).
                return {"modified_after": at, "dates_are_gmt": "true"}
            case "updated_at_min":
                return {"filter[updated_at_min]": at}
            case _:
                return None

    def by_ids(self, collection: Collection, ids: Iterable[int], fields: str | None = None) -> Rows:
        """Rows by id; those the store does not have are not among them. A store that does not know
        the filter sends others: then each is asked for by itself.
        """
        numbers = sorted(set(ids))
        found: list[Json] = []
        at, oldest_s = self.waits.now(), 0.0
        size = self.pace.page_size
        if self.profile.short_queries:
            size = min(size, FEW)
        broken: dict[int, str] = {}
        for start in range(0, len(numbers), size):
            chunk = numbers[start : start + size]
            for page in self._some(collection, chunk, fields, broken):
                found += page.rows
                oldest_s = max(oldest_s, page.age_s)
        return Rows(found, at - timedelta(seconds=oldest_s), broken)

    def _some(
        self,
        collection: Collection,
        chunk: Sequence[int],
        fields: str | None,
        broken: dict[int, str],
    ) -> Iterator[Page]:
        """These rows. Where the shop breaks on them although it answers otherwise, they are halved
        until the ones remain that it breaks on.
        """
        try:
            page = self._included(collection, chunk, fields)
        except TryLater as error:
            if error.after is not None or is_busy(error):
                raise
            self.window(collection, 0, 1, fields="id")
            if len(chunk) == 1:
                broken[chunk[0]] = f"the shop breaks on it ({error.internal})"
                return
            half = len(chunk) // 2
            yield from self._some(collection, chunk[:half], fields, broken)
            yield from self._some(collection, chunk[half:], fields, broken)
            return
        if page is not None:
            yield page
            return
        rows = [row for number in chunk if (row := self.by_id(collection, number, fields))]
        yield Page(rows, -1, 0.0)

    def by_id(self, collection: Collection, number: int, fields: str | None = None) -> Json | None:
        """One row, None where the store does not have it."""
        params = {
            **self._fields(collection.fields if fields is None else fields),
            **self._filters(collection),
        }
        try:
            row = wire.mapping(self.api.get(f"{collection.route}/{number}", params))
        except Refused as refused:
            if refused.status == NOT_FOUND or refused.code in _ONE_GONE:
                return None
            raise self.api.named(refused) from None
        row = wire.mapping(row.get(collection.single)) if collection.single else row
        return collection.reshape(row)

    def children(self, parent: int, fields: str, offset: int, limit: int) -> Page:
        """Variations of one product. Raises Refused."""
        names = self.dialect.names
        params = {
            names.limit: str(limit),
            names.offset: str(offset),
            **names.by_id,
            **names.skip_cache,
            names.fields: fields,
        }
        route = f"{self.dialect.root}/products/{parent}/variations"
        return self.api.page(route, params, timeout_s=self.pace.patience_s(self.timeout_s))

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

    def _newest_changes(
        self, collection: Collection, since: datetime
    ) -> tuple[Sequence[Json], float]:
        size = self.pace.page_size
        found: list[Json] = []
        oldest_s = 0.0
        for number in range(MOST_PAGES):
            params = {
                self.dialect.names.limit: str(size),
                self.dialect.names.offset: str(number * size),
                "orderby": "modified",
                "order": "desc",
                **self._fields(collection.fields),
            }
            page = self._page(collection, params)
            oldest_s = max(oldest_s, page.age_s)
            for row in page.rows:
                at = wire.moment(row.get("date_modified_gmt"))
                if at is not None and at < since - _SECOND:
                    return found, oldest_s
                found.append(row)
            if len(page.rows) < size:
                break
        return found, oldest_s

    def _all(
        self, collection: Collection, given: Mapping[str, str]
    ) -> tuple[Sequence[Json], float]:
        """All pages of a short list, distinct by id, and how old the oldest is."""
        names, size = self.dialect.names, self.pace.page_size
        rows: dict[object, Json] = {}
        oldest_s = 0.0
        for number in range(MOST_PAGES):
            params = {
                **given,
                **names.by_id,
                names.limit: str(size),
                names.offset: str(number * size),
                **self._fields(collection.fields),
            }
            page = self._page(collection, params)
            oldest_s = max(oldest_s, page.age_s)
            rows.update({row.get("id"): row for row in page.rows})
            if len(page.rows) < size:
                break
        return list(rows.values()), oldest_s

    def _included(
        self, collection: Collection, chunk: Sequence[int], fields: str | None
    ) -> Page | None:
        names = self.dialect.names
        params = {
            names.include: ",".join(str(number) for number in chunk),
            names.limit: str(len(chunk)),
            **names.skip_cache,
            **self._fields(collection.fields if fields is None else fields),
        }
        if collection.envelope == "orders" or collection.route.endswith("/orders"):
            params |= names.every_order
        page = self._page(collection, params)
        got = {wire.integer(row.get("id")) for row in page.rows}
        return page if got <= set(chunk) else None

    def _single_out(
        self, collection: Collection, offset: int, given: Mapping[str, str] | None
    ) -> Singled:
        """Rows one by one, up to the first good one behind those that break the shop. One is broken
        when the shop breaks on it and answers again right after. The row at the offset was seen
        already, unless it is the very first. Raises TryLater when the shop answers nothing at all.
        """
        self.window(collection, offset - 1 if offset else 1, 1, fields="id", given=given)
        rows: list[Json] = []
        broken: list[Unreadable] = []
        places, total, age_s = 0, -1, 0.0
        while places < MOST_BROKEN:
            try:
                page = self.window(collection, offset + places, 1, given=given)
            except TryLater as error:
                broken.append(self._broken(collection, offset + places, given, error))
                places += 1
                continue
            rows += page.rows
            total, age_s = page.total, max(age_s, page.age_s)
            places += len(page.rows)
            if places > 1 or not page.rows:
                break
        return Singled(Page(rows, total, 0.0, age_s, singled=True), places, tuple(broken))

    def _broken(
        self,
        collection: Collection,
        place: int,
        given: Mapping[str, str] | None,
        error: TryLater,
    ) -> Unreadable:
        """What is known of a row that breaks the shop. Raises TryLater when it is not the row."""
        why = f"the shop breaks on it ({error.internal})"
        try:
            rows = self.window(collection, place, 1, fields="id", given=given).rows
        except TryLater:
            neighbor = place - 1 if place else place + 1
            self.window(collection, neighbor, 1, fields="id", given=given)
            return Unreadable(0, f"number {place + 1} by age: {why}")
        number = wire.integer(rows[0].get("id")) if rows else 0
        return Unreadable(number or 0, why)

    def _page(self, collection: Collection, params: Mapping[str, str]) -> Page:
        given = {**params, **self._filters(collection)}
        patience_s = self.pace.patience_s(self.timeout_s)
        try:
            page = self.api.page(collection.route, given, collection.envelope, patience_s)
        except Refused as refused:
            raise self.api.named(refused) from None
        rows = [collection.reshape(row) for row in page.rows]
        return Page(rows, page.total, page.elapsed_s, page.age_s)

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
