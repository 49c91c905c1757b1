"""What a marketplace has ruled: which goods come in, what they are called, what they cost."""

from django.db import models

from longshore.domain.linking import WhenWithdrawn
from longshore.domain.mapping import Comparison, NameKind, Subject
from longshore.domain.markup import CompareAt, Markup, RoundTo
from longshore.domain.sources import Choice
from longshore.storage.models.owned import Owned
from longshore.storage.models.vendors import Vendor


def _choices(kind: type) -> list[tuple[str, str]]:
    return [(one.value, one.value) for one in kind]  # type: ignore[attr-defined]


class Rule(Owned):
    """Rules are tried in the order of `position`. `vendor` empty: for every vendor."""

    vendor = models.ForeignKey(
        Vendor, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    position = models.IntegerField(default=0)
    name = models.CharField(max_length=100, default="", blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        abstract = True


class ImportRule(Rule):
    """See `domain.mapping.ImportRule`."""

    include = models.BooleanField(default=False)
    subject = models.CharField(max_length=10, choices=_choices(Subject))
    comparison = models.CharField(max_length=10, choices=_choices(Comparison))
    value = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["marketplace", "position"], name="import_rule_in_order")]

    def __str__(self) -> str:
        return self.name or f"{self.subject} {self.comparison} {self.value}"


class NameRule(Rule):
    """See `domain.mapping.NameRule`."""

    kind = models.CharField(max_length=12, choices=_choices(NameKind))
    source = models.TextField()
    target = models.TextField(default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["marketplace", "position"], name="name_rule_in_order")]

    def __str__(self) -> str:
        return self.name or f"{self.kind} {self.source}"


class MarkupRule(Rule):
    """See `domain.markup.MarkupRule`."""

    category = models.TextField(default="", blank=True)
    tag = models.TextField(default="", blank=True)
    at_least = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    below = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    markup = models.CharField(max_length=10, choices=_choices(Markup), default=Markup.PERCENT)
    amount = models.DecimalField(max_digits=18, decimal_places=6, default=0)
    ending = models.DecimalField(max_digits=18, decimal_places=3, null=True, blank=True)
    every = models.DecimalField(max_digits=18, decimal_places=3, default=1)
    round_to = models.CharField(max_length=10, choices=_choices(RoundTo), default=RoundTo.NEAREST)
    compare_at = models.CharField(
        max_length=10, choices=_choices(CompareAt), default=CompareAt.SALE
    )

    class Meta:
        indexes = [models.Index(fields=["marketplace", "position"], name="markup_rule_in_order")]

    def __str__(self) -> str:
        return self.name or f"{self.markup} {self.amount}"


class ListingPolicy(Owned):
    """How listings are made: the marketplace's row (`vendor` empty), and one of a vendor's for what
    it has differently. Empty values are the marketplace's, and there the built-in ones. `owners`:
    {field: owner}, see `domain.ownership`; `merges`: [[option, option, ...], ...];
    `order_rules`: [`domain.sources.OrderRule`, ...].
    """

    vendor = models.ForeignKey(
        Vendor, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    title = models.TextField(default="", blank=True)
    description = models.TextField(default="", blank=True)
    sku = models.TextField(default="", blank=True)
    shown_vendor = models.TextField(default="", blank=True)
    owners = models.JSONField(default=dict, blank=True)
    merges = models.JSONField(default=list, blank=True)
    price_rise_percent = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    price_drop_percent = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    choice = models.CharField(max_length=10, choices=_choices(Choice), default="", blank=True)
    linked = models.CharField(
        max_length=10, choices=_choices(WhenWithdrawn), default="", db_default="", blank=True
    )
    """What becomes of a linked product whose goods are not for sale any more."""
    order_rules = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["marketplace", "vendor"], name="listing_policy_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"policy {self.pk}"
