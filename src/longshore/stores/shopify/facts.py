"""What a shop says of itself, and whether our app may do what it has to."""

from collections.abc import Mapping, Sequence

from longshore.ports.storefronts import Location, Publication, StorefrontFacts
from longshore.stores.shopify.client import ShopifyClient, check, obj, rows

SCOPES: Mapping[str, str] = {
    "write_products": "publishing products",
    "read_publications": "finding the sales channel",
    "write_publications": "putting products on sale",
    "write_inventory": "keeping stock right",
    "read_locations": "finding stock locations",
    "write_locations": "a location for each vendor",
    "read_orders": "receiving orders",
    "write_merchant_managed_fulfillment_orders": "sending shipments back",
}
"""What each scope is for; write_x includes read_x."""


def read_facts(client: ShopifyClient) -> StorefrontFacts:
    data = client.call("shop_facts")
    shop = obj(data["shop"])
    installation = obj(data.get("currentAppInstallation"))
    granted = {str(scope["handle"]) for scope in rows(installation.get("accessScopes"))}
    granted |= {f"read_{name[6:]}" for name in granted if name.startswith("write_")}
    limits = obj(shop.get("resourceLimits"))
    return StorefrontFacts(
        name=shop["name"],
        domain=shop["myshopifyDomain"],
        currency=shop["currencyCode"],
        timezone=shop["ianaTimezone"],
        taxes_included=bool(shop["taxesIncluded"]),
        location_limit=int(limits.get("locationLimit") or 0),
        variant_limit=int(limits.get("maxProductVariants") or 0),
        weight_unit=shop["weightUnit"],
        missing_scopes={scope: use for scope, use in SCOPES.items() if scope not in granted},
    )


def list_locations(client: ShopifyClient) -> Sequence[Location]:
    return [
        Location(node["id"], node["name"], bool(node["isActive"]))
        for page in client.pages("locations", {}, "locations")
        for node in page
    ]


def add_location(client: ShopifyClient, name: str, country: str) -> Location:
    variables = {
        "input": {"name": name, "address": {"countryCode": country}, "fulfillsOnlineOrders": True}
    }
    payload = check(client.call("location_add", variables)["locationAdd"])
    node = obj(payload["location"])
    return Location(node["id"], node["name"], bool(node["isActive"]))


def list_publications(client: ShopifyClient) -> Sequence[Publication]:
    return [
        Publication(node["id"], str(obj(node["catalog"]).get("title") or node["id"]))
        for page in client.pages("publications", {}, "publications")
        for node in page
    ]
