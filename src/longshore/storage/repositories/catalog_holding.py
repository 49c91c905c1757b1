"""The brake on one part of a reading, before it is merged: what is too large to be believed is
taken out of the incoming rows and held, so that the merges see the values in force.

Also readings that are older than what is known (a cache answered, or a slow lane came last): their
stock is left out in the same way.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.backends.utils import CursorWrapper

from longshore.domain.brakes import (
    PRICES,
    RECENT,
    SOLD_OUT,
    VANISHED,
    BrakeKind,
    Limit,
    Sample,
    is_mass,
    price_is_suspicious,
    sells,
)
from longshore.domain.catalog import TRANSLATION
from longshore.domain.lanes import LITTLE_LEFT, SOLD_LATELY, Lane
from longshore.domain.stock import StockStatus, StoreStock
from longshore.storage.models import Brake, BrakeState, HeldChange, WatchedProduct
from longshore.storage.repositories import brakes
from longshore.storage.repositories.brakes import Held, Seen
from longshore.storage.repositories.catalog_products import Where

SELLS = (
    "CASE WHEN {0}.tracked THEN coalesce({0}.quantity, 0) > 0 ELSE {0}.stock_status = 'instock' END"
)
_JOIN = (
    "{source} i JOIN storage_vendorvariant o ON o.store_id = %(store)s"
    " AND o.product_id_in_store = i.product_id_in_store AND o.variation_id = i.variation_id"
    " AND o.absent_since IS NULL"
)
_SUSPECTS = f"""
SELECT o.id, o.product_id_in_store, o.tracked, o.quantity, o.stock_status, o.regular_price,
    o.sale_price, i.tracked, i.quantity, i.stock_status, {{prices}},
    o.stock_requested_at > %(requested)s
FROM {_JOIN} WHERE o.stock_requested_at > %(requested)s
    OR EXISTS (SELECT 1 FROM storage_heldchange h WHERE h.variant_id = o.id)
    OR ({SELLS.format("o")} AND NOT {SELLS.format("i")}) {{moved}}
"""  # noqa: S608 - our own names
_COUNT = f"SELECT count(*) FROM {_JOIN} WHERE {{what}}"  # noqa: S608
_KEEP_STOCK = """
UPDATE {source} i SET tracked = o.tracked, quantity = o.quantity, stock_status = o.stock_status,
    pooled = o.pooled, held = true
FROM storage_vendorvariant o WHERE o.id = ANY(%(ids)s)
    AND o.product_id_in_store = i.product_id_in_store AND o.variation_id = i.variation_id
"""
_KEEP_PRICES = """
UPDATE {source} i SET regular_price = o.regular_price, sale_price = o.sale_price
FROM storage_vendorvariant o WHERE o.id = ANY(%(ids)s)
    AND o.product_id_in_store = i.product_id_in_store AND o.variation_id = i.variation_id
"""


@dataclass(frozen=True, slots=True)
class _Suspect:
    """A variant whose reading needs a second look: what is in force, and what the store says."""

    variant_id: int
    product_id: int
    was: StoreStock
    says: StoreStock
    price_was: Decimal | None
    sale_was: Decimal | None
    price_says: Decimal | None
    sale_says: Decimal | None
    stale: bool

    @property
    def sold_out(self) -> bool:
        return sells(self.was) and not sells(self.says)

    @property
    def repriced(self) -> bool:
        return price_is_suspicious(self.price_was, self.price_says)


@dataclass(slots=True)
class _Verdict:
    """Variants whose stock, or prices, stay as they are."""

    stock: list[int] = field(default_factory=list[int])
    prices: list[int] = field(default_factory=list[int])


def hold_back_variants(cursor: CursorWrapper, where: Where, source: str, *, priced: bool) -> None:
    """Looks at the filled table `source` before it is merged. `priced`: it has prices as well.
    Held or outdated rows get the values in force and the mark `held`.
    """
    suspects = _suspects(cursor, where, source, priced=priced)
    if not suspects:
        return
    verdict = _Verdict([one.variant_id for one in suspects if one.stale])
    fresh = [one for one in suspects if not one.stale]
    known = _known_changes([one.variant_id for one in fresh])
    part = _Part(cursor, where, source)
    verdict.stock += part.hold_stock(fresh, known[BrakeKind.SOLD_OUT])
    if priced:
        verdict.prices += part.hold_prices(fresh, known[BrakeKind.PRICES])
    names = {**where.names(), "ids": verdict.stock}
    if verdict.stock:
        cursor.execute(_KEEP_STOCK.format(source=source), names)
    if verdict.prices:
        cursor.execute(_KEEP_PRICES.format(source=source), {**names, "ids": verdict.prices})


def _suspects(cursor: CursorWrapper, where: Where, source: str, *, priced: bool) -> list[_Suspect]:
    prices = "i.regular_price, i.sale_price" if priced else "o.regular_price, o.sale_price"
    moved = "OR (o.regular_price > 0 AND i.regular_price IS DISTINCT FROM o.regular_price)"
    text = _SUSPECTS.format(source=source, prices=prices, moved=moved if priced else "")
    cursor.execute(text, where.names())
    return [
        _Suspect(
            row[0],
            row[1],
            StoreStock(row[2], row[3], StockStatus(row[4])),
            StoreStock(row[7], row[8], StockStatus(row[9])),
            row[5],
            row[6],
            row[10],
            row[11],
            row[12],
        )
        for row in cursor.fetchall()
    ]


def _known_changes(variant_ids: Sequence[int]) -> dict[str, dict[int, HeldChange]]:
    known: defaultdict[str, dict[int, HeldChange]] = defaultdict(dict)
    for change in HeldChange.objects.filter(variant_id__in=variant_ids):
        if change.variant_id is not None:
            known[change.kind][change.variant_id] = change
    return known


@dataclass(slots=True)
class _Part:
    cursor: CursorWrapper
    where: Where
    source: str

    @property
    def _seen(self) -> Seen:
        where = self.where
        return Seen(where.marketplace_id, where.store_id, where.lane, where.at, where.requested_at)

    # --- stock ---

    def hold_stock(self, suspects: Sequence[_Suspect], known: dict[int, HeldChange]) -> list[int]:
        """Variants whose "sold out" is not believed now."""
        kept = [one for one in suspects if one.variant_id in known and not sells(one.says)]
        self._renew([known[one.variant_id] for one in kept])
        back = {known[one.variant_id] for one in suspects if one.variant_id in known} - {
            known[one.variant_id] for one in kept
        }
        brakes.let_go(back, self.where.at)
        new = [one for one in suspects if one.sold_out and one.variant_id not in known]
        new = self._cold(new)
        held = new if new and self._stock_is_mass(len(new)) else []
        if held:
            total = self._selling()
            changes = [_sold_out(one) for one in held]
            brakes.hold(self._seen, BrakeKind.SOLD_OUT, changes, total)
        return [one.variant_id for one in (*kept, *held)]

    def _cold(self, suspects: Sequence[_Suspect]) -> list[_Suspect]:
        """Without the hot ones: of those a "sold out" is nearly always true, and dear when not
        heard.
        """
        if not suspects:
            return []
        since = self.where.at - SOLD_LATELY
        sold = set(
            WatchedProduct.objects.filter(
                store_id=self.where.store_id,
                product_id__in={one.product_id for one in suspects},
                sold_at__gte=since,
            ).values_list("product_id", flat=True)
        )
        return [
            one
            for one in suspects
            if one.product_id not in sold
            and not (one.was.tracked and (one.was.quantity or 0) <= LITTLE_LEFT)
        ]

    def _stock_is_mass(self, count: int) -> bool:
        return self._is_mass(
            BrakeKind.SOLD_OUT, SOLD_OUT, count, SELLS.format("o"), self._recent, self._selling
        )

    def _recent(self) -> int:
        self.cursor.execute(
            "SELECT count(*) FROM storage_vendorvariant WHERE store_id = %s AND sold_out_at > %s",
            [self.where.store_id, self.where.at - RECENT],
        )
        return int(self.cursor.fetchone()[0])

    def _selling(self) -> int:
        """Variants that sell, or did so until lately."""
        self.cursor.execute(
            "SELECT count(*) FROM storage_vendorvariant o WHERE store_id = %s"  # noqa: S608
            f" AND absent_since IS NULL AND ({SELLS.format('o')} OR sold_out_at > %s)",
            [self.where.store_id, self.where.at - RECENT],
        )
        return int(self.cursor.fetchone()[0])

    # --- prices ---

    def hold_prices(self, suspects: Sequence[_Suspect], known: dict[int, HeldChange]) -> list[int]:
        """Variants whose new price is not believed now."""
        kept = [
            one
            for one in suspects
            if one.variant_id in known
            and (one.repriced or _price_of(one) == known[one.variant_id].says)
        ]
        for one in kept:
            known[one.variant_id].says = _price_of(one)
        self._renew([known[one.variant_id] for one in kept])
        names = {one.variant_id for one in kept}
        back = [change for variant_id, change in known.items() if variant_id not in names]
        brakes.let_go(back, self.where.at)
        new = [one for one in suspects if one.repriced and one.variant_id not in known]
        held = new if new and self._prices_are_mass(len(new)) else []
        if held:
            changes = [_repriced(one) for one in held]
            brakes.hold(self._seen, BrakeKind.PRICES, changes, self._priced())
        return [one.variant_id for one in (*kept, *held)]

    def _prices_are_mass(self, count: int) -> bool:
        return self._is_mass(
            BrakeKind.PRICES, PRICES, count, "o.regular_price > 0", lambda: 0, self._priced
        )

    def _priced(self) -> int:
        self.cursor.execute(
            "SELECT count(*) FROM storage_vendorvariant WHERE store_id = %s"
            " AND absent_since IS NULL AND regular_price > 0",
            [self.where.store_id],
        )
        return int(self.cursor.fetchone()[0])

    # --- both ---

    def _is_mass(
        self, kind: BrakeKind, limit: Limit, count: int, what: str, recent: Any, all_of: Any
    ) -> bool:
        """While a brake is on, what looks the same is held as well."""
        if brakes.open_brake(self.where.store_id, kind) is not None:
            return True
        lately = recent()
        if count + lately <= limit.least:
            return False
        fair = self.where.lane in {Lane.IMPORT, Lane.SWEEP}
        text = _COUNT.format(source=self.source, what=what)
        self.cursor.execute(text, self.where.names())
        seen = int(self.cursor.fetchone()[0])
        return is_mass(Sample(count, seen, lately, all_of(), fair), limit)

    def _renew(self, changes: Sequence[HeldChange]) -> None:
        for change in changes:
            change.requested_at = self.where.requested_at
        HeldChange.objects.bulk_update(changes, ["says", "requested_at"], batch_size=500)


def _sold_out(one: _Suspect) -> Held:
    return Held(one.product_id, one.variant_id, _stock(one.was), _stock(one.says))


def _stock(stock: StoreStock) -> dict[str, Any]:
    return {
        "tracked": stock.tracked,
        "quantity": stock.quantity,
        "stock_status": stock.status.value,
    }


def _repriced(one: _Suspect) -> Held:
    was = {"regular_price": _text(one.price_was), "sale_price": _text(one.sale_was)}
    return Held(one.product_id, one.variant_id, was, _price_of(one))


def _price_of(one: _Suspect) -> dict[str, Any]:
    return {"regular_price": _text(one.price_says), "sale_price": _text(one.sale_says)}


def _text(price: Decimal | None) -> str | None:
    return None if price is None else format(price.normalize(), "f")


# --- products that hide ---

_HIDING = """
SELECT o.product_id, o.status, o.protected, o.left_out, o.left_out_evidence::text,
    i.status, i.protected, i.left_out, i.left_out_evidence::text
FROM {source} i JOIN storage_vendorproduct o
    ON o.store_id = %(store)s AND o.product_id = i.product_id AND o.absent_since IS NULL
WHERE (o.left_out = '' AND i.left_out NOT IN ('', '{translation}'))
    OR EXISTS (SELECT 1 FROM storage_heldchange h WHERE h.store_id = %(store)s
        AND h.kind = 'vanished' AND h.product_id = i.product_id)
"""
_KEEP_SHOWN = """
UPDATE {source} i SET status = o.status, protected = o.protected, left_out = o.left_out,
    left_out_evidence = o.left_out_evidence
FROM storage_vendorproduct o WHERE o.store_id = %(store)s AND o.product_id = i.product_id
    AND o.product_id = ANY(%(ids)s)
"""


def hold_back_products(cursor: CursorWrapper, where: Where, source: str) -> None:
    """The same for products that are suddenly drafts, private or protected, a mass of them."""
    text = _HIDING.format(source=source, translation=TRANSLATION)
    cursor.execute(text, where.names())
    rows = {row[0]: (_shown_as(row[1:5]), _shown_as(row[5:9])) for row in cursor.fetchall()}
    if not rows:
        return
    found = HeldChange.objects.filter(
        store_id=where.store_id, kind=BrakeKind.VANISHED, product_id__in=list(rows)
    )
    known = {change.product_id: change for change in found.select_related("brake")}
    kept = [
        product_id
        for product_id, change in known.items()
        if rows[product_id][1]["left_out"] and change.brake.state != BrakeState.APPLIED
    ]
    brakes.let_go([change for number, change in known.items() if number not in kept], where.at)
    new = [
        number
        for number, (was, says) in rows.items()
        if number not in known and says["left_out"] and not was["left_out"]
    ]
    held = new if new and _hiding_is_mass(cursor, where, source, len(new)) else []
    if held:
        seen = Seen(where.marketplace_id, where.store_id, where.lane, where.at, where.requested_at)
        changes = [Held(number, None, *rows[number]) for number in held]
        brakes.hold(seen, BrakeKind.VANISHED, changes, _shown(cursor, where))
    HeldChange.objects.filter(pk__in=[known[number].pk for number in kept]).update(
        requested_at=where.requested_at
    )
    if kept or held:
        names = {**where.names(), "ids": [*kept, *held]}
        cursor.execute(_KEEP_SHOWN.format(source=source), names)


def _shown_as(values: Sequence[Any]) -> dict[str, Any]:
    status, protected, left_out, evidence = values
    return {
        "status": status,
        "protected": protected,
        "left_out": left_out,
        "left_out_evidence": json.loads(evidence),
    }


def _hiding_is_mass(cursor: CursorWrapper, where: Where, source: str, count: int) -> bool:
    if Brake.objects.filter(
        store_id=where.store_id, kind=BrakeKind.VANISHED, state=BrakeState.HELD
    ).exists():
        return True
    if count <= VANISHED.least:
        return False
    cursor.execute(f"SELECT count(*) FROM {source}")  # noqa: S608 - our own name
    seen = int(cursor.fetchone()[0])
    fair = where.lane in {Lane.IMPORT, Lane.SWEEP}
    return is_mass(Sample(count, seen, 0, _shown(cursor, where), fair), VANISHED)


def _shown(cursor: CursorWrapper, where: Where) -> int:
    cursor.execute(
        "SELECT count(*) FROM storage_vendorproduct WHERE store_id = %s"
        " AND absent_since IS NULL AND left_out = ''",
        [where.store_id],
    )
    return int(cursor.fetchone()[0])
