"""Goods that several vendors have are looked at in the store before an order goes there: what it
has too little of goes to a vendor that has it.
"""

from dataclasses import replace
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import OuterRef

from longshore.domain.catalog import VendorProduct
from longshore.domain.lanes import Lane
from longshore.domain.sources import Passed, PassedBecause
from longshore.ports.stores import Found
from longshore.storage.models import PurchaseOrder, PurchaseOrderLine
from longshore.storage.models import StorefrontOrder as OrderRow
from longshore.storage.repositories.catalog import Catalog
from longshore.storage.repositories.oversold import short_lines
from longshore.storage.repositories.picking import note_picked, pick_for, sources_of
from longshore.storage.repositories.reserving import move_units
from longshore.storage.repositories.routing import close_emptied, may_move, route_again

SHARED = ArraySubquery(
    PurchaseOrderLine.objects.filter(
        purchase_order=OuterRef("pk"),
        order_line__by_hand=False,
        order_line__listing_variant__sources__isnull=False,
    )
    .order_by("variant__product_id_in_store")
    .values("variant__product_id_in_store")
    .distinct()
)
"""Products of a purchase order that other vendors have, too. What a person chose is not asked."""


def goods_read(
    store_id: int, purchase_order_id: int, found: Found[VendorProduct], at: datetime
) -> None:
    """Keeps the reading, and moves the lines that it shows to be short."""
    Catalog().keep_found(store_id, found, at, lane=Lane.HINT)
    _give_up_short(purchase_order_id, at)


@transaction.atomic
def _give_up_short(purchase_order_id: int, at: datetime) -> None:
    part = PurchaseOrder.objects.get(pk=purchase_order_id)
    order = OrderRow.objects.select_for_update(no_key=True).get(pk=part.order_id)
    # Nobody may begin to send a part while its lines are moved.
    parts = {one.pk: one for one in order.purchase_orders.select_for_update(no_key=True)}
    if not may_move(parts[part.pk]):
        return
    if _moved(order, part, at):
        close_emptied(order, at)
        route_again(order, at)


def _moved(order: OrderRow, part: PurchaseOrder, at: datetime) -> bool:
    """Whether a line went elsewhere. Only to a vendor that has all of it, so that no line goes
    round.
    """
    lines = part.lines.filter(order_line__by_hand=False).select_related(
        "variant", "order_line__order", "order_line__listing_variant"
    )
    few = short_lines(part.marketplace_id, {line.variant_id for line in lines})
    short = [line for line in lines if line.order_line_id in few]
    choice = sources_of(order, [line.order_line for line in short])
    moved = False
    for line in short:
        wanted = line.order_line
        offers = choice.offers.get(wanted.listing_variant_id or 0, ())
        poor = {one.variant_id for one in offers if one.units < wanted.quantity}
        picked = pick_for(choice, wanted, but={*poor, line.variant_id})
        if picked is None or picked.offer is None:
            continue
        line.delete()
        move_units(wanted, picked.offer.variant_id, at)
        has = max(0, line.variant.quantity or 0)
        left = [replace(one, units=has) for one in offers if one.variant_id == line.variant_id]
        passed = (*(Passed(one, PassedBecause.SHORT) for one in left), *picked.passed)
        note_picked(order, wanted, replace(picked, passed=passed), at)
        moved = True
    return moved
