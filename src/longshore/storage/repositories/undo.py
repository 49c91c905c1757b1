"""Taking back a deed: what it changed becomes what it was, if nobody changed it since."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from longshore.ports.errors import Rejected
from longshore.storage.models import Deed, Marketplace, Vendor
from longshore.storage.repositories.deeds import Doer, What, note_deed, plain
from longshore.storage.repositories.marketplaces import change_marketplace
from longshore.storage.repositories.team import change_role
from longshore.storage.repositories.vendors import change_vendor

DECIMALS = frozenset({"rate", "tax_factor"})
DAYS = frozenset({"holiday_from", "holiday_until"})


def undo_deed(doer: Doer, deed_id: int, at: datetime) -> None:
    """In the caller's transaction. Raises Rejected where it cannot be taken back (any more)."""
    rows = Deed.objects.select_for_update().filter(marketplace_id=doer.marketplace_id, pk=deed_id)
    row = rows.first()
    if row is None or row.undone_at is not None:
        raise Rejected("It was taken back already.")
    number = int(row.subject.partition(":")[2] or 0)
    before = {name: _value(name, value) for name, value in row.before.items()}
    if row.kind == "vendor_changed":
        vendor = Vendor.objects.filter(marketplace_id=doer.marketplace_id, pk=number).first()
        _unchanged(vendor, row.after)
        change_vendor(number, at, **before)
    elif row.kind == "marketplace_changed":
        _unchanged(Marketplace.objects.get(pk=doer.marketplace_id), row.after)
        change_marketplace(doer.marketplace_id, **before)
    elif row.kind == "role_changed":
        change_role(doer.marketplace_id, number, str(before.get("role", "")))
    else:
        raise Rejected("This cannot be taken back.")
    row.undone_at = at
    row.save(update_fields=["undone_at"])
    what = What("undone", row.subject, row.about, row.vendor_id, row.after, row.before)
    note_deed(doer, what, at)


def _unchanged(now: Vendor | Marketplace | None, after: Mapping[str, Any]) -> None:
    if now is None:
        raise Rejected("It is gone.")
    for name, value in after.items():
        if plain(getattr(now, name)) != value:
            raise Rejected("It was changed again since. Set it by hand.")


def _value(name: str, value: Any) -> Any:
    """As the row has it; the list keeps plain texts."""
    if value is None:
        return None
    try:
        if name in DECIMALS:
            return Decimal(str(value))
        return date.fromisoformat(str(value)) if name in DAYS else value
    except (InvalidOperation, ValueError):
        raise Rejected("This cannot be taken back.") from None
