"""Refunds as events: what was paid back for an order, by whom; later money features read them."""

from django.db import models

from longshore.domain.refunds import RefundShape
from longshore.storage.models.orders import PurchaseOrder, StorefrontOrder
from longshore.storage.models.owned import Owned


class RefundSide(models.TextChoices):
    """Who paid back: the marketplace on Shopify, or a vendor in its shop."""

    STOREFRONT = "storefront"
    STORE = "store"


class OrderRefund(Owned):
    """Never changed once it is there. `lines`: [line id of its platform, units, worth, put back on
    that platform's shelf]. `purchase_order` is the vendor's part where a vendor paid back.
    """

    order = models.ForeignKey(StorefrontOrder, on_delete=models.CASCADE, related_name="refunds")
    purchase_order = models.ForeignKey(
        PurchaseOrder, on_delete=models.CASCADE, null=True, related_name="refunds"
    )
    side = models.CharField(max_length=12, choices=RefundSide)
    refund_id = models.CharField(max_length=100)
    shape = models.CharField(max_length=8, choices=[(s.value, s.value) for s in RefundShape])
    amount = models.DecimalField(max_digits=18, decimal_places=6)
    beyond_goods = models.DecimalField(max_digits=18, decimal_places=6)
    currency = models.CharField(max_length=3)
    lines = models.JSONField(default=list)
    reason = models.TextField(default="", blank=True)
    at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "side", "purchase_order", "refund_id"],
                name="order_refund_identity",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"
