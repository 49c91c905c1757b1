"""The marketplace's rules in their order, and its policy for listings, as pages show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from longshore.storage.models import ImportRule, ListingPolicy, MarkupRule, NameRule, Vendor

_MODELS: Mapping[str, Any] = {"imports": ImportRule, "names": NameRule, "markups": MarkupRule}
_LEFT_OUT = frozenset({"id", "marketplace", "vendor", "position"})


@dataclass(frozen=True, slots=True)
class RuleRow:
    """`values` are the rule's fields by their names, `vendor` "" where it is for all."""

    id: int
    name: str
    active: bool
    vendor_id: int | None
    vendor: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """Empty values are the usual ones. `vendor_id` None: the marketplace's own."""

    vendor_id: int | None
    vendor: str
    values: Mapping[str, Any]


def rule_rows(marketplace_id: int, kind: str) -> tuple[RuleRow, ...]:
    """`kind` is imports, names or markups."""
    rows = _MODELS[kind].objects.filter(marketplace_id=marketplace_id)
    return tuple(map(_row, rows.select_related("vendor").order_by("position", "pk")))


def rule_row(marketplace_id: int, kind: str, rule_id: int) -> RuleRow | None:
    rows = _MODELS[kind].objects.filter(marketplace_id=marketplace_id, pk=rule_id)
    row = rows.select_related("vendor").first()
    return _row(row) if row is not None else None


def rule_counts(marketplace_id: int) -> dict[str, int]:
    return {
        kind: model.objects.filter(marketplace_id=marketplace_id).count()
        for kind, model in _MODELS.items()
    }


def policy_row(marketplace_id: int, vendor_id: int | None) -> PolicyRow | None:
    """None for another marketplace's vendor."""
    name = ""
    if vendor_id is not None:
        vendor = Vendor.objects.filter(marketplace_id=marketplace_id, pk=vendor_id).first()
        if vendor is None:
            return None
        name = vendor.name
    rows = ListingPolicy.objects.filter(marketplace_id=marketplace_id)
    whose = rows.filter(vendor=None) if vendor_id is None else rows.filter(vendor_id=vendor_id)
    return PolicyRow(vendor_id, name, _values(whose.first() or ListingPolicy()))


def policies_that_differ(marketplace_id: int) -> tuple[tuple[int, str], ...]:
    """Vendors that have something differently: (id, name)."""
    rows = ListingPolicy.objects.filter(marketplace_id=marketplace_id, vendor__isnull=False)
    return tuple(rows.order_by("vendor__name").values_list("vendor_id", "vendor__name"))


def vendor_names(marketplace_id: int) -> tuple[tuple[int, str], ...]:
    rows = Vendor.objects.filter(marketplace_id=marketplace_id).order_by("name")
    return tuple(rows.values_list("id", "name")[:1000])


def _row(row: Any) -> RuleRow:
    vendor = row.vendor.name if row.vendor else ""
    return RuleRow(row.pk, row.name, row.active, row.vendor_id, vendor, _values(row))


def _values(row: Any) -> dict[str, Any]:
    return {
        one.name: getattr(row, one.attname)
        for one in row._meta.concrete_fields  # noqa: SLF001 - Django's public name for it
        if one.name not in _LEFT_OUT
    }
