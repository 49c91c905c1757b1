"""What people and programs did: who, what, before and after."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from longshore.storage.models import Deed
from longshore.storage.queries.paging import TOP, Cursor, Slice, slice_of

UNDOABLE = frozenset({"vendor_changed", "marketplace_changed", "role_changed"})
"""What can be taken back with nothing but what the deed itself holds."""


@dataclass(frozen=True, slots=True)
class Change:
    """One value that changed; `before` is None where there was none to tell."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Done:
    """`subject` names what it was done to ("vendor:3"), `about` what that was called then."""

    id: int
    at: datetime
    who: str
    kind: str
    subject: str
    about: str
    vendor_id: int | None
    after: Mapping[str, Any]
    changes: tuple[Change, ...]
    undone: bool

    @property
    def may_be_undone(self) -> bool:
        return self.kind in UNDOABLE and not self.undone


def activity(
    marketplace_id: int,
    *,
    vendor_id: int | None = None,
    who: str = "",
    kind: str = "",
    subject: str = "",
    cursor: Cursor = TOP,
) -> Slice[Done]:
    """The newest first. `who` is an address or a key's name, or its begin."""
    rows = Deed.objects.filter(marketplace_id=marketplace_id)
    if vendor_id is not None:
        rows = rows.filter(vendor_id=vendor_id)
    if who:
        rows = rows.filter(who__istartswith=who)
    if kind:
        rows = rows.filter(kind=kind)
    if subject:
        rows = rows.filter(subject=subject)
    return slice_of(rows, cursor, _done)


def deed(marketplace_id: int, deed_id: int) -> Done | None:
    """One deed, None when it is not the marketplace's."""
    rows = Deed.objects.filter(marketplace_id=marketplace_id, pk=deed_id)
    return next(iter(_done(list(rows))), None)


def _done(found: list[Deed]) -> Iterable[Done]:
    for row in found:
        names = [*row.after, *(name for name in row.before if name not in row.after)]
        changes = tuple(
            Change(name, row.before.get(name), row.after.get(name))
            for name in names
            if name in row.before
        )
        yield Done(
            id=row.pk,
            at=row.at,
            who=row.who,
            kind=row.kind,
            subject=row.subject,
            about=row.about,
            vendor_id=row.vendor_id,
            after=row.after,
            changes=changes,
            undone=row.undone_at is not None,
        )
