"""What is true about parcels told before: late, corrected and withdrawn numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from longshore.domain.fulfillment import together
from longshore.domain.parcel_numbers import bare
from longshore.domain.tracking import Tracking


@dataclass(frozen=True, slots=True)
class KnownShipment:
    """A shipment as it is noted. `by_hand`: somebody typed it, the store need not have it."""

    shipment_id: int
    parcel: Tracking
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Corrections:
    """`changed`: shipments (by id) with the parcel they have now; `withdrawn`: those whose number
    is no longer in the store.
    """

    changed: tuple[tuple[int, Tracking], ...]
    withdrawn: tuple[int, ...]


def corrections(
    known: Sequence[KnownShipment], parcels: Sequence[Tracking], *, whole: bool
) -> Corrections:
    """Compares what is noted with what the store says now. `whole`: all goods were shipped.

    A parcel is the same by its key, then by its number. Of the others, one that names no goods is
    the late number of a shipment without one; else the corrected number of the only shipment whose
    own is gone; else, where all goods were shipped, one more parcel of the last shipment.
    """
    free = list(parcels)
    same: dict[int, Tracking] = {}
    for by_key in (True, False):
        for one in known:
            found = next((p for p in free if _same(one, p, by_key=by_key)), None)
            if found is not None and one.shipment_id not in same:
                same[one.shipment_id] = found
                free.remove(found)
    others = _others(known, free)
    loose = [parcel for parcel in free if not parcel.lines and parcel.number]
    for one in known:
        if loose and not one.parcel.number and one.shipment_id not in same:
            same[one.shipment_id] = loose.pop(0)
    gone = [one for one in known if _is_gone(one, same)]
    if len(gone) == 1 and len(loose) == 1:
        same[gone[0].shipment_id] = loose.pop()
        gone = []
    if whole and loose and known:
        others[known[-1].shipment_id] = [*others.get(known[-1].shipment_id, []), *loose]
    changed = [
        (one.shipment_id, now)
        for one in known
        if not _alike(now := _now(one, same.get(one.shipment_id), others), one.parcel)
    ]
    return Corrections(tuple(changed), tuple(one.shipment_id for one in gone))


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
