"""The generations of the API below /wp-json/, each told by what differs from wc/v3."""

from collections.abc import Callable
from dataclasses import dataclass

from simulators.woocommerce.jsonish import Json, truth
from simulators.woocommerce.orders import Order, Refund
from simulators.woocommerce.rest.errors import RestError
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.versions import Version
from simulators.woocommerce.wire import older_orders
from simulators.woocommerce.wire.older import V1_PRODUCT, V2_PRODUCT, V2_VARIATION, v1_body
from simulators.woocommerce.wire.products import VARIATION_SINCE, product_body, variation_body
from simulators.woocommerce.wire.render import PRODUCT_FORM, VARIATION_FORM, Form

NO_FILTERS = frozenset(
    {
        *("modified_after", "modified_before", "dates_are_gmt", "stock_status", "search_fields"),
        *("include_status", "exclude_status", "include_types", "exclude_types", "search_sku"),
        *("search_name_or_sku", "virtual", "downloadable", "global_unique_id", "created_via"),
    }
)
"""Filters that came with wc/v3 or later."""


CHANGING = 400
"""The status of a mistake in what is to be changed."""


@dataclass(frozen=True, slots=True)
class Generation:
    """`variation` None: variations have no routes, they stand inside their products. `order` and
    the rest bring a body of wc/v3 into the form of this one. `unknown`: parameters that mean
    nothing here. `one_status`: a list of orders takes one status, not several.
    """

    namespace: str
    product: Form = PRODUCT_FORM
    variation: Form | None = VARIATION_FORM
    order: Callable[[Shop, Order, Json], Json] = lambda _shop, _order, body: body
    refund: Callable[[Shop, Refund, Json], Json] = lambda _shop, _refund, body: body
    without: frozenset[str] = frozenset()  # in bodies of notes and webhooks
    unknown: frozenset[str] = frozenset()
    one_status: bool = False
    stock_words: bool = True  # stock_status is written, else in_stock
    meta: bool = True
    facts: bool = True  # system status and settings
    deliveries: bool = False  # the route of a webhook's deliveries
    shows_stored: bool = True  # in answers to writes
    old_ids: bool = False  # errors are woocommerce_rest_invalid_<kind>_id

    def invalid_id(self, version: Version, kind: str, status: int = 404) -> RestError:
        """`kind`: product, product_variation, shop_order, shop_webhook ..."""
        if not self.old_ids:
            return RestError(f"woocommerce_rest_{kind}_invalid_id", "Invalid ID.", status)
        if status == CHANGING:
            return RestError(f"woocommerce_rest_{kind}_invalid_id", "ID is invalid.", status)
        words = "Invalid id." if version.old_words else "Invalid ID."
        return RestError(f"woocommerce_rest_invalid_{kind}_id", words, status)

    def heard(self, body: Json) -> Json:
        """The body of a product as wc/v3 would take it: words of other generations mean nothing."""
        found = dict(body)
        if not self.stock_words:
            found.pop("stock_status", None)
            if found.get("in_stock") is not None:
                found["stock_status"] = "instock" if truth(found["in_stock"]) else "outofstock"
        if not self.meta:
            found.pop("meta_data", None)
        return found

    def plain(self, body: Json) -> Json:
        return {name: value for name, value in body.items() if name not in self.without}


WC_V3 = Generation("wc/v3")
WC_V2 = Generation(
    "wc/v2",
    product=Form("product of v2", V2_PRODUCT, product_body, {}),
    variation=Form("variation of v2", V2_VARIATION, variation_body, {}, VARIATION_SINCE),
    order=older_orders.v2_order,
    refund=older_orders.v2_refund,
    without=frozenset({"author"}),
    unknown=NO_FILTERS,
    one_status=True,
    stock_words=False,
    deliveries=True,
)
WC_V1 = Generation(
    "wc/v1",
    product=Form("product of v1", V1_PRODUCT, v1_body, {}),
    variation=None,
    order=older_orders.v1_order,
    refund=older_orders.v1_refund,
    without=frozenset({"author", "date_created_gmt", "date_modified_gmt"}),
    unknown=NO_FILTERS | {"in_stock", "on_sale", "min_price", "max_price", "featured", "parent"},
    one_status=True,
    stock_words=False,
    meta=False,
    facts=False,
    shows_stored=False,
    deliveries=True,
    old_ids=True,
)
GENERATIONS = {one.namespace: one for one in (WC_V3, WC_V2, WC_V1)}
