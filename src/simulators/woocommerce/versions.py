"""What differs between the versions of WooCommerce, as a table. Older generations get rows here."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Version:
    """One release. `apis` names the generations of the API that are served (see `rest/routes.py`);
    `namespaces` is what the index lists, which is more than is simulated.
    """

    woocommerce: str
    wordpress: str
    namespaces: tuple[str, ...]
    apis: tuple[str, ...] = ("wc/v3", "wc-analytics")
    php: str = "8.2.36"
    modified_after: bool = True  # also modified_before and dates_are_gmt (5.8)
    global_unique_id: bool = True  # a GTIN in product bodies (9.1)
    brands: bool = True  # in product bodies (9.4)
    order_statuses: bool = True  # the route orders/statuses (9.6)
    hpos: bool = True  # orders in tables of their own, where switched on (7.1)
    stable_paging: bool = False  # the id breaks ties of dates (10.5)
    search_fields: bool = False  # of products (10.1)
    line_gtin: bool = False  # global_unique_id in order lines (10.1)
    failed_order_draft: bool = False  # a failed creation names its draft (10.x, before 10.5)
    rest_route_keys: bool = False  # keys work with ?rest_route= (11.1)
    keys_only_for_wc: bool = False  # and open nothing but wc routes (11.1)
    features: tuple[str, ...] = ()  # experiments that can be switched on
    webhook_failures: int = 5  # the delivery that fails after more than so many disables
    webhook_source: bool = True  # deliveries say from which shop they are (2.6)
    status_moves_stock: bool = True  # any status does, both ways; before, only payment takes (3.5)
    status_pays: bool = True  # processing and completed set the date of payment (3.0)
    save_moves_date: bool = True  # also one that changes nothing of the post: stock, a price (3.4)
    sale_moves_date: bool = True  # of what was sold (3.3)
    sale_tells: bool = True  # product.updated goes out for what was sold (3.2)


TODAY = Version(woocommerce="9.9.5", wordpress="6.9.7", namespaces=TODAYS_NAMESPACES)

WITHOUT_COLLECTION = Version(
    woocommerce="5.0.0",
    wordpress="5.6.14",
    namespaces=("oembed/1.0", "wc/v1", "wc/v2", "wc/v3", "wc-admin", "wc/store", "wp/v2"),
    apis=("wc/v3",),
    php="7.4.33",
    modified_after=False,
    global_unique_id=False,
    brands=False,
    order_statuses=False,
    hpos=False,
)

WITH_PUBLIC_COLLECTION = Version(
    woocommerce="10.3.0",
    wordpress="6.9.7",
    namespaces=TODAYS_NAMESPACES,
    apis=("wc/v3", "wc/v3/variations", "wc/v3/fulfillments", "wc-analytics"),
    search_fields=True,
    line_gtin=True,
    failed_order_draft=True,
    features=("fulfillments",),
)

NEWEST = Version(
    woocommerce="11.1.0",
    wordpress="6.9.7",
    namespaces=TODAYS_NAMESPACES,
    apis=("wc/v3", "wc/v3/variations", "wc/v3/fulfillments", "wc-analytics"),
    stable_paging=True,
    search_fields=True,
    line_gtin=True,
    failed_order_draft=True,
    rest_route_keys=True,
    keys_only_for_wc=True,
    features=("fulfillments", "rest_api_caching"),
)

VERSIONS = {
    version.woocommerce: version
    for version in (TODAY, WITHOUT_COLLECTION, WITH_PUBLIC_COLLECTION, NEWEST)
}

FIRST = Version(
    woocommerce="2.1.0",
    wordpress="3.8.41",
    namespaces=(),
    apis=(),
    php="7.4.33",
    modified_after=False,
    global_unique_id=False,
    brands=False,
    order_statuses=False,
    hpos=False,
    webhook_source=False,
    status_moves_stock=False,
    status_pays=False,
    save_moves_date=False,
    sale_moves_date=False,
    sale_tells=False,
)
_WP_4_7 = ("oembed/1.0", "wc/v1", "wc/v2", "wp/v2")
_WP_5 = ("oembed/1.0", "wc/v1", "wc/v2", "wc/v3", "wp/v2")
CHANGES: tuple[tuple[tuple[int, int, int], Mapping[str, Any]], ...] = (
    ((2, 2, 0), {"wordpress": "4.0.38"}),
    ((2, 4, 0), {"wordpress": "4.3.34"}),
    (
        (2, 6, 0),
        {"wordpress": "4.6.29", "namespaces": ("oembed/1.0", "wc/v1"), "webhook_source": True},
    ),
    ((3, 0, 0), {"wordpress": "4.7.29", "namespaces": _WP_4_7, "status_pays": True}),
    ((3, 2, 0), {"sale_tells": True}),
    ((3, 3, 0), {"sale_moves_date": True}),
    ((3, 4, 0), {"save_moves_date": True}),
    (
        (3, 5, 0),
        {
            "wordpress": "5.0.22",
            "namespaces": _WP_5,
            "apis": ("wc/v3",),
            "status_moves_stock": True,
        },
    ),
    ((4, 0, 0), {"wordpress": "5.3.18", "namespaces": WITHOUT_COLLECTION.namespaces}),
    ((5, 0, 0), {"wordpress": WITHOUT_COLLECTION.wordpress}),
    ((5, 8, 0), {"modified_after": True}),
    ((7, 1, 0), {"hpos": True}),
    ((9, 1, 0), {"global_unique_id": True}),
    ((9, 4, 0), {"brands": True}),
    ((9, 6, 0), {"order_statuses": True}),
)
"""What each release brought; see `Version` for the words."""


def number_of(woocommerce: str) -> tuple[int, int, int]:
    """Major, minor and patch of a release; what is no number counts as 0."""
    parts = [int(part) if part.isdecimal() else 0 for part in woocommerce.split(".")]
    major, minor, patch = (*parts, 0, 0, 0)[:3]
    return major, minor, patch


@cache
def version_of(woocommerce: str) -> Version:
    """Any release, with all that was brought up to it. Raises ValueError for what is no release."""
    if woocommerce in VERSIONS:
        return VERSIONS[woocommerce]
    number = number_of(woocommerce)
    if number < number_of(FIRST.woocommerce):
        raise ValueError(
            f"{woocommerce!r} is no release that can be simulated: 2.1.0 is the oldest"
        )
    for known in (NEWEST, WITH_PUBLIC_COLLECTION, TODAY):
        if number >= number_of(known.woocommerce):
            return replace(known, woocommerce=woocommerce)
    found = FIRST
    for since, changes in CHANGES:
        if number >= since:
            found = replace(found, **changes)
    return replace(found, woocommerce=woocommerce)
