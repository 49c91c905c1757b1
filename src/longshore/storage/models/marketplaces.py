"""The tenant: a marketplace, who may enter it, and the links that invite them."""

import uuid

from django.conf import settings
from django.db import models

from longshore.domain.placing_policy import BuyerEmail
from longshore.domain.pricing import PurchasePrices
from longshore.domain.routing import RiskHold
from longshore.storage.encrypted import EncryptedTextField
from longshore.storage.models.owned import Owned


class Marketplace(models.Model):
    """One operator with one storefront and many vendors. `live_since` is set by *Go live*: orders
    made before it are routed only by hand.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200)
    timezone = models.CharField(max_length=64, default="UTC")
    purchase_prices = models.CharField(
        max_length=10,
        choices=[(choice.value, choice.value) for choice in PurchasePrices],
        default=PurchasePrices.RETAIL,
    )
    hold_minutes = models.PositiveSmallIntegerField(default=0)
    """How long an order waits before vendors get it: buyers change their minds."""
    route_authorized = models.BooleanField(default=False)
    """Orders go out once their payment is authorized, not only when it is paid."""
    buyer_email = models.CharField(
        max_length=12,
        choices=[(choice.value, choice.value) for choice in BuyerEmail],
        default=BuyerEmail.NONE,
    )
    """Which address the vendors' orders carry; each vendor may have another."""
    relay_domain = models.CharField(max_length=255, default="", blank=True)
    """Its mail comes to the marketplace: each purchase order has an address of its own there."""
    order_email = models.EmailField(default="", blank=True)
    """The marketplace's own address for vendors' orders."""
    invoice_address = models.JSONField(default=dict, blank=True)
    """Its own address for vendors who write their invoices to it, as fields of
    `domain.orders.Address`.
    """
    hold_risk = models.CharField(
        max_length=12,
        choices=[(choice.value, choice.value) for choice in RiskHold],
        default=RiskHold.INVESTIGATE,
    )
    """Which of Shopify's advices about fraud hold an order until a person releases it."""
    notify_buyers = models.BooleanField(default=True)
    keep_buyer_days = models.PositiveSmallIntegerField(default=90)
    """How long after an order is closed it still names its buyer."""
    second_step = models.BooleanField(default=False)
    """The team signs in with a second step; who has none sets it up first."""
    live_since = models.DateTimeField(null=True, blank=True)
    mail_url = EncryptedTextField(default="", blank=True)
    mail_from = models.EmailField(default="", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

    @property
    def secret_context(self) -> str:
        return str(self.uuid)


class Role(models.TextChoices):
    """The first three are the marketplace's own people (`domain.access` says what each may do)."""

    OWNER = "owner"
    OPERATOR = "operator"
    READER = "reader"
    VENDOR = "vendor"


class Membership(Owned):
    """What a person may see: the whole marketplace, or (`vendor` set) one vendor's part."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    role = models.CharField(max_length=10, choices=Role)
    vendor = models.ForeignKey("storage.Vendor", on_delete=models.CASCADE, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "marketplace", "vendor"],
                name="membership_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(role="vendor", vendor__isnull=False)
                | (~models.Q(role="vendor") & models.Q(vendor__isnull=True)),
                name="membership_role_fits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.user_id}"


class SignInLink(models.Model):
    """A link by mail that signs a person in once, within minutes. Only the token's SHA-256 is
    kept.
    """

    digest = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"sign-in link {self.pk}"


class OneTimeLink(models.Model):
    """An invitation that works once. Only the token's SHA-256 is kept."""

    digest = models.CharField(max_length=64, unique=True)
    marketplace = models.ForeignKey(Marketplace, on_delete=models.CASCADE, null=True, blank=True)
    role = models.CharField(max_length=10, choices=Role)
    vendor = models.ForeignKey("storage.Vendor", on_delete=models.CASCADE, null=True, blank=True)
    email = models.EmailField(default="", blank=True)
    from_terminal = models.BooleanField(default=False)
    """Whoever has the terminal has the database: the link may set the password of an account."""
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.role} link {self.pk}"
