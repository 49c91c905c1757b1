"""The simulated shop: catalog, orders, webhooks and clock together, and what people do in it."""

import itertools
import threading
from collections.abc import Callable
from typing import Any

import msgspec

from simulators.woocommerce.catalog import Product, with_meta
from simulators.woocommerce.clock import Clock
from simulators.woocommerce.fulfillments import Fulfillment, Fulfillments
from simulators.woocommerce.jsonish import Json
from simulators.woocommerce.ordering import Ordering
from simulators.woocommerce.orders import Note, Order, Refund
from simulators.woocommerce.seed import new_catalog
from simulators.woocommerce.settings import ApiKey, ShopSettings, made_up_key
from simulators.woocommerce.stock import active_price, derived, scheduled_sales, status_of_parent
from simulators.woocommerce.terms import recorded_terms
from simulators.woocommerce.texts import slug_of
from simulators.woocommerce.tracking import Trackings
from simulators.woocommerce.webhooks import Webhooks

ROW_FIELDS = frozenset(Product.__struct_fields__) - {"id", "content", "price", "children"}
Warp = Callable[[Product, Json], Json]
PRICES = frozenset({"regular_price", "sale_price", "sale_from", "sale_to"})
DEFAULT_HOME = "https://store.test"


class Shop:
    """State. Whoever reads or changes it from another thread holds `lock`."""

    def __init__(self, settings: ShopSettings) -> None:
        self.settings = settings
        self.lock = threading.RLock()
        self.clock = Clock(settings.timezone, settings.starts_at)
        self.catalog = new_catalog(settings, self.clock.second())
        self.terms = recorded_terms()
        self.ids = itertools.count(max(self.catalog.last_id, 849) + 1)
        self.meta_ids = itertools.count(30_000)
        self.line_ids = itertools.count(343)
        self.note_ids = itertools.count(228)
        own = made_up_key(settings.seed)
        self.keys = [ApiKey(settings.key or own.key, settings.secret or own.secret)]
        self.orders: dict[int, Order] = {}
        self.webhooks = Webhooks(self.clock)
        self.ordering = Ordering(self)
        self.trackings = Trackings(self)
        self.fulfillments = Fulfillments(self)
        self.emails: list[Json] = []
        self.keeps_emails = True
        self.refuses_unknown_products = False
        self.refuses_no_email = False
        self.user_currency = ""
        self.lasting_warps: list[Warp] = []
        self.passing_warps: list[Warp] = []
        self._later: list[tuple[float, Callable[[], None]]] = []

    @property
    def home(self) -> str:
        return self.settings.home.rstrip("/") or DEFAULT_HOME

    @property
    def warps(self) -> list[Warp]:
        """What plugins and faults do to bodies of products and variations before they go out."""
        return self.lasting_warps + self.passing_warps

    # --- ids and keys ---

    def next_id(self) -> int:
        return next(self.ids)

    def next_line_id(self) -> int:
        return next(self.line_ids)

    def next_meta_id(self) -> int:
        return next(self.meta_ids)

    def add_key(
        self, permissions: str = "read_write", role: str = "administrator", description: str = ""
    ) -> ApiKey:
        key = made_up_key(self.settings.seed * 1000 + len(self.keys), permissions, role)
        key.id, key.description = max((one.id for one in self.keys), default=0) + 1, description
        self.keys.append(key)
        return key

    # --- time ---

    def later(self, after_s: float, work: Callable[[], None]) -> None:
        """Work that a slow PHP process still does after its client has gone."""
        self._later.append((self.clock.now() + after_s, work))

    def run_due(self) -> None:
        if not self._later:
            return
        now = self.clock.now()
        due = [work for at, work in self._later if at <= now]
        self._later = [(at, work) for at, work in self._later if at > now]
        for work in due:
            work()

    def run_scheduled(self) -> None:
        """The jobs of the cron that are not webhooks."""
        for row in scheduled_sales(self.catalog, self.clock.second()):
            self.save(row)

    # --- products ---

    def save(
        self, row: Product, event: str = "updated", *, dated: bool = True, told: bool = True
    ) -> Product:
        """What saving a product does: its date and its parent's (`dated`), webhooks (`told`)."""
        now = self.clock.second() if dated else row.modified
        saved = derived(msgspec.structs.replace(row, modified=now))
        if saved.kind == "variable":
            status = status_of_parent(self.catalog, saved)
            saved = msgspec.structs.replace(saved, stock_status=status)
        self.catalog.put(saved)
        if told:
            self.webhooks.happened(f"product.{event}", saved.id)
        self._save_parent_of(saved, dated=dated)
        return saved

    def _save_parent_of(self, row: Product, *, dated: bool = True) -> None:
        """The parent's date moves with its variations; nobody is told of that."""
        parent = self.catalog.parent_of(row)
        if parent is not None:
            status = status_of_parent(self.catalog, parent)
            now = self.clock.second() if dated else parent.modified
            self.catalog.change(parent, modified=now, stock_status=status)

    def change_stock(self, row: Product, by: float) -> Product:
        """What wc_update_product_stock does; also a checkout and a till plugin."""
        now, version = self.catalog.require(row.id), self.settings.version
        changed = msgspec.structs.replace(now, stock_quantity=(now.stock_quantity or 0) + by)
        return self.save(changed, dated=version.sale_moves_date, told=version.sale_tells)

    def sell(self, product_id: int, variation_id: int = 0, quantity: int = 1) -> Order:
        """A sale in the vendor's own shop: a paid order from the checkout."""
        self.catalog.require(variation_id or product_id)
        line = {"product_id": product_id, "variation_id": variation_id, "quantity": quantity}
        body = {"set_paid": True, "line_items": [line]}
        return self.ordering.create(body, created_via="checkout")

    def set_stock(
        self, product_id: int, quantity: float | None, status: str | None = None
    ) -> Product:
        """A direct database write, as bad plugins do: no date_modified, no webhook, and the stock
        status stays what it was unless given.
        """
        row = self.catalog.require(product_id)
        return self.catalog.change(
            row, stock_quantity=quantity, stock_status=status or row.stock_status
        )

    def edit_product(self, product_id: int, **changes: Any) -> Product:
        """An edit in wp-admin: fields of `Product`; everything else goes into its content."""
        return self.save(self._edited(self.catalog.require(product_id), changes))

    def _edited(self, row: Product, changes: Json) -> Product:
        fields = {name: value for name, value in changes.items() if name in ROW_FIELDS}
        for name in ("attributes", "meta"):
            if name in fields:
                fields[name] = tuple(fields[name])
        rest = {name: value for name, value in changes.items() if name not in fields}
        if rest:
            fields["content"] = {**row.content, **rest}
        changed = msgspec.structs.replace(row, **fields)
        return self.repriced(changed) if PRICES & fields.keys() else changed

    def repriced(self, row: Product) -> Product:
        """With its active price anew, as saving does when a price or a sale's date was changed."""
        return msgspec.structs.replace(row, price=active_price(row, self.clock.second()))

    def add_product(self, **fields: Any) -> Product:
        """A new product made in wp-admin; with `parent_id` a variation."""
        parent_id = int(fields.get("parent_id") or 0)
        if parent_id:
            self.catalog.require(parent_id)
            fields["kind"] = "variation"
        now = self.clock.second()
        row = self._edited(Product(id=self.next_id(), created=now), fields)
        if row.is_variation and not row.name:
            options = ", ".join(str(one["option"]) for one in row.attributes if one["option"])
            row = msgspec.structs.replace(row, name=options)
        if not row.slug:
            row = msgspec.structs.replace(row, slug=slug_of(row.name))
        return self.save(row, "created")

    def delete_product(self, product_id: int, *, force: bool = False) -> Product:
        """To the trash, or for good; only the trash sends a webhook."""
        row = self.catalog.require(product_id)
        now = self.clock.second()
        if force or row.is_variation:
            self.catalog.remove(row)
            self._save_parent_of(row)
            return row
        if row.status != "trash":
            self.webhooks.happened("product.deleted", row.id)
            entries = [
                {"key": "_wp_trash_meta_status", "value": row.status},
                {"key": "_wp_trash_meta_time", "value": str(now)},
                {"key": "_wp_desired_post_slug", "value": row.slug},
            ]
            meta = with_meta(row.meta, entries, self.meta_ids)
            slug = f"{row.slug}__trashed"
            row = self.catalog.change(row, status="trash", slug=slug, modified=now, meta=meta)
        return row

    # --- orders ---

    def complete_order(
        self, order_id: int, tracking: Json | None = None, lines: dict[int, int] | None = None
    ) -> Order:
        """The vendor has shipped. `tracking`: number, provider, link?, date? (epoch s), written the
        way the shipment tracking plugins do. `lines`: line id -> quantity in this parcel; while
        they leave goods behind, the order stays as it is.
        """
        order = self.order(order_id)
        if tracking is not None:
            self.trackings.add(order, tracking, lines)
        shipped = self.trackings.shipped(order) if lines else {}
        if not lines or all(shipped.get(line.id, 0) >= line.quantity for line in order.lines):
            self.ordering.set_status(order, "completed")
        self.ordering.touch(order)
        return order

    def fulfill_order(
        self, order_id: int, tracking: Json, lines: dict[int, int] | None = None
    ) -> Fulfillment:
        """Shipped by WooCommerce's own fulfillments: the order's status stays what it is."""
        order = self.order(order_id)
        every = {line.id: line.quantity for line in order.lines}
        return self.fulfillments.ship(order, tracking, lines or every)

    def set_order_status(self, order_id: int, status: str) -> Order:
        """Any status, also one that a plugin made up."""
        order = self.order(order_id)
        self.ordering.set_status(order, status)
        self.ordering.touch(order)
        return order

    def cancel_order(self, order_id: int) -> Order:
        return self.set_order_status(order_id, "cancelled")

    def refund_order(
        self, order_id: int, lines: dict[int, int] | None = None, *, restock: bool = True
    ) -> Refund:
        """Refunds the given quantities of lines, or everything that is left."""
        order = self.order(order_id)
        wanted = {line.id: line.quantity for line in order.lines} if lines is None else lines
        parts = [
            (line, units, round(line.total * units / (line.quantity or 1)))
            for line in order.lines
            if (units := wanted.get(line.id, 0))
        ]
        amount = order.total - order.refunded if lines is None else sum(part[2] for part in parts)
        return self.ordering.refund(order, amount, "", parts, restock=restock)

    def trash_order(self, order_id: int, *, force: bool = False) -> Order:
        order = self.order(order_id)
        if force:
            self.ordering.remove(order)
        else:
            self.ordering.trash(order)
        return order

    def add_note(self, order: Order, text: str, *, for_customer: bool = False) -> Note:
        note = Note(next(self.note_ids), self.clock.second(), text, for_customer)
        order.notes.append(note)
        return note

    def order_meta(self, order: Order, key: str, value: object) -> None:
        """Writes order meta, without a save of the order."""
        order.meta = with_meta(order.meta, [{"key": key, "value": value}], self.meta_ids)

    def order(self, order_id: int) -> Order:
        """Raises KeyError."""
        return self.orders[order_id]
