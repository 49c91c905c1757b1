"""From GraphQL fields to rows: what each field of the shipped schema shows, nothing invented."""

from importlib import import_module

MODULES = ("shop", "products", "products_writing", "stock", "orders", "orders_writing", "work",
           "bulk", "webhooks")  # fmt: skip


def declare() -> None:
    """Loads every module, which declares what its functions answer."""
    for name in MODULES:
        import_module(f"simulators.shopify.fields.{name}")
