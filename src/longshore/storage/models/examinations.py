"""What the doctor was asked to look at, how far it is, and what it found."""

import uuid

from django.db import models

from longshore.ports.ledger.connections import Outcome
from longshore.storage.encrypted import EncryptedTextField
from longshore.storage.models.owned import Owned
from longshore.storage.models.vendors import Store, Vendor


class ExaminationState(models.TextChoices):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"


class Examination(Owned):
    """One run of the doctor on one address. With a key it connects the store, or gives a connected
    one its new key; `store` is empty until then. The key is forgotten as soon as nobody needs it.

    `approval_url`: the shop's own page on which one click makes a key.
    `steps`: [{"name", "code", "evidence", "seconds"}], written as they end, so that a page can
    follow. `findings`: [{"code", "evidence"}], the decisive one first. `profile` as in `Store`.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="examinations")
    store = models.ForeignKey(
        Store, on_delete=models.CASCADE, null=True, blank=True, related_name="examinations"
    )
    address = models.CharField(max_length=2000)
    consumer_key = EncryptedTextField(default="", blank=True)
    consumer_secret = EncryptedTextField(default="", blank=True)
    may_use_query = models.BooleanField(default=False)
    state = models.CharField(
        max_length=10, choices=ExaminationState, default=ExaminationState.WAITING
    )
    outcome = models.CharField(
        max_length=20,
        choices=[(outcome.value, outcome.value) for outcome in Outcome],
        default=Outcome.NONE,
        blank=True,
    )
    steps = models.JSONField(default=list)
    verdict = models.CharField(max_length=20, default="", blank=True)
    findings = models.JSONField(default=list)
    profile = models.JSONField(null=True, blank=True)
    approval_url = models.CharField(max_length=2100, default="", blank=True)
    requests = models.IntegerField(default=0)
    seconds = models.FloatField(default=0)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["vendor", "-asked_at"], name="examination_by_vendor"),
            models.Index(fields=["store", "-asked_at"], name="examination_by_store"),
        ]

    @property
    def secret_context(self) -> str:
        return str(self.uuid)

    def __str__(self) -> str:
        return f"{self.address} {self.verdict or self.state}"


class Approval(Owned):
    """One-click approval under way: the shop's page was opened from `examination` (which ended
    READY), and sends the key to an address that only this row knows, once. Only the SHA-256 of the
    token is kept. `result` is the examination of the key that came.
    """

    digest = models.CharField(max_length=64, unique=True)
    examination = models.ForeignKey(Examination, on_delete=models.CASCADE, related_name="approvals")
    result = models.ForeignKey(
        Examination, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"approval {self.pk}"


class ReconnectLink(Owned):
    """A link with which a shop's owner gives its store a new key, without a password, until one
    works. Only the SHA-256 of the token is kept. `examination` is the newest visit it led to.
    """

    digest = models.CharField(max_length=64, unique=True)
    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="reconnect_links")
    examination = models.ForeignKey(
        Examination, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"reconnect link {self.pk}"
