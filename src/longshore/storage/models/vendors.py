"""Vendors and their stores: the marketplace's switches for each, keys, facts and reading marks."""

import secrets
import uuid

from django.db import models

from longshore.domain.health import WhenSilent
from longshore.storage.encrypted import EncryptedTextField
from longshore.storage.models.owned import Owned


class Vendor(Owned):
    """A supplier. `rate`: storefront units per store unit; `tax_factor`: what crosses the tax base;
    both empty until the marketplace says how (see `domain.pricing`). `when_silent` says what
    becomes of its stock on sale once its shop has stayed away for `silent_hours`.
    """

    name = models.CharField(max_length=200)
    email = models.EmailField(default="", blank=True)
    active = models.BooleanField(default=True)
    auto_approve = models.BooleanField(default=False)
    drafts_first = models.BooleanField(default=False, db_default=False)
    """What is approved by itself goes on Shopify as a draft, for somebody's last look."""
    buffer = models.PositiveIntegerField(default=0)
    sell_backorders = models.BooleanField(default=False)
    rate = models.DecimalField(max_digits=18, decimal_places=8, null=True, blank=True)
    rate_dated = models.DateTimeField(null=True, blank=True)
    rate_days = models.PositiveSmallIntegerField(default=30, db_default=30)
    """So old the rate may become before somebody is asked for a new one."""
    tax_factor = models.DecimalField(max_digits=10, decimal_places=6, null=True, blank=True)
    when_silent = models.CharField(
        max_length=10,
        choices=[(choice.value, choice.value) for choice in WhenSilent],
        default=WhenSilent.KEEP,
    )
    silent_hours = models.PositiveIntegerField(default=24)
    location_id = models.CharField(max_length=100, default="", blank=True)
    ship_days = models.PositiveSmallIntegerField(default=2)
    """Working days from an order to its parcel."""
    countries = models.JSONField(default=list, blank=True)
    """Where it sends to (ISO codes), nothing: everywhere."""
    labels_ship = models.BooleanField(default=False, db_default=False)
    """A label counts as a shipment: its vendor hands parcels over the day it prints them."""
    holiday_from = models.DateField(null=True, blank=True)
    holiday_until = models.DateField(null=True, blank=True)
    on_holiday = models.BooleanField(default=False, db_default=False)
    """What the two days say today: its products are shown as sold out meanwhile."""
    placing = models.JSONField(default=dict, blank=True)
    """What differs in `domain.placing_policy.PlacingPolicy`."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["marketplace", "name"], name="vendor_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class VendorFigures(Owned):
    """How a vendor kept its promises when it was last measured: of `due` parts that were shipped or
    should have been, `late` were not in time.
    """

    vendor = models.OneToOneField(Vendor, on_delete=models.CASCADE, related_name="figures")
    measured_at = models.DateTimeField()
    late = models.PositiveIntegerField(default=0)
    due = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["marketplace"], name="vendor_figures_of")]

    def __str__(self) -> str:
        return f"{self.late} of {self.due} late"


class StoreState(models.TextChoices):
    """DEGRADED: something lasting is wrong, the work goes on. BROKEN: left alone but for the
    doctor. HELD: it answers, but is not the shop whose products we know; a person chooses.
    """

    CONNECTED = "connected"
    DEGRADED = "degraded"
    BROKEN = "broken"
    HELD = "held"
    PAUSED = "paused"


IN_USE = (StoreState.CONNECTED, StoreState.DEGRADED)
"""The states in which a store is read and gets orders."""


def new_token() -> str:
    return secrets.token_urlsafe(24)


class Store(Owned):
    """A vendor's WooCommerce shop. `profile` is what `ConnectionProfile` says; the columns beside
    it are those that rules and queries need. `hook_token` is the unguessable part of its webhook
    address. `import_language`: in which language titles and texts are taken, "" for the shop's
    default. `notes`: what the doctor saw by the way, [{"code", "evidence"}]. `state_since`: when it
    came into its state. `withheld`: its stock is shown as zero, because it stayed away for longer
    than its vendor's policy allows.
    """

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="stores")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    base_url = models.CharField(max_length=500)
    consumer_key = EncryptedTextField(default="")
    consumer_secret = EncryptedTextField(default="")
    webhook_secret = EncryptedTextField(default=new_token)
    hook_token = models.CharField(max_length=40, default=new_token, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=StoreState, default=StoreState.CONNECTED)
    state_since = models.DateTimeField(null=True, blank=True)
    withheld = models.BooleanField(default=False, db_default=False)

    name = models.CharField(max_length=255, default="")
    currency = models.CharField(max_length=3, default="")
    stated_currency = models.CharField(max_length=3, default="", db_default="", blank=True)
    """What a person says of a shop that does not tell its currency; the shop's own word wins."""
    prices_include_tax = models.BooleanField(default=False)
    weight_unit = models.CharField(max_length=10, default="kg")
    stock_managed = models.BooleanField(default=True)
    profile = models.JSONField(default=dict, blank=True)
    import_language = models.CharField(max_length=20, default="", blank=True)
    notes = models.JSONField(default=list, blank=True)
    tracking_keys = models.JSONField(default=dict, blank=True)
    """The fields of `domain.tracking.TaughtKeys`."""
    status_meanings = models.JSONField(default=dict, blank=True)
    """What statuses it made up stand for: {status: `domain.orders.StatusMeaning`}."""
    connected_at = models.DateTimeField(null=True, blank=True)
    last_answer_at = models.DateTimeField(null=True, blank=True)

    products_read_to = models.DateTimeField(null=True, blank=True)
    polled_at = models.DateTimeField(null=True, blank=True)
    orders_polled_at = models.DateTimeField(null=True, blank=True)
    orders_read_at = models.DateTimeField(null=True, blank=True)
    """Polled: when we last set out to read them. Read: as of when all that are open are known."""
    swept_at = models.DateTimeField(null=True, blank=True)
    webhooks_active = models.JSONField(default=list, blank=True)
    examined_at = models.DateTimeField(null=True, blank=True)
    healed_at = models.DateTimeField(null=True, blank=True)
    webhooks_checked_at = models.DateTimeField(null=True, blank=True)
    last_webhook_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["marketplace", "base_url"], name="store_address_once")
        ]

    @property
    def tells_currency(self) -> bool:
        """Whether the shop itself says in which currency it sells."""
        told: bool = bool(self.profile.get("currency"))
        return told or bool(self.currency and not self.stated_currency)

    @property
    def secret_context(self) -> str:
        return str(self.uuid)

    def __str__(self) -> str:
        return self.base_url
