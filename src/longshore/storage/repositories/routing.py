"""Routing as rows: an order's lines become one purchase order for each store, or say why not."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from longshore.domain.findings import Finding
from longshore.domain.money import Money
from longshore.domain.orders import PurchaseOrderState, StorefrontOrder
from longshore.domain.routing import (
    RiskAnswer,
    RiskHold,
    RoutedLine,
    RoutingPolicy,
    Source,
    Split,
    Waits,
    left_out_because,
    may_route,
    split,
)
from longshore.domain.sources import serves
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
from longshore.storage.repositories.edits import close, follow_edits, withdraw
from longshore.storage.repositories.findings import note_finding, resolve_findings
from longshore.storage.repositories.picking import (
    country_for,
    note_picked,
    pick_for,
    sources_of,
    vendor_of,
)
from longshore.storage.repositories.purchase_prices import PricesTold
from longshore.storage.repositories.references import new_reference
from longshore.storage.repositories.reserving import OWN, hold_for_hand, move_units
from longshore.storage.repositories.timeline import note_event

_WAITING = ("order_before_go_live", "order_risky")
"""Findings of orders that wait to be routed."""
_OVER = frozenset({"canceled", "left_out"})


def route(row: OrderRow, order: StorefrontOrder, at: datetime, *, by_hand: bool) -> None:
    """Sends what may be sent; safe to repeat on every reading. In the caller's transaction."""
    marketplace = row.marketplace = Marketplace.objects.get(pk=row.marketplace_id)
    _hold_parts(row)
    if order.canceled_at is not None:
        withdraw(row, at)
    waits = may_route(order, _policy(marketplace, row), at, by_hand=by_hand)
    if waits is not None:
        if row.waits_for != waits.reason:
            note_event(row, at, "waits", reason=waits.reason)
            _forget_waiting(row, waits, at)
        if waits.finding is not None:
            note_finding(row.marketplace_id, f"order:{row.pk}", waits.finding, at)
        row.waits_for, row.look_at = waits.reason, waits.look_at
        if waits.reason in _OVER:
            row.routing = RoutingState.CLOSED
        else:
            follow_edits(row, at)  # refunded whole: vendors have what nobody wants any more
        row.save(update_fields=["waits_for", "look_at", "routing"])
        return
    if row.waits_for:
        resolve_findings(row.marketplace_id, f"order:{row.pk}", at, _WAITING)
    own = _leave_out(row, order, at)
    sources, away = _find_who_sends(row, at)
    parts = split(order, sources, own)
    _note_without_vendor(row, parts, away, at)
    for store_id, placed in sorted(parts.parts.items()):  # as others lock them
        _purchase(row, store_id, placed, at)
    follow_edits(row, at)
    if row.routing != RoutingState.ROUTED:
        note_event(row, at, "routed", vendors=len(parts.parts), by_hand=by_hand)
    row.routing, row.waits_for, row.look_at = RoutingState.ROUTED, "", None
    row.routed_at = row.routed_at or at
    row.save(update_fields=["routing", "waits_for", "look_at", "routed_at"])


def _hold_parts(row: OrderRow) -> None:
    """No part begins to be sent while its lines are decided by what was sent of it."""
    if row.routed_at is not None:
        parts = row.purchase_orders.select_for_update(no_key=True)
        list(parts.order_by("pk").values_list("pk", flat=True))


def _policy(marketplace: Marketplace, row: OrderRow) -> RoutingPolicy:
    """What was sent once is not held back again by a longer hold, or by a later advice."""
    sent = row.routed_at is not None
    return RoutingPolicy(
        live_since=marketplace.live_since,
        hold=timedelta(minutes=0 if sent else marketplace.hold_minutes),
        authorized=marketplace.route_authorized,
        hold_risk=RiskHold.NEVER if sent else RiskHold(marketplace.hold_risk),
        risk_answer=RiskAnswer(row.risk_answer),
    )


def _was_routed(row: OrderRow) -> bool:
    """Before that no vendor has a part of it: what would be looked for is not there."""
    return row.routed_at is not None


def _sources(row: OrderRow) -> tuple[dict[str, Source], set[str]]:
    """The vendor's variant of each line, by the line's Shopify id: the one whose units are held
    back for it, so that an order never moves to another vendor because that one is sold now. What
    has a place already keeps it. Beside it the lines whose vendor does not send to the buyer's
    country; what a person chose is not asked.
    """
    held = Reservation.objects.filter(order_line__order=row)
    placed = PurchaseOrderLine.objects.filter(purchase_order__order=row)
    store = "variant__store"
    fields = ("order_line__line_gid", f"{store}__vendor_id", f"{store}_id", "variant_id",
              f"{store}__vendor__countries", "order_line__by_hand")  # fmt: skip
    country = country_for(row)
    found: dict[str, Source] = {}
    away: set[str] = set()
    for many in (placed, held) if _was_routed(row) else (held,):
        for gid, vendor_id, store_id, variant_id, served, by_hand in many.values_list(*fields):
            found[gid] = Source(vendor_id, store_id, variant_id)
            away.discard(gid)
            if not by_hand and not serves(served, country):
                away.add(gid)
    return found, away


def _forget_waiting(row: OrderRow, waits: Waits, at: datetime) -> None:
    """It waits for something else now; of an order that is over nothing need be known."""
    told = waits.finding.code if waits.finding is not None else ""
    over = None if waits.reason in _OVER else [one for one in _WAITING if one != told]
    resolve_findings(row.marketplace_id, f"order:{row.pk}", at, over)


def _leave_out(row: OrderRow, order: StorefrontOrder, at: datetime) -> Collection[str]:
    """Keeps why lines are no vendor's work, and holds nothing back for them; returns those that the
    marketplace sends itself.
    """
    own: set[str] = set()
    said = {line.line_id: left_out_because(line) for line in order.lines}
    if not any(said.values()) and not row.lines.exclude(left_out="").exists():
        return own
    for line in row.lines.select_related("order", "listing_variant").order_by("pk"):
        reason = said.get(line.line_gid) or (OWN if line.left_out == OWN else "")
        if reason == OWN:
            own.add(line.line_gid)
        if reason == line.left_out:
            continue
        line.left_out = reason
        line.save(update_fields=["left_out"])
        if reason and reason != "removed":
            move_units(line, None, at)
        elif line.listing_variant is not None:
            move_units(line, line.listing_variant.variant_id, at)
        if reason:
            note_event(row, at, "left_out", goods=line.title, reason=reason)
    return own


def _find_who_sends(row: OrderRow, at: datetime) -> tuple[Mapping[str, Source], Mapping[str, str]]:
    """The source of each line. One whose vendor does not send to the buyer's country goes to
    another that has it and does; where there is none it has no source, and is returned with the
    name of its vendor.
    """
    sources, away = _sources(row)
    if not away:
        return sources, {}
    lines = list(
        row.lines.filter(line_gid__in=away, left_out="")
        .exclude(pk__in=under_way(row))
        .select_related("order", "listing_variant")
    )
    choice = sources_of(row, lines)
    left: dict[str, str] = {}
    for line in lines:
        picked = pick_for(choice, line)
        if picked is None or picked.offer is None:
            left[line.line_gid] = vendor_of(sources[line.line_gid].vendor_id)
            PurchaseOrderLine.objects.filter(order_line=line).delete()
        else:
            move_units(line, picked.offer.variant_id, at)
            note_picked(row, line, picked, at)
    close_emptied(row, at)
    sources, _ = _sources(row)
    return {gid: one for gid, one in sources.items() if gid not in left}, left


def _note_without_vendor(
    row: OrderRow, parts: Split, away: Mapping[str, str], at: datetime
) -> None:
    """Two causes: no vendor has it, or the vendor that has it does not send to the buyer."""
    nobodys = [line.title for line in parts.without_vendor if line.line_id not in away]
    unsent = [line for line in parts.without_vendor if line.line_id in away]
    codes = {
        "line_without_vendor": {"line": ", ".join(nobodys)} if nobodys else None,
        "country_not_served": {
            "line": ", ".join(line.title for line in unsent),
            "vendor": ", ".join(dict.fromkeys(away[line.line_id] for line in unsent)),
            "country": country_for(row),
        }
        if unsent
        else None,
    }
    subject = f"order:{row.pk}"
    for code, evidence in codes.items():
        if evidence is not None:
            finding = Finding(code, {"order": row.name, **evidence})
            note_finding(row.marketplace_id, subject, finding, at)
    over = [code for code, evidence in codes.items() if evidence is None]
    if row.routed_at is not None:
        resolve_findings(row.marketplace_id, subject, at, over)


def close_emptied(row: OrderRow, at: datetime) -> None:
    """Parts whose lines all went elsewhere before anything was sent."""
    emptied = row.purchase_orders.filter(
        state=PurchaseOrderState.PENDING, posts=0, lines__isnull=True
    )
    for order in emptied:
        close(order, at)


def under_way(row: OrderRow) -> set[int]:
    """The order lines of which something may be in a store: no other vendor gets them."""
    lines = PurchaseOrderLine.objects.filter(purchase_order__order=row)
    begun = lines.exclude(purchase_order__state=PurchaseOrderState.PENDING, purchase_order__posts=0)
    return set(begun.values_list("order_line_id", flat=True))


def _purchase(
    row: OrderRow,
    store_id: int,
    lines: tuple[RoutedLine, ...],
    at: datetime,
) -> None:
    taken = PurchaseOrderLine.objects.filter(purchase_order__order=row)
    taken = taken.select_related("purchase_order", "order_line")
    placed = {one.order_line.line_gid: one for one in taken} if _was_routed(row) else {}
    sent = {gid for gid, one in placed.items() if not may_move(one.purchase_order)}
    lines = tuple(one for one in lines if one.line.line_id not in sent)
    if not lines:
        return
    store = Store.objects.select_related("vendor").get(pk=store_id)
    order, made = _open_order(row, store, at)
    wanted = [(one, placed.get(one.line.line_id)) for one in lines]
    came = any(one is not None and one.purchase_order_id != order.pk for _, one in wanted)
    _keep_lines(row, order, PricesTold(row, store, at), wanted)
    if came:
        close_emptied(row, at)
    if made:
        work.place_purchase_orders(store_id)


def may_move(order: PurchaseOrder) -> bool:
    """Whether nothing of it was ever sent: an attempt that was put back is made again as it was."""
    return order.state == PurchaseOrderState.PENDING and order.posts == 0


def _open_order(row: OrderRow, store: Store, at: datetime) -> tuple[PurchaseOrder, bool]:
    """The store's purchase order that was not sent yet. Lines that were added on Shopify when it
    had its order already go out in one of their own.
    """
    theirs = PurchaseOrder.objects.filter(order=row, store=store).order_by("-round")
    mine = list(theirs) if _was_routed(row) else []
    for one in mine:
        if may_move(one):
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
    from longshore.domain.orders import Address, Delivery, OrderLine, Payment, Risk

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
        risk=Risk(row.risk),
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
                Delivery(line.delivery),
                tuple((name, text) for name, text in line.details),
            )
            for line in row.lines.order_by("pk")
        ),
        attributes=tuple((name, text) for name, text in row.attributes),
        billing_address=Address(**row.billing_address) if row.billing_address else None,
    )


def route_by_hand(row: OrderRow, at: datetime) -> None:
    """Routes an order that waits for *Go live*, or is a test. In the caller's transaction."""
    row.routed_by_hand = True
    row.save(update_fields=["routed_by_hand"])
    if row.test:
        hold_for_hand(row, at)
    route_again(row, at)


def route_again(row: OrderRow, at: datetime) -> None:
    """Routes an order as it was read last, after a decision about it. In the caller's
    transaction.
    """
    order = kept_order(row)
    if row.routed_by_hand:
        order = replace(order, test=False)
    route(row, order, at, by_hand=row.routed_by_hand)
