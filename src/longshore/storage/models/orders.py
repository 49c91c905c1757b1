"""Buyers' orders, the vendors' parts of them, shipments, reservations and the timeline."""

from django.db import models

from longshore.domain.orders import (
    Delivery,
    Payment,
    PurchaseOrderState,
    PutBack,
    Risk,
    StoreOrderState,
)
from longshore.domain.routing import RiskAnswer
from longshore.storage.models.catalog import VendorVariant
from longshore.storage.models.listings import ListingVariant
from longshore.storage.models.owned import Owned
from longshore.storage.models.vendors import Store, Vendor


class RoutingState(models.TextChoices):
    """WAITING: not routed yet, `waits_for` says why. DONE: every line has its place."""

    WAITING = "waiting"
    ROUTED = "routed"
    CLOSED = "closed"


class StorefrontOrder(Owned):
    """A buyer's order as Shopify last told it. `fulfillment_orders` is Shopify's own shape, kept
    only for the page; fulfilling reads them anew.
    """

    order_gid = models.CharField(max_length=100)
    name = models.CharField(max_length=50)
    created_in_shop = models.DateTimeField()
    updated_in_shop = models.DateTimeField()
    canceled_at = models.DateTimeField(null=True)
    payment = models.CharField(max_length=20, choices=[(p.value, p.value) for p in Payment])
    test = models.BooleanField(default=False)
    currency = models.CharField(max_length=3)
    email = models.TextField(default="", blank=True)
    shipping_address = models.JSONField(null=True)
    """The fields of `domain.orders.Address`."""
    billing_address = models.JSONField(null=True)
    """The same, None where it is the delivery address."""
    shipping_title = models.TextField(default="", blank=True)
    shipping_price = models.DecimalField(max_digits=18, decimal_places=6, default=0)
    note = models.TextField(default="", blank=True)
    attributes = models.JSONField(default=list, blank=True)
    """[name, text] of what the buyer filled in besides, such as a gift message."""
    routing = models.CharField(max_length=10, choices=RoutingState, default=RoutingState.WAITING)
    waits_for = models.CharField(max_length=30, default="", blank=True)
    look_at = models.DateTimeField(null=True)
    """When Shopify should be asked again whether it still waits."""
    risk = models.CharField(
        max_length=12, choices=[(r.value, r.value) for r in Risk], default=Risk.NONE
    )
    risk_answer = models.CharField(
        max_length=10, choices=[(r.value, r.value) for r in RiskAnswer], default="", blank=True
    )
    routed_at = models.DateTimeField(null=True)
    routed_by_hand = models.BooleanField(default=False)
    first_seen_at = models.DateTimeField()
    read_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)
    """Since then nothing in it names the buyer."""
    erase_asked_at = models.DateTimeField(null=True)
    """The buyer asked for it while the order was open: it happens as soon as it is closed."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["marketplace", "order_gid"], name="storefront_order_identity"
            )
        ]
        indexes = [
            models.Index(
                fields=["marketplace", "-created_in_shop", "-id"], name="storefront_order_newest"
            ),
            models.Index(
                fields=["marketplace", "-created_in_shop", "-id"],
                name="storefront_order_canceled",
                condition=models.Q(canceled_at__isnull=False),
            ),
            models.Index(
                fields=["marketplace", "-created_in_shop", "-id"],
                include=["routing"],
                name="storefront_order_alive",
                condition=models.Q(canceled_at__isnull=True),
            ),
            models.Index(fields=["marketplace", "routing"], name="storefront_order_routing"),
            models.Index(
                fields=["marketplace", "created_in_shop"],
                name="storefront_order_to_erase",
                condition=models.Q(erased_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StorefrontOrderLine(Owned):
    """`left_out`: why it is no vendor's work ("" when it is); `counted` is the quantity already
    taken off the stock belief.
    """

    order = models.ForeignKey(StorefrontOrder, on_delete=models.CASCADE, related_name="lines")
    line_gid = models.CharField(max_length=100)
    variant_gid = models.CharField(max_length=100, default="", blank=True)
    listing_variant = models.ForeignKey(
        ListingVariant, on_delete=models.SET_NULL, null=True, related_name="order_lines"
    )
    title = models.TextField()
    sku = models.TextField(default="", blank=True)
    quantity = models.IntegerField()
    counted = models.IntegerField(default=0)
    unit_price = models.DecimalField(max_digits=18, decimal_places=6)
    ships = models.BooleanField(default=True)
    gift_card = models.BooleanField(default=False)
    delivery = models.CharField(
        max_length=10, choices=[(d.value, d.value) for d in Delivery], default=Delivery.SHIPPING
    )
    left_out = models.CharField(max_length=30, default="", blank=True)
    details = models.JSONField(default=list, blank=True)
    """[name, text] of what the buyer chose for it besides, such as an engraving."""
    by_hand = models.BooleanField(default=False)
    """A person chose who sends it: no rule speaks against that."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "line_gid"], name="storefront_order_line_identity"
            )
        ]

    def __str__(self) -> str:
        return self.title


class PurchaseOrder(Owned):
    """One store's part of one order. `reference` is in the store's order and finds it again.
    `draft` is exactly what is sent, committed together with SENDING before the POST.
    """

    order = models.ForeignKey(
        StorefrontOrder, on_delete=models.PROTECT, related_name="purchase_orders"
    )
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="purchase_orders")
    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="purchase_orders")
    round = models.IntegerField(default=1)
    """Above 1: of lines that were added on Shopify when the store had its order already."""
    reference = models.CharField(max_length=40, unique=True)
    state = models.CharField(
        max_length=10,
        choices=[(s.value, s.value) for s in PurchaseOrderState],
        default=PurchaseOrderState.PENDING,
    )
    draft = models.JSONField(null=True)
    created_at = models.DateTimeField()
    sending_since = models.DateTimeField(null=True)
    posts = models.IntegerField(default=0)
    look_ups = models.IntegerField(default=0)
    clean_look_ups = models.IntegerField(default=0)
    clean_since = models.DateTimeField(null=True)
    half_made_since = models.DateTimeField(null=True)
    half_made_id = models.BigIntegerField(null=True)
    """The store's order that was begun and not finished."""
    looked_up_at = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    why = models.TextField(default="", blank=True)
    """The refusal, or what it waits for, in words for a person."""
    store_order_id = models.BigIntegerField(null=True)
    store_order_number = models.CharField(max_length=60, default="", blank=True)
    store_state = models.CharField(
        max_length=12,
        choices=[(s.value, s.value) for s in StoreOrderState],
        default="",
        blank=True,
    )
    raw_status = models.CharField(max_length=60, default="", blank=True)
    former = models.JSONField(default=list)
    """Orders the store had of it before it was sent anew: [reference, store order id, number]."""
    instead_of = models.BigIntegerField(null=True)
    """A former order that is canceled in the store before it is sent anew."""
    sent_as_it_is = models.BooleanField(default=False, db_default=False)
    """A person wants it sent in spite of what holds it back (`domain.holding_back`)."""
    born_completed = models.BooleanField(default=False)
    reduced_seen_at = models.DateTimeField(null=True)
    store_read_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    cancel_asked_at = models.DateTimeField(null=True)
    notes_looks = models.PositiveSmallIntegerField(default=0)
    """How often its notes were looked through for a number."""
    order_fields = models.JSONField(default=list, blank=True)
    """[key, value] of the store's order, while it was completed without a parcel's number: one of
    them may be it (`domain.tracking.TaughtKeys`).
    """
    conflict = models.CharField(max_length=12, default="", blank=True)
    """Shipped though canceled: "open", then what a person decided (`domain.placing.Conflict`)."""
    told_edits = models.TextField(default="", blank=True)
    """What differs from what was sent, as the vendor was last told in a note on its order."""
    note_due = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "store", "round"], name="purchase_order_one_a_store"
            ),
            models.UniqueConstraint(
                fields=["store", "store_order_id"], name="purchase_order_store_order"
            ),
        ]
        indexes = [
            models.Index(fields=["marketplace", "state"], name="purchase_order_by_state"),
            models.Index(fields=["vendor", "-created_at", "-id"], name="purchase_order_by_vendor"),
            models.Index(
                fields=["marketplace", "vendor", "created_at", "id"],
                include=["order", "state"],
                name="purchase_order_unshipped",
                condition=models.Q(shipped_at__isnull=True) & ~models.Q(state="canceled"),
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class PurchaseOrderLine(Owned):
    """`line_item_id` is the store's own id of the line, known once accepted."""

    purchase_order = models.ForeignKey(
        PurchaseOrder, on_delete=models.CASCADE, related_name="lines"
    )
    order_line = models.OneToOneField(
        StorefrontOrderLine, on_delete=models.PROTECT, related_name="purchase_line"
    )
    variant = models.ForeignKey(VendorVariant, on_delete=models.PROTECT, related_name="+")
    quantity = models.IntegerField()
    unit_price = models.DecimalField(max_digits=18, decimal_places=6)
    line_item_id = models.BigIntegerField(null=True)
    put_back = models.CharField(
        max_length=10, choices=[(p.value, p.value) for p in PutBack], default="", blank=True
    )
    counter_before = models.IntegerField(null=True)
    """What the store counted before the units were put back."""
    shipped = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.quantity} x {self.variant_id}"


class Reservation(Owned):
    """Units sold on Shopify that the store's own stock may not show yet (`domain.stock`). One for
    each order line; a pooled variant's counts against its whole parent.
    """

    variant = models.ForeignKey(
        VendorVariant, on_delete=models.CASCADE, related_name="reservations"
    )
    order_line = models.OneToOneField(
        StorefrontOrderLine, on_delete=models.CASCADE, related_name="reservation"
    )
    quantity = models.IntegerField()
    opened_at = models.DateTimeField()
    reduced_seen_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["variant"],
                name="reservation_open",
                condition=models.Q(closed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.variant_id}"


class ShipmentState(models.TextChoices):
    """SENDING is committed before Shopify is told: its call has no idempotency key, so after a
    crash Shopify's fulfillments are read before anything is sent again.
    """

    FOUND = "found"
    SENDING = "sending"
    FULFILLED = "fulfilled"
    EXCEPTION = "exception"


class Shipment(Owned):
    """Goods a vendor sent. `key` is stable within its purchase order (`domain.fulfillment`)."""

    purchase_order = models.ForeignKey(
        PurchaseOrder, on_delete=models.CASCADE, related_name="shipments"
    )
    key = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=ShipmentState, default=ShipmentState.FOUND)
    tracking_number = models.TextField(default="", blank=True)
    carrier = models.TextField(default="", blank=True)
    tracking_url = models.TextField(default="", blank=True)
    shipped_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField()
    fulfillment_gids = models.JSONField(default=list)
    fulfilled_at = models.DateTimeField(null=True)
    told_number = models.TextField(default="", blank=True)
    """The numbers Shopify has, one a line."""
    others = models.JSONField(default=list, blank=True)
    """[number, link] of further parcels with the same goods."""
    correction = models.BooleanField(default=False)
    """The tracking changed since Shopify was told."""
    next_try_at = models.DateTimeField(null=True)
    why = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["purchase_order", "key"], name="shipment_identity")
        ]
        indexes = [
            models.Index(
                fields=["marketplace", "found_at"],
                name="shipment_untold",
                condition=models.Q(state__in=["found", "sending"]) | models.Q(correction=True),
            )
        ]

    def __str__(self) -> str:
        return self.tracking_number or self.key


class ShipmentLine(Owned):
    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="lines")
    purchase_line = models.ForeignKey(
        PurchaseOrderLine, on_delete=models.CASCADE, related_name="shipment_lines"
    )
    quantity = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.quantity} of {self.purchase_line_id}"


class OrderEvent(Owned):
    """One line of an order's timeline; `kind` has its sentence in the pages."""

    order = models.ForeignKey(StorefrontOrder, on_delete=models.CASCADE, related_name="events")
    purchase_order = models.ForeignKey(
        PurchaseOrder, on_delete=models.CASCADE, null=True, related_name="events"
    )
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["order", "at", "id"], name="order_event_timeline")]

    def __str__(self) -> str:
        return self.kind
