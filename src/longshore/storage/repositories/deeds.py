"""The list of what people and programs did, written in the transaction of the deed itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from longshore.storage.models import Deed


@dataclass(frozen=True, slots=True)
class Doer:
    """Who does something: a person (`user_id`), or a program by its key's name."""

    marketplace_id: int
    user_id: int | None
    who: str


@dataclass(frozen=True, slots=True)
class What:
    """What was done, to what (`subject`), called `about` then. Values become plain JSON; secrets
    must not be among them.
    """

    kind: str
    subject: str
    about: str = ""
    vendor_id: int | None = None
    before: Mapping[str, Any] = field(default_factory=dict[str, Any])
    after: Mapping[str, Any] = field(default_factory=dict[str, Any])


def note_deed(doer: Doer, what: What, at: datetime) -> int:
    """Returns the deed's id."""
    row = Deed.objects.create(
        marketplace_id=doer.marketplace_id,
        at=at,
        user_id=doer.user_id,
        who=doer.who[:254],
        vendor_id=what.vendor_id,
        subject=what.subject,
        kind=what.kind,
        about=what.about[:200],
        before=_plain_all(what.before),
        after=_plain_all(what.after),
    )
    return row.pk


def _plain_all(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain(value) for name, value in values.items()}


def plain(value: Any) -> Any:
    """A value as the list keeps it."""
    if isinstance(value, Decimal):
        return str(value.normalize()) if value else "0"
    if isinstance(value, date | datetime):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    return str(value)
