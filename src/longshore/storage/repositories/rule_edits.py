"""The marketplace's rules as people change them. `listing_rules` reads them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import Max

from longshore.domain import mapping, markup
from longshore.domain.listing import Field
from longshore.domain.ownership import Owner
from longshore.domain.policy import ListingRules, Policy
from longshore.ports.errors import Rejected
from longshore.storage.models import (
    ImportRule,
    ListingPolicy,
    MarkupRule,
    NameRule,
    Store,
    Vendor,
)
from longshore.storage.models.rules import Rule
from longshore.storage.repositories.listing_rules import (
    import_rule,
    markup_rule,
    name_rule,
    policies_of,
    rules_of,
)
from longshore.storage.repositories.listings import review_everything


class RuleKind(StrEnum):
    IMPORTS = "imports"
    NAMES = "names"
    MARKUPS = "markups"


_MODELS: Mapping[RuleKind, Any] = {
    RuleKind.IMPORTS: ImportRule,
    RuleKind.NAMES: NameRule,
    RuleKind.MARKUPS: MarkupRule,
}
COMMON = ("name", "active", "vendor_id")
FIELDS: Mapping[RuleKind, tuple[str, ...]] = {
    RuleKind.IMPORTS: (*COMMON, "include", "subject", "comparison", "value"),
    RuleKind.NAMES: (*COMMON, "kind", "source", "target"),
    RuleKind.MARKUPS: (
        *COMMON, "category", "tag", "at_least", "below", "markup", "amount", "ending", "every",
        "round_to", "compare_at",
    ),
}  # fmt: skip
"""What a person says of a rule, by the names of its row."""
POLICY = (
    "title", "description", "sku", "shown_vendor", "owners", "merges", "price_rise_percent",
    "price_drop_percent", "choice", "linked", "order_rules",
)  # fmt: skip

Values = Mapping[str, Any]


def save_rule(marketplace_id: int, kind: RuleKind, rule_id: int | None, values: Values) -> int:
    """A new rule comes last. What depends on it is worked out anew. In the caller's transaction.
    Raises Rejected.
    """
    row, vendors = _put(marketplace_id, kind, rule_id, values)
    _follow(marketplace_id, vendors)
    made: int = row.pk
    return made


def remove_rule(marketplace_id: int, kind: RuleKind, rule_id: int) -> None:
    """In the caller's transaction. Raises Rejected."""
    row = _row(marketplace_id, kind, rule_id)
    vendor_id = row.vendor_id
    row.delete()
    _follow(marketplace_id, {vendor_id})


def move_rule(marketplace_id: int, kind: RuleKind, rule_id: int, *, up: bool) -> None:
    """Earlier or later by one place; the first that fits decides. In the caller's transaction.
    Raises Rejected.
    """
    model = _MODELS[kind]
    rows = list(
        model.objects.select_for_update()
        .filter(marketplace_id=marketplace_id)
        .order_by("position", "pk")
    )
    place = next((n for n, row in enumerate(rows) if row.pk == rule_id), None)
    if place is None:
        raise Rejected("There is no such rule.")
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rows):
        return
    rows[place], rows[other] = rows[other], rows[place]
    for position, row in enumerate(rows):
        row.position = position
    model.objects.bulk_update(rows, ("position",))
    _follow(marketplace_id, {rows[place].vendor_id, rows[other].vendor_id})


def save_policy(marketplace_id: int, vendor_id: int | None, values: Values) -> None:
    """The marketplace's policy for listings, or what one vendor has differently. In the caller's
    transaction. Raises Rejected.
    """
    _put_policy(marketplace_id, vendor_id, values)
    _follow(marketplace_id, {vendor_id})


# --- before it is saved ---


class Proposed:
    """Rules and policies as they would be after a change that is not made."""

    def __init__(self, marketplace_id: int) -> None:
        vendors = Vendor.objects.filter(marketplace_id=marketplace_id)
        self.rules: ListingRules = rules_of(marketplace_id)
        self.policies: Mapping[int, Policy] = policies_of(
            marketplace_id, vendors.values_list("pk", flat=True)
        )


def proposed_rule(
    marketplace_id: int, kind: RuleKind, rule_id: int | None, values: Values
) -> Proposed:
    """Raises Rejected."""
    with transaction.atomic():
        _put(marketplace_id, kind, rule_id, values)
        found = Proposed(marketplace_id)
        transaction.set_rollback(True)
    return found


def proposed_policy(marketplace_id: int, vendor_id: int | None, values: Values) -> Proposed:
    """Raises Rejected."""
    with transaction.atomic():
        _put_policy(marketplace_id, vendor_id, values)
        found = Proposed(marketplace_id)
        transaction.set_rollback(True)
    return found


# --- rows ---


def _put(
    marketplace_id: int, kind: RuleKind, rule_id: int | None, values: Values
) -> tuple[Rule, set[int | None]]:
    """The rule as it is now, and whom it concerned before or after."""
    model = _MODELS[kind]
    if rule_id is None:
        last = model.objects.filter(marketplace_id=marketplace_id)
        position = (last.aggregate(last=Max("position"))["last"] or 0) + 1
        row: Rule = model(marketplace_id=marketplace_id, position=position)
    else:
        row = _row(marketplace_id, kind, rule_id)
    vendors = {row.vendor_id} if rule_id is not None else set()
    unknown = sorted(set(values) - set(FIELDS[kind]))
    if unknown:
        raise Rejected(f"A rule has no {unknown[0]}.")
    for name, value in values.items():
        setattr(row, name, value)
    _own_vendor(marketplace_id, row.vendor_id)
    problem = _problem(row)
    if problem:
        raise Rejected(problem)
    row.save()
    return row, vendors | {row.vendor_id}


def _problem(row: Rule) -> str:
    if isinstance(row, ImportRule):
        return mapping.rule_problem(import_rule(row))
    if isinstance(row, MarkupRule):
        return markup.rule_problem(markup_rule(row))
    if isinstance(row, NameRule):
        return mapping.name_problem(name_rule(row))
    return ""


def _put_policy(marketplace_id: int, vendor_id: int | None, values: Values) -> None:
    _own_vendor(marketplace_id, vendor_id)
    unknown = sorted(set(values) - set(POLICY))
    if unknown:
        raise Rejected(f"A policy has no {unknown[0]}.")
    rows = ListingPolicy.objects.select_for_update().filter(marketplace_id=marketplace_id)
    whose = rows.filter(vendor=None) if vendor_id is None else rows.filter(vendor_id=vendor_id)
    row = whose.first() or ListingPolicy(marketplace_id=marketplace_id, vendor_id=vendor_id)
    for name, value in values.items():
        setattr(row, name, value)
    problem = _policy_problem(row)
    if problem:
        raise Rejected(problem)
    row.save()


def _policy_problem(row: ListingPolicy) -> str:
    texts = {
        row.title: mapping.TITLE_WORDS,
        row.sku: mapping.TITLE_WORDS,
        row.shown_vendor: mapping.VENDOR_WORDS,
        row.description: mapping.DESCRIPTION_WORDS,
    }
    for text, words in texts.items():
        problem = mapping.template_problem(text, words)
        if problem:
            return problem
    known = {*map(str, Field), *(f"linked.{name}" for name in Field)}
    if set(row.owners) - known or set(row.owners.values()) - set(map(str, Owner)):
        return "Nobody knows this field, or who shall decide it."
    limits = (row.price_rise_percent, row.price_drop_percent)
    if any(one is not None and one <= 0 for one in limits):
        return "A tolerance must be above zero. Leave it empty for the usual one."
    return ""


def _row(marketplace_id: int, kind: RuleKind, rule_id: int) -> Rule:
    rows = _MODELS[kind].objects.filter(marketplace_id=marketplace_id, pk=rule_id)
    row: Rule | None = rows.select_for_update().first()
    if row is None:
        raise Rejected("There is no such rule.")
    return row


def _own_vendor(marketplace_id: int, vendor_id: int | None) -> None:
    if vendor_id is None:
        return
    if not Vendor.objects.filter(marketplace_id=marketplace_id, pk=vendor_id).exists():
        raise Rejected("There is no such vendor.")


def _follow(marketplace_id: int, vendor_ids: set[int | None]) -> None:
    stores = Store.objects.filter(marketplace_id=marketplace_id)
    if None not in vendor_ids:
        stores = stores.filter(vendor_id__in=[one for one in vendor_ids if one is not None])
    review_everything(stores)
