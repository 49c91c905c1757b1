"""Who sends what no listing sells, as people chose it."""

from django.db import models

from longshore.storage.models.catalog import VendorVariant
from longshore.storage.models.owned import Owned


class SenderChoice(Owned):
    """A remembered choice: whose goods a variant on Shopify is that no listing sells; `variant`
    empty: the marketplace sends it itself. `title` is what the order line said then.
    """

    variant_gid = models.CharField(max_length=100)
    title = models.TextField()
    variant = models.ForeignKey(
        VendorVariant, on_delete=models.CASCADE, null=True, related_name="sender_choices"
    )
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["marketplace", "variant_gid"], name="sender_choice_once"
            )
        ]

    def __str__(self) -> str:
        return self.title
