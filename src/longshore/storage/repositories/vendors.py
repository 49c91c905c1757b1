"""A vendor's switches as rows; what depends on one is decided anew in the same transaction."""

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from longshore.ports.errors import Rejected
from longshore.storage.models import Store, Vendor
from longshore.storage.repositories.listings import review_everything
from longshore.storage.repositories.stock import redecide_vendor

SWITCHES = frozenset(
    {
        "name",
        "email",
        "active",
        "auto_approve",
        "buffer",
        "sell_backorders",
        "rate",
        "tax_factor",
        "when_silent",
        "silent_hours",
    }
)
_STOCK = frozenset({"buffer", "sell_backorders"})
_LISTINGS = frozenset({"name", "rate", "tax_factor", "auto_approve"})


@transaction.atomic
def change_vendor(
    vendor_id: int, at: datetime, **switches: str | bool | int | Decimal | None
) -> frozenset[str]:
    """Returns the names of the switches that changed; stock lines and listings that depend on them
    are decided anew. Raises Rejected for one that is unknown.
    """
    unknown = sorted(switches.keys() - SWITCHES)
    if unknown:
        raise Rejected(f"A vendor has no switch named {', '.join(unknown)}.")
    row = Vendor.objects.select_for_update().get(pk=vendor_id)
    changed = frozenset(name for name, value in switches.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, switches[name])
    if "rate" in changed:
        row.rate_dated = at if row.rate is not None else None
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Rejected(
            f"There is a vendor named {row.name} already. Choose another name."
        ) from None
    if changed & _STOCK:
        redecide_vendor(row.marketplace_id, vendor_id, at)
    if changed & _LISTINGS:
        review_everything(row.stores.all())
    return changed


@transaction.atomic
def choose_language(marketplace_id: int, store_id: int, language: str) -> None:
    """In which of the shop's languages titles and texts are taken; "" for its default. Raises
    Rejected.
    """
    row = Store.objects.select_for_update().filter(pk=store_id, marketplace_id=marketplace_id)
    store = row.first()
    if store is None:
        raise Rejected("There is no such shop.")
    languages = store.profile.get("languages", [])
    if language and language not in languages:
        known = ", ".join(languages) or "one language only"
        raise Rejected(f"The shop has {known}. Choose one of them.")
    if store.import_language != language:
        row.update(import_language=language)
        review_everything(row.all())
