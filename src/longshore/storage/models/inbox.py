"""Webhooks as they arrived, and the hints they leave: what should be looked at again."""

from django.db import models

from longshore.storage.models.owned import Owned


class Delivery(Owned):
    """A verified webhook, stored once. `source` is "store:<id>" or "storefront:<id>",
    `delivery_id` the sender's own id of the event.
    """

    source = models.CharField(max_length=40)
    delivery_id = models.CharField(max_length=120)
    topic = models.CharField(max_length=80)
    resource_id = models.CharField(max_length=120, default="", blank=True)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "delivery_id"], name="delivery_once")
        ]
        indexes = [models.Index(fields=["received_at"], name="delivery_by_age")]

    def __str__(self) -> str:
        return f"{self.topic} {self.delivery_id}"


class HintKind(models.TextChoices):
    PRODUCT = "product"
    STORE_ORDER = "store_order"
    STOREFRONT_ORDER = "storefront_order"
    STOREFRONT_PRODUCT = "storefront_product"
    STOREFRONT_BULK = "storefront_bulk"


class Hint(Owned):
    """One thing to look at again (a dirty set: noting it twice is one row). `noted_at` moves with
    every note, so that a hint noted while its job runs is not deleted by that job.
    """

    source = models.CharField(max_length=40)
    kind = models.CharField(max_length=20, choices=HintKind)
    resource_id = models.CharField(max_length=120)
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "resource_id"], name="hint_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.resource_id}"
