"""The lines of buyers' orders as rows, and the units held back for them. An order is kept in a few
statements, however many lines it has.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from longshore.domain.orders import OrderLine, StorefrontOrder
from longshore.storage.models import ListingVariant, StorefrontOrderLine
from longshore.storage.models import StorefrontOrder as OrderRow
from longshore.storage.repositories.reserving import held_for, hold, whose_goods

_WRITTEN = (
    *("quantity", "counted", "title", "sku", "unit_price", "ships", "gift_card", "delivery"),
    *("listing_variant", "left_out", "details"),
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
    before = {gid: _values(one) for gid, one in kept.items()}
    lines: list[StorefrontOrderLine] = []
    for line in told.values():
        one = kept.get(line.line_id) or _new(row, line)
        _write(one, line, canceled=order.canceled_at is not None)
        if row.erased_at is None:
            one.details = [list(detail) for detail in line.details]
        one.listing_variant = one.listing_variant or listed.get(line.variant_id or "")
        lines.append(one)
    moved = [one for one in lines if one.quantity != one.counted]
    units = {one.line_gid: one.quantity - one.counted for one in moved}
    held = held_for(moved)
    whose = whose_goods(row, moved, held, at) if moved else {}
    for one in moved:
        if one.line_gid in whose or one.listing_variant is not None:
            one.counted = one.quantity
    StorefrontOrderLine.objects.bulk_create([one for one in lines if one.line_gid not in kept])
    changed = [one for one in lines if before.get(one.line_gid, _values(one)) != _values(one)]
    StorefrontOrderLine.objects.bulk_update(changed, _WRITTEN)
    if whose or any(one.listing_variant is not None for one in moved):
        hold(row, moved, units, whose, held, order.created_at, at)
    return bool(changed) or len(kept) < len(lines)


def _values(one: StorefrontOrderLine) -> Sequence[object]:
    return [getattr(one, name) for name in _WRITTEN]


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
    one.delivery = line.delivery
