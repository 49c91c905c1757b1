"""What differs between generations of the REST API, as data around one normal form: the rows of
`wc/v3`. A dialect renames and reshapes, it never reads or writes by itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from longshore.stores.woocommerce.wire import Json

Reshape = Callable[[Json], Json]


def as_it_is(row: Json) -> Json:
    return row


class Variations(StrEnum):
    """Where a variable product's variations are."""

    INLINE = "inline"
    ROUTE = "route"


@dataclass(frozen=True, slots=True)
class Envelopes:
    """The keys lists and single objects stand under, "" where they stand bare."""

    products: str = ""
    product: str = ""
    orders: str = ""
    order: str = ""
    webhooks: str = ""
    webhook: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """Names of parameters. `by_id` are those that order a walk by ascending id; `newest_first`
    those that order a list of orders; `skip_cache` asks for a fresh answer where answers may be
    cached.
    """

    limit: str
    offset: str
    include: str
    fields: str
    by_id: Mapping[str, str]
    newest_first: Mapping[str, str]
    created_after: str
    every_order: Mapping[str, str]
    skip_cache: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Dialect:
    """One generation. `root` is the namespace routes begin with. The field lists are what a list is
    asked for; where a store does not know field selection it sends everything.

    `product`, `variation` and `order` bring a row into the form of `wc/v3`; `order_body` brings an
    order body out of it. `moment` writes a time for a filter, naive GMT or with a Z.
    `stock_body` makes the body that sets a quantity. `topics` are the webhooks it knows.
    """

    name: str
    root: str
    names: Names
    envelopes: Envelopes
    variations: Variations
    product_fields: str
    variation_fields: str
    stock_fields: str
    order_fields: str
    topics: frozenset[str]
    product: Reshape = as_it_is
    order: Reshape = as_it_is
    order_body: Reshape = as_it_is
    stock_body: Callable[[int], Json] = lambda quantity: {
        "manage_stock": True,
        "stock_quantity": quantity,
    }
    bare_secret: bool = False
    reads_meta: bool = True
    every_webhook: Mapping[str, str] = field(default_factory=dict[str, str])
    """What the list of webhooks must be asked with so that those which are not active are in it."""
    order_filters: Mapping[str, str] = field(default_factory=dict[str, str])
    """What an order must be asked with so that our reference is in it."""

    @property
    def legacy(self) -> bool:
        return self.root.startswith("wc-api/")

    def moment(self, at: datetime) -> str:
        """A UTC time in the words of this API's filters."""
        written = at.replace(tzinfo=None, microsecond=0).isoformat()
        return f"{written}Z" if self.legacy else written
