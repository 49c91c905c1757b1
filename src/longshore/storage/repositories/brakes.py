"""Brakes as rows: changes that are held, what becomes of them by rule, and what a person decides.
The checks that find them are in `catalog_holding` and `catalog_ends`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from longshore.domain.brakes import BrakeKind, proven_by
from longshore.domain.findings import Finding
from longshore.domain.lanes import PROOF_AFTER, Lane
from longshore.ports.errors import Rejected
from longshore.storage import work
from longshore.storage.models import (
    Brake,
    BrakeState,
    HeldChange,
    Store,
    StoreReading,
    VendorProduct,
    VendorVariant,
)
from longshore.storage.repositories.findings import note_finding, resolve_findings
from longshore.storage.repositories.hints import ask_again
from longshore.storage.repositories.stock import redecide

FINDINGS = {
    BrakeKind.VANISHED: "held_vanished",
    BrakeKind.SOLD_OUT: "held_sold_out",
    BrakeKind.PRICES: "held_prices",
    BrakeKind.ANSWERS: "held_answers",
}
ABSENT = "absent"
"""What a store "says" of a product that its answers leave out."""


@dataclass(frozen=True, slots=True)
class Held:
    """One thing to hold: a product (`variant_id` None) or a variant row, what is in force, and what
    the store says.
    """

    product_id: int
    variant_id: int | None
    was: dict[str, Any]
    says: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """By which reading something was seen, and when that was asked for."""

    marketplace_id: int
    store_id: int
    lane: Lane
    at: datetime
    requested_at: datetime


def subject(store_id: int) -> str:
    """What findings about a store's whole catalog are filed under."""
    return f"catalog:{store_id}"


def open_brake(store_id: int, kind: BrakeKind) -> Brake | None:
    return Brake.objects.filter(store_id=store_id, kind=kind, state=BrakeState.HELD).first()


def hold(seen: Seen, kind: BrakeKind, changes: Sequence[Held], total: int, why: str = "") -> Brake:
    """Holds these changes, on the store's open brake of that kind or a new one; tells people. The
    store is swept again in time for a proof.
    """
    brake, fresh = Brake.objects.get_or_create(
        store_id=seen.store_id,
        kind=kind,
        state=BrakeState.HELD,
        defaults={
            "marketplace_id": seen.marketplace_id,
            "lane": seen.lane,
            "opened_at": seen.at,
            "why": why,
        },
    )
    _keep(seen, brake, changes)
    brake.count = brake.changes.count() if changes else max(brake.count, total and 1)
    brake.total = max(brake.total, total)
    brake.save(update_fields=["count", "total"])
    _tell(brake, seen.at)
    if fresh:
        StoreReading.objects.filter(
            store_id=seen.store_id, sweep_due_at__gt=seen.at + PROOF_AFTER
        ).update(sweep_due_at=seen.at + PROOF_AFTER)
    return brake


def _keep(seen: Seen, brake: Brake, changes: Sequence[Held]) -> None:
    rows = [
        HeldChange(
            marketplace_id=seen.marketplace_id,
            brake=brake,
            store_id=seen.store_id,
            kind=brake.kind,
            product_id=one.product_id,
            variant_id=one.variant_id,
            was=one.was,
            says=one.says,
            requested_at=seen.requested_at,
        )
        for one in changes
    ]
    HeldChange.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["store", "kind", "product_id", "variant"],
        update_fields=["says", "requested_at", "brake"],
        batch_size=1_000,
    )


def _tell(brake: Brake, at: datetime) -> None:
    store = Store.objects.select_related("vendor").get(pk=brake.store_id)
    evidence: dict[str, str | int | None] = {
        "count": brake.count,
        "total": brake.total,
        "vendor": store.vendor.name,
        "brake": brake.pk,
        "why": brake.why,
    }
    finding = Finding(FINDINGS[BrakeKind(brake.kind)], evidence)
    note_finding(brake.marketplace_id, subject(store.pk), finding, at, vendor_id=store.vendor_id)


def let_go(changes: Iterable[HeldChange], at: datetime) -> None:
    """The store says something else now: these are held no longer. A brake without any is
    released.
    """
    rows = list(changes)
    HeldChange.objects.filter(pk__in=[one.pk for one in rows]).delete()
    for brake_id in {one.brake_id for one in rows}:
        brake = Brake.objects.select_for_update().get(pk=brake_id)
        if brake.state != BrakeState.HELD:
            continue
        brake.count = brake.changes.count()
        if brake.count:
            brake.save(update_fields=["count"])
            _tell(brake, at)
        else:
            close(brake, BrakeState.RELEASED, at)


def close(brake: Brake, state: BrakeState, at: datetime, user_id: int | None = None) -> None:
    brake.state = state
    brake.closed_at = at
    brake.closed_by_id = user_id
    brake.save()
    code = FINDINGS[BrakeKind(brake.kind)]
    resolve_findings(brake.marketplace_id, subject(brake.store_id), at, [code])


# --- by rule ---


def prove(store_id: int, walk_began: datetime, at: datetime) -> None:
    """A full, proven walk has ended: what it found again of the held changes, and is proof enough,
    is applied.
    """
    for brake in Brake.objects.select_for_update().filter(store_id=store_id, state=BrakeState.HELD):
        again = brake.changes.filter(requested_at__gte=walk_began)
        if not again.exists():
            continue
        brake.proven_at = at
        brake.save(update_fields=["proven_at"])
        if proven_by(BrakeKind(brake.kind), brake.opened_at, walk_began):
            _apply(brake, list(again), at)


# --- by a person ---


@transaction.atomic
def apply_brake(marketplace_id: int, brake_id: int, at: datetime, user_id: int | None) -> int:
    """A person says that the change is right. Returns of how many things. Raises Rejected."""
    brake = _held(marketplace_id, brake_id)
    if brake.kind == BrakeKind.ANSWERS:
        raise Rejected("There is nothing to apply: the shop's answers could not be understood.")
    changes = list(brake.changes.all())
    _apply(brake, changes, at, user_id)
    return len(changes)


@transaction.atomic
def ignore_brake(marketplace_id: int, brake_id: int, at: datetime, user_id: int | None) -> int:
    """A person says that the change is wrong: what was stays in force for each thing until the
    store says something else of it. Returns of how many things. Raises Rejected.
    """
    brake = _held(marketplace_id, brake_id)
    count = brake.changes.count()
    close(brake, BrakeState.IGNORED, at, user_id)
    return count


def _held(marketplace_id: int, brake_id: int) -> Brake:
    brake = (
        Brake.objects.select_for_update()
        .filter(pk=brake_id, marketplace_id=marketplace_id, state=BrakeState.HELD)
        .first()
    )
    if brake is None:
        raise Rejected("This is no longer held.")
    return brake


def _apply(
    brake: Brake, changes: Sequence[HeldChange], at: datetime, user_id: int | None = None
) -> None:
    """What the store says of these comes into force. A brake with others left stays."""
    whole = len(changes) >= brake.changes.count()
    if brake.kind == BrakeKind.VANISHED:
        _apply_vanished(brake, changes, at)
    else:
        _apply_variants(brake, changes, at)
    if whole:
        close(brake, BrakeState.APPLIED, at, user_id)
    else:
        brake.count = brake.changes.count()
        brake.save(update_fields=["count"])
        _tell(brake, at)


def _apply_variants(brake: Brake, changes: Sequence[HeldChange], at: datetime) -> None:
    """Stock or prices of variants, as the store last said them."""
    stock = brake.kind == BrakeKind.SOLD_OUT
    says = {one.variant_id: one for one in changes}
    variants = list(VendorVariant.objects.select_for_update().filter(pk__in=list(says)))
    for variant in variants:
        change = says[variant.pk]
        for name, value in change.says.items():
            setattr(variant, name, value)
        variant.changed_at = at
        if stock:
            variant.stock_requested_at = max(variant.stock_requested_at, change.requested_at)
            variant.sold_out_at = at
    names = {name for one in changes for name in one.says} | {"changed_at"}
    if stock:
        names |= {"stock_requested_at", "sold_out_at"}
    VendorVariant.objects.bulk_update(variants, sorted(names), batch_size=500)
    HeldChange.objects.filter(pk__in=[one.pk for one in changes]).delete()
    products = {variant.product_id for variant in variants}
    if not stock:
        VendorProduct.objects.filter(pk__in=products).update(review_due=True, changed_at=at)
        work.review_listings(brake.store_id)
    redecide(brake.marketplace_id, [variant.pk for variant in variants], at)


def _apply_vanished(brake: Brake, changes: Sequence[HeldChange], at: datetime) -> None:
    """What is hidden in the store is hidden; what its answers leave out is asked for by id, and the
    brake does not hold it again (`is_settled`).
    """
    hidden = {one.product_id: one for one in changes if not one.says.get(ABSENT)}
    rows = VendorProduct.objects.filter(store_id=brake.store_id, product_id__in=list(hidden))
    for product in rows:
        for name, value in hidden[product.product_id].says.items():
            setattr(product, name, value)
        product.changed_at = at
        product.review_due = True
        product.save()
    HeldChange.objects.filter(pk__in=[one.pk for one in hidden.values()]).delete()
    variants = VendorVariant.objects.filter(
        store_id=brake.store_id, product_id_in_store__in=list(hidden)
    )
    variants = variants.filter(Q(listed__isnull=False) | Q(source__isnull=False))
    redecide(brake.marketplace_id, list(variants.values_list("pk", flat=True)), at)
    absent = [one.product_id for one in changes if one.says.get(ABSENT)]
    ask_again(brake.marketplace_id, brake.store_id, absent, at)
    work.review_listings(brake.store_id)


def settled(store_id: int, product_ids: Iterable[int]) -> set[int]:
    """Those of which somebody, or a rule, has said that they are gone."""
    rows = HeldChange.objects.filter(
        store_id=store_id,
        kind=BrakeKind.VANISHED,
        product_id__in=list(product_ids),
        brake__state=BrakeState.APPLIED,
    )
    return set(rows.values_list("product_id", flat=True))


def ignored(store_id: int) -> set[int]:
    """Products that a person wants to keep although the store's answers leave them out."""
    rows = HeldChange.objects.filter(
        store_id=store_id, kind=BrakeKind.VANISHED, brake__state=BrakeState.IGNORED
    )
    return set(rows.values_list("product_id", flat=True))
