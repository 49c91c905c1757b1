"""What a store says of itself, read with few requests and without writing anything."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from longshore.domain.findings import Finding
from longshore.ports.errors import NeedsVendor, Rejected
from longshore.ports.stores import StoreFacts
from longshore.stores.http import GuardedClient
from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.client import NOT_FOUND, Api, Refused
from longshore.stores.woocommerce.dialects.table import Dialect
from longshore.stores.woocommerce.wire import Json

VARIATION_ROUTES = ("/wc/v3/variations", "/wc-analytics/variations")
"""Collections of all variations: the first since WooCommerce 10.3, the second since 4.0."""
_DENIED = frozenset({401, 403})


def site_address(given: str) -> str:
    """An address as typed, made whole: scheme added, path kept, everything after it dropped."""
    written = given.strip()
    if "://" not in written:
        written = f"https://{written}"
    try:
        parts = urlsplit(written)
        host = parts.hostname
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme not in {"http", "https"} or not host:
        raise Rejected(f"{given!r} is no address. Write it as https://shop.example.")
    path = parts.path.partition("/wp-json")[0].partition("/wp-admin")[0].rstrip("/")
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], path, "", ""))


def discover(http: GuardedClient, given: str) -> tuple[str, Json]:
    """The store's canonical address and its REST index. Follows redirects of the index only."""
    site = site_address(given)
    host = urlsplit(site).hostname or site
    answer = http.request("GET", f"{site}/wp-json/", follow=True)
    if "/wp-json" in answer.url:
        site = site_address(answer.url)
    broken = Api(http, site, "", "")
    try:
        index = wire.mapping(wire.decode(answer.body))
    except wire.NotJson:
        index = wire.mapping(None)
    if answer.status >= NOT_FOUND + 1 and not index.get("namespaces"):
        raise NeedsVendor(
            f"{host} answers with an error ({answer.status}). Ask the host whether the shop is in"
            " maintenance or a firewall keeps us out.",
            finding=Finding(
                "store_answer_broken", {"host": host, "what": f"error {answer.status}"}
            ),
        )
    if not any(wire.text(one).startswith("wc/") for one in wire.values(index.get("namespaces"))):
        raise broken.not_woocommerce()
    return site, index


def read_facts(api: Api, index: Json, dialect: Dialect) -> StoreFacts:
    """Probes with the key; raises NeedsVendor when it is refused."""
    _check_key(api, dialect)
    status = _optional(lambda: api.get(f"{dialect.root}/system_status"))
    environment = wire.mapping(status.get("environment"))
    shop = wire.mapping(status.get("settings"))
    general = _settings(api, dialect, "general")
    products = _settings(api, dialect, "products")
    tax = _settings(api, dialect, "tax")
    currency = wire.text(shop.get("currency")) or general.get("woocommerce_currency", "")
    if not currency:
        found = _optional(lambda: api.get(f"{dialect.root}/data/currencies/current"))
        currency = wire.text(found.get("code"))
    return StoreFacts(
        name=wire.text(index.get("name")) or api.host,
        base_url=api.site,
        dialect=dialect.name,
        auth="basic" if api.site.startswith("https://") else "oauth1",
        platform_version=wire.text(environment.get("version")),
        wordpress_version=wire.text(environment.get("wp_version")),
        currency=currency,
        prices_include_tax=tax.get("woocommerce_prices_include_tax") == "yes",
        timezone=wire.text(index.get("timezone_string")),
        weight_unit=products.get("woocommerce_weight_unit", "kg") or "kg",
        stock_managed=products.get("woocommerce_manage_stock", "yes") != "no",
        lists_all_variations=_variation_route(api, index) is not None,
        orders_search_reference=wire.flag(shop.get("HPOS_enabled")),
        can_write=_can_write(api, dialect),
        plugins=_plugins(status),
        country=general.get("woocommerce_default_country", "").partition(":")[0],
    )


def variation_collection(api: Api) -> str | None:
    """The route that lists every variation, under the site's address; None where there is none."""
    for route in VARIATION_ROUTES:
        try:
            api.page(f"wp-json{route}", {"per_page": "1", "_fields": "id"})
        except Refused:
            continue
        return f"wp-json{route}"
    return None


def _variation_route(api: Api, index: Json) -> str | None:
    """As `variation_collection`, without asking where the index already says no."""
    routes = wire.mapping(index.get("routes"))
    if routes and not any(route in routes for route in VARIATION_ROUTES):
        return None
    return variation_collection(api)


def _check_key(api: Api, dialect: Dialect) -> None:
    try:
        api.page(f"{dialect.root}/products", {"per_page": "1", "_fields": "id"})
    except Refused as refused:
        raise api.named(refused) from None


def _can_write(api: Api, dialect: Dialect) -> bool:
    """Whether the key may write, without writing: an update of product 0 is refused for want of
    rights before anybody looks for the product.
    """
    try:
        api.write("PUT", f"{dialect.root}/products/0", {})
    except Refused as refused:
        return refused.status not in _DENIED
    return True


def _settings(api: Api, dialect: Dialect, group: str) -> dict[str, str]:
    try:
        rows = wire.items(api.get(f"{dialect.root}/settings/{group}", {"_fields": "id,value"}))
    except Refused:
        return {}
    return {wire.text(row.get("id")): wire.text(row.get("value")) for row in rows}


def _optional(read: Callable[[], Any]) -> Json:
    """An answer that a shop manager's key may not see."""
    try:
        return wire.mapping(read())
    except Refused:
        return {}


def _plugins(status: Json) -> tuple[str, ...]:
    rows = wire.items(status.get("active_plugins"))
    return tuple(sorted(wire.text(row.get("plugin")).partition("/")[0] for row in rows))
