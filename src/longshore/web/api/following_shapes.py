"""What the API gives of shops, parts, parcels and problems."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import StringConstraints

from longshore.web.api.shapes import OrderLine


class Store(Schema):
    """`state`: connected, degraded (works, something lasting is wrong), broken (left alone until
    the doctor finds it well), held (it may be another shop; a person chooses), paused.
    """

    id: int
    vendor_id: int
    vendor: str
    url: str
    name: str
    state: str
    state_since: datetime | None
    platform_version: str
    api: str
    currency: str
    language: str
    connected_at: datetime | None
    answered_at: datetime | None


class OrderPart(Schema):
    """`state`: pending, sending, accepted, refused, uncertain, canceled. `reference` stands in the
    vendor's order, `store_state` is how the vendor's shop has it.
    """

    id: int
    order_id: int
    order: str
    vendor_id: int
    vendor: str
    store_id: int
    reference: str
    state: str
    why: str
    store_state: str
    store_order_number: str
    created_at: datetime
    answered_at: datetime | None
    shipped_at: datetime | None
    lines: list[OrderLine]


class SentParcel(Schema):
    """`others` are numbers of further parcels with the same goods; `told_at`: Shopify has it."""

    id: int
    part_id: int
    order_id: int
    order: str
    vendor_id: int
    state: str
    carrier: str
    number: str
    others: list[str]
    url: str
    units: int
    found_at: datetime
    told_at: datetime | None


class Finding(Schema):
    """`who` must act: vendor, operator or nobody. `subject`: what it is about, as order:41."""

    id: int
    code: str
    severity: str
    who: str
    subject: str
    vendor_id: int | None
    title: str
    advice: str
    first_seen_at: datetime
    last_seen_at: datetime
    times_seen: int


class Settled(Schema):
    """Those that were open and are closed now."""

    done: list[int]


Code = Annotated[str, StringConstraints(max_length=60, pattern=r"^[A-Za-z0-9_]*$")]
PartState = Literal["pending", "sending", "accepted", "refused", "uncertain", "canceled", "all"]
