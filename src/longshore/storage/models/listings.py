"""What the marketplace makes of vendor products on Shopify, and the stock numbers between them."""

import uuid

from django.conf import settings
from django.db import models

from longshore.storage.models.catalog import VendorProduct, VendorVariant
from longshore.storage.models.owned import Owned
from longshore.storage.models.vendors import Vendor


class ListingState(models.TextChoices):
    REVIEW = "review"
    APPROVED = "approved"
    PUBLISHED = "published"
    UNPUBLISHED = "unpublished"
    DECLINED = "declined"


class NextWrite(models.TextChoices):
    """What publishing a listing would do now."""

    NONE = "none"
    CREATE = "create"
    LINK = "link"
    UPDATE = "update"
    TAKE_OFF = "take_off"


class Listing(Owned):
    """`uuid` is the custom id that makes the upsert on Shopify idempotent. `linked`: the product
    was on Shopify before us, so it only ever gets field-wise writes. `problems` are the findings
    that keep it in review: [[code, evidence], ...]. `dirty`: something differs from what was
    published; `next_write` says what. `unpublished_because`: "person", "undone", "storefront", or
    what took it off by itself ("absent", "left_out") and lets it come back by itself. `review_at`:
    when a sale begins or ends, so that its prices must be looked at anew.

    `known`: what Shopify says, as we believe, {field: value} (`domain.listing`); `echoed`: fields
    that Shopify shows otherwise than we wrote them, without anybody's doing; `own`: values that
    are not the vendor's, {field: {"value", "by", "undone"}} (`domain.ownership`).
    `candidate_gid`: a product on Shopify that seems to be the same, found by `candidate_by`;
    `candidate_refused`: a person said that it is not.
    """

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="listings")
    product = models.OneToOneField(VendorProduct, on_delete=models.CASCADE, related_name="listing")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=12, choices=ListingState, default=ListingState.REVIEW)
    linked = models.BooleanField(default=False)
    joins = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="joined"
    )
    """The listing whose variants also sell this vendor's goods; then it has none of its own."""
    problems = models.JSONField(default=list)
    product_gid = models.CharField(max_length=100, default="", blank=True)
    dirty = models.BooleanField(default=False)
    next_write = models.CharField(max_length=10, choices=NextWrite, default=NextWrite.NONE)
    known = models.JSONField(default=dict)
    echoed = models.JSONField(default=dict)
    own = models.JSONField(default=dict)
    candidate_gid = models.CharField(max_length=100, default="", blank=True)
    candidate_by = models.CharField(max_length=10, default="", blank=True)
    candidate_refused = models.BooleanField(default=False)
    link_gid = models.CharField(max_length=100, default="", blank=True)
    """The product on Shopify that a person linked it to; until it was read the listing waits."""
    unlink_asked = models.BooleanField(default=False)
    compared_at = models.DateTimeField(null=True)
    images_due_at = models.DateTimeField(null=True)
    """When it should be seen whether Shopify could load its images."""
    images_looks = models.PositiveSmallIntegerField(default=0)
    reviewed_at = models.DateTimeField(null=True)
    """When a review last found that something differs."""
    try_again_at = models.DateTimeField(null=True)
    """Shopify was busy, or takes no new variants today."""
    published_at = models.DateTimeField(null=True)
    publish_error = models.TextField(default="", blank=True)
    unpublished_because = models.CharField(max_length=20, default="", blank=True)
    review_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["marketplace", "state", "id"], name="listing_by_state"),
            models.Index(fields=["marketplace", "id"], name="listing_newest"),
            models.Index(fields=["vendor", "state", "id"], name="listing_by_vendor"),
            models.Index(
                fields=["marketplace", "id"],
                name="listing_with_problem",
                condition=~models.Q(problems=[]) | ~models.Q(publish_error=""),
            ),
            models.Index(
                fields=["marketplace"], name="listing_dirty", condition=models.Q(dirty=True)
            ),
            models.Index(fields=["marketplace", "product_gid"], name="listing_by_gid"),
            models.Index(
                fields=["marketplace", "vendor"],
                name="listing_review_known",
                condition=models.Q(state="review")
                & (~models.Q(product_gid="") | ~models.Q(candidate_gid="")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class ListingVariant(Owned):
    """The stock line. Three numbers: the store's reading (on the vendor variant), what Shopify
    should show (`wanted_*`, decided at `decided_at` by `rule`), and what we believe it shows
    (`known_*`): what we last wrote, less what was sold since. None: nothing known yet.

    `variant` is the vendor's variant that is sold now; `sources` has all of them where several
    vendors have the goods. `known` and `own` are as on the listing. `wanted_price` was decided by
    the rule named in `price_rule`; `held_price` is one that is too far from the last good price
    and waits for a person, `accepted_price` one that a person let through. `removed_at`: somebody
    deleted it on Shopify.
    """

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="variants")
    variant = models.OneToOneField(VendorVariant, on_delete=models.CASCADE, related_name="listed")
    variant_gid = models.CharField(max_length=100, default="", blank=True)
    inventory_item_gid = models.CharField(max_length=100, default="", blank=True)
    stocked_at_location = models.CharField(max_length=100, default="", blank=True)
    """The location where it was activated, "" before that."""
    known = models.JSONField(default=dict)
    own = models.JSONField(default=dict)
    removed_at = models.DateTimeField(null=True)
    wanted_price = models.DecimalField(max_digits=18, decimal_places=3, null=True)
    wanted_compare_at = models.DecimalField(max_digits=18, decimal_places=3, null=True)
    price_rule = models.CharField(max_length=100, default="", blank=True)
    held_price = models.DecimalField(max_digits=18, decimal_places=3, null=True)
    held_at = models.DateTimeField(null=True)
    accepted_price = models.DecimalField(max_digits=18, decimal_places=3, null=True)
    own_buffer = models.PositiveIntegerField(null=True)
    """Instead of its vendor's."""
    cap = models.PositiveIntegerField(null=True)
    """What it shows at most, as a person said; 0 holds it."""
    rule = models.PositiveSmallIntegerField(null=True)
    reserved = models.IntegerField(default=0)
    buffer = models.IntegerField(default=0)
    wanted_tracked = models.BooleanField(null=True)
    wanted_quantity = models.IntegerField(null=True)
    wanted_oversell = models.BooleanField(default=False)
    decided_at = models.DateTimeField(null=True)
    known_tracked = models.BooleanField(null=True)
    known_oversell = models.BooleanField(null=True)
    known_quantity = models.IntegerField(null=True)
    known_at = models.DateTimeField(null=True)
    stock_dirty = models.BooleanField(default=False)
    write_error = models.TextField(default="", blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["marketplace", "variant_gid"], name="listing_variant_by_gid"),
            models.Index(
                fields=["marketplace", "inventory_item_gid"], name="listing_variant_by_item"
            ),
            models.Index(fields=["marketplace", "id"], name="listing_variant_newest"),
            models.Index(
                fields=["marketplace", "id"],
                name="listing_variant_sold_out",
                condition=models.Q(wanted_tracked=True, wanted_quantity=0),
            ),
            models.Index(
                fields=["marketplace", "id"],
                name="listing_variant_refused",
                condition=~models.Q(write_error=""),
            ),
            models.Index(
                fields=["marketplace", "id"],
                name="listing_variant_limited",
                condition=models.Q(cap__isnull=False) | models.Q(own_buffer__isnull=False),
            ),
            models.Index(
                fields=["marketplace"],
                name="listing_variant_dirty",
                condition=models.Q(stock_dirty=True),
            ),
        ]

    def __str__(self) -> str:
        return self.variant_gid or f"unpublished {self.pk}"


class VariantSource(Owned):
    """A vendor's variant behind a listing variant that several vendors have; each of them has a
    row, the one that is sold now too. `priority`: the lowest comes first. `cost` is what the
    marketplace pays for one, in the storefront's currency; None: what the vendor asks.
    """

    listing_variant = models.ForeignKey(
        ListingVariant, on_delete=models.CASCADE, related_name="sources"
    )
    variant = models.OneToOneField(VendorVariant, on_delete=models.CASCADE, related_name="source")
    priority = models.IntegerField(default=100)
    cost = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["listing_variant"], name="variant_source_by_line")]

    def __str__(self) -> str:
        return f"{self.listing_variant_id} from {self.variant_id}"


class StockWriteIntent(Owned):
    """A batch of quantities, kept before it is sent: after a crash the same rows go out again
    under the same idempotency key. `rows`: [[listing variant id, item gid, location gid, quantity,
    known], ...].
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    rows = models.JSONField()
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["marketplace"],
                name="stock_intent_open",
                condition=models.Q(settled_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return str(self.key)


class StockEvent(Owned):
    """What happened to one stock line, for its page: a reading, a sale, a write, a stale answer."""

    listing_variant = models.ForeignKey(
        ListingVariant, on_delete=models.CASCADE, related_name="events"
    )
    at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    before = models.IntegerField(null=True)
    after = models.IntegerField(null=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["listing_variant", "-at"], name="stock_event_by_line"),
            models.Index(
                fields=["marketplace", "-at"],
                name="stock_event_of_sweep",
                condition=models.Q(kind="reading", data__lane="sweep"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.before} -> {self.after}"
