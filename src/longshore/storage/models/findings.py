"""Problems as rows: open until the cause is gone or a person decides."""

from django.conf import settings
from django.db import models

from longshore.storage.models.owned import Owned

NEEDS_PERSON = (
    models.Q(resolved_at__isnull=True) & ~models.Q(who="nobody") & ~models.Q(severity="note")
)
"""Open, and somebody must do something."""


class OpenFinding(Owned):
    """A finding about one subject. `subject` names it ("store:3", "listing:41", "order:7"), so that
    the same problem is one row however often it is seen. The words come from `domain.findings` by
    `code` and `evidence`. `known_at`: a person said "I know" of it (`known_by`); it asks for nobody
    until its evidence changes.
    """

    vendor = models.ForeignKey("storage.Vendor", on_delete=models.CASCADE, null=True, blank=True)
    subject = models.CharField(max_length=80)
    order = models.ForeignKey(
        "storage.StorefrontOrder",
        on_delete=models.DO_NOTHING,
        null=True,
        editable=False,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    """The order that the subject is, or is a part or a parcel of; kept by a trigger
    (`storage.findings_sql`). It is never asked back, so that to delete orders costs no search here.
    """
    code = models.CharField(max_length=60)
    evidence = models.JSONField(default=dict)
    severity = models.CharField(max_length=10)
    who = models.CharField(max_length=10)
    times_seen = models.IntegerField(default=1)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    known_at = models.DateTimeField(null=True, blank=True)
    known_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["marketplace", "subject", "code"],
                name="finding_open_once",
                condition=models.Q(resolved_at__isnull=True),
            )
        ]
        indexes = [
            models.Index(
                fields=["marketplace", "severity"],
                name="finding_open",
                condition=models.Q(resolved_at__isnull=True),
            ),
            models.Index(
                fields=["marketplace", "order"],
                include=["severity"],
                name="finding_needing_order",
                condition=NEEDS_PERSON & models.Q(order__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.subject}"
