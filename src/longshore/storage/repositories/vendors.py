"""A vendor's switches as rows; what depends on one is decided anew in the same transaction."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import IntegrityError, transaction
from django.db.models import Q

from longshore.domain.calendar import on_holiday
from longshore.domain.placing_policy import Start, policy_of, start
from longshore.ports.errors import Rejected
from longshore.storage.models import Store, Vendor
from longshore.storage.repositories.findings import resolve_findings
from longshore.storage.repositories.listings import review_everything
from longshore.storage.repositories.rates import look_at_rates
from longshore.storage.repositories.senders import route_unserved
from longshore.storage.repositories.stock import redecide_vendor

SWITCHES = frozenset(
    {
        "name",
        "email",
        "active",
        "auto_approve",
        "drafts_first",
        "buffer",
        "sell_backorders",
        "rate",
        "rate_days",
        "rate_still_right",
        "tax_factor",
        "when_silent",
        "silent_hours",
        "ship_days",
        "countries",
        "labels_ship",
        "holiday_from",
        "holiday_until",
        "placing",
    }
)
CURRENCY = re.compile(r"[A-Z]{3}")
Switch = str | bool | int | Decimal | date | Mapping[str, Any] | None
_HOLIDAY = frozenset({"holiday_from", "holiday_until"})
_STOCK = frozenset({"buffer", "sell_backorders", "active", "on_holiday"})
_RATE = frozenset({"rate_dated", "rate_days"})
_LISTINGS = frozenset({"name", "rate", "tax_factor", "auto_approve"})


@transaction.atomic
def change_vendor(vendor_id: int, at: datetime, **switches: Switch) -> frozenset[str]:
    """Returns the names of the switches that changed; stock lines and listings that depend on them
    are decided anew. `rate_still_right` makes the rate one of today. Raises Rejected for one that
    is unknown.
    """
    unknown = sorted(switches.keys() - SWITCHES)
    if unknown:
        raise Rejected(f"A vendor has no switch named {', '.join(unknown)}.")
    row = Vendor.objects.select_for_update(no_key=True).get(pk=vendor_id)
    still_right = bool(switches.pop("rate_still_right", False)) and row.rate is not None
    changed = frozenset(name for name, value in switches.items() if getattr(row, name) != value)
    _check_placing(switches.get("placing"))
    for name in changed:
        setattr(row, name, switches[name])
    if "rate" in changed or still_right:
        row.rate_dated = at if row.rate is not None else None
        changed |= {"rate_dated"}
    if changed & _HOLIDAY:
        if row.holiday_from and row.holiday_until and row.holiday_until < row.holiday_from:
            raise Rejected("The holiday would end before it begins.")
        away = on_holiday(_today(row, at), row.holiday_from, row.holiday_until)
        changed |= {"on_holiday"} if away != row.on_holiday else frozenset()
        row.on_holiday = away
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Rejected(
            f"There is a vendor named {row.name} already. Choose another name."
        ) from None
    _follow(row, changed, at)
    return changed


def _follow(row: Vendor, changed: frozenset[str], at: datetime) -> None:
    if changed & _RATE:
        look_at_rates([row], at)
    if changed & _STOCK:
        redecide_vendor(row.marketplace_id, row.pk, at)
    if "countries" in changed:
        route_unserved(row.marketplace_id, at)
    if changed & _LISTINGS:
        review_everything(row.stores.all())


@transaction.atomic
def state_currency(marketplace_id: int, store_id: int, currency: str, at: datetime) -> None:
    """A person says in which currency a shop sells that does not tell it. Raises Rejected."""
    store = Store.objects.select_for_update(no_key=True).filter(
        pk=store_id, marketplace_id=marketplace_id
    ).first()  # fmt: skip
    if store is None:
        raise Rejected("There is no such shop.")
    if not CURRENCY.fullmatch(currency):
        raise Rejected("A currency has three letters, such as EUR or USD.")
    if store.tells_currency:
        raise Rejected("The shop tells its currency itself.")
    store.stated_currency = store.currency = currency
    store.save(update_fields=["stated_currency", "currency"])
    resolve_findings(marketplace_id, f"store:{store_id}", at, ["price_currency_unknown"])
    review_everything(Store.objects.filter(pk=store_id))


def _check_placing(value: Switch) -> None:
    """Raises Rejected for what no policy can be, and for orders that would leave stock alone."""
    try:
        policy = policy_of(value if isinstance(value, Mapping) else {})
    except (ValueError, TypeError) as error:
        raise Rejected(f"Orders cannot be placed like that: {error}.") from None
    if start(policy.status) is not Start.FINE:
        raise Rejected(f"Orders cannot begin as {policy.status}: the shop would take no stock.")


def follow_holidays(at: datetime) -> int:
    """Takes the goods of vendors off sale whose holiday begins, and puts them back on sale where it
    is over; returns how many vendors.
    """
    dated = Q(holiday_from__isnull=False) | Q(holiday_until__isnull=False) | Q(on_holiday=True)
    moved = 0
    for row in Vendor.objects.filter(dated).select_related("marketplace"):
        away = on_holiday(_today(row, at), row.holiday_from, row.holiday_until)
        if away == row.on_holiday:
            continue
        with transaction.atomic():
            if Vendor.objects.filter(pk=row.pk, on_holiday=not away).update(on_holiday=away):
                redecide_vendor(row.marketplace_id, row.pk, at)
                moved += 1
    return moved


def _today(row: Vendor, at: datetime) -> date:
    """The day it is where the marketplace is."""
    try:
        zone = ZoneInfo(row.marketplace.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    return at.astimezone(zone).date()


@transaction.atomic
def choose_language(marketplace_id: int, store_id: int, language: str) -> None:
    """In which of the shop's languages titles and texts are taken; "" for its default. Raises
    Rejected.
    """
    row = Store.objects.select_for_update(no_key=True).filter(
        pk=store_id, marketplace_id=marketplace_id
    )
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
