"""Names of carriers: what vendors' shops call them, and what the marketplace says they are."""

from django.db import models

from longshore.storage.models.owned import Owned
from longshore.storage.models.vendors import Vendor


class CarrierName(Owned):
    """`said`: the shop's text, folded (`domain.folding`). `vendor` None: of every vendor; a name
    for one vendor goes before it.
    """

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, null=True, related_name="+")
    said = models.CharField(max_length=200)
    name = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["marketplace", "vendor", "said"],
                name="carrier_name_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.said}: {self.name}"
