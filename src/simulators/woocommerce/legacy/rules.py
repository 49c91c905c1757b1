"""What differs in the old API, as data: between releases, and between its versions v1, v2 and v3.

Each row of CHANGES is one release in which something changed, found by comparing the tagged sources
of every release from 2.1.0 to 4.0.0 and seen on real shops of 2.2.0, 2.4.13, 2.6.14, 3.0.9, 3.5.8
and 4.0.0. Any release has the sum of the rows up to its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from simulators.woocommerce.versions import number_of, version_of


@dataclass(frozen=True, slots=True)
class Rules:
    """The defaults are those of 2.1.0. A field that begins with `v2_` or `v3_` concerns that
    version of the API alone.
    """

    versions: tuple[str, ...] = ("v1",)
    on: bool = True  # how the switch stands in a new shop
    # as `versions.Version` says it (SHARED)
    objects: bool = False
    knows_backorders: bool = False
    default_category: bool = False
    webhook_posts: bool = True
    # what is asked, and who asks
    v2_and_later_late_is_error: bool = False  # else a wrong timestamp is told with status 200
    override_header: bool = False  # X-HTTP-Method-Override, beside _method
    ends_sentences: bool = False  # messages end with a full stop
    needs_envelope: bool = False
    bulk: bool = False
    says_not_found: bool = False  # else an id that is not there is an invalid one
    unknown_version_status: int = 200  # of the "1" or "-1" where no version is served
    # filters
    filters_ids: bool = False  # filter[in] and filter[not_in]
    filters_category: bool = False
    filters_sku: bool = False
    v2_sku_route: bool = False
    searches_notes: bool = False  # filter[q] of orders
    # the index
    says_separators: bool = False
    says_password: bool = False
    v3_says_version: bool = False
    v3_terms: bool = False  # categories, tags and classes that can be written, taxes
    docs: str = "http://docs.woocommercev2.apiary.io/"
    docs_of_v1: str = "http://woothemes.github.io/woocommerce/rest-api/"
    # products
    stock_row_made: bool = False  # else a product made by the API never gets a quantity
    hidden_when_made: bool = True
    visible_by_position: bool = True  # an attribute is visible when its position is not 0
    lower_case_options: bool = True
    hides_private: bool = False  # variations inside their product
    variations_without_type: bool = False  # a PUT of them needs no type: variable beside them
    variation_manages: bool = False  # managing_stock in variations inside their product
    parent_field: bool = False
    parent_is_told: bool = False
    v3_parent_is_told: bool = False
    external_fields: bool = False
    attribute_slugs: bool = False
    plain_slugs: bool = False  # of attributes: "size", not "Size"
    v3_label_names: bool = False  # of a variation's attributes: "Size", not "size"
    v3_prices_as_stored: bool = False
    v3_order_fields: bool = False  # grouped_products and menu_order
    v3_allows_backorders: bool = False  # the field in variations inside their product
    unmanaged: str | None = ""
    v2_unmanaged_is_zero: bool = True
    marked_price: bool = False  # the currency sign in a span of its own
    wide_range: bool = False  # blanks around the dash of a price range
    no_picture: bool | str = False
    total_sales_meta: bool = False
    trash_is_hidden: bool = False
    virtual_is_untaxed: bool = False  # for shipping
    trash_renamed: bool = False  # WordPress 4.5: __trashed in the slug
    # orders
    note_name: str = "customer_note"
    paid: object = "true"
    takes_line_totals: bool = False
    finds_line_by_sku: bool = False
    split_discounts: bool = True
    number: str = "hash"  # "#7", then 7 (int), then "7" (text)
    customer_is_text: bool = True
    v3_order_key: bool = False
    v3_vat_exempt: bool = False
    titled_statuses: bool = False  # "Pending Payment"
    any_status: bool = True
    refund_date: str = "date"
    refunds_in_utc: bool = False
    rolls_back: bool = False  # what a refused creation began
    home_in_order_url: bool = False
    slash_in_order_url: bool = False
    meta_name: str = "order_meta"
    completed_now: bool = True  # completed_at of an open order is the time of reading
    # webhooks
    makes_webhooks: bool = False
    hooks: str = "2.2"
    v3_all_webhooks: bool = False  # status=all


REMOVED = (9, 0, 0)
CHANGES: tuple[tuple[tuple[int, int, int], Mapping[str, Any]], ...] = (
    ((2, 2, 0), {"versions": ("v1", "v2")}),
    ((2, 2, 2), {"stock_row_made": True}),
    ((2, 2, 3), {"note_name": "note"}),
    ((2, 2, 8), {"visible_by_position": False, "titled_statuses": True}),
    ((2, 2, 9), {"takes_line_totals": True, "variation_manages": True, "parent_field": True}),
    (
        (2, 3, 0),
        {
            "says_not_found": True,
            "filters_ids": True,
            "filters_category": True,
            "v2_sku_route": True,
            "says_separators": True,
            "docs": "http://woothemes.github.io/woocommerce-rest-api-docs/",
            "hidden_when_made": False,
            "attribute_slugs": True,
            "lower_case_options": False,
            "hides_private": True,
            "paid": True,
            "split_discounts": False,
            "number": "int",
            "customer_is_text": False,
            "refund_date": "created_at",
            "makes_webhooks": True,
        },
    ),
    (
        (2, 4, 0),
        {
            "versions": ("v1", "v2", "v3"),
            "override_header": True,
            "needs_envelope": True,
            "bulk": True,
            "unknown_version_status": 400,
            "filters_sku": True,
            "says_password": True,
            "external_fields": True,
            "finds_line_by_sku": True,
            "rolls_back": True,
            "hooks": "2.4",
        },
    ),
    ((2, 4, 8), {"variations_without_type": True}),
    ((2, 4, 11), {"v2_and_later_late_is_error": True}),
    (
        (2, 5, 0),
        {
            "unmanaged": None,
            "v3_says_version": True,
            "v3_terms": True,
            "v3_parent_is_told": True,
            "v3_prices_as_stored": True,
            "v3_order_fields": True,
            "v3_order_key": True,
            "v3_all_webhooks": True,
        },
    ),
    (
        (2, 6, 0),
        {
            "docs": "https://woothemes.github.io/woocommerce-rest-api-docs/",
            "docs_of_v1": "https://woothemes.github.io/woocommerce/rest-api/",
            "searches_notes": True,
            "v3_label_names": True,
            "v3_allows_backorders": True,
            "marked_price": True,
            "no_picture": "",
            "total_sales_meta": True,
            "trash_renamed": True,
            "v3_vat_exempt": True,
            "home_in_order_url": True,
        },
    ),
    (
        (3, 0, 0),
        {
            "docs": "https://woocommerce.github.io/woocommerce-rest-api-docs/",
            "docs_of_v1": "https://woocommerce.github.io/woocommerce/rest-api/",
            "ends_sentences": True,
            "parent_is_told": True,
            "v2_unmanaged_is_zero": False,
            "wide_range": True,
            "no_picture": False,
            "number": "text",
            "v3_vat_exempt": False,
            "titled_statuses": False,
            "any_status": False,
            "refunds_in_utc": True,
            "completed_now": False,
            "hooks": "3.0",
        },
    ),
    ((3, 2, 0), {"hooks": "3.2"}),
    ((3, 3, 0), {"on": False, "trash_is_hidden": True, "virtual_is_untaxed": True}),
    ((3, 3, 2), {"slash_in_order_url": True}),
    ((3, 4, 3), {"rolls_back": False}),
    ((3, 5, 0), {"hooks": "3.5"}),
    ((3, 6, 0), {"hooks": "3.6"}),
    ((4, 0, 0), {"plain_slugs": True, "meta_name": "product_meta"}),
    (REMOVED, {"versions": ()}),
)
SHARED = ("objects", "knows_backorders", "default_category", "webhook_posts")
"""Taken from `versions.Version`: what is so whichever API asks."""
FROZEN = frozenset(
    {
        "needs_envelope",
        "bulk",
        "says_not_found",
        "filters_ids",
        "filters_category",
        "filters_sku",
        "says_separators",
        "says_password",
        "variation_manages",
        "parent_field",
        "external_fields",
        "attribute_slugs",
    }
)
"""What v1 never learned."""


PLUGIN = "woocommerce-legacy-rest-api"
"""Brings the API back where it was removed, as it was last."""


@cache
def rules_of(woocommerce: str, *, plugin: bool = False) -> Rules:
    """Those of any release. `plugin`: with the API's own plugin."""
    if plugin and number_of(woocommerce) >= REMOVED:
        woocommerce = "8.9.3"
    found = Rules()
    for since, changes in CHANGES:
        if number_of(woocommerce) >= since:
            found = replace(found, **changes)
    release = version_of(woocommerce)
    return replace(found, **{name: getattr(release, name) for name in SHARED})


@dataclass(frozen=True, slots=True)
class Speech:
    """One version of the API as one release speaks it."""

    version: str
    rules: Rules

    @property
    def bare_secret(self) -> bool:
        """Signatures are made with the secret alone, without an ampersand after it."""
        return self.version != "v3"

    @property
    def writes(self) -> bool:
        return self.version != "v1"

    @property
    def late_is_error(self) -> bool:
        return self.writes and self.rules.v2_and_later_late_is_error

    def only(self, name: str) -> bool:
        """A rule of one version of the API, by its field's name."""
        wanted, _, _ = name.partition("_")
        return wanted == self.version and bool(getattr(self.rules, name))

    @property
    def stored_prices(self) -> bool:
        """Prices as they are stored, else with two decimals."""
        return self.only("v3_prices_as_stored")

    def nothing_counted(self, *, inside: bool) -> int | str | None:
        """The quantity of what is not counted; `inside`: of a variation inside its product."""
        zero = self.version != "v3" and (inside or self.rules.v2_unmanaged_is_zero)
        return 0 if zero else self.rules.unmanaged

    @property
    def tells_parent(self) -> bool:
        return self.rules.parent_is_told or self.only("v3_parent_is_told")

    @property
    def labels(self) -> bool:
        """A variation names its attributes as its product does."""
        return not self.rules.attribute_slugs or self.only("v3_label_names")


@cache
def speech_of(rules: Rules, version: str) -> Speech:
    if version == "v1":
        first = Rules()
        rules = replace(rules, **{name: getattr(first, name) for name in FROZEN})
    return Speech(version, rules)
