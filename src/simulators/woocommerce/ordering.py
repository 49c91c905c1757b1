"""What happens to an order: made, paid, its stock taken and given back, refunded, thrown away."""

import html
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from simulators.woocommerce.catalog import Product, with_meta
from simulators.woocommerce.jsonish import Json, as_int, as_list, as_object, as_text
from simulators.woocommerce.orders import (
    ADDRESS,
    COUNTS_AS_SALE,
    PAID,
    PAYABLE,
    REDUCES_STOCK,
    RESTORES_STOCK,
    STATUS_NAMES,
    ExtraLine,
    Line,
    Order,
    Refund,
)
from simulators.woocommerce.stock import child_prices, number, pool_of
from simulators.woocommerce.texts import attribute_key, option_value

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

PLAIN = ("customer_note", "payment_method", "payment_method_title", "transaction_id", "currency")
PAID_META = ("_download_permissions_granted", "_order_stock_reduced")
MAILED = {
    "processing": "Your {shop} order has been received!",
    "on-hold": "Your {shop} order has been received!",
    "completed": "Your {shop} order is now complete",
}


def cents(value: object) -> int:
    """Money of the request in cents; what is no number counts as nothing."""
    amount = number(as_text(value)) or Decimal(0)
    return int((amount * 100).to_integral_value())


class Ordering:
    """Verbs on orders. Bodies are what a POST or PUT to `orders` may carry, checked before."""

    def __init__(self, shop: "Shop") -> None:
        self._shop = shop

    def create(self, body: Json, created_via: str = "rest-api") -> Order:
        order = self.save_first(body, created_via)
        self.finish(order, body)
        return order

    def save_first(self, body: Json, created_via: str = "rest-api") -> Order:
        """The half of creation that is visible first: pending, total 0, with its meta."""
        shop = self._shop
        now = shop.clock.second()
        currency = shop.user_currency or shop.settings.currency
        order = Order(shop.next_id(), now, now, currency, created_via=created_via)
        order.half_made = True
        order.billing = dict.fromkeys((*ADDRESS, "email", "phone"), "")
        order.shipping = dict.fromkeys((*ADDRESS, "phone"), "")
        self._take_fields(order, body)
        shop.orders[order.id] = order
        return order

    def finish(self, order: Order, body: Json, *, told: bool = True) -> None:
        """Totals, status, payment, stock, webhooks (`told`)."""
        order.half_made = False
        if told:
            self._shop.webhooks.happened("order.created", order.id)
        if body.get("status"):
            self.set_status(order, str(body["status"]))
        if body.get("set_paid") is True:
            self.payment_complete(order)
        self.touch(order, told=told)

    def update(self, order: Order, body: Json) -> None:
        """With HPOS any update moves the date; classic storage keeps it where only meta changes."""
        self._take_fields(order, body)
        if body.get("status"):
            self.set_status(order, str(body["status"]))
        if body.get("set_paid") is True:
            self.payment_complete(order)
        if self._shop.settings.hpos or set(body) - {"id", "meta_data"}:
            self.touch(order)
        else:
            self._shop.webhooks.happened("order.updated", order.id)

    def touch(self, order: Order, *, told: bool = True) -> None:
        order.modified = self._shop.clock.second()
        if told:
            self._shop.webhooks.happened("order.updated", order.id)

    def payment_complete(self, order: Order) -> None:
        """An order that is not payable any more keeps its status: `processing` given together with
        `set_paid` stays processing, even for goods that need no work.
        """
        if order.status not in PAYABLE:
            return
        self.set_status(order, "processing" if self.needs_processing(order) else "completed")
        order.paid = order.paid or self._shop.clock.second()
        version = self._shop.settings.version
        if not version.status_moves_stock:
            self._reduce(order)
        if version.objects and not version.status_moves_stock:
            entries = [{"key": name, "value": "yes"} for name in PAID_META]
            order.meta = with_meta(order.meta, entries, self._shop.meta_ids)

    def needs_processing(self, order: Order) -> bool:
        """Only lines of known products count, so an order of unknown ones is born completed."""
        for line in order.lines:
            row = self._shop.catalog.get(line.stock_id)
            if row is None:
                continue
            if not (row.content.get("virtual") and row.content.get("downloadable")):
                return True
        return False

    def set_status(self, order: Order, status: str) -> None:
        before, order.status = order.status, status
        now = self._shop.clock.second()
        if order.paid is None and self._pays(order):
            order.paid = now
        if status == "completed" and before != status:
            order.completed = now
        if self._shop.settings.version.status_moves_stock:
            self._move_stock(order)
        self._count_sale(order)
        if before == status:
            return
        names = {**STATUS_NAMES, **self._shop.settings.statuses}
        old, new = names.get(before, before), names.get(status, status)
        self._shop.add_note(order, f"Order status changed from {old} to {new}.")
        self._shop.webhooks.acted(f"woocommerce_order_status_{status}", order.id)
        if status in MAILED and order.billing.get("email") and self._shop.keeps_emails:
            subject = MAILED[status].format(shop=self._shop.settings.name)
            mail = {"to": order.billing["email"], "subject": subject, "order_id": order.id}
            self._shop.emails.append(mail)

    def _pays(self, order: Order) -> bool:
        """The status that payment leads to, and everything after it."""
        paid = PAID if self.needs_processing(order) else {"completed"}
        return order.status in paid and self._shop.settings.version.status_pays

    def _move_stock(self, order: Order) -> None:
        if order.status in REDUCES_STOCK:
            self._reduce(order)
        elif order.status in RESTORES_STOCK:
            self._restore(order)

    def refund(
        self,
        order: Order,
        amount: int,
        reason: str,
        parts: Sequence[tuple[Line, int, int]],
        *,
        restock: bool,
    ) -> Refund:
        """`parts`: (line, units, cents). A refund of all that is left makes the order refunded."""
        shop = self._shop
        refund = Refund(shop.next_id(), shop.clock.second(), amount, reason)
        for line, units, money in parts:
            copy = Line(shop.next_line_id(), line.product_id, line.variation_id, line.name)
            copy.parent_name, copy.sku, copy.image = line.parent_name, line.sku, line.image
            copy.options = line.options
            copy.quantity, copy.subtotal, copy.total = -units, -money, -money
            copy.meta = (
                {"id": shop.next_meta_id(), "key": "_refunded_item_id", "value": str(line.id)},
            )
            refund.lines.append(copy)
            if restock and line.reduced:
                back = min(units, line.reduced)
                self._give_back(line, back)
                line.reduced -= back
                line.restocked += back
        order.refunds.insert(0, refund)
        if order.refunded >= order.total:
            self.set_status(order, "refunded")
        self.touch(order)
        return refund

    def trash(self, order: Order) -> None:
        """Gives no stock back."""
        shop = self._shop
        shop.webhooks.happened("order.deleted", order.id)
        now = shop.clock.second()
        entries = [
            {"key": "_wp_trash_meta_status", "value": f"wc-{order.status}"},
            {"key": "_wp_trash_meta_time", "value": str(now)},
        ]
        order.meta = with_meta(order.meta, entries, shop.meta_ids)
        order.restore_status, order.status = order.status, "trash"
        self._count_sale(order)
        if shop.settings.hpos:
            order.modified = now

    def remove(self, order: Order) -> None:
        """For good, which nobody is told of."""
        del self._shop.orders[order.id]

    def find(self, item: Json) -> Product | None:
        """The product of a line: by SKU where one is given, else by variation id, then product id.
        The product id of a line with a variation is not looked at.
        """
        catalog = self._shop.catalog
        if item.get("sku"):
            return catalog.by_sku(str(item["sku"]))
        for name in ("variation_id", "product_id"):
            wanted = as_int(item.get(name))
            if wanted:
                return catalog.get(wanted)
        return None

    def _take_fields(self, order: Order, body: Json) -> None:
        for name in PLAIN:
            if body.get(name) is not None:
                setattr(order, name, as_text(body[name]))
        order.customer_id = as_int(body.get("customer_id"), order.customer_id)
        for name in ("billing", "shipping"):
            given = as_object(body.get(name))
            address: Json = getattr(order, name)
            address.update({key: as_text(given[key]) for key in address if key in given})
        order.meta = self._with_meta(order.meta, body)
        for item in map(as_object, as_list(body.get("line_items"))):
            self._take_line(order, item)
        for item in map(as_object, as_list(body.get("shipping_lines"))):
            self._take_extra(order.shipping_lines, item, as_text(item.get("method_title")))
        for item in map(as_object, as_list(body.get("fee_lines"))):
            self._take_extra(order.fee_lines, item, as_text(item.get("name")))

    def _take_extra(self, lines: list[ExtraLine], item: Json, name: str) -> None:
        known = next((line for line in lines if line.id == as_int(item.get("id"))), None)
        if known is None:
            known = ExtraLine(self._shop.next_line_id(), name, 0, as_text(item.get("method_id")))
            lines.append(known)
        if "total" in item:
            known.total = cents(item["total"])
        known.meta = self._with_meta(known.meta, item)

    def _with_meta(self, meta: tuple[Json, ...], item: Json) -> tuple[Json, ...]:
        given = [as_object(entry) for entry in as_list(item.get("meta_data"))]
        return with_meta(meta, given, self._shop.meta_ids) if given else meta

    def _take_line(self, order: Order, item: Json) -> None:
        line = order.line(as_int(item.get("id")))
        known = line is not None
        if line is None:
            line = self._new_line(order, item)
        elif "quantity" in item and as_int(item["quantity"]) == 0:
            self._give_back(line, line.reduced or 0)
            order.lines.remove(line)
            return
        if "quantity" in item:
            line.quantity = as_int(item["quantity"])
        for name in ("subtotal", "total"):
            if name in item:
                setattr(line, name, cents(item[name]))
        if "total" in item and "subtotal" not in item and line.subtotal < line.total:
            line.subtotal = line.total
        line.meta = self._with_meta(line.meta, item)
        moves = self._shop.settings.version.status_moves_stock
        if moves and (known or order.status in REDUCES_STOCK):
            self._adjust(line)

    def _new_line(self, order: Order, item: Json) -> Line:
        shop = self._shop
        line = Line(shop.next_line_id(), stock_meta_id=shop.next_meta_id())
        order.lines.append(line)
        row = self.find(item)
        if "quantity" in item and as_int(item["quantity"]) == 0:
            order.lines.remove(line)  # a line of nothing is none
            return line
        if row is None:
            return line
        parent = shop.catalog.parent_of(row)
        line.product_id, line.name, line.sku = row.id, row.name, row.sku
        images = row.content.get("images") or [row.content.get("image")]
        if parent is not None:
            line.product_id, line.variation_id = parent.id, row.id
            whole = shop.settings.version.objects
            line.name = f"{parent.name} - {row.name}" if whole else parent.name
            line.parent_name = parent.name
            line.sku = row.sku or parent.sku
            line.options = self._options(parent, row)
            images = [row.content.get("image"), *parent.content.get("images", ())]
        first = next((image for image in images if image), None)
        line.image = (
            {"id": "", "src": ""} if first is None else {k: first[k] for k in ("id", "src")}
        )
        line.global_unique_id = str(row.content.get("global_unique_id", ""))
        prices = child_prices(shop.catalog, row) if row.kind == "variable" else [row.price]
        price = prices[0] if prices else ""
        line.subtotal = line.total = max(0, cents(price) * as_int(item.get("quantity", 1)))
        return line

    def _options(self, parent: Product, row: Product) -> list[Json]:
        """One meta entry for each option of the product; an open one is empty."""
        chosen = {attribute_key(one["slug"]): str(one["option"]) for one in row.attributes}
        found: list[Json] = []
        for attribute in parent.attributes:
            if not attribute.get("variation"):
                continue
            key = attribute_key(str(attribute["slug"]))
            option = chosen.get(key, "")
            found.append(
                {
                    "id": self._shop.next_meta_id(),
                    "key": key,
                    "value": option_value(str(attribute["slug"]), option),
                    "display_key": html.escape(attribute["name"], quote=False) if option else key,
                    "display_value": option,
                }
            )
        return found

    def _pool(self, line: Line) -> Product | None:
        row = self._shop.catalog.get(line.stock_id)
        if row is None or not self._shop.settings.manage_stock:
            return None
        return pool_of(self._shop.catalog, row)

    def _reduce(self, order: Order) -> None:
        """Once a line: what is taken is remembered on it."""
        changed: list[str] = []
        for line in order.lines:
            pool = self._pool(line)
            if pool is None or line.reduced is not None:
                continue
            line.reduced = line.quantity
            after = self._shop.change_stock(pool, -line.quantity)
            name = f"{line.name} ({line.sku})" if line.sku else f"{line.name} (#{line.stock_id})"
            before, now = pool.stock_quantity or 0, after.stock_quantity
            changed.append(f"{name} {before}&rarr;{now}")
            if not self._shop.settings.version.status_moves_stock:
                self._shop.add_note(order, f"{name} stock reduced from {before} to {now}.")
        if changed and self._shop.settings.version.status_moves_stock:
            self._shop.add_note(order, f"Stock levels reduced: {', '.join(changed)}")

    def _restore(self, order: Order) -> None:
        for line in order.lines:
            if line.reduced is not None:
                self._give_back(line, line.reduced)
                line.reduced = None

    def _adjust(self, line: Line) -> None:
        """A changed quantity changes stock at once, and leaves the line's total as it was."""
        pool = self._pool(line)
        if pool is None or (line.reduced is None and line.quantity == 0):
            return
        missing = line.quantity - line.restocked - (line.reduced or 0)
        if missing:
            self._shop.change_stock(pool, -missing)
            line.reduced = line.quantity - line.restocked

    def _give_back(self, line: Line, units: int) -> None:
        pool = self._pool(line)
        if pool is not None and units:
            self._shop.change_stock(pool, units)

    def _count_sale(self, order: Order) -> None:
        """`total_sales` of the products; it moves no date."""
        wanted = order.status in COUNTS_AS_SALE
        if wanted == order.counted_sale or not (wanted or order.status in {"cancelled", "trash"}):
            return
        order.counted_sale = wanted
        for line in order.lines:
            row = self._shop.catalog.get(line.product_id)
            if row is not None:
                sold = line.quantity if wanted else -line.quantity
                self._shop.catalog.change(row, total_sales=row.total_sales + sold)
