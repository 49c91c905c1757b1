"""Exchange rates that prices cross by: once one is old, somebody is asked for a new one."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import DurationField, ExpressionWrapper, F, Q

from longshore.domain.findings import Finding
from longshore.domain.pricing import PriceBase, PriceRule, rate_too_old
from longshore.storage.models import OpenFinding, Storefront, Vendor
from longshore.storage.repositories.findings import note_many

CODE = "rate_old"
_ALLOWED = ExpressionWrapper(F("rate_days") * timedelta(days=1), output_field=DurationField())


def check_rates(at: datetime) -> int:
    """Looks at the rates that may be old and at those that were told; returns how many are. As many
    statements for a thousand vendors of a marketplace as for one.
    """
    told = OpenFinding.objects.filter(code=CODE, resolved_at=None).values("vendor_id")
    aged = Q(rate__isnull=False, rate_dated__lte=at - _ALLOWED)
    return look_at_rates(Vendor.objects.filter(aged | Q(pk__in=told)), at)


def look_at_rates(vendors: Iterable[Vendor], at: datetime) -> int:
    """Tells of these vendors' rates that are old, and closes what was told of the others."""
    by_marketplace: defaultdict[int, list[Vendor]] = defaultdict(list)
    ids = [row.pk for row in vendors]
    for row in Vendor.objects.filter(pk__in=ids).prefetch_related("stores").order_by("pk"):
        by_marketplace[row.marketplace_id].append(row)
    count = 0
    for owner, rows in by_marketplace.items():
        front = Storefront.objects.filter(marketplace_id=owner).first()
        found = {row.pk: _old(row, front, at) for row in rows} if front is not None else {}
        old = [(f"vendor:{pk}", pk, one) for pk, one in found.items() if one is not None]
        note_many(owner, old, at)
        renewed = {f"vendor:{row.pk}" for row in rows} - {subject for subject, _, _ in old}
        OpenFinding.objects.filter(
            marketplace_id=owner, subject__in=renewed, code=CODE, resolved_at=None
        ).update(resolved_at=at)
        count += len(old)
    return count


def _old(row: Vendor, front: Storefront, at: datetime) -> Finding | None:
    rule = PriceRule(row.rate, row.rate_dated, row.tax_factor)
    here = PriceBase(front.currency, front.taxes_included)
    told = (
        rate_too_old(PriceBase(one.currency, one.prices_include_tax), here, rule, row.rate_days, at)
        for one in row.stores.all()
    )
    return next((one for one in told if one is not None), None)
