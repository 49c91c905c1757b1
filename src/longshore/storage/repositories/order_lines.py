"""The lines of buyers' orders as rows, and the units held back for them. An order is kept in a few
statements, however many lines it has.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from longshore.domain.orders import OrderLine, StorefrontOrder
from longshore.storage import work
from longshore.storage.models import ListingVariant, Reservation, StorefrontOrderLine
from longshore.storage.models import StorefrontOrder as OrderRow
from longshore.storage.repositories.stock import lower_known, redecide, refresh_dirty

_WRITTEN = (
    *("quantity", "counted", "title", "sku", "unit_price", "ships", "gift_card"),
    *("listing_variant", "details"),
)


def keep_lines(row: OrderRow, order: StorefrontOrder, at: datetime) -> bool:
    """Keeps the lines as Shopify has them now. Each one's units leave what we believe Shopify
    shows, once, and are held back from the store's own number until that number has seen them.
    Returns whether anything changed; in the caller's transaction, which holds the order's row.
    """
    told = {line.line_id: line for line in order.lines}
    kept = {one.line_gid: one for one in row.lines.select_related("listing_variant")}
    linked = {gid for gid, one in kept.items() if one.listing_variant is not None}
    listed = _listed(row.marketplace_id, [told[gid] for gid in told.keys() - linked])
    new: list[StorefrontOrderLine] = []
    changed: list[StorefrontOrderLine] = []
    moved: list[tuple[StorefrontOrderLine, ListingVariant, int]] = []
    for line in told.values():
        one = kept.get(line.line_id) or _new(row, line)
        before = [getattr(one, name) for name in _WRITTEN]
        _write(one, line, canceled=order.canceled_at is not None)
        if row.erased_at is None:
            one.details = [list(detail) for detail in line.details]
        goods = one.listing_variant = one.listing_variant or listed.get(line.variant_id or "")
        if goods is not None and one.quantity != one.counted:
            moved.append((one, goods, one.quantity - one.counted))
            one.counted = one.quantity
        if line.line_id not in kept:
            new.append(one)
        elif before != [getattr(one, name) for name in _WRITTEN]:
            changed.append(one)
    StorefrontOrderLine.objects.bulk_create(new)
    StorefrontOrderLine.objects.bulk_update(changed, _WRITTEN)
    if moved:
        _hold(row, moved, order.created_at, at)
    return bool(new or changed)


def _listed(marketplace_id: int, lines: Sequence[OrderLine]) -> Mapping[str, ListingVariant]:
    gids = {line.variant_id for line in lines if line.variant_id}
    if not gids:
        return {}
    rows = ListingVariant.objects.filter(marketplace_id=marketplace_id, variant_gid__in=gids)
    return {one.variant_gid: one for one in rows.order_by("-pk")}


def _new(row: OrderRow, line: OrderLine) -> StorefrontOrderLine:
    return StorefrontOrderLine(
        marketplace_id=row.marketplace_id,
        order=row,
        line_gid=line.line_id,
        variant_gid=line.variant_id or "",
    )


def _write(one: StorefrontOrderLine, line: OrderLine, *, canceled: bool) -> None:
    one.quantity = 0 if canceled else line.quantity
    one.title = line.title
    one.sku = line.sku
    one.unit_price = line.unit_price.amount
    one.ships = line.ships
    one.gift_card = line.gift_card


def _hold(
    row: OrderRow,
    moved: Sequence[tuple[StorefrontOrderLine, ListingVariant, int]],
    opened_at: datetime,
    at: datetime,
) -> None:
    """Whether Shopify must be told is asked once, at the end: a sale lowers what it shows and what
    it shall show alike.
    """
    sold: dict[int, int] = {}
    for _, goods, units in moved:
        sold[goods.pk] = sold.get(goods.pk, 0) + units
    lowered = lower_known(row.marketplace_id, sold, at)
    held = {
        one.order_line_id: one
        for one in Reservation.objects.filter(order_line__in=[line.pk for line, _, _ in moved])
    }
    new: list[Reservation] = []
    for line, goods, _ in moved:
        one = held.get(line.pk)
        if one is None:
            one = Reservation(
                marketplace_id=row.marketplace_id,
                order_line=line,
                variant_id=goods.variant_id,
                opened_at=opened_at,
            )
            new.append(one)
        elif one.quantity == 0:
            one.closed_at = None
        if line.quantity == 0:
            one.closed_at = at
        one.quantity = line.quantity
    Reservation.objects.bulk_update(held.values(), ("quantity", "closed_at"))
    Reservation.objects.bulk_create(new)
    redecide(row.marketplace_id, {one.variant_id for one in (*held.values(), *new)}, at)
    if refresh_dirty(lowered):
        work.push_stock(row.marketplace_id)
