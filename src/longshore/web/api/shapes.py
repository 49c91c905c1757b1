"""What the API takes and gives. Amounts are decimal texts, times have their zone."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, Literal, TypeVar

from ninja import Schema
from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StringConstraints

from longshore.storage.queries import paging

LARGEST_ID = 2**63 - 1


def _whole(value: Any) -> Any:
    """JSON knows one kind of number: 2.0 is 2."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


WHOLE = BeforeValidator(_whole)
Id = Annotated[int, Field(ge=1, le=LARGEST_ID), WHOLE]
Item = TypeVar("Item")
Shape = TypeVar("Shape", bound=Schema)


def _no_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("no NUL")
    return text


PATTERN = r"^[^\x00]*$"
Text = Annotated[str, StringConstraints(max_length=200, pattern=PATTERN), AfterValidator(_no_nul)]
Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*[^\x00\s][^\x00]*$"),
    AfterValidator(_no_nul),
]


class Given(Schema):
    """What is sent to us: an unknown name is a mistake, not to be passed over."""

    model_config = ConfigDict(extra="forbid", strict=True)


class PageOf(Schema, Generic[Item]):
    """`next` goes into `after` for the next page; null: this is the last."""

    items: list[Item]
    next: int | None


class Cursor(Schema):
    after: Id | None = Field(None, description="The `next` of the page before.")
    limit: int = Field(50, ge=1, le=200)


def cursor_of(page: Cursor) -> paging.Cursor:
    return paging.Cursor(after=page.after, size=page.limit)


def page_of(shape: type[Shape], found: paging.Slice[Any]) -> PageOf[Shape]:
    """Rows that have what the shape has, as a page."""
    items = [shape.model_validate(row, from_attributes=True) for row in found.rows]
    return PageOf(items=items, next=found.older)


class Part(Schema):
    """One vendor's share of an order."""

    vendor_id: int
    vendor: str
    state: str
    shipped: bool
    units: int
    store_number: str


class Order(Schema):
    id: int
    name: str
    buyer: str
    city: str
    total: Decimal
    currency: str
    created_at: datetime
    canceled_at: datetime | None
    routing: str
    waits_for: str
    problems: int
    parts: list[Part]


class OrderLine(Schema):
    id: int
    title: str
    sku: str
    quantity: int
    shipped: int
    unit_price: Decimal


class Parcel(Schema):
    state: str
    carrier: str
    number: str
    url: str
    units: int
    found_at: datetime
    told_at: datetime | None


class PartDetail(Schema):
    id: int
    vendor_id: int
    vendor: str
    reference: str
    state: str
    why: str
    store_state: str
    store_order_number: str
    created_at: datetime
    answered_at: datetime | None
    shipped_at: datetime | None
    lines: list[OrderLine]
    parcels: list[Parcel]


class Event(Schema):
    at: datetime
    kind: str
    vendor: str
    data: dict[str, Any]


class OrderDetail(Schema):
    id: int
    name: str
    email: str
    address: dict[str, str]
    currency: str
    goods: Decimal
    shipping_price: Decimal
    created_at: datetime
    canceled_at: datetime | None
    payment: str
    routing: str
    waits_for: str
    parts: list[PartDetail]
    lines_without_vendor: list[OrderLine]
    events: list[Event]


class Product(Schema):
    """`vendor_price` is what the vendor asks, `price` what the storefront shows."""

    id: int
    name: str
    sku: str
    vendor_id: int
    vendor: str
    state: str
    variants: int
    problems: list[str]
    vendor_price: Decimal | None
    vendor_currency: str
    price: Decimal | None
    currency: str
    stock: int | None
    read_at: datetime


class Line(Schema):
    """A stock line: what the vendor has, what Shopify should show, what we believe it shows."""

    id: int
    product_id: int
    product: str
    options: str
    sku: str
    vendor_id: int
    vendor: str
    vendor_counts: bool
    vendor_quantity: int | None
    read_at: datetime
    reserved: int
    buffer: int
    wanted_quantity: int | None
    known_quantity: int | None
    known_at: datetime | None
    to_write: bool


class Vendor(Schema):
    """`state`: paused, none (no shop yet), broken, reading, ready, live."""

    id: int
    name: str
    host: str
    state: str
    problems: int
    products: int
    on_sale: int
    to_review: int
    answered_at: datetime | None


class Switches(Schema):
    """What a vendor is set to; see VendorSettings."""

    active: bool
    buffer: int
    sell_backorders: bool
    auto_approve: bool
    drafts_first: bool
    ship_days: int
    labels_ship: bool


class VendorDetail(Vendor):
    """The answer's ETag is the version of `settings`; send it back as If-Match with a change."""

    settings: Switches


class NewVendor(Given):
    name: Name
    email: Annotated[
        str, StringConstraints(max_length=254, pattern=r"^$|^[^@\s\x00]+@[^@\s\x00]+\.[^@\s\x00]+$")
    ] = ""


class VendorSettings(Given):
    """Only what is named is changed."""

    active: bool | None = None
    buffer: Annotated[int, Field(ge=0, le=100_000), WHOLE] | None = None
    sell_backorders: bool | None = None
    auto_approve: bool | None = None
    drafts_first: bool | None = None
    ship_days: Annotated[int, Field(ge=0, le=60), WHOLE] | None = None
    labels_ship: bool | None = None


class Made(Schema):
    id: int


class Ids(Given):
    ids: Annotated[list[Id], Field(min_length=1, max_length=1000)]


class Approving(Ids):
    """`as_draft`: they go on Shopify as drafts, for a last look; approve them again to sell."""

    as_draft: bool = False


class Decided(Schema):
    """`waiting` were left as they are: they have a problem, are gone, or are not yours."""

    done: list[int]
    waiting: list[int]


class ParcelLine(Given):
    line_id: Id
    quantity: Annotated[int, Field(ge=1, le=1_000_000), WHOLE]


class NewParcel(Given):
    lines: Annotated[list[ParcelLine], Field(min_length=1, max_length=500)]
    number: Text = ""
    carrier: Text = ""


class Left(Schema):
    """How many units of the part are still to be shipped."""

    left: int


class Done(Schema):
    id: int
    at: datetime
    who: str
    kind: str
    subject: str
    about: str
    changes: list["Changed"]


class Changed(Schema):
    name: str
    before: Any
    after: Any


OrderTab = Literal["open", "needing", "to_ship", "waiting", "shipped", "canceled", "all"]
ProductState = Literal["new", "problem", "changed", "published", "unpublished", "declined", "all"]
StockShow = Literal["all", "to_write", "sold_out", "failed"]
