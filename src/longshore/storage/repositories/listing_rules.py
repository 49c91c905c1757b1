"""The marketplace's rules as rows, and as the domain knows them."""

from collections import defaultdict
from collections.abc import Iterable

from longshore.domain import mapping, markup
from longshore.domain.policy import ListingRules, Policy
from longshore.storage.models import ImportRule, ListingPolicy, MarkupRule, NameRule


def rules_of(marketplace_id: int) -> ListingRules:
    """The active rules in their order."""
    mine = {"marketplace_id": marketplace_id, "active": True}
    return ListingRules(
        imports=tuple(
            import_rule(row) for row in ImportRule.objects.filter(**mine).order_by("position", "pk")
        ),
        names=tuple(
            name_rule(row) for row in NameRule.objects.filter(**mine).order_by("position", "pk")
        ),
        markups=tuple(
            markup_rule(row) for row in MarkupRule.objects.filter(**mine).order_by("position", "pk")
        ),
    )


def policies_of(marketplace_id: int, vendor_ids: Iterable[int]) -> defaultdict[int, Policy]:
    """Each vendor's policy: the marketplace's, with what the vendor has differently."""
    rows = ListingPolicy.objects.filter(marketplace_id=marketplace_id)
    by_vendor = {row.vendor_id: row for row in rows}
    whole = by_vendor.get(None)
    base = Policy().over(vars(whole)) if whole is not None else Policy()
    found: defaultdict[int, Policy] = defaultdict(lambda: base)
    for vendor_id in vendor_ids:
        own = by_vendor.get(vendor_id)
        found[vendor_id] = base.over(vars(own)) if own is not None else base
    return found


def import_rule(row: ImportRule) -> mapping.ImportRule:
    return mapping.ImportRule(
        rule_id=row.pk or 0,
        include=row.include,
        subject=mapping.Subject(row.subject),
        comparison=mapping.Comparison(row.comparison),
        value=row.value,
        name=row.name,
        vendor_id=row.vendor_id,
    )


def name_rule(row: NameRule) -> mapping.NameRule:
    return mapping.NameRule(mapping.NameKind(row.kind), row.source, row.target, row.vendor_id)


def markup_rule(row: MarkupRule) -> markup.MarkupRule:
    return markup.MarkupRule(
        rule_id=row.pk or 0,
        name=row.name,
        vendor_id=row.vendor_id,
        category=row.category,
        tag=row.tag,
        at_least=row.at_least,
        below=row.below,
        markup=markup.Markup(row.markup),
        amount=row.amount,
        ending=row.ending,
        every=row.every,
        round_to=markup.RoundTo(row.round_to),
        compare_at=markup.CompareAt(row.compare_at),
    )
