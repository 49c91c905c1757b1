"""Faults that change the shop when they are added. They stay when the fault is cleared."""

from collections.abc import Callable, Iterator

import msgspec

from simulators.woocommerce.catalog import Product
from simulators.woocommerce.jsonish import Json
from simulators.woocommerce.plugins import POLYLANG, WPML
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.texts import slug_of
from simulators.woocommerce.versions import version_of

OPEN = frozenset({"pending", "on-hold", "processing"})


def act(shop: Shop, kind: str, value: str) -> None:
    """Raises ValueError for a value that makes no sense, KeyError for an unknown id."""
    action = ACTIONS.get(kind)
    if action is not None:
        with shop.lock:
            action(shop, value)


def _simple(shop: Shop, count: int) -> Iterator[Product]:
    """So many public simple products, from the newest on: those of low ids stay plain."""
    left = count
    for row_id in reversed(list(shop.catalog.product_ids)):
        row = shop.catalog.get(row_id)
        if row is not None and row.kind == "simple" and row.status == "publish" and left > 0:
            left -= 1
            yield row


def _variable(shop: Shop, count: int) -> Iterator[Product]:
    left = count
    for row_id in list(shop.catalog.product_ids):
        row = shop.catalog.get(row_id)
        if row is not None and row.kind == "variable" and row.children and left > 0:
            left -= 1
            yield row


def _skew(shop: Shop, value: str) -> None:
    shop.clock.advance(float(value))


def _equal_dates(shop: Shop, _: str) -> None:
    second = shop.clock.second() - 3600
    for row in list(shop.catalog.products()):
        shop.catalog.change(row, created=second, modified=second)


def _no_price(shop: Shop, value: str) -> None:
    for row in _simple(shop, int(value)):
        shop.edit_product(row.id, regular_price="", sale_price="")


def _any_variations(shop: Shop, value: str) -> None:
    for parent in _variable(shop, int(value)):
        first = shop.catalog.require(parent.children[0])
        shop.edit_product(first.id, attributes=first.attributes[:0], name="Any")


def _dup_sku(shop: Shop, value: str) -> None:
    for row in _simple(shop, int(value)):
        shop.edit_product(row.id, sku="SAME-SKU")


def _type_change(shop: Shop, value: str) -> None:
    row_id = int(value) or next(row.id for row in _variable(shop, 1))
    row = shop.catalog.require(row_id)
    for child in shop.catalog.children_of(row):
        shop.catalog.remove(child)
    shop.edit_product(row_id, kind="simple", regular_price="10.00")


def _translated(shop: Shop, value: str) -> None:
    """German copies with ids of their own and the same SKU."""
    for row in list(_simple(shop, int(value))):
        content = {**row.content, "lang": "de", "translation_of": row.id}
        slug = f"de-{slug_of(row.name)}"
        copy = msgspec.structs.replace(
            row, id=shop.next_id(), name=f"DE {row.name}", slug=slug, content=content
        )
        shop.save(copy, "created")
        shop.catalog.change(row, content={**row.content, "translated_as": copy.id})


def _wpml(shop: Shop, value: str) -> None:
    _translated(shop, value)
    shop.settings.plugins += [WPML, "woocommerce-multilingual"]
    shop.lasting_warps.append(_with_language)


def _with_language(row: Product, body: Json) -> Json:
    """WPML tells languages in the body; Polylang's free edition does not."""
    original, copy = row.content.get("translation_of"), row.content.get("translated_as")
    if original is not None:
        return {**body, "lang": "de", "translations": {"en": str(original)}}
    translations = {} if copy is None else {"de": str(copy)}
    return {**body, "lang": "en", "translations": translations}


def _polylang(shop: Shop, value: str) -> None:
    _translated(shop, value)
    shop.settings.plugins.append(POLYLANG)


def _pooled(shop: Shop, value: str) -> None:
    for parent in _variable(shop, int(value)):
        for child in shop.catalog.children_of(parent):
            shop.edit_product(child.id, manage_stock=False)
        shop.edit_product(parent.id, manage_stock=True, stock_quantity=7)


def _quantity(quantity: float) -> Callable[[Shop, str], None]:
    def action(shop: Shop, value: str) -> None:
        for row in _simple(shop, int(value)):
            shop.edit_product(row.id, manage_stock=True, stock_quantity=quantity)

    return action


def _manage_stock_off(shop: Shop, _: str) -> None:
    shop.settings.manage_stock = False


def _direct_meta_write(shop: Shop, value: str) -> None:
    for row in _simple(shop, int(value)):
        changed = shop.catalog.change(row, manage_stock=True)
        shop.set_stock(changed.id, (row.stock_quantity or 0) + 1)


def _mass_zero(shop: Shop, value: str) -> None:
    rows = [row for row in shop.catalog.products() if row.manage_stock]
    rows += [row for row in shop.catalog.variations() if row.manage_stock]
    for row in rows[: round(len(rows) * float(value) / 100)]:
        shop.edit_product(row.id, stock_quantity=0)


def _accept_missing_product(shop: Shop, value: str) -> None:
    shop.refuses_unknown_products = value == "off"


def _email_required(shop: Shop, _: str) -> None:
    shop.refuses_no_email = True


def _mail_log(shop: Shop, value: str) -> None:
    shop.keeps_emails = value != "off"


def _vendor_cancels(shop: Shop, value: str) -> None:
    found = [order.id for order in shop.orders.values() if order.status in OPEN]
    for order_id in sorted(found)[-int(value) :]:
        shop.cancel_order(order_id)


def _trash(shop: Shop, value: str) -> None:
    found = [order.id for order in shop.orders.values() if order.status != "trash"]
    for order_id in sorted(found)[-int(value) :]:
        shop.trash_order(order_id)


def _custom_status(shop: Shop, value: str) -> None:
    shop.settings.statuses[value] = value.replace("-", " ").capitalize()


def _tracking_plugin(shop: Shop, value: str) -> None:
    shop.settings.tracking_plugin = "" if value == "none" else value


def _legacy_off(shop: Shop, _: str) -> None:
    shop.settings.legacy_api = False


def _old_wc(shop: Shop, value: str) -> None:
    shop.settings.version = version_of(value)
    shop.settings.hpos = shop.settings.hpos and shop.settings.version.hpos


def _hpos(*, on: bool) -> Callable[[Shop, str], None]:
    def action(shop: Shop, _: str) -> None:
        shop.settings.hpos = on

    return action


ACTIONS: dict[str, Callable[[Shop, str], None]] = {
    "skew": _skew,
    "equal_dates": _equal_dates,
    "no_price": _no_price,
    "any_variations": _any_variations,
    "dup_sku": _dup_sku,
    "type_change": _type_change,
    "wpml": _wpml,
    "polylang": _polylang,
    "pooled": _pooled,
    "negative": _quantity(-2),
    "decimal": _quantity(2.5),
    "manage_stock_off": _manage_stock_off,
    "direct_meta_write": _direct_meta_write,
    "mass_zero": _mass_zero,
    "accept_missing_product": _accept_missing_product,
    "email_required": _email_required,
    "mail_log": _mail_log,
    "vendor_cancels": _vendor_cancels,
    "trash": _trash,
    "custom_status": _custom_status,
    "tracking_plugin": _tracking_plugin,
    "legacy_off": _legacy_off,
    "old_wc": _old_wc,
    "classic": _hpos(on=False),
    "hpos": _hpos(on=True),
}
