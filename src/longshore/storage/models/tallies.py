"""Counts that pages show, kept by the database itself as rows change (`storage.tallies_sql`)."""

from django.db import models


class Tally(models.Model):
    """How many rows of a kind there are: the sum of `n` over all rows of one (marketplace, topic,
    vendor, key). Each statement that changes such rows adds its difference, so that writers never
    wait for each other; the differences are folded together now and then. `vendor_id` 0: of the
    whole marketplace. No foreign keys: the rows must outlive what they count by a moment.
    """

    marketplace_id = models.BigIntegerField()
    topic = models.CharField(max_length=20)
    vendor_id = models.BigIntegerField(default=0)
    key = models.CharField(max_length=80)
    n = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["marketplace_id", "topic", "vendor_id"], name="tally_of"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.key}: {self.n:+d}"
