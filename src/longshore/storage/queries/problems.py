"""Open findings as pages show them: one row a cause, stopped first, each with what it is about."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Max, Min, Q, QuerySet, Sum, Value, When

from longshore.storage.models import (
    OpenFinding,
    PurchaseOrder,
    PurchaseOrderLine,
    Shipment,
    Store,
)

SHOWN = 30


@dataclass(frozen=True, slots=True)
class Target:
    """The page a problem is mended on: `kind` is vendor, order, listing, setup, left_out."""

    kind: str
    id: int | None = None


@dataclass(frozen=True, slots=True)
class AtStake:
    """Orders that cannot reach a vendor meanwhile: how many, since when, and what they are worth
    (None where their currencies differ).
    """

    orders: int
    oldest_at: datetime
    worth: Decimal | None
    currency: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One cause. `count` findings share it (the same code at the same vendor); the words, the id
    and the target are those of the oldest. `known_at`: since when people know of it and let it be;
    `knowable`: they may say so. `stops_shop`: it keeps a vendor's shop out of use; `stake` says
    what waits because of that.
    """

    code: str
    severity: str
    who: str
    evidence: Mapping[str, Any]
    vendor_id: int | None
    vendor: str
    count: int
    first_seen_at: datetime
    last_seen_at: datetime
    target: Target
    stops_shop: bool
    stake: AtStake | None
    id: int = 0
    known_at: datetime | None = None
    knowable: bool = False

    @property
    def is_note(self) -> bool:
        return self.severity == "note" or self.known_at is not None

    @property
    def needs_person(self) -> bool:
        return self.who != "nobody" and self.severity != "note" and self.known_at is None


@dataclass(frozen=True, slots=True)
class Problems:
    """`rows` are at most SHOWN; `more` how many causes there are beyond them."""

    rows: tuple[Problem, ...]
    more: int

    @property
    def needing(self) -> int:
        return sum(row.needs_person for row in self.rows) + self.more


def open_problems(marketplace_id: int, vendor_id: int | None = None) -> Problems:
    """The open findings of a marketplace, or of one of its vendors."""
    rows = OpenFinding.objects.filter(marketplace_id=marketplace_id, resolved_at__isnull=True)
    if vendor_id is not None:
        rows = rows.filter(vendor_id=vendor_id)
    groups = list(
        rows.values("code", "vendor_id", "known_at")
        .annotate(
            rank=Max(_rank()),
            count=Count("id"),
            first=Min("first_seen_at"),
            last=Max("last_seen_at"),
            sample=Min("id"),
        )
        .order_by("-rank", "first", "sample")[: SHOWN + 200]
    )
    shown = groups[:SHOWN]
    samples = dressed(rows).in_bulk([group["sample"] for group in shown])
    targets = _targets(marketplace_id, samples.values())
    stakes = _stakes(marketplace_id, samples.values())
    found = tuple(
        _problem(samples[g["sample"]], (g["count"], g["first"], g["last"]), targets, stakes)
        for g in shown
    )
    return Problems(found, max(0, len(groups) - SHOWN))


def problems_about(marketplace_id: int, subjects: Iterable[str]) -> tuple[Problem, ...]:
    """The open findings of these subjects ("order:7", ...), one row each."""
    rows = OpenFinding.objects.filter(
        marketplace_id=marketplace_id, resolved_at__isnull=True, subject__in=list(subjects)
    )
    return _one_each(marketplace_id, rows)


def _one_each(marketplace_id: int, rows: QuerySet[OpenFinding]) -> tuple[Problem, ...]:
    ordered = list(dressed(rows).order_by(_rank().desc(), "first_seen_at")[:SHOWN])
    return problems_of(marketplace_id, ordered)


def problems_of(marketplace_id: int, rows: Sequence[Any]) -> tuple[Problem, ...]:
    """These `dressed` findings, one row each."""
    targets = _targets(marketplace_id, rows)
    return tuple(
        _problem(row, (1, row.first_seen_at, row.last_seen_at), targets, {}) for row in rows
    )


def problems_with_code(
    marketplace_id: int, code: str, vendor_id: int | None
) -> tuple[Problem, ...]:
    """The open findings of one kind, one row each, the oldest first."""
    rows = OpenFinding.objects.filter(
        marketplace_id=marketplace_id, resolved_at__isnull=True, code=code
    )
    if vendor_id is not None:
        rows = rows.filter(vendor_id=vendor_id)
    return _one_each(marketplace_id, rows)


def last_quiet(marketplace_id: int) -> datetime | None:
    """When the last problem that needed a person was settled; None when there never was one."""
    rows = OpenFinding.objects.filter(marketplace_id=marketplace_id, resolved_at__isnull=False)
    last: datetime | None = rows.exclude(who="nobody").aggregate(at=Max("resolved_at"))["at"]
    return last


def _rank() -> Case:
    return Case(
        When(Q(severity="note") | Q(known_at__isnull=False), then=Value(0)),
        When(who="nobody", then=Value(1)),
        When(Q(severity="stop"), then=Value(3)),
        default=Value(2),
        output_field=IntegerField(),
    )


def dressed(rows: QuerySet[OpenFinding]) -> QuerySet[Any]:
    """With the vendor's name, as `problems_of` needs them."""
    return rows.annotate(vendor_name=F("vendor__name"))


def _problem(
    row: Any,
    seen: tuple[int, datetime, datetime],
    targets: Mapping[int, Target],
    stakes: Mapping[int, AtStake],
) -> Problem:
    count, first, last = seen
    return Problem(
        code=row.code,
        severity=row.severity,
        who=row.who,
        evidence=row.evidence,
        vendor_id=row.vendor_id,
        vendor=row.vendor_name or "",
        count=count,
        first_seen_at=first,
        last_seen_at=last,
        target=targets[row.pk],
        stops_shop=_stops_a_shop(row),
        stake=stakes.get(row.vendor_id) if _stops_a_shop(row) else None,
        id=row.pk,
        known_at=row.known_at,
        knowable=row.severity == "warning" and row.subject.startswith("store:"),
    )


def _stops_a_shop(row: OpenFinding) -> bool:
    return row.severity == "stop" and row.subject.startswith("store:")


def _stakes(marketplace_id: int, rows: Iterable[OpenFinding]) -> dict[int, AtStake]:
    """What waits for each vendor whose shop is stopped, in one query; {} without one."""
    vendors = {row.vendor_id for row in rows if row.vendor_id is not None and _stops_a_shop(row)}
    if not vendors:
        return {}
    lines = PurchaseOrderLine.objects.filter(
        marketplace_id=marketplace_id,
        purchase_order__vendor_id__in=vendors,
        purchase_order__state__in=("pending", "sending", "uncertain"),
    )
    worth = Sum(F("quantity") * F("unit_price"))
    found = lines.values("purchase_order__vendor_id").annotate(
        orders=Count("purchase_order__order_id", distinct=True),
        oldest=Min("purchase_order__created_at"),
        worth=worth,
        currency=Min("purchase_order__order__currency"),
        currencies=Count("purchase_order__order__currency", distinct=True),
    )
    return {
        row["purchase_order__vendor_id"]: AtStake(
            row["orders"],
            row["oldest"],
            row["worth"] if row["currencies"] == 1 else None,
            row["currency"],
        )
        for row in found
    }


def _targets(marketplace_id: int, rows: Iterable[OpenFinding]) -> dict[int, Target]:
    """Where each finding is mended, in three queries at most."""
    rows = list(rows)
    ids: dict[str, set[int]] = {}
    for row in rows:
        kind, number = _subject(row.subject)
        ids.setdefault(kind, set()).add(number)
    mine = Q(marketplace_id=marketplace_id)
    stores = _pairs(Store.objects.filter(mine), ids.get("store"), "vendor_id")
    orders = _pairs(PurchaseOrder.objects.filter(mine), ids.get("purchase_order"), "order_id")
    parcels = _pairs(Shipment.objects.filter(mine), ids.get("shipment"), "purchase_order__order_id")
    found: dict[int, Target] = {}
    for row in rows:
        kind, number = _subject(row.subject)
        found[row.pk] = {
            "store": Target("vendor", stores.get(number)),
            "purchase_order": Target("order", orders.get(number)),
            "shipment": Target("order", parcels.get(number)),
            "order": Target("order", number),
            "listing": Target("listing", number),
            "store_product": Target("left_out", row.vendor_id),
            "vendor": Target("vendor", number),
        }.get(kind, Target("setup"))
        if found[row.pk].id is None and row.vendor_id is not None:
            found[row.pk] = Target("vendor", row.vendor_id)
    return found


def _subject(subject: str) -> tuple[str, int]:
    kind, _, rest = subject.partition(":")
    number = rest.partition(":")[0]
    return kind, int(number) if number.isascii() and number.isdigit() else 0


def _pairs(rows: QuerySet[Any], ids: set[int] | None, field: str) -> dict[int, int]:
    if not ids:
        return {}
    return dict(rows.filter(pk__in=ids).values_list("pk", field))
