"""What differs between the versions of WooCommerce, as data: each change with the release in which
it came. Any release has the sum of the changes up to its own.

Seen on real shops of 2.2.0, 2.4.13, 2.6.14, 3.0.9, 3.5.8, 4.0.0, 9.9.5, 10.0.4, 10.5.0 and 10.5.2,
read in tagged sources of 2.1 to 6.2 and of 10.x and 11.1. What came between 4.0.0 and 9.9.5 and
stands at 5.0.0 here is known to be absent in the one and present in the other.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from simulators.woocommerce.wordpress import WordPress, wordpress_of

Number = tuple[int, int, int]
RELEASE = re.compile(r"v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:\.\d+)?(?:[-+][\w.-]*)?")
TODAYS_NAMESPACES = (
    "oembed/1.0",
    "wc/v3",
    "wc/v1",
    "jetpack/v4",
    "wc-admin",
    "wc-analytics",
    "wc/store",
    "wc/store/v1",
    "wc/private",
    "wc/v2",
    "wc-admin-email",
    "wc-telemetry",
    "wccom-site/v3",
    "wp/v2",
    "wp-site-health/v1",
    "wp-block-editor/v1",
    "wp-abilities/v1",
)
_WP_4_7 = ("oembed/1.0", "wc/v1", "wc/v2", "wp/v2")
_WP_5 = ("oembed/1.0", "wc/v1", "wc/v2", "wc/v3", "wp/v2")
_WITH_ADMIN = (
    *("oembed/1.0", "wc/blocks", "wc/store", "wc/v1", "wc/v2", "wc/v3", "wccom-site/v1"),
    *("wc-analytics", "wc-admin", "wp/v2"),
)


@dataclass(frozen=True, slots=True)
class Version:
    """One release; the defaults are those of 2.1.0. `wordpress` is the one that such a shop runs
    on. `apis` names the generations of the API below /wp-json/ that are served (see
    `rest/routes.py`), `namespaces` what the index lists, which is more than is simulated. The old
    API's own rules stand in `legacy/rules.py`.
    """

    woocommerce: str
    wordpress: str = "3.8.41"
    php: str = "7.4.33"
    namespaces: tuple[str, ...] = ()
    apis: tuple[str, ...] = ()
    features: tuple[str, ...] = ()  # experiments that can be switched on
    # who is asking
    oauth_header: bool = False  # OAuth in the Authorization header is read
    old_words: bool = True  # "Invalid Signature", "Consumer Key", "Invalid id."
    challenge: str = ""  # WWW-Authenticate where a secret is wrong
    rest_route_keys: bool = False  # keys work with ?rest_route=
    keys_only_for_wc: bool = False  # and open nothing but wc routes
    no_transform: bool = False  # in Cache-Control
    authorize_page: bool = False  # /wc-auth/v1/authorize
    # lists
    sku_lists: bool = False  # sku=A,B finds both
    orderby: tuple[str, ...] = ()  # of wc/v3 products, beside date, id, include, title, slug
    order_by_modified: bool = False
    modified_after: bool = False  # also modified_before and dates_are_gmt
    late_filters: bool = False  # include_status, search_sku, virtual and the like
    search_fields: bool = False  # of products
    stable_paging: bool = False  # the id breaks ties of dates
    counts_past_end: bool = False  # pages are counted right beyond the last; before, as one
    draft_statuses: bool = False  # auto-draft and checkout-draft are statuses of orders
    order_statuses: bool = False  # the route orders/statuses
    # products
    objects: bool = False  # products and orders are saved as objects
    shows_stored: bool = False  # a write below wc/v2 and v3 answers with what is stored, not shown
    checks_parent: bool = False  # a variation belongs to the product in the address
    knows_backorders: bool = False  # a stock status of its own
    default_category: bool = False
    late_fields: bool = False  # has_options, low_stock_amount and the like
    global_unique_id: bool = False  # a GTIN in product bodies
    brands: bool = False  # in product bodies
    # stock and dates
    status_moves_stock: bool = False  # any status does, both ways; before, only payment takes
    save_moves_date: bool = False  # also one that changes nothing of the post: stock, a price
    sale_moves_date: bool = False  # of what was sold
    sale_tells: bool = False  # product.updated goes out for what was sold
    save_tells: bool = False  # and for what the API below /wp-json/ changed
    # orders
    hpos: bool = False  # orders in tables of their own, where switched on
    status_pays: bool = False  # processing and completed set the date of payment
    order_tells: bool = False  # an order made below /wp-json/ is told
    stock_on_lines: bool = False  # what was taken is remembered as meta of the line
    currency_symbol: bool = False
    named_authors: bool = False  # of notes; else they are by "system"
    refund_reasons: bool = False  # an order names a refund's reason so; before, "refund"
    default_links: bool = False  # links of lists of orders repeat dp
    late_order_fields: bool = False  # payment_url, is_editable and the like
    zero_is_fatal: bool = False  # a new line with quantity 0; before, it makes no line
    line_gtin: bool = False  # global_unique_id in order lines
    failed_order_draft: bool = False  # a failed creation names its draft
    # webhooks
    webhook_posts: bool = True  # webhooks and deliveries are posts and comments, with their ids
    secret_needed: bool = True  # else one is drawn
    webhook_source: bool = False  # X-WC-Webhook-Source
    redirect_is_delivered: bool = False  # else only 200 to 299 is
    webhook_failures: int = 5  # the delivery that fails after more than so many disables

    @property
    def number(self) -> Number:
        return number_of(self.woocommerce)

    @property
    def wp(self) -> WordPress:
        return wordpress_of(self.wordpress)


_BASIC = (
    'Basic realm="WooCommerce API{} Use a consumer key in the username field and a consumer secret'
    ' in the password field."'
)
CHANGES: tuple[tuple[Number, Mapping[str, Any]], ...] = (
    ((2, 2, 0), {"wordpress": "4.0.38"}),
    ((2, 4, 0), {"wordpress": "4.3.34", "authorize_page": True}),
    ((2, 5, 0), {"wordpress": "4.4.33", "namespaces": ("oembed/1.0",)}),
    (
        (2, 6, 0),
        {
            "wordpress": "4.6.29",
            "namespaces": ("oembed/1.0", "wc/v1"),
            "apis": ("wc/v1",),
            "challenge": _BASIC.format(" -"),
            "webhook_source": True,
        },
    ),
    (
        (3, 0, 0),
        {
            "wordpress": "4.7.29",
            "namespaces": _WP_4_7,
            "apis": ("wc/v1", "wc/v2"),
            "oauth_header": True,
            "old_words": False,
            "challenge": _BASIC.format("."),
            "sku_lists": True,
            "objects": True,
            "order_tells": True,
        },
    ),
    ((3, 1, 0), {"status_pays": True}),
    ((3, 2, 0), {"sale_tells": True, "save_tells": True}),
    (
        (3, 3, 0),
        {
            "sale_moves_date": True,
            "knows_backorders": True,
            "default_category": True,
            "webhook_posts": False,
            "secret_needed": False,
        },
    ),
    ((3, 4, 0), {"wordpress": "4.9.26", "save_moves_date": True}),
    (
        (3, 5, 0),
        {
            "wordpress": "5.0.22",
            "namespaces": _WP_5,
            "apis": ("wc/v1", "wc/v2", "wc/v3"),
            "challenge": "",
            "orderby": ("price", "popularity", "rating"),
            "status_moves_stock": True,
            "stock_on_lines": True,
            "shows_stored": True,
            "refund_reasons": True,
            "default_links": True,
            "redirect_is_delivered": True,
        },
    ),
    ((3, 6, 0), {"wordpress": "5.1.19", "no_transform": True}),
    (
        (4, 0, 0),
        {
            "wordpress": "5.3.18",
            "namespaces": _WITH_ADMIN,
            "orderby": ("menu_order", "price", "popularity", "rating"),
            "currency_symbol": True,
            "named_authors": True,
        },
    ),
    ((4, 4, 0), {"wordpress": "5.5.15", "order_by_modified": True}),
    (
        (5, 0, 0),
        {
            "wordpress": "5.6.14",
            "namespaces": (
                "oembed/1.0",
                "wc/v1",
                "wc/v2",
                "wc/v3",
                "wc-admin",
                "wc/store",
                "wp/v2",
            ),
            "no_transform": False,
            "draft_statuses": True,
            "late_filters": True,
            "counts_past_end": True,
            "checks_parent": True,
            "late_fields": True,
            "late_order_fields": True,
            "zero_is_fatal": True,
        },
    ),
    (
        (5, 1, 0),
        {"namespaces": TODAYS_NAMESPACES, "apis": ("wc/v1", "wc/v2", "wc/v3", "wc-analytics")},
    ),
    ((5, 8, 0), {"wordpress": "5.8.10", "modified_after": True}),
    ((7, 1, 0), {"wordpress": "6.1.7", "php": "8.1.33", "hpos": True}),
    ((9, 1, 0), {"wordpress": "6.6.2", "php": "8.2.36", "global_unique_id": True}),
    ((9, 4, 0), {"wordpress": "6.9.7", "brands": True}),
    ((9, 6, 0), {"order_statuses": True}),
    ((10, 0, 0), {"failed_order_draft": True}),
    (
        (10, 1, 0),
        {
            "search_fields": True,
            "line_gtin": True,
            "features": ("fulfillments",),
            "apis": ("wc/v1", "wc/v2", "wc/v3", "wc/v3/fulfillments", "wc-analytics"),
        },
    ),
    (
        (10, 3, 0),
        {
            "apis": (
                *("wc/v1", "wc/v2", "wc/v3", "wc/v3/variations", "wc/v3/fulfillments"),
                "wc-analytics",
            ),
        },
    ),
    ((10, 5, 0), {"stable_paging": True, "features": ("fulfillments", "rest_api_caching")}),
    ((11, 1, 0), {"rest_route_keys": True, "keys_only_for_wc": True}),
)
"""What each release brought; see `Version` for the words."""
FIRST: Number = (2, 1, 0)


def number_of(woocommerce: str) -> Number:
    """Major, minor and patch of a release; what is none counts as 0."""
    match = RELEASE.fullmatch(woocommerce.strip())
    if match is None:
        return 0, 0, 0
    major, minor, patch = (int(part or 0) for part in match.groups())
    return major, minor, patch


@cache
def version_of(woocommerce: str) -> Version:
    """Any release from 2.1 on, with all that was brought up to it: `9.9.5`, `2.6`, `10.6.0-rc.1`.
    One that is newer than all that is known is as the newest. Raises ValueError for what is older
    or is no release.
    """
    number = number_of(woocommerce)
    if number < FIRST:
        raise ValueError(
            f"{woocommerce!r} is no release that can be simulated: 2.1.0 is the oldest"
        )
    found = Version(woocommerce=woocommerce.strip().removeprefix("v"))
    for since, changes in CHANGES:
        if number >= since:
            found = replace(found, **changes)
    return found


WITHOUT_COLLECTION = version_of("5.0.0")
TODAY = version_of("9.9.5")
WITH_PUBLIC_COLLECTION = version_of("10.3.0")
NEWEST = version_of("11.1.0")
VERSIONS = {
    version.woocommerce: version
    for version in (TODAY, WITHOUT_COLLECTION, WITH_PUBLIC_COLLECTION, NEWEST)
}
