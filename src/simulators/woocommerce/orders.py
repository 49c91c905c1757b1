"""Orders of the simulated shop: records, and what each status does to stock."""

from dataclasses import dataclass, field

from simulators.woocommerce.jsonish import Json

STATUS_NAMES = {
    "pending": "Pending payment",
    "processing": "Processing",
    "on-hold": "On hold",
    "completed": "Completed",
    "cancelled": "Cancelled",
    "refunded": "Refunded",
    "failed": "Failed",
    "checkout-draft": "Draft",
}
GIVEN_STATUSES = ("auto-draft", *STATUS_NAMES)
REDUCES_STOCK = frozenset({"processing", "completed", "on-hold"})
RESTORES_STOCK = frozenset({"cancelled", "pending"})
COUNTS_AS_SALE = frozenset({"processing", "completed", "on-hold"})
PAYABLE = frozenset({"on-hold", "pending", "failed", "cancelled"})
PAID = frozenset({"processing", "completed"})
ADDRESS = (
    "first_name",
    "last_name",
    "company",
    "address_1",
    "address_2",
    "city",
    "state",
    "postcode",
    "country",
)


@dataclass(slots=True, eq=False)
class Line:
    """An order line. A line of something unknown has product id 0 and no name. Totals are cents.
    `reduced`: units taken from stock, shown as meta `_reduced_stock`; `restocked`: units given back
    by refunds. `options`: what was chosen, as meta entries.
    """

    id: int
    product_id: int = 0
    variation_id: int = 0
    name: str = ""
    parent_name: str | None = None
    sku: str | None = None
    image: Json = field(default_factory=lambda: {"id": 0, "src": ""})
    global_unique_id: str = ""
    quantity: int = 1
    subtotal: int = 0
    total: int = 0
    reduced: int | None = None
    restocked: int = 0
    options: list[Json] = field(default_factory=list[Json])
    meta: tuple[Json, ...] = ()
    stock_meta_id: int = 0

    @property
    def stock_id(self) -> int:
        return self.variation_id or self.product_id


@dataclass(slots=True, eq=False)
class ExtraLine:
    """A shipping or fee line."""

    id: int
    name: str
    total: int
    method_id: str = ""
    meta: tuple[Json, ...] = ()


@dataclass(slots=True, eq=False)
class Refund:
    id: int
    created: int
    amount: int
    reason: str
    lines: list[Line] = field(default_factory=list[Line])
    meta: tuple[Json, ...] = ()


@dataclass(slots=True, eq=False)
class Note:
    id: int
    created: int
    text: str
    for_customer: bool
    author: str = "WooCommerce"


@dataclass(slots=True, eq=False)
class Order:
    """Times are epoch seconds. `half_made`: saved, but without totals, status and payment yet.
    `agent`: the User-Agent that made it.
    """

    id: int
    created: int
    modified: int
    currency: str
    status: str = "pending"
    created_via: str = "rest-api"
    customer_id: int = 0
    customer_note: str = ""
    payment_method: str = ""
    payment_method_title: str = ""
    transaction_id: str = ""
    billing: Json = field(default_factory=dict[str, str])
    shipping: Json = field(default_factory=dict[str, str])
    paid: int | None = None
    completed: int | None = None
    lines: list[Line] = field(default_factory=list[Line])
    shipping_lines: list[ExtraLine] = field(default_factory=list[ExtraLine])
    fee_lines: list[ExtraLine] = field(default_factory=list[ExtraLine])
    refunds: list[Refund] = field(default_factory=list[Refund])
    notes: list[Note] = field(default_factory=list[Note])
    meta: tuple[Json, ...] = ()
    half_made: bool = False
    counted_sale: bool = False
    restore_status: str = ""
    agent: str = ""

    @property
    def shipping_total(self) -> int:
        return sum(line.total for line in self.shipping_lines)

    @property
    def total(self) -> int:
        if self.half_made:
            return 0
        extra = sum(line.total for line in self.fee_lines)
        return sum(line.total for line in self.lines) + self.shipping_total + extra

    @property
    def discount(self) -> int:
        return sum(line.subtotal - line.total for line in self.lines)

    @property
    def refunded(self) -> int:
        return sum(refund.amount for refund in self.refunds)

    def line(self, line_id: int) -> Line | None:
        return next((line for line in self.lines if line.id == line_id), None)

    def meta_value(self, key: str) -> object:
        return next((entry["value"] for entry in self.meta if entry["key"] == key), None)
