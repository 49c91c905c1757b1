"""What the stores have: vendor products, their variants, and the walks that read them."""

from django.db import models

from longshore.domain.catalog import ProductType
from longshore.domain.stock import StockStatus
from longshore.storage.models.owned import Owned
from longshore.storage.models.vendors import Store


class VendorProduct(Owned):
    """One product of a store in normal form. `missing_since`: the store, asked by id, did not have
    it; asked again later it counts as gone, `absent_since`. `left_out` holds the finding's code
    where its kind or its state keeps it out, `kept_out` where the marketplace's own rules do.
    `language`, `original_id`: as in `domain.catalog.VendorProduct`. `scan_id` is the newest scan
    that saw it. `review_due`: its listing must be reviewed.
    """

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="products")
    product_id = models.BigIntegerField()
    kind = models.CharField(
        max_length=10, choices=[(kind.value, kind.value) for kind in ProductType]
    )
    raw_type = models.CharField(max_length=100)
    status = models.CharField(max_length=50)
    visible = models.BooleanField(default=True)
    protected = models.BooleanField(default=False)
    name = models.TextField()
    slug = models.TextField(default="")
    permalink = models.TextField(default="")
    sku = models.TextField(default="")
    description_html = models.TextField(default="")
    short_description_html = models.TextField(default="")
    categories = models.JSONField(default=list)
    tags = models.JSONField(default=list)
    brand = models.TextField(default="")
    images = models.JSONField(default=list)
    """[[image id, url, alt], ...]"""
    option_names = models.JSONField(default=list)
    variation_ids = models.JSONField(default=list)
    attributes = models.JSONField(default=list, db_default=[])
    """[[name, [value, ...]], ...]"""
    created_in_store = models.DateTimeField(null=True)
    modified_in_store = models.DateTimeField(null=True)
    language = models.CharField(max_length=20, default="", db_default="", blank=True)
    original_id = models.BigIntegerField(default=0, db_default=0)
    left_out = models.CharField(max_length=60, default="", blank=True)
    left_out_evidence = models.JSONField(default=dict)
    kept_back = models.BooleanField(default=False, db_default=False)
    """Its vendor does not offer it here."""
    kept_out = models.CharField(max_length=60, default="", db_default="", blank=True)
    kept_out_evidence = models.JSONField(default=dict, db_default={})
    missing_since = models.DateTimeField(null=True)
    absent_since = models.DateTimeField(null=True)
    read_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    scan_id = models.BigIntegerField(default=0)
    review_due = models.BooleanField(default=True, db_default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "product_id"], name="vendor_product_identity")
        ]
        indexes = [
            models.Index(
                fields=["marketplace", "id"],
                name="vendor_product_left_out",
                condition=~models.Q(left_out="") & models.Q(absent_since__isnull=True),
            ),
            models.Index(
                fields=["store", "id"],
                name="vendor_product_review_due",
                condition=models.Q(review_due=True),
            ),
            models.Index(
                fields=["store", "missing_since"],
                name="vendor_product_missing",
                condition=models.Q(missing_since__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class VendorVariant(Owned):
    """One thing that can be bought. Stock columns are the latest trusted reading,
    `stock_requested_at` the time it was asked for and `stock_lane` the lane it came by;
    `sold_out_at`: when it last went from something to nothing. `pooled`: the quantity is its
    parent's, shared with its siblings.
    """

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="variants")
    product = models.ForeignKey(VendorProduct, on_delete=models.CASCADE, related_name="variants")
    product_id_in_store = models.BigIntegerField()
    variation_id = models.BigIntegerField(default=0)
    sku = models.TextField(default="")
    barcode = models.TextField(default="")
    regular_price = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    sale_price = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    sale_from = models.DateTimeField(null=True)
    sale_to = models.DateTimeField(null=True)
    tracked = models.BooleanField(default=False)
    quantity = models.IntegerField(null=True)
    stock_status = models.CharField(
        max_length=12, choices=[(status.value, status.value) for status in StockStatus]
    )
    pooled = models.BooleanField(default=False)
    stock_requested_at = models.DateTimeField()
    stock_lane = models.CharField(max_length=10, default="", db_default="", blank=True)
    sold_out_at = models.DateTimeField(null=True)
    options = models.JSONField(default=list)
    """[[name, value], ...]"""
    weight = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    image = models.JSONField(null=True)
    """[image id, url, alt] or null"""
    public = models.BooleanField(default=True)
    position = models.IntegerField(default=0)
    absent_since = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    scan_id = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "product_id_in_store", "variation_id"],
                name="vendor_variant_identity",
            )
        ]
        indexes = [
            models.Index(
                fields=["store", "sold_out_at"],
                name="vendor_variant_sold_out",
                condition=models.Q(sold_out_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.product_id_in_store}/{self.variation_id}"


class ScanKind(models.TextChoices):
    FULL = "full"
    SWEEP = "sweep"


class ScanPhase(models.TextChoices):
    PRODUCTS = "products"
    VARIANTS = "variants"
    DONE = "done"
    STOPPED = "stopped"


class Scan(Owned):
    """One walk over a store's whole catalog, in slices: where it is and what it found. STOPPED: a
    person did not want it to go on.
    """

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="scans")
    kind = models.CharField(max_length=10, choices=ScanKind)
    phase = models.CharField(max_length=10, choices=ScanPhase, default=ScanPhase.PRODUCTS)
    cursor = models.TextField(default="", blank=True)
    products_seen = models.IntegerField(default=0)
    products_total = models.IntegerField(null=True)
    variants_seen = models.IntegerField(default=0)
    variants_total = models.IntegerField(null=True)
    unreadable = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    proven = models.BooleanField(default=False)
    requests = models.IntegerField(default=0)
    started_at = models.DateTimeField()
    slice_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["store", "-started_at"], name="scan_by_store")]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "kind"],
                name="scan_one_open",
                condition=models.Q(phase__in=["products", "variants"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} scan {self.pk}"
