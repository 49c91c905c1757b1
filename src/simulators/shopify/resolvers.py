"""From GraphQL fields to rows: each operation the hub uses, and nothing invented beside it."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast

from graphql import GraphQLError, GraphQLResolveInfo

from simulators.shopify import fulfillments, inventory, orders, products
from simulators.shopify.clock import stamp
from simulators.shopify.inventory import BadArguments
from simulators.shopify.schema import needed_scopes, sentence
from simulators.shopify.state import NotModelled, Row, State, UserErrors
from simulators.shopify.webhooks import Webhooks

LARGEST_PAGE = 250
Handler = Callable[..., Any]


class Resolvers:
    """One for each request: what it may do depends on the scopes of its token."""

    def __init__(self, state: State, webhooks: Webhooks, scopes: Sequence[str]) -> None:
        self._state = state
        self._webhooks = webhooks
        self._scopes = {*scopes, *(f"read_{s[6:]}" for s in scopes if s.startswith("write_"))}
        self.after: list[tuple[str, Row]] = []
        """Webhooks to send once the request is answered: (topic, payload)."""
        self._handlers: Mapping[str, Handler] = {
            f"{owner}.{field}": getattr(self, method) for owner, field, method in _TABLE
        }

    def resolve(self, source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        """graphql-core's field resolver."""
        name = f"{info.parent_type.name}.{info.field_name}"
        needed = needed_scopes().get(name)
        if needed and not needed & self._scopes:
            raise GraphQLError(
                f"Access denied for {info.field_name} field. Required access: {sentence(name)}",
                extensions={
                    "code": "ACCESS_DENIED",
                    "documentation": "https://shopify.dev/api/usage/access-scopes",
                    "requiredAccess": sentence(name),
                },
            )
        handler = self._handlers.get(name)
        if handler is not None:
            if info.parent_type.name == "Mutation":
                return self._mutation(handler, info, arguments)
            return handler(source, **arguments)
        if isinstance(source, dict) and info.field_name in source:
            value = cast("Row", source)[info.field_name]
            return stamp(value) if isinstance(value, datetime) else value
        raise NotModelled(name)

    def _mutation(self, handler: Handler, info: GraphQLResolveInfo, arguments: Row) -> Row:
        key = _idempotency_key(info)
        if key is not None:
            arguments = {**arguments, "key": key}
        try:
            payload: Row = handler(None, **arguments)
        except UserErrors as errors:
            empty = dict.fromkeys(_payload_fields(info))
            return {
                **empty,
                "userErrors": [
                    {"field": field, "message": message, "code": code}
                    for field, message, code in errors.entries
                ],
            }
        except BadArguments as error:
            raise GraphQLError(str(error), extensions={"code": error.code}) from None
        return {"userErrors": [], **payload}

    # --- shop ---

    def shop(self, _: Any) -> Row:
        settings = self._state.settings
        return {
            "name": settings.name,
            "myshopifyDomain": settings.domain,
            "currencyCode": settings.currency,
            "ianaTimezone": settings.timezone,
            "taxesIncluded": settings.taxes_included,
            "weightUnit": "KILOGRAMS",
            "resourceLimits": {
                "locationLimit": self._state.location_limit,
                "maxProductVariants": 2048,
            },
        }

    def installation(self, _: Any) -> Row:
        return {"accessScopes": [{"handle": scope} for scope in self._state.settings.scopes]}

    def locations(self, _: Any, **page: Any) -> Row:
        inactive = page.pop("includeInactive", False)
        rows = [row for row in self._state.locations.values() if inactive or row["isActive"]]
        return connection(rows, **page)

    def publications(self, _: Any, **page: Any) -> Row:
        return connection(list(self._state.publications.values()), **page)

    def location_add(self, _: Any, **arguments: Any) -> Row:
        given = arguments["input"]
        active = [row for row in self._state.locations.values() if row["isActive"]]
        if any(row["name"] == given["name"] for row in self._state.locations.values()):
            raise UserErrors(
                (["input", "name"], "You already have a location with this name", "TAKEN")
            )
        if len(active) >= self._state.location_limit:
            raise UserErrors(
                (["input"], "Shop has reached its location limit.", "LOCATION_LIMIT_REACHED")
            )
        row = self._state.add(
            self._state.locations, "Location", {"name": given["name"], "isActive": True}
        )
        return {"location": row}

    # --- products ---

    def define_metafield(self, _: Any, definition: Row) -> Row:
        return products.define_metafield(self._state, definition)

    def product_set(self, _: Any, **arguments: Any) -> Row:
        if not arguments.get("synchronous", True):
            raise NotModelled("productSet with synchronous: false")
        return products.product_set(self._state, arguments.get("identifier"), arguments["input"])

    def product_update(self, _: Any, **arguments: Any) -> Row:
        return products.product_update(self._state, arguments.get("product") or {})

    def variants_update(self, _: Any, **arguments: Any) -> Row:
        return products.variants_update(
            self._state,
            arguments["productId"],
            arguments["variants"],
            partial=bool(arguments.get("allowPartialUpdates")),
        )

    def publish(self, _: Any, **arguments: Any) -> Row:
        return products.publish(self._state, arguments["id"], arguments["input"], on=True)

    def unpublish(self, _: Any, **arguments: Any) -> Row:
        return products.publish(self._state, arguments["id"], arguments["input"], on=False)

    def product(self, _: Any, **arguments: Any) -> Row | None:
        return self._state.products.get(arguments["id"])

    def product_variants(self, product: Row, **page: Any) -> Row:
        return connection([self._state.variants[gid] for gid in product["variantIds"]], **page)

    def variant_item(self, variant: Row) -> Row:
        return self._state.items[variant["itemId"]]

    # --- inventory ---

    def toggle(self, _: Any, **arguments: Any) -> Row:
        return inventory.toggle(
            self._state, arguments["inventoryItemId"], arguments["inventoryItemUpdates"]
        )

    def set_quantities(self, _: Any, **arguments: Any) -> Row:
        return inventory.set_quantities(self._state, arguments["input"], arguments.get("key"))

    def nodes(self, _: Any, **arguments: Any) -> list[Row | None]:
        return [self._state.node(gid) for gid in arguments["ids"]]

    def level(self, item: Row, **arguments: Any) -> Row | None:
        level = self._state.levels.get((item["id"], arguments["locationId"]))
        return None if level is None else {**level, "__typename": "InventoryLevel"}

    def quantities(self, level: Row, **arguments: Any) -> list[Row]:
        if set(arguments["names"]) - {"available", "committed"}:
            raise NotModelled(f"quantities {arguments['names']}")
        return [{"name": name, "quantity": level[name]} for name in arguments["names"]]

    # --- orders ---

    def changed_orders(self, _: Any, **page: Any) -> Row:
        rows = list(self._state.orders.values())
        query = page.pop("query", None)
        if query:
            rows = [row for row in rows if _matches(row, query)]
        if page.pop("sortKey", None) not in {"UPDATED_AT", None}:
            raise NotModelled("orders sorted by anything but UPDATED_AT")
        return connection(sorted(rows, key=lambda row: (row["updatedAt"], row["id"])), **page)

    def order(self, _: Any, **arguments: Any) -> Row | None:
        return self._state.orders.get(arguments["id"])

    def currency(self, _: Row) -> str:
        return self._state.settings.currency

    def shipping_line(self, order: Row) -> Row:
        return {
            "title": order["shippingTitle"],
            "discountedPriceSet": self._bag(order["shippingPrice"]),
        }

    def _bag(self, amount: str) -> Row:
        return {"shopMoney": {"amount": amount, "currencyCode": self._state.settings.currency}}

    def order_lines(self, order: Row, **page: Any) -> Row:
        return connection(order["lines"], **page)

    def line_variant(self, line: Row) -> Row | None:
        return self._state.variants.get(line["variantId"])

    def line_price(self, line: Row) -> Row:
        return self._bag(line["price"])

    def order_work(self, order: Row, **page: Any) -> Row:
        rows = [self._state.fulfillment_orders[gid] for gid in order["fulfillmentOrderIds"]]
        return connection(rows, **page)

    def work(self, _: Any, **arguments: Any) -> Row | None:
        return self._state.fulfillment_orders.get(arguments["id"])

    def work_actions(self, work: Row) -> list[Any]:
        return orders.actions(work)

    def work_place(self, work: Row) -> Row:
        return {"location": self._state.locations.get(work["locationId"])}

    def work_lines(self, work: Row, **page: Any) -> Row:
        return connection(work["lines"], **page)

    def work_line_item(self, part: Row) -> Row:
        return {"__typename": "LineItem", "id": part["lineId"]}

    # --- fulfillments ---

    def fulfill(self, _: Any, **arguments: Any) -> Row:
        payload, order = fulfillments.create(self._state, arguments["fulfillment"])
        self._changed(order)
        return payload

    def update_tracking(self, _: Any, **arguments: Any) -> Row:
        payload, order = fulfillments.update_tracking(
            self._state,
            arguments["fulfillmentId"],
            arguments["trackingInfoInput"],
            notify=bool(arguments.get("notifyCustomer")),
        )
        self._changed(order)
        return payload

    def _changed(self, order: Row) -> None:
        self.after.append(("ORDERS_UPDATED", orders.rest(order)))

    def order_fulfillments(self, order: Row, **_: Any) -> list[Row]:
        return [self._state.fulfillments[gid] for gid in order["fulfillmentIds"]]

    def tracking_info(self, row: Row, **_: Any) -> list[Row]:
        return row["tracking"]

    def fulfillment_lines(self, row: Row, **page: Any) -> Row:
        rows = [
            {"quantity": one["quantity"], "lineItem": {"id": one["lineId"]}} for one in row["lines"]
        ]
        return connection(rows, **page)

    # --- webhooks ---

    def subscriptions(self, _: Any, **page: Any) -> Row:
        return connection(list(self._state.subscriptions.values()), **page)

    def subscribe(self, _: Any, **arguments: Any) -> Row:
        return self._webhooks.subscribe(arguments["topic"], arguments["webhookSubscription"])

    def unsubscribe(self, _: Any, **arguments: Any) -> Row:
        return self._webhooks.unsubscribe(arguments["id"])


_TABLE = (
    ("QueryRoot", "shop", "shop"),
    ("QueryRoot", "currentAppInstallation", "installation"),
    ("QueryRoot", "locations", "locations"),
    ("QueryRoot", "publications", "publications"),
    ("QueryRoot", "product", "product"),
    ("QueryRoot", "nodes", "nodes"),
    ("QueryRoot", "orders", "changed_orders"),
    ("QueryRoot", "order", "order"),
    ("QueryRoot", "fulfillmentOrder", "work"),
    ("QueryRoot", "webhookSubscriptions", "subscriptions"),
    ("Mutation", "locationAdd", "location_add"),
    ("Mutation", "metafieldDefinitionCreate", "define_metafield"),
    ("Mutation", "productSet", "product_set"),
    ("Mutation", "productUpdate", "product_update"),
    ("Mutation", "productVariantsBulkUpdate", "variants_update"),
    ("Mutation", "publishablePublish", "publish"),
    ("Mutation", "publishableUnpublish", "unpublish"),
    ("Mutation", "inventoryBulkToggleActivation", "toggle"),
    ("Mutation", "inventorySetQuantities", "set_quantities"),
    ("Mutation", "fulfillmentCreate", "fulfill"),
    ("Mutation", "fulfillmentTrackingInfoUpdate", "update_tracking"),
    ("Mutation", "webhookSubscriptionCreate", "subscribe"),
    ("Mutation", "webhookSubscriptionDelete", "unsubscribe"),
    ("Product", "variants", "product_variants"),
    ("ProductVariant", "inventoryItem", "variant_item"),
    ("InventoryItem", "inventoryLevel", "level"),
    ("InventoryLevel", "quantities", "quantities"),
    ("Order", "currencyCode", "currency"),
    ("Order", "shippingLine", "shipping_line"),
    ("Order", "lineItems", "order_lines"),
    ("Order", "fulfillmentOrders", "order_work"),
    ("Order", "fulfillments", "order_fulfillments"),
    ("LineItem", "variant", "line_variant"),
    ("LineItem", "discountedUnitPriceAfterAllDiscountsSet", "line_price"),
    ("FulfillmentOrder", "supportedActions", "work_actions"),
    ("FulfillmentOrder", "assignedLocation", "work_place"),
    ("FulfillmentOrder", "lineItems", "work_lines"),
    ("FulfillmentOrderLineItem", "lineItem", "work_line_item"),
    ("Fulfillment", "trackingInfo", "tracking_info"),
    ("Fulfillment", "fulfillmentLineItems", "fulfillment_lines"),
)


_DEFAULTS = (None, False, "POSITION", "NAME", "CREATED_AT")
"""What arguments are when nobody gives them: rows come in the order they were made."""


def connection(
    rows: Sequence[Row], first: int | None = None, after: str | None = None, **rest: Any
) -> Row:
    """A page of a connection; the cursor is the position of the row before the next page."""
    if [name for name, value in rest.items() if value not in _DEFAULTS]:
        raise NotModelled(f"a connection with {sorted(rest)}")
    if first is None:
        raise GraphQLError(
            "you must provide one of first or last", extensions={"code": "BAD_REQUEST"}
        )
    if first > LARGEST_PAGE:
        raise GraphQLError(
            "first cannot exceed 250", extensions={"code": "INVALID_FIELD_ARGUMENTS"}
        )
    start = int(after) if after else 0
    page = list(rows[start : start + first])
    end = start + len(page)
    return {
        "nodes": page,
        "pageInfo": {"hasNextPage": end < len(rows), "endCursor": str(end) if page else None},
    }


_UPDATED = re.compile(r"^updated_at:>='([^']+)'$")


def _matches(row: Row, query: str) -> bool:
    match = _UPDATED.match(query)
    if match is None:
        raise NotModelled(f"the search {query!r}")
    since = datetime.fromisoformat(match.group(1)).astimezone(UTC)
    return bool(row["updatedAt"] >= since)


def _idempotency_key(info: GraphQLResolveInfo) -> str | None:
    from graphql.execution.values import get_directive_values

    directive = info.schema.get_directive("idempotent")
    if directive is None:
        return None
    found = get_directive_values(directive, info.field_nodes[0], info.variable_values)
    key = (found or {}).get("key")
    return str(key) if key and str(key).strip() else None


def _payload_fields(info: GraphQLResolveInfo) -> list[str]:
    kind = cast("Any", info.return_type)  # pyright: ignore[reportUnknownMemberType]
    while hasattr(kind, "of_type"):
        kind = kind.of_type
    return list(kind.fields)
