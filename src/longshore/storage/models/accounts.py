"""What people leave behind: keys of programs, the list of what was changed, and kept filters."""

from django.conf import settings
from django.db import models

from longshore.storage.models.owned import Owned


class ApiToken(Owned):
    """A program's key to the API. Only its SHA-256 is kept; `begin` is what a list shows of it.
    `scopes` as in `domain.access`.
    """

    name = models.CharField(max_length=100)
    begin = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    window_at = models.DateTimeField(null=True, blank=True)
    window_used = models.PositiveIntegerField(default=0)
    """Requests since `window_at`, for the rate limit."""
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["marketplace", "id"], name="api_token_of")]

    def __str__(self) -> str:
        return f"{self.begin}… {self.name}"


class ApiReply(Owned):
    """The answer to a writing request that came with an Idempotency-Key: the same key gets the same
    answer again. `status` is empty while the first one is still at work. `request` is the hash of
    what was asked.
    """

    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    request = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(default="", blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="api_reply_once")]
        indexes = [models.Index(fields=["created_at"], name="api_reply_by_age")]

    def __str__(self) -> str:
        return self.key


class Deed(Owned):
    """One thing a person or a program did: who, what, before and after. `subject` names what it was
    done to ("vendor:3", "listing:41"); `kind` has its sentence in the pages. Never changed but for
    `undone_at`.
    """

    at = models.DateTimeField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    who = models.CharField(max_length=254)
    """Their address or the program's name, kept also when the account is gone."""
    vendor = models.ForeignKey(
        "storage.Vendor", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    subject = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    about = models.CharField(max_length=200, default="", blank=True)
    """What the subject was called then."""
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["marketplace", "-id"], name="deed_newest"),
            models.Index(fields=["marketplace", "subject", "-id"], name="deed_of_subject"),
            models.Index(fields=["marketplace", "vendor", "-id"], name="deed_of_vendor"),
        ]

    def __str__(self) -> str:
        return f"{self.who} {self.kind} {self.subject}"


class SavedFilter(Owned):
    """A list as somebody likes to see it again; `query` is the page's own query string."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["marketplace", "user", "page", "name"], name="saved_filter_once"
            )
        ]

    def __str__(self) -> str:
        return self.name
