"""What differs between the versions of WooCommerce, as a table. Older generations get rows here."""

from dataclasses import dataclass

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
    status_moves_stock: bool = True  # any status does, both ways; before, only payment takes (3.5)
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
