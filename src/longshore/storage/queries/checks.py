"""The doctor's visits as pages follow them: each step as it ends, and what came of it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db.models import QuerySet

from longshore.storage.models import Approval, Examination, ExaminationState, PurchaseOrder, Scan

VISITS = 20


@dataclass(frozen=True, slots=True)
class Found:
    """A finding by code; its words are looked up."""

    code: str
    evidence: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CheckStep:
    """`found` None: all is well with it. `seconds` since the beginning."""

    name: str
    found: Found | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Check:
    """`outcome` as in `ports.ledger.connections.Outcome`. `findings`: the decisive one first.
    `with_key`: also the key is examined. `approvable`: the shop offers approval by one click.
    """

    uuid: uuid.UUID
    vendor_id: int
    vendor: str
    marketplace: str
    address: str
    done: bool
    waiting: bool
    outcome: str
    steps: tuple[CheckStep, ...]
    findings: tuple[Found, ...]
    with_key: bool
    approvable: bool
    version: str
    dialect: str
    requests: int
    seconds: float
    asked_at: datetime
    ended_at: datetime | None
    store_id: int | None

    @property
    def host(self) -> str:
        shown = self.address if "://" in self.address else f"//{self.address}"
        try:
            return urlsplit(shown).hostname or self.address
        except ValueError:
            return self.address


def check_of(
    marketplace_id: int, examination: uuid.UUID, vendor_id: int | None = None
) -> Check | None:
    """One visit; None when it is not the marketplace's, or not this vendor's."""
    row = _mine(marketplace_id, vendor_id).filter(uuid=examination).first()
    return _check(row) if row else None


def last_check(marketplace_id: int, vendor_id: int) -> Check | None:
    """The newest visit to a vendor's shop."""
    row = _mine(marketplace_id, vendor_id).order_by("-asked_at", "-id").first()
    return _check(row) if row else None


def visits(marketplace_id: int, vendor_id: int) -> tuple[Check, ...]:
    """The doctor's visits to a vendor's shop, the newest first; the last VISITS of them."""
    rows = _mine(marketplace_id, vendor_id).order_by("-asked_at", "-id")
    return tuple(_check(row) for row in rows[:VISITS])


def approved_check(marketplace_id: int, vendor_id: int, examination: uuid.UUID) -> uuid.UUID | None:
    """The visit that tries the key which an approval brought; None while none came."""
    rows = Approval.objects.filter(
        marketplace_id=marketplace_id,
        examination__uuid=examination,
        examination__vendor_id=vendor_id,
        result__isnull=False,
    )
    return rows.order_by("-id").values_list("result__uuid", flat=True).first()


@dataclass(frozen=True, slots=True)
class Waits:
    """What a stopped shop keeps waiting: orders not yet there, and since when the oldest is."""

    orders: int
    oldest_at: datetime | None


def orders_waiting(marketplace_id: int, vendor_id: int) -> Waits:
    rows = PurchaseOrder.objects.filter(
        marketplace_id=marketplace_id,
        vendor_id=vendor_id,
        state__in=("pending", "sending", "uncertain"),
    )
    times = list(rows.order_by("created_at").values_list("created_at", flat=True)[:1000])
    return Waits(len(times), times[0] if times else None)


@dataclass(frozen=True, slots=True)
class Reading:
    """How far the first reading of a store's products is; `total` None: not counted yet."""

    seen: int
    total: int | None
    done: bool


def reading_of(marketplace_id: int, vendor_id: int) -> Reading | None:
    """None before it began."""
    rows = Scan.objects.filter(
        marketplace_id=marketplace_id, store__vendor_id=vendor_id, kind="full"
    )
    row = rows.order_by("-started_at").first()
    if row is None:
        return None
    return Reading(row.products_seen, row.products_total, row.phase in {"variants", "done"})


def _mine(marketplace_id: int, vendor_id: int | None) -> "QuerySet[Examination]":
    rows = Examination.objects.filter(marketplace_id=marketplace_id)
    rows = rows.select_related("vendor", "marketplace")
    return rows if vendor_id is None else rows.filter(vendor_id=vendor_id)


KEY_STEPS = frozenset({"keys as typed", "key", "sign-in", "pages and counts", "rights", "facts"})


def _check(row: Examination) -> Check:
    profile = row.profile or {}
    steps = tuple(_step(one) for one in row.steps)
    return Check(
        uuid=row.uuid,
        vendor_id=row.vendor_id,
        vendor=row.vendor.name,
        marketplace=row.marketplace.name,
        address=row.address,
        done=row.state == ExaminationState.DONE,
        waiting=row.state == ExaminationState.WAITING,
        outcome=row.outcome,
        steps=steps,
        findings=tuple(Found(one["code"], one.get("evidence") or {}) for one in row.findings),
        with_key=bool(row.consumer_key) or any(step.name in KEY_STEPS for step in steps),
        approvable=bool(row.approval_url),
        version=str(profile.get("platform_version") or ""),
        dialect=str(profile.get("dialect") or ""),
        requests=row.requests,
        seconds=row.seconds,
        asked_at=row.asked_at,
        ended_at=row.ended_at,
        store_id=row.store_id,
    )


def _step(one: Mapping[str, Any]) -> CheckStep:
    code = one.get("code")
    found = Found(str(code), one.get("evidence") or {}) if code else None
    return CheckStep(str(one.get("name", "")), found, float(one.get("seconds") or 0))
