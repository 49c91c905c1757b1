"""What a person decides about an order line that no vendor has: whose it is, now and later."""

from datetime import datetime

from django.db import transaction

from longshore.ports.errors import Rejected
from longshore.storage.models import (
    OpenFinding,
    PurchaseOrderLine,
    Reservation,
    SenderChoice,
    StorefrontOrderLine,
    VendorVariant,
)
from longshore.storage.models import StorefrontOrder as OrderRow
from longshore.storage.repositories.reserving import OWN, move_units
from longshore.storage.repositories.routing import close_emptied, route_again, under_way
from longshore.storage.repositories.timeline import note_event

ALIKE = 200
"""Orders that wait for the same choice and go out with it; the rest go when they are read again."""


@transaction.atomic
def choose_sender(
    marketplace_id: int, line_id: int, variant_id: int | None, at: datetime, *, remember: bool
) -> int:
    """The line is sent by the vendor that has `variant_id`, None: by the marketplace itself; its
    order is routed at once. With `remember` all open orders with the same variant follow, and so
    does every later one. Returns how many orders were routed. Raises Rejected.
    """
    line = _line(marketplace_id, line_id)
    variant = None if variant_id is None else _variant(marketplace_id, variant_id)
    _decide(line, variant, at, by_hand=True)
    routed = 1
    if remember and line.variant_gid:
        choice = {"title": line.title, "variant": variant, "made_at": at}
        SenderChoice.objects.update_or_create(
            marketplace_id=marketplace_id, variant_gid=line.variant_gid, defaults=choice
        )
        for other in _alike(line):
            _decide(_line(marketplace_id, other), variant, at, by_hand=False)
            routed += 1
    return routed


@transaction.atomic
def forget_sender(marketplace_id: int, choice_id: int) -> None:
    """The next order with it waits for a choice again; those that were routed stay. Raises
    Rejected.
    """
    gone, _ = SenderChoice.objects.filter(marketplace_id=marketplace_id, pk=choice_id).delete()
    if not gone:
        raise Rejected("There is no such choice.")


def route_unserved(marketplace_id: int, at: datetime) -> None:
    """A vendor sends elsewhere now: orders that wait because of it are routed anew. In the caller's
    transaction.
    """
    waiting = OpenFinding.objects.filter(
        marketplace_id=marketplace_id, code="country_not_served", resolved_at=None
    ).order_by("first_seen_at")
    ids = [int(one.partition(":")[2]) for one in waiting.values_list("subject", flat=True)[:ALIKE]]
    rows = OrderRow.objects.filter(marketplace_id=marketplace_id, pk__in=ids, erased_at=None)
    for row in rows.order_by("pk").select_for_update(no_key=True):
        route_again(row, at)


def _decide(
    line: StorefrontOrderLine, variant: VendorVariant | None, at: datetime, *, by_hand: bool
) -> None:
    row = line.order
    if _is_so(line, variant):
        return
    if row.canceled_at is not None:
        raise Rejected(f"{row.name} was canceled.")
    if row.erased_at is not None:
        raise Rejected(f"{row.name} cannot be sent any more: its address was erased.")
    list(row.purchase_orders.select_for_update(no_key=True).values_list("pk", flat=True))
    if line.pk in under_way(row):
        raise Rejected(f"{line.title} was sent to a vendor already.")
    PurchaseOrderLine.objects.filter(order_line=line).delete()
    close_emptied(row, at)
    line.left_out = OWN if variant is None else ""
    line.by_hand = by_hand
    line.save(update_fields=["left_out", "by_hand"])
    move_units(line, variant.pk if variant is not None else None, at)
    if variant is None:
        note_event(row, at, "left_out", goods=line.title, reason=OWN)
    else:
        note_event(row, at, "sender_chosen", goods=line.title, at_vendor=variant.store.vendor.name)
    route_again(row, at)


def _is_so(line: StorefrontOrderLine, variant: VendorVariant | None) -> bool:
    """Whether nothing would change: it was chosen already, or a vendor has it."""
    if variant is None:
        return line.left_out == OWN
    held = Reservation.objects.filter(order_line=line, variant=variant).exists()
    settled = line.by_hand or PurchaseOrderLine.objects.filter(order_line=line).exists()
    return held and settled and line.left_out == ""


def _line(marketplace_id: int, line_id: int) -> StorefrontOrderLine:
    """The line, with its order locked. Raises Rejected."""
    rows = StorefrontOrderLine.objects.filter(marketplace_id=marketplace_id, pk=line_id)
    order_id = rows.values_list("order_id", flat=True).first()
    if order_id is None:
        raise Rejected("There is no such line.")
    OrderRow.objects.select_for_update(no_key=True).get(pk=order_id)
    return rows.select_related("order").get()


def _variant(marketplace_id: int, variant_id: int) -> VendorVariant:
    rows = VendorVariant.objects.filter(marketplace_id=marketplace_id, pk=variant_id)
    found = rows.filter(absent_since=None, product__absent_since=None)
    row = found.select_related("store__vendor").first()
    if row is None:
        raise Rejected("No vendor has that any more.")
    return row


def _alike(line: StorefrontOrderLine) -> list[int]:
    """Lines of open orders that wait for the same choice, the oldest first."""
    rows = StorefrontOrderLine.objects.filter(
        marketplace_id=line.marketplace_id,
        variant_gid=line.variant_gid,
        listing_variant=None,
        reservation=None,
        left_out="",
        quantity__gt=0,
        order__canceled_at=None,
        order__erased_at=None,
    )
    found = rows.exclude(pk=line.pk).order_by("order_id", "pk")
    return list(found.values_list("pk", flat=True)[:ALIKE])
