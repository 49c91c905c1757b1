"""Trial orders: asked for by a person, placed in a vendor's store, and taken away again."""

from django.db import models

from longshore.domain.orders import PutBack
from longshore.domain.trial import TrialOutcome, TrialState
from longshore.storage.models.owned import Owned
from longshore.storage.models.vendors import Store


class TrialOrder(Owned):
    """No purchase order, so that no list and no figure ever counts it. `steps`: [{"what", "at",
    ...}] as they happened. `product_id`, `variation_id`: what was ordered, `before`: what the store
    counted right before. `counted`: right before its unit was put back by hand.
    """

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="trials")
    reference = models.CharField(max_length=40, unique=True)
    state = models.CharField(
        max_length=10,
        choices=[(s.value, s.value) for s in TrialState],
        default=TrialState.ASKED,
    )
    outcome = models.CharField(
        max_length=20, choices=[(o.value, o.value) for o in TrialOutcome], default="", blank=True
    )
    note = models.TextField(default="", blank=True)
    """What its order says to whoever sees it in the shop."""
    draft = models.JSONField(null=True)
    product_id = models.BigIntegerField(null=True)
    variation_id = models.BigIntegerField(default=0)
    before = models.IntegerField(null=True)
    order_id = models.BigIntegerField(null=True)
    order_number = models.CharField(max_length=60, default="", blank=True)
    reduced = models.BooleanField(default=False)
    put_back = models.CharField(
        max_length=10, choices=[(p.value, p.value) for p in PutBack], default="", blank=True
    )
    counted = models.IntegerField(null=True)
    differs = models.TextField(default="", blank=True)
    why = models.TextField(default="", blank=True)
    steps = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(null=True)
    clean_look_ups = models.IntegerField(default=0)
    clean_since = models.DateTimeField(null=True)
    half_made_since = models.DateTimeField(null=True)
    watches = models.PositiveSmallIntegerField(default=0)
    watched_since = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store"],
                condition=models.Q(state__in=["asked", "sending", "uncertain", "placed"]),
                name="trial_order_one_at_a_time",
            )
        ]
        indexes = [models.Index(fields=["store", "-asked_at"], name="trial_order_newest")]

    def __str__(self) -> str:
        return self.reference
