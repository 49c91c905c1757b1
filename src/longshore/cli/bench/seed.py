"""A large marketplace for benches, made inside the database: rows come from generate_series, so
that millions of them take a minute or two and nothing crosses the line.
"""

# ruff: noqa: S608, SLF001 - SQL of our own; _meta is Django's documented way
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, models

from longshore.cli.bench.seed_history import STEPS as HISTORY
from longshore.cli.bench.seed_rows import STEPS as GOODS_AND_ORDERS
from longshore.storage import models as rows

VENDORS = 1_000
ORDERS = 200_000


@dataclass(frozen=True, slots=True)
class Market:
    """What the pages need to name. `vendor_user` signs in for the vendor `vendor_id`."""

    marketplace_id: int
    owner: User
    vendor_user: User
    vendor_id: int


def make_market(scale: float, at: datetime) -> Market:
    """`scale` 1 is the full size. The database must be empty; statistics are fresh afterwards."""
    vendors, orders = max(3, int(VENDORS * scale)), max(60, int(ORDERS * scale))
    marketplace = rows.Marketplace.objects.create(
        name="Bench market", timezone="Europe/Oslo", live_since=at
    )
    rows.Storefront.objects.create(
        marketplace=marketplace,
        shop_domain="bench.myshopify.com",
        currency="EUR",
        taxes_included=True,
        facts_read_at=at,
        orders_polled_at=at,
    )
    given = {"m": marketplace.pk, "at": at, "vendors": vendors, "orders": orders}
    for model, source, columns in (*GOODS_AND_ORDERS, *HISTORY):
        _fill(model, source, columns, given)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    owner = _person(marketplace, "owner@bench.example", "owner", None)
    first = rows.Vendor.objects.order_by("id").first()
    assert first is not None  # noqa: S101 - made above
    vendor_user = _person(marketplace, "vendor@bench.example", "vendor", first)
    return Market(marketplace.pk, owner, vendor_user, first.pk)


def _person(
    marketplace: rows.Marketplace, email: str, role: str, vendor: rows.Vendor | None
) -> User:
    user = User.objects.create_user(email, email)
    rows.Membership.objects.create(user=user, marketplace=marketplace, role=role, vendor=vendor)
    return user


def _fill(
    model: type[models.Model], source: str, columns: dict[str, str], given: dict[str, Any]
) -> None:
    """INSERT ... SELECT: columns not named get their field's default."""
    left, params = dict(columns), dict(given)
    names: list[str] = []
    values: list[str] = []
    for field in model._meta.concrete_fields:
        value = left.pop(str(field.column), None) or _usual(field, params)
        if value is not None:
            names.append(f'"{field.column}"')
            values.append(value)
    if left:
        raise KeyError(f"{model.__name__} has no {sorted(left)}")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({', '.join(names)})"
            f" SELECT {', '.join(values)} FROM {source}",
            params,
        )


def _usual(field: Any, params: dict[str, Any]) -> str | None:
    """The SQL of a field's default; None where the database gives it."""
    if field.primary_key or field.generated:
        return None
    if field.column == "marketplace_id":
        return "%(m)s"
    if isinstance(field, models.UUIDField):
        return "gen_random_uuid()"
    if not field.has_default():
        return "NULL" if field.null else "''"
    default: Callable[[], Any] | Any = field.get_default()
    if isinstance(field, models.JSONField):
        default = json.dumps(default)
    params[field.column] = "" if field.get_internal_type() == "TextField" else default
    return f"%({field.column})s"
