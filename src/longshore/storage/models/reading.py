"""How stores are read: when each lane is due, how hard a host is asked, what is watched closely,
what is held back, and the load we cause.
"""

from django.conf import settings
from django.db import models

from longshore.domain.brakes import BrakeKind
from longshore.storage.models.catalog import VendorVariant
from longshore.storage.models.owned import Owned
from longshore.storage.models.vendors import Store


class StoreReading(Owned):
    """One row a store. `*_due_at`: when each lane asks it next; `*_every_s` and `because` ({"poll":
    [...], "sweep": [...]}, codes of `domain.lanes`) say how that was planned. `pace` is a
    `PaceState`. `poll_cursor`: a poll of so many changes that it goes on in another slice.
    `changed_at`: when any lane last found a change; `drifted_at`: one that polls cannot see;
    `unheard_since`: the first change since the last webhook of which none told.

    `paused_until`: the host asked us to wait, or failed; nothing is asked before. `failures` in a
    row. `slow_until`: its jobs may not take all threads of a worker till then.

    Chosen by people: `quiet_from` and `quiet_to` (times of day of the marketplace; the store is
    spared all but orders and hot stock between them) and `most_requests_an_hour` (0: no limit).
    """

    store = models.OneToOneField(Store, on_delete=models.CASCADE, related_name="reading")
    poll_due_at = models.DateTimeField()
    hot_due_at = models.DateTimeField()
    sweep_due_at = models.DateTimeField()
    poll_every_s = models.FloatField(default=0)
    hot_every_s = models.FloatField(default=0)
    sweep_every_s = models.FloatField(default=0)
    because = models.JSONField(default=dict)
    products = models.IntegerField(default=0)
    variations = models.IntegerField(default=0)
    pace = models.JSONField(default=dict)
    poll_cursor = models.TextField(default="", blank=True)
    changed_at = models.DateTimeField(null=True)
    drifted_at = models.DateTimeField(null=True)
    unheard_since = models.DateTimeField(null=True)
    watched_at = models.DateTimeField(null=True)
    """When the hot items were chosen at last."""
    paused_until = models.DateTimeField(null=True)
    failures = models.IntegerField(default=0)
    slow_until = models.DateTimeField(null=True)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_to = models.TimeField(null=True, blank=True)
    most_requests_an_hour = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["poll_due_at"], name="store_poll_due"),
            models.Index(fields=["hot_due_at"], name="store_hot_due"),
            models.Index(fields=["sweep_due_at"], name="store_sweep_due"),
            models.Index(
                fields=["slow_until"],
                name="store_slow",
                condition=models.Q(slow_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"reading of store {self.store_id}"


class StoreLoad(Owned):
    """What we asked of a store in one hour (beginning at `hour`). `seconds`: how long jobs had it
    open; `waited_s`: how long its answers took all together, `slowest_s` the longest of them.
    """

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="load")
    hour = models.DateTimeField()
    requests = models.IntegerField(default=0)
    jobs = models.IntegerField(default=0)
    seconds = models.FloatField(default=0)
    waited_s = models.FloatField(default=0)
    slowest_s = models.FloatField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "hour"], name="store_load_once")]

    def __str__(self) -> str:
        return f"{self.requests} requests at {self.hour:%H}"


class WatchedBecause(models.TextChoices):
    SOLD = "sold"
    LITTLE_LEFT = "little_left"


class WatchedProduct(Owned):
    """A hot product: read most often. `left` and `sold_at` as in `domain.lanes.Candidate`."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="watched")
    product_id = models.BigIntegerField()
    because = models.CharField(max_length=12, choices=WatchedBecause)
    left = models.IntegerField(null=True)
    sold_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "product_id"], name="watched_once")]

    def __str__(self) -> str:
        return f"{self.product_id} {self.because}"


class BrakeState(models.TextChoices):
    """HELD waits. RELEASED: the store took the change back by itself."""

    HELD = "held"
    APPLIED = "applied"
    IGNORED = "ignored"
    RELEASED = "released"


class Brake(Owned):
    """A change too large to be believed at once. `count` of `total` things; `lane` read it first.
    `proven_at`: when a full reading last found it again. `closed_by` is empty where a rule closed
    it.
    """

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="brakes")
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in BrakeKind])
    state = models.CharField(max_length=10, choices=BrakeState, default=BrakeState.HELD)
    count = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    lane = models.CharField(max_length=10, default="")
    why = models.TextField(default="", blank=True)
    opened_at = models.DateTimeField()
    proven_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "kind"],
                name="brake_open_once",
                condition=models.Q(state="held"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class HeldChange(Owned):
    """One thing of a brake that is held or ignored: what it `was` (the value in force) and what the
    store `says`, in columns of the variant. It goes when the store says something else. Of a
    product that vanished there is no variant.
    """

    brake = models.ForeignKey(Brake, on_delete=models.CASCADE, related_name="changes")
    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10)
    product_id = models.BigIntegerField()
    variant = models.ForeignKey(
        VendorVariant, on_delete=models.CASCADE, null=True, related_name="+"
    )
    was = models.JSONField(default=dict)
    says = models.JSONField(default=dict)
    requested_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "kind", "product_id", "variant"],
                name="held_once",
                nulls_distinct=False,
            )
        ]
        indexes = [models.Index(fields=["variant"], name="held_by_variant")]

    def __str__(self) -> str:
        return f"{self.kind} {self.product_id}"
