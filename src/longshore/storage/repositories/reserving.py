"""Whose goods an order line is, and its units held back there: the reservation remembers both."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from longshore.storage import work
from longshore.storage.models import Reservation, SenderChoice, StorefrontOrderLine
from longshore.storage.models import StorefrontOrder as OrderRow
from longshore.storage.repositories.oversold import check_oversold
from longshore.storage.repositories.picking import note_picked, pick_for, sources_of
from longshore.storage.repositories.stock import lower_known, redecide, refresh_dirty
from longshore.storage.repositories.timeline import note_event

OWN = "own"
"""Why a line is no vendor's work: the marketplace sends it itself."""
HOLDING = frozenset({"", "removed"})
"""Of what is left out for another reason no vendor ever takes goods off its shelf."""
Held = Mapping[int, Reservation]
"""By the primary key of the order line."""


def held_for(lines: Sequence[StorefrontOrderLine]) -> Held:
    ids = [line.pk for line in lines if line.pk is not None]
    rows = Reservation.objects.filter(order_line__in=ids) if ids else ()
    return {one.order_line_id: one for one in rows}


def whose_goods(
    row: OrderRow, lines: Sequence[StorefrontOrderLine], held: Held, at: datetime
) -> dict[str, int]:
    """The vendor variant of each of these lines, by its Shopify id, where it has one: the one that
    holds its units; of several vendors' the one that the rules pick; of what no listing sells the
    one that a person chose before. What we send ourselves is left out, and so is a test order: no
    vendor ever takes its goods off the shelf, unless a person sends it.
    """
    if row.test and not row.routed_by_hand:
        return {}
    fresh = [line for line in lines if line.pk not in held and line.quantity > 0]
    sources = sources_of(row, fresh)
    chosen = _remembered(row.marketplace_id, fresh)
    found: dict[str, int] = {}
    for line in lines:
        listed = line.listing_variant
        choice = chosen.get(line.variant_gid) if listed is None else None
        picked = pick_for(sources, line) if line.pk not in held else None
        if choice is not None and line.pk not in held:
            _follow_choice(row, line, choice, at)
        if line.left_out not in HOLDING:
            continue
        if line.pk in held:
            found[line.line_gid] = held[line.pk].variant_id
        elif choice is not None and choice.variant_id is not None:
            found[line.line_gid] = choice.variant_id
        elif picked is not None and picked.offer is not None:
            note_picked(row, line, picked, at)
            found[line.line_gid] = picked.offer.variant_id
        elif listed is not None:
            found[line.line_gid] = listed.variant_id
    return found


def hold(
    row: OrderRow,
    lines: Sequence[StorefrontOrderLine],
    units: Mapping[str, int],
    whose: Mapping[str, int],
    held: Held,
    opened_at: datetime,
    at: datetime,
) -> None:
    """`units` is how much more each line wants than was counted. Whether Shopify must be told is
    asked once, at the end: a sale lowers what it shows and what it shall show alike.
    """
    sold: dict[int, int] = {}
    for line in lines:
        if line.listing_variant_id is not None and (more := units[line.line_gid]):
            sold[line.listing_variant_id] = sold.get(line.listing_variant_id, 0) + more
    lowered = lower_known(row.marketplace_id, sold, at) if sold else []
    new: list[Reservation] = []
    for line in lines:
        if line.line_gid not in whose:
            continue
        one = held.get(line.pk)
        if one is None:
            one = _reservation(line, whose[line.line_gid], opened_at)
            new.append(one)
        _set_units(one, line, at)
    Reservation.objects.bulk_update(held.values(), ("quantity", "closed_at"))
    Reservation.objects.bulk_create(new)
    changed = {one.variant_id for one in (*held.values(), *new)}
    redecide(row.marketplace_id, changed, at)
    check_oversold(row.marketplace_id, changed, at)
    if refresh_dirty(lowered):
        work.push_stock(row.marketplace_id)


def hold_for_hand(row: OrderRow, at: datetime) -> None:
    """A test order is to be sent all the same: from now on its units are held back like others. In
    the caller's transaction.
    """
    lines = list(row.lines.select_related("listing_variant").order_by("pk"))
    held = held_for(lines)
    whose = whose_goods(row, lines, held, at)
    nothing_sold = dict.fromkeys((line.line_gid for line in lines), 0)
    hold(row, lines, nothing_sold, whose, held, row.created_in_shop, at)


def move_units(line: StorefrontOrderLine, variant_id: int | None, at: datetime) -> None:
    """The line is this vendor variant's from now on, None: no vendor's. In the caller's
    transaction.
    """
    held = Reservation.objects.filter(order_line=line).first()
    before = held.variant_id if held is not None else None
    if before == variant_id:
        return
    counted = line.counted
    if held is not None and variant_id is None:
        held.delete()
        counted = counted if line.listing_variant_id is not None else 0
    elif variant_id is not None:
        one = held or _reservation(line, variant_id, line.order.created_in_shop)
        one.variant_id, one.reduced_seen_at = variant_id, None
        _set_units(one, line, at)
        one.save()
        counted = line.quantity
    if counted != line.counted:
        line.counted = counted
        line.save(update_fields=["counted"])
    changed = {one for one in (before, variant_id) if one is not None}
    redecide(line.marketplace_id, changed, at)
    check_oversold(line.marketplace_id, changed, at)


def _reservation(line: StorefrontOrderLine, variant_id: int, opened_at: datetime) -> Reservation:
    return Reservation(
        marketplace_id=line.marketplace_id,
        order_line=line,
        variant_id=variant_id,
        quantity=0,
        opened_at=opened_at,
    )


def _set_units(one: Reservation, line: StorefrontOrderLine, at: datetime) -> None:
    if line.quantity == 0:
        one.closed_at = at
    elif one.quantity == 0:
        one.closed_at = None
    one.quantity = line.quantity


def _remembered(
    marketplace_id: int, lines: Iterable[StorefrontOrderLine]
) -> Mapping[str, SenderChoice]:
    """What people chose before for variants that no listing sells."""
    gids = {line.variant_gid for line in lines if line.listing_variant is None and line.variant_gid}
    if not gids:
        return {}
    rows = SenderChoice.objects.filter(marketplace_id=marketplace_id, variant_gid__in=gids)
    return {row.variant_gid: row for row in rows}


def _follow_choice(
    row: OrderRow, line: StorefrontOrderLine, choice: SenderChoice, at: datetime
) -> None:
    """The timeline says that nobody chose this now."""
    if choice.variant_id is not None:
        note_event(row, at, "sender_known", goods=line.title)
    elif line.left_out != OWN:
        line.left_out = OWN
        note_event(row, at, "left_out", goods=line.title, reason=OWN)
