"""What stands on Shopify and is not ours: looked through for products that a listing may join."""

from django.db import models

from longshore.storage.models.owned import Owned


class ForeignProduct(Owned):
    """A product of the storefront that the hub did not make. `seen_at`: the comparison that saw it
    last; one that a whole comparison has not seen is gone.
    """

    product_gid = models.CharField(max_length=100)
    title = models.TextField(default="")
    handle = models.TextField(default="")
    vendor = models.TextField(default="")
    status = models.CharField(max_length=10, default="")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["marketplace", "product_gid"], name="foreign_product_once"
            )
        ]

    def __str__(self) -> str:
        return self.title


class ForeignVariant(Owned):
    """A variant of one. `barcode` and `sku` are kept folded: nobody minds upper and lower case when
    two shops write the same number.
    """

    product = models.ForeignKey(ForeignProduct, on_delete=models.CASCADE, related_name="variants")
    variant_gid = models.CharField(max_length=100)
    inventory_item_gid = models.CharField(max_length=100, default="")
    sku = models.TextField(default="")
    barcode = models.TextField(default="")
    options = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["marketplace", "variant_gid"], name="foreign_variant_once"
            )
        ]
        indexes = [
            models.Index(fields=["marketplace", "barcode"], name="foreign_variant_by_barcode"),
            models.Index(fields=["marketplace", "sku"], name="foreign_variant_by_sku"),
        ]

    def __str__(self) -> str:
        return self.variant_gid
