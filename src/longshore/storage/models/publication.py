"""What was written to Shopify, run by run: a lost answer can be compared, and a run undone."""

import uuid

from django.conf import settings
from django.db import models

from longshore.storage.models.listings import Listing
from longshore.storage.models.owned import Owned


class SyncRun(Owned):
    """Everything written to a storefront's listings from when something differed until nothing
    did. `cause` says what it was for where that is not a change in a store: "undo", "link".
    `counts` are listings by what happened to them: created, changed, on, off, refused.
    """

    cause = models.CharField(max_length=40, default="", blank=True)
    undoes = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")
    counts = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["marketplace", "-started_at"], name="sync_run_by_time")]
        constraints = [
            models.UniqueConstraint(
                fields=["marketplace"],
                name="sync_run_one_open",
                condition=models.Q(finished_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"run {self.pk}"


class BulkState(models.TextChoices):
    PREPARED = "prepared"
    RUNNING = "running"
    DONE = "done"
    DROPPED = "dropped"


class BulkRun(Owned):
    """One bulk operation on Shopify. It is remembered as PREPARED before Shopify hears of it, and
    `mark` stands in the operation's own text, so that one whose answer was lost is found again.
    DROPPED: Shopify never had it. `step` is empty for the reading of everything.
    """

    run = models.ForeignKey(SyncRun, on_delete=models.CASCADE, null=True, related_name="bulks")
    step = models.CharField(max_length=12, default="", blank=True)
    mark = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=BulkState, default=BulkState.PREPARED)
    operation_gid = models.CharField(max_length=100, default="", blank=True)
    lines = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    started_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True)
    look_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(default="", blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["marketplace"],
                name="bulk_run_open",
                condition=models.Q(state__in=["prepared", "running"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.step or 'reading'} {self.state}"


class Outcome(models.TextChoices):
    SENT = "sent"
    DONE = "done"
    REFUSED = "refused"
    LATER = "later"
    NOT_SENT = "not_sent"


class ListingChange(Owned):
    """One write of one listing: the fields it writes, with what they said `before` and shall say
    `after`, each {"product": {field: value}, "variants": {listing variant id: {field: value}}}.
    While it is SENT nobody knows what became of it, and the listing is not written again. `line`:
    its place in a bulk operation's file. `last`: with it nothing differs any more. `stock`: with
    what new variants were made, {listing variant id: {"place", "quantity", "tracked", "oversell"}}.
    """

    run = models.ForeignKey(SyncRun, on_delete=models.CASCADE, related_name="changes")
    bulk = models.ForeignKey(BulkRun, on_delete=models.CASCADE, null=True, related_name="changes")
    line = models.IntegerField(null=True)
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="changes")
    step = models.CharField(max_length=12)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    stock = models.JSONField(default=dict)
    last = models.BooleanField(default=False)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.SENT)
    why = models.TextField(default="", blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["listing", "-at"], name="listing_change_by_time"),
            models.Index(fields=["run", "listing"], name="listing_change_by_run"),
            models.Index(
                fields=["listing"],
                name="listing_change_sent",
                condition=models.Q(outcome="sent"),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["bulk", "line"], name="listing_change_line_once")
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.outcome}"
