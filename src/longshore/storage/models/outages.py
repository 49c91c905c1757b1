"""When a shop was away, so that its return can be told once."""

from django.db import models

from longshore.storage.models.owned import Owned
from longshore.storage.models.vendors import Store


class Outage(Owned):
    """`began_at`: the shop's last good answer before it. `told_to`: ids of the `LetterChoice`s that
    got the letter. `told_at`: nobody else is to get it.
    """

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="outages")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    told_to = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store"],
                name="outage_one_open",
                condition=models.Q(ended_at__isnull=True),
            )
        ]
        indexes = [
            models.Index(
                fields=["marketplace", "ended_at"],
                name="outage_untold",
                condition=models.Q(told_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.store_id} since {self.began_at}"
