"""What is true about parcels told before: late, corrected and withdrawn numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from longshore.domain.fulfillment import together
from longshore.domain.parcel_numbers import bare
from longshore.domain.tracking import Tracking


@dataclass(frozen=True, slots=True)
class KnownShipment:
    """A shipment as it is noted. `by_hand`: somebody typed it, the store need not have it. `goods`:
    (store line item id, units), needed only where a parcel names some.
    """

    shipment_id: int
    parcel: Tracking
    by_hand: bool = False
    goods: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Corrections:
    """`changed`: shipments (by id) with the parcel they have now; `withdrawn`: those whose number
    is no longer in the store.
    """

    changed: tuple[tuple[int, Tracking], ...]
    withdrawn: tuple[int, ...]


def replaced(
    known: Sequence[KnownShipment], parcels: Sequence[Tracking]
) -> Sequence[tuple[int, Tracking]]:
    """Shipments (by id) whose parcel was written anew, with another number and key: one that names
    just the goods of the only shipment whose own is gone. Asked before new shipments are looked
    for, else those goods would count twice.
    """
    same, free = _matched(known, parcels)
    gone = [one for one in known if _is_gone(one, same) and one.goods]
    found: list[tuple[int, Tracking]] = []
    for one in gone:
        mine = [p for p in free if p.number and sorted(p.lines) == sorted(one.goods)]
        rivals = [other for other in gone if sorted(other.goods) == sorted(one.goods)]
        if len(mine) == len(rivals) == 1:
            found.append((one.shipment_id, _now(one, mine[0], {})))
    return found


def corrections(
    known: Sequence[KnownShipment],
    parcels: Sequence[Tracking],
    *,
    whole: bool,
    left: frozenset[int] = frozenset(),
) -> Corrections:
    """Compares what is noted with what the store says now. `whole`: all goods were shipped; `left`:
    line items of which units are not.

    A parcel is the same by its key, then by its number. Of the others, one whose goods were all
    shipped before, or that names none, is the late number of a shipment without one; else the
    corrected number of the only shipment whose own is gone; else one more parcel of the shipment
    that has its goods, or, where all goods were shipped, of the last one.
    """
    same, free = _matched(known, parcels)
    others = _others(known, free)
    loose = [one for one in free if one.number and left.isdisjoint(dict(one.lines))]
    for one in known:
        late = next((parcel for parcel in loose if _may_be(one, parcel)), None)
        if late is not None and not one.parcel.number and one.shipment_id not in same:
            same[one.shipment_id] = late
            loose.remove(late)
    gone = [one for one in known if _is_gone(one, same)]
    if len(gone) == 1 and len(loose) == 1 and _may_be(gone[0], loose[0]):
        same[gone[0].shipment_id] = loose.pop()
        gone = []
    for parcel in loose:
        target = _one_more_of(known, parcel, whole=whole)
        if target is not None:
            others[target] = [*others.get(target, []), parcel]
    changed = [
        (one.shipment_id, now)
        for one in known
        if not _alike(now := _now(one, same.get(one.shipment_id), others), one.parcel)
    ]
    return Corrections(tuple(changed), tuple(one.shipment_id for one in gone))


def _matched(
    known: Sequence[KnownShipment], parcels: Sequence[Tracking]
) -> tuple[dict[int, Tracking], list[Tracking]]:
    """Each shipment's own parcel, and the parcels that are nobody's."""
    free = list(parcels)
    same: dict[int, Tracking] = {}
    for by_key in (True, False):
        for one in known:
            found = next((p for p in free if _same(one, p, by_key=by_key)), None)
            if found is not None and one.shipment_id not in same:
                same[one.shipment_id] = found
                free.remove(found)
    return same, free


def _may_be(one: KnownShipment, parcel: Tracking) -> bool:
    """Whether the parcel may be the shipment's, by the goods it names."""
    return not parcel.lines or not dict(one.goods).keys().isdisjoint(dict(parcel.lines))


def _one_more_of(known: Sequence[KnownShipment], parcel: Tracking, *, whole: bool) -> int | None:
    with_goods = [one for one in known if parcel.lines and _may_be(one, parcel)]
    last = with_goods or (known if whole else ())
    return last[-1].shipment_id if last else None


def _same(one: KnownShipment, parcel: Tracking, *, by_key: bool) -> bool:
    if by_key:
        return one.parcel.key == parcel.key
    return bool(one.parcel.number) and bare(one.parcel.number) == bare(parcel.number)


def _others(known: Sequence[KnownShipment], free: list[Tracking]) -> dict[int, list[Tracking]]:
    """Further parcels of a shipment that the store still has, taken out of the free ones."""
    found: dict[int, list[Tracking]] = {}
    for one in known:
        numbers = {bare(number) for number, _ in one.parcel.others}
        mine = [parcel for parcel in free if bare(parcel.number) in numbers]
        if mine:
            found[one.shipment_id] = mine
            free[:] = [parcel for parcel in free if parcel not in mine]
    return found


def _is_gone(one: KnownShipment, same: dict[int, Tracking]) -> bool:
    now = same.get(one.shipment_id)
    return bool(one.parcel.number) and not one.by_hand and (now is None or not now.number)


def _now(
    one: KnownShipment, parcel: Tracking | None, others: dict[int, list[Tracking]]
) -> Tracking:
    """The shipment's parcel as it is told from now on. What a person typed is kept, and a number is
    never taken away.
    """
    kept = one.parcel
    if parcel is None or not parcel.number:
        base = kept
    elif one.by_hand:
        base = replace(kept, carrier=kept.carrier or parcel.carrier, url=kept.url or parcel.url)
    else:
        base = replace(parcel, shipped_at=parcel.shipped_at or kept.shipped_at)
    more = others.get(one.shipment_id, [])
    if one.by_hand and not more:
        return base
    return together([base, *more]) or base


def _alike(one: Tracking, other: Tracking) -> bool:
    return (one.number, one.carrier, one.url, one.others) == (
        other.number,
        other.carrier,
        other.url,
        other.others,
    )
