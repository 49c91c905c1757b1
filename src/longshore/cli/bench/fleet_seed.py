"""A thousand connected stores for the bench: one is connected and imported for real, its rows are
copied inside the database for the others, whose shops have the same goods.
"""

# ruff: noqa: S608, SLF001 - SQL of our own; _meta is Django's documented way
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from longshore.cli.bench import shops
from longshore.cli.bench.shops import BenchShop
from longshore.domain.lanes import Wishes

SPAN = 1_000_000
"""Between the row ids of two stores: a copy's id is its original's, so many times further."""


def make_stores(addresses: Sequence[str], key: str, secret: str, wishes: Wishes) -> dict[int, str]:
    """Connects all; returns the address of each store. Nothing is due yet."""
    from longshore import wiring
    from longshore.storage.models import Store

    first = BenchShop(addresses[0], key, secret)
    shops.connect(first, "fleet 0")
    _import(first.store_id)
    model = Store.objects.get(pk=first.store_id)
    found = {first.store_id: addresses[0]}
    for number, address in enumerate(addresses[1:], start=1):
        found[_store_like(model, number, address, key, secret)] = address
    _copy_goods(model, [one for one in found if one != first.store_id])
    _spread(list(found), model, wishes, wiring.clock.now())
    return found


def _import(store_id: int) -> None:
    from longshore import wiring
    from longshore.ports.turns import ENDLESS
    from longshore.storage.repositories.catalog import Catalog
    from longshore.sync.import_catalog import import_catalog
    from longshore.worker.shops import store_at_work

    with store_at_work(store_id) as store:
        import_catalog(store, Catalog(), wiring.clock, store_id=store_id, turn=ENDLESS)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")  # reviews are not what is measured
        # Every product would be reviewed anew; and texts and images are not read by lanes.
        cursor.execute(
            "UPDATE storage_vendorproduct SET review_due = false, description_html = '',"
            " short_description_html = '', images = '[]'"
        )


def _store_like(model: Any, number: int, address: str, key: str, secret: str) -> int:
    from longshore.storage.models import Store, Vendor

    vendor = Vendor.objects.create(marketplace_id=model.marketplace_id, name=f"fleet {number}")
    row = Store(marketplace_id=model.marketplace_id, vendor=vendor)
    for field in Store._meta.concrete_fields:
        if field.name not in _OWN:
            setattr(row, field.attname, getattr(model, field.attname))
    row.base_url, row.consumer_key, row.consumer_secret = address, key, secret
    row.profile = {**model.profile, "base_url": address, "home_url": address}
    row.save()
    return row.pk


_OWN = frozenset(
    {"id", "uuid", "vendor", "consumer_key", "consumer_secret", "webhook_secret", "hook_token"}
)


def _copy_goods(model: Any, store_ids: Sequence[int]) -> None:
    from longshore.storage.models import VendorProduct, VendorVariant

    with connection.cursor() as cursor:
        # Nothing checks or counts the copies row by row.
        cursor.execute("SET session_replication_role = replica")
        for rows, moved in ((VendorProduct, ("id",)), (VendorVariant, ("id", "product_id"))):
            table = rows._meta.db_table
            columns = [str(field.column) for field in rows._meta.concrete_fields]
            chosen = ", ".join(_copied(column, moved) for column in columns)
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) SELECT {chosen} FROM {table} o"
                " CROSS JOIN unnest(%s::bigint[]) WITH ORDINALITY AS s (id, place)"
                " WHERE o.store_id = %s",
                [list(store_ids), model.pk],
            )
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), (SELECT max(id) FROM "
                + table
                + "))",
                [table],
            )
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE storage_vendorproduct, storage_vendorvariant")


def _copied(column: str, moved: Sequence[str]) -> str:
    if column in moved:
        return f"o.{column} + s.place * {SPAN}"
    return "s.id" if column == "store_id" else f"o.{column}"


def _spread(store_ids: Sequence[int], model: Any, wishes: Wishes, now: datetime) -> None:
    """Every lane of every store as if it had run for hours: planned, and due here and there."""
    from longshore.storage.models import Store, StoreReading

    learned = StoreReading.objects.get(store=model)
    readings, count = [], len(store_ids)
    for place, store_id in enumerate(store_ids):
        share = place / count
        readings.append(
            StoreReading(
                marketplace_id=model.marketplace_id,
                store_id=store_id,
                poll_due_at=now + wishes.poll * share,
                hot_due_at=now + wishes.poll * share,
                sweep_due_at=now + wishes.sweep * share,
                poll_every_s=wishes.poll.total_seconds(),
                sweep_every_s=wishes.sweep.total_seconds(),
                products=learned.products,
                variations=learned.variations,
                pace=learned.pace,
            )
        )
    StoreReading.objects.all().delete()
    StoreReading.objects.bulk_create(readings, batch_size=500)
    Store.objects.update(examined_at=now, healed_at=now, products_read_to=now)
    for place, store_id in enumerate(store_ids):
        back = timedelta(seconds=wishes.poll.total_seconds() * (1 - place / count))
        Store.objects.filter(pk=store_id).update(orders_polled_at=now - back)
