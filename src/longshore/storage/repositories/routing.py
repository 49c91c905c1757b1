"""Routing as rows: an order's lines become one purchase order for each store, or say why not."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from longshore.domain.findings import Finding
from longshore.domain.money import Money
from longshore.domain.orders import PurchaseOrderState, StorefrontOrder
from longshore.domain.routing import RoutedLine, RoutingPolicy, Source, Split, may_route, split
from longshore.storage import work
from longshore.storage.models import (
    Marketplace,
    PurchaseOrder,
    PurchaseOrderLine,
    Reservation,
    RoutingState,
    Store,
    StorefrontOrderLine,
    VendorVariant,
)
from longshore.storage.models import StorefrontOrder as OrderRow
from longshore.storage.repositories.edits import follow_edits, withdraw
from longshore.storage.repositories.findings import note_finding, resolve_findings
from longshore.storage.repositories.purchase_prices import PricesTold
from longshore.storage.repositories.references import new_reference
from longshore.storage.repositories.timeline import note_event


def route(row: OrderRow, order: StorefrontOrder, at: datetime, *, by_hand: bool) -> None:
    """Sends what may be sent; safe to repeat on every reading. In the caller's transaction."""
    marketplace = row.marketplace = Marketplace.objects.get(pk=row.marketplace_id)
    subject = f"order:{row.pk}"
    if order.canceled_at is not None:
        withdraw(row, at)
    waits = may_route(order, _policy(marketplace, row), at, by_hand=by_hand)
    if waits is not None:
        if row.waits_for != waits.reason:
            note_event(row, at, "waits", reason=waits.reason)
        if waits.finding is not None:
            note_finding(row.marketplace_id, subject, waits.finding, at)
        row.waits_for = waits.reason
        if order.canceled_at is not None:
            row.routing = RoutingState.CLOSED
        elif row.routed_at is not None:
            follow_edits(row, at)  # refunded whole: vendors have what nobody wants any more
        row.save(update_fields=["waits_for", "routing"])
        return
    if row.waits_for:
        resolve_findings(row.marketplace_id, subject, at, ["order_before_go_live"])
    parts = split(order, _sources(row))
    _note_left_out(row, parts, at)
    for store_id, lines in parts.parts.items():
        _purchase(row, store_id, lines, at)
    follow_edits(row, at)
    if row.routing != RoutingState.ROUTED:
        note_event(row, at, "routed", vendors=len(parts.parts), by_hand=by_hand)
    row.routing, row.waits_for = RoutingState.ROUTED, ""
    row.routed_at = row.routed_at or at
    row.save(update_fields=["routing", "waits_for", "routed_at"])


def _policy(marketplace: Marketplace, row: OrderRow) -> RoutingPolicy:
    """What was sent once is not held back again by a longer hold."""
    minutes = 0 if row.routed_at else marketplace.hold_minutes
    return RoutingPolicy(
        marketplace.live_since, timedelta(minutes=minutes), marketplace.route_authorized
    )


def _sources(row: OrderRow) -> Mapping[str, Source]:
    """The vendor's variant behind each Shopify variant of the order. Of goods that several vendors
    have it is the one whose units were held back when the order was first read: an order never
    moves to another vendor because that one is chosen now.
    """
    lines = row.lines.filter(listing_variant__isnull=False).select_related(
        "listing_variant__variant__store"
    )
    held = {
        one.order_line_id: one.variant
        for one in Reservation.objects.filter(order_line__order=row).select_related(
            "variant__store"
        )
    }
    found: dict[str, Source] = {}
    for line in lines:
        listed = line.listing_variant
        if listed is not None:
            sold = held.get(line.pk, listed.variant)
            found[line.variant_gid] = Source(sold.store.vendor_id, sold.store_id, sold.pk)
    return found


def _note_left_out(row: OrderRow, parts: Split, at: datetime) -> None:
    for one in parts.left_out:
        StorefrontOrderLine.objects.filter(order=row, line_gid=one.line.line_id).update(
            left_out=one.reason
        )
    for line in parts.without_vendor:
        evidence = {"order": row.name, "line": line.title}
        finding = Finding("line_without_vendor", evidence)
        note_finding(row.marketplace_id, f"order:{row.pk}", finding, at)


def _purchase(
    row: OrderRow,
    store_id: int,
    lines: tuple[RoutedLine, ...],
    at: datetime,
) -> None:
    taken = PurchaseOrderLine.objects.filter(purchase_order__order=row)
    placed = {
        one.order_line.line_gid: one for one in taken.select_related("purchase_order", "order_line")
    }
    pending = PurchaseOrderState.PENDING
    sent = {gid for gid, one in placed.items() if one.purchase_order.state != pending}
    lines = tuple(one for one in lines if one.line.line_id not in sent)
    if not lines:
        return
    store = Store.objects.select_related("vendor").get(pk=store_id)
    order, made = _open_order(row, store, at)
    prices = PricesTold(row, store, at)
    _keep_lines(row, order, prices, [(one, placed.get(one.line.line_id)) for one in lines])
    if made:
        work.place_purchase_orders(store_id)


def _open_order(row: OrderRow, store: Store, at: datetime) -> tuple[PurchaseOrder, bool]:
    """The store's purchase order that was not sent yet. Lines that were added on Shopify when it
    had its order already go out in one of their own.
    """
    mine = list(PurchaseOrder.objects.filter(order=row, store=store).order_by("-round"))
    for one in mine:
        if one.state == PurchaseOrderState.PENDING and one.posts == 0:
            return one, False
    made = PurchaseOrder.objects.create(
        marketplace_id=row.marketplace_id,
        order=row,
        vendor_id=store.vendor_id,
        store=store,
        round=mine[0].round + 1 if mine else 1,
        reference=new_reference(),
        created_at=at,
    )
    return made, True


def _keep_lines(
    row: OrderRow,
    order: PurchaseOrder,
    prices: PricesTold,
    lines: Sequence[tuple[RoutedLine, PurchaseOrderLine | None]],
) -> None:
    """The lines as the purchase order has them now; None: it was in none before."""
    gids = [one.line.line_id for one, before in lines if before is None]
    numbers = StorefrontOrderLine.objects.filter(order=row, line_gid__in=gids)
    number_of = dict(numbers.values_list("line_gid", "pk")) if gids else {}
    wanted = [one.source.vendor_variant_id for one, _ in lines] if prices.own else ()
    sold = VendorVariant.objects.in_bulk(wanted) if wanted else {}
    old: list[PurchaseOrderLine] = []
    new: list[PurchaseOrderLine] = []
    for one, before in lines:
        kept = before or PurchaseOrderLine(
            marketplace_id=row.marketplace_id, order_line_id=number_of[one.line.line_id]
        )
        price = prices.of(one.line.unit_price.amount, sold.get(one.source.vendor_variant_id))
        kept.purchase_order = order
        kept.variant_id = one.source.vendor_variant_id
        kept.quantity = one.line.quantity
        # What is missing is found again, and told, before it is sent.
        kept.unit_price = Decimal(0) if isinstance(price, Finding) else price
        (old if before else new).append(kept)
    PurchaseOrderLine.objects.bulk_create(new)
    PurchaseOrderLine.objects.bulk_update(
        old, ("purchase_order", "variant", "quantity", "unit_price")
    )


def kept_order(row: OrderRow) -> StorefrontOrder:
    """The order as it was read last, for routing it by hand."""
    from longshore.domain.orders import Address, OrderLine, Payment

    return StorefrontOrder(
        order_id=row.order_gid,
        name=row.name,
        created_at=row.created_in_shop,
        updated_at=row.updated_in_shop,
        canceled_at=row.canceled_at,
        payment=Payment(row.payment),
        test=row.test,
        currency=row.currency,
        email=row.email,
        shipping_address=Address(**row.shipping_address) if row.shipping_address else None,
        shipping_title=row.shipping_title,
        shipping_price=Money(row.shipping_price, row.currency),
        note=row.note,
        lines=tuple(
            OrderLine(
                line.line_gid,
                line.variant_gid or None,
                line.title,
                line.sku,
                line.quantity,
                Money(line.unit_price, row.currency),
                line.ships,
                line.gift_card,
                tuple((name, text) for name, text in line.details),
            )
            for line in row.lines.order_by("pk")
        ),
        attributes=tuple((name, text) for name, text in row.attributes),
    )


def route_by_hand(row: OrderRow, at: datetime) -> None:
    """Routes an order that waits for *Go live*, or is a test. In the caller's transaction."""
    row.routed_by_hand = True
    row.save(update_fields=["routed_by_hand"])
    route(row, replace(kept_order(row), test=False), at, by_hand=True)
