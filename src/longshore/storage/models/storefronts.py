"""The marketplace's Shopify shop: its keys, its facts, and how far we have read it."""

import uuid

from django.db import models

from longshore.storage.encrypted import EncryptedTextField
from longshore.storage.models.owned import Owned


class StorefrontState(models.TextChoices):
    READY = "ready"
    BROKEN = "broken"


class LocationLayout(models.TextChoices):
    PER_VENDOR = "per_vendor"
    SHARED = "shared"


class Storefront(Owned):
    """Signs in with `access_token` where that is set (an existing shpat_ token), else with client
    credentials; then `session_token` is the one in use, until `session_expires_at`.
    `api_base` replaces the shop's own address (a simulator, a proxy of one's own).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    shop_domain = models.CharField(max_length=255)
    api_base = models.CharField(max_length=500, default="", blank=True)
    client_id = models.CharField(max_length=100, default="", blank=True)
    client_secret = EncryptedTextField(default="", blank=True)
    access_token = EncryptedTextField(default="", blank=True)
    session_token = EncryptedTextField(default="", blank=True)
    session_expires_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=StorefrontState, default=StorefrontState.READY)

    name = models.CharField(max_length=255, default="")
    currency = models.CharField(max_length=3, default="")
    timezone = models.CharField(max_length=64, default="UTC")
    taxes_included = models.BooleanField(default=False)
    weight_unit = models.CharField(max_length=20, default="KILOGRAMS")
    location_limit = models.PositiveIntegerField(default=10)
    variant_limit = models.PositiveIntegerField(default=2048)
    missing_scopes = models.JSONField(default=dict, blank=True)
    facts_read_at = models.DateTimeField(null=True, blank=True)

    publication_id = models.CharField(max_length=100, default="", blank=True)
    publication_name = models.CharField(max_length=255, default="", blank=True)
    location_layout = models.CharField(
        max_length=12, choices=LocationLayout, default=LocationLayout.PER_VENDOR
    )
    shared_location_id = models.CharField(max_length=100, default="", blank=True)
    prepared = models.BooleanField(default=False)
    publishing_stopped_at = models.DateTimeField(null=True, blank=True)
    """When a person stopped writing listings, until one lets it go on."""
    variants_refused_at = models.DateTimeField(null=True, blank=True)
    """When Shopify last refused new variants by its daily limit."""
    compared_at = models.DateTimeField(null=True, blank=True)
    """When a reading of everything was last begun, ..."""
    read_at = models.DateTimeField(null=True, blank=True)
    """... and when one last ended."""

    orders_read_to = models.DateTimeField(null=True, blank=True)
    orders_polled_at = models.DateTimeField(null=True, blank=True)
    webhooks_active = models.JSONField(default=list, blank=True)
    stock_checked_at = models.DateTimeField(null=True, blank=True)
    stock_check_after = models.BigIntegerField(default=0, db_default=0)
    """The line behind which the check of all lines goes on; 0: it begins anew."""
    healed_at = models.DateTimeField(null=True, blank=True)
    webhooks_checked_at = models.DateTimeField(null=True, blank=True)
    last_webhook_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["marketplace"], name="storefront_one_a_marketplace"),
            models.UniqueConstraint(fields=["shop_domain"], name="storefront_shop_once"),
        ]

    @property
    def secret_context(self) -> str:
        return str(self.uuid)

    def __str__(self) -> str:
        return self.shop_domain


class CallBudget(Owned):
    """Shopify's cost bucket as all workers share it: points left at `measured_at`, refilled at
    `restore_rate` a second up to `maximum`. In a table of its own: it changes with every call.
    """

    storefront = models.OneToOneField(Storefront, on_delete=models.CASCADE)
    available = models.FloatField(default=1000)
    maximum = models.FloatField(default=1000)
    restore_rate = models.FloatField(default=50)
    measured_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.available:.0f} of {self.maximum:.0f}"
