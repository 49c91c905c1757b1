"""Fields of the shop itself: what it is, what the app may do, its locations and sales channels."""

from typing import Any

from simulators.shopify.fields.pages import by_text, page, sorting
from simulators.shopify.fields.registry import Context, field_of, mutation
from simulators.shopify.rows import Row, number
from simulators.shopify.shop import places

MOST_VARIANTS = 2048


@field_of("QueryRoot.shop")
def shop(context: Context, _: Any) -> Row:
    settings = context.state.settings
    return {
        "__typename": "Shop",
        "id": "gid://shopify/Shop/1000000",
        "name": settings.name,
        "myshopifyDomain": settings.domain,
        "currencyCode": settings.currency,
        "ianaTimezone": settings.timezone,
        "taxesIncluded": settings.taxes_included,
        "weightUnit": "KILOGRAMS",
        "plan": {
            "publicDisplayName": settings.plan.capitalize(),
            "shopifyPlus": settings.plan == "plus",
            "partnerDevelopment": False,
        },
        "resourceLimits": {
            "locationLimit": context.state.location_limit,
            "maxProductVariants": MOST_VARIANTS,
            "maxProductOptions": 3,
        },
    }


@field_of("QueryRoot.publicApiVersions")
def versions(context: Context, _: Any) -> list[Row]:
    names = context.state.supported_versions
    rows: list[Row] = [{"handle": one, "displayName": one, "supported": True} for one in names]
    return [*rows, {"handle": "unstable", "displayName": "unstable", "supported": False}]


@field_of("QueryRoot.currentAppInstallation")
def installation(context: Context, _: Any) -> Row:
    return {
        "__typename": "AppInstallation",
        "id": "gid://shopify/AppInstallation/1000",
        "accessScopes": [{"handle": scope} for scope in context.state.settings.scopes],
        "app": {"id": "gid://shopify/App/1000", "handle": "hub", "title": "Hub"},
    }


@field_of("QueryRoot.publications")
def publications(context: Context, _: Any, **arguments: Any) -> Row:
    return page(context, list(context.state.publications.values()), root=True, **arguments)


@field_of("QueryRoot.locations")
def locations(
    context: Context,
    _: Any,
    *,
    include_inactive: bool | None = False,
    include_legacy: bool | None = False,
    sort_key: str | None = None,
    **arguments: Any,
) -> Row:
    """By name where nothing is said (schema: LocationSortKeys)."""
    del include_legacy  # locations of fulfillment services; there are none
    rows = [row for row in context.state.locations.values() if include_inactive or row["isActive"]]
    keys = {"NAME": by_text("name"), "ID": None}
    key = sorting(keys, sort_key, "NAME")
    return page(context, rows, root=True, key=key, **arguments)


@field_of("QueryRoot.location")
def location(context: Context, _: Any, *, gid: str | None = None) -> Row | None:
    rows = context.state.locations
    return rows.get(gid) if gid else next(iter(rows.values()))


@field_of("Location.legacyResourceId")
@field_of("Product.legacyResourceId")
@field_of("ProductVariant.legacyResourceId")
@field_of("InventoryItem.legacyResourceId")
@field_of("Order.legacyResourceId")
@field_of("Fulfillment.legacyResourceId")
@field_of("Refund.legacyResourceId")
def legacy_id(_: Context, row: Row) -> int:
    return number(row["id"])


@field_of("Location.address")
def address(_: Context, row: Row) -> Row:
    names = ("address1", "address2", "city", "provinceCode", "countryCode", "zip", "phone")
    return {name: row["address"].get(name) for name in names}


@field_of("Location.shipsInventory")
def ships(_: Context, row: Row) -> bool:
    return bool(row["isActive"] and row["fulfillsOnlineOrders"])


@field_of("Location.isFulfillmentService")
def is_service(_context: Context, _row: Row) -> bool:
    return False


@field_of("Location.fulfillmentService")
def service(_context: Context, _row: Row) -> None:
    """There are none."""


@field_of("Location.hasActiveInventory")
def has_stock(context: Context, row: Row) -> bool:
    return places.has_stock(context.state, row["id"])


@field_of("Location.hasUnfulfilledOrders")
def has_work(context: Context, row: Row) -> bool:
    return places.has_work(context.state, row["id"])


@mutation("locationAdd")
def location_add(context: Context, *, data: Row) -> Row:
    return places.add(context.state, data)


@mutation("locationEdit")
def location_edit(context: Context, *, gid: str, data: Row) -> Row:
    return places.edit(context.state, gid, data)


@mutation("locationActivate", idempotent=True)
def location_activate(context: Context, *, location_id: str) -> Row:
    return places.activate(context.state, location_id)


@mutation("locationDeactivate", idempotent=True)
def location_deactivate(
    context: Context, *, location_id: str, destination_location_id: str | None = None
) -> Row:
    return places.deactivate(context.state, location_id, destination_location_id)


@field_of("QueryRoot.node")
def node(context: Context, _: Any, *, gid: str) -> Row | None:
    return context.state.node(gid)


@field_of("QueryRoot.nodes")
def nodes(context: Context, _: Any, *, ids: list[str]) -> list[Row | None]:
    return [context.state.node(gid) for gid in ids]
