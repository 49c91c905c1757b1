"""Stock and price rules of the shop, as measured on 9.9.5. Works on rows, knows no wire."""

from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from simulators.woocommerce.catalog import Catalog, Product

NOTHING_TO_BUY = frozenset({"grouped", "external"})


def pool_of(catalog: Catalog, row: Product) -> Product | None:
    """Whose quantity a sale of this row takes: its own, its parent's ("parent"), or nobody's."""
    if row.manage_stock:
        return row
    parent = catalog.parent_of(row)
    return parent if parent is not None and parent.manage_stock else None


def backorders_allowed(row: Product) -> bool:
    return row.backorders in {"yes", "notify"}


def derived(row: Product) -> Product:
    """A row that counts its stock has its status from the count; one that does not has no count."""
    if not row.manage_stock:
        if row.stock_quantity is None:
            return row
        return msgspec.structs.replace(row, stock_quantity=None)
    if row.stock_quantity is not None and row.stock_quantity > 0:
        status = "instock"
    else:
        status = "onbackorder" if backorders_allowed(row) else "outofstock"
    if status == row.stock_status and row.stock_quantity is not None:
        return row
    return msgspec.structs.replace(row, stock_status=status, stock_quantity=row.stock_quantity or 0)


def shown_status(catalog: Catalog, row: Product) -> str:
    """A variation on its parent's stock shows its parent's status."""
    pool = pool_of(catalog, row)
    return row.stock_status if pool is None else pool.stock_status


def on_backorder(row: Product) -> bool:
    if row.stock_status == "onbackorder":
        return True
    return row.manage_stock and backorders_allowed(row) and (row.stock_quantity or 0) < 0


def status_of_parent(catalog: Catalog, parent: Product) -> str:
    """A variable product that counts nothing itself is in stock while one of its variations is."""
    if parent.kind != "variable" or parent.manage_stock:
        return parent.stock_status
    shown = {shown_status(catalog, child) for child in catalog.children_of(parent)}
    for status in ("instock", "onbackorder"):
        if status in shown:
            return status
    return "outofstock"


def number(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text.strip() else None
    except InvalidOperation:
        return None


def in_sale(row: Product, now: int) -> bool:
    """By the clock, whatever `price` says: the two differ until the cron has run."""
    if not row.sale_price:
        return False
    sale, regular = number(row.sale_price), number(row.regular_price)
    if sale is None or regular is None or sale >= regular:
        return False
    if row.sale_from is not None and row.sale_from > now:
        return False
    return row.sale_to is None or row.sale_to > now


def active_price(row: Product, now: int) -> str:
    """What saving a product makes its price."""
    return row.sale_price if in_sale(row, now) else row.regular_price


def child_prices(catalog: Catalog, parent: Product) -> list[str]:
    """Prices of the variations on sale to anybody, lowest first."""
    priced = [
        (value, child.price)
        for child in catalog.children_of(parent)
        if child.status == "publish" and (value := number(child.price)) is not None
    ]
    return [text for _, text in sorted(priced)]


def scheduled_sales(catalog: Catalog, now: int) -> list[Product]:
    """The scheduled job: prices of sales that began or ended. Returns the rows to save."""
    found: list[Product] = []
    for row in catalog.changed_rows():  # generated rows have no timed sales
        changes: dict[str, Any]
        if row.sale_from is not None and row.sale_from <= now:
            changes = {"sale_from": None}
        elif row.sale_to is not None and row.sale_to <= now:
            changes = {"sale_price": "", "sale_to": None}
        else:
            continue
        changed = msgspec.structs.replace(row, **changes)
        found.append(msgspec.structs.replace(changed, price=active_price(changed, now)))
    return found
