"""The bodies of webhooks, in the shapes of the REST API (assumption `webhook-bodies`)."""

from decimal import Decimal
from typing import Any

from simulators.shopify.rows import Row, number
from simulators.shopify.state import State, level_id


def order(state: State, row: Row) -> Row:
    hidden = not state.settings.protected_data
    return {
        "id": number(row["id"]),
        "admin_graphql_api_id": row["id"],
        "name": row["name"],
        "created_at": row["createdAt"].isoformat(),
        "updated_at": row["updatedAt"].isoformat(),
        "cancelled_at": _time(row["cancelledAt"]),
        "financial_status": row["displayFinancialStatus"].lower(),
        "test": row["test"],
        "currency": state.settings.currency,
        "email": None if hidden else row["email"],
        "note": row["note"],
        "tags": ", ".join(row["tags"]),
        "total_price": str(total(row)),
        "line_items": [
            {"id": number(line["id"]), "admin_graphql_api_id": line["id"], "sku": line["sku"],
             "quantity": line["quantity"], "current_quantity": line["currentQuantity"],
             "price": line["price"]}
            for line in row["lines"]
        ],
    }  # fmt: skip


def total(row: Row) -> Decimal:
    """What the order's buyer has to pay as it stands."""
    lines = sum(Decimal(line["paid"]) * line["currentQuantity"] for line in row["lines"])
    return (Decimal(lines) + Decimal(row["shippingPrice"])).quantize(Decimal("0.01"))


def edited(row: Row, added: list[Row], removed: list[Row]) -> Row:
    """orders/edited tells of the edit and names its order by number only."""
    return {
        "order_edit": {
            "order_id": number(row["id"]),
            "created_at": row["updatedAt"].isoformat(),
            "line_items": {
                "additions": [{"id": number(one["id"]), "delta": one["delta"]} for one in added],
                "removals": [{"id": number(one["id"]), "delta": one["delta"]} for one in removed],
            },
        }
    }


def refund(row: Row) -> Row:
    return {
        "id": number(row["id"]),
        "admin_graphql_api_id": row["id"],
        "order_id": number(row["orderId"]),
        "created_at": row["createdAt"].isoformat(),
        "note": row["note"],
        "refund_line_items": [
            {"line_item_id": number(line["lineId"]), "quantity": line["quantity"],
             "restock_type": line["restockType"].lower(),
             "location_id": number(line["locationId"]) if line["locationId"] else None}
            for line in row["lines"]
        ],
    }  # fmt: skip


def returned(row: Row) -> Row:
    return {
        "id": number(row["id"]),
        "admin_graphql_api_id": row["id"],
        "order": {"id": number(row["orderId"]), "admin_graphql_api_id": row["orderId"]},
        "status": row["status"].lower(),
        "name": row["name"],
    }


def work(row: Row) -> Row:
    """fulfillment_orders/* name no order: it has to be asked for."""
    return {"fulfillment_order": work_ref(row)}


def work_ref(row: Row) -> Row:
    return {"id": row["id"], "status": row["status"].lower()}


def fulfillment(row: Row) -> Row:
    tracking: list[Row] = row["tracking"]
    return {
        "id": number(row["id"]),
        "admin_graphql_api_id": row["id"],
        "order_id": number(row["orderId"]),
        "status": row["status"].lower(),
        "created_at": row["createdAt"].isoformat(),
        "updated_at": row["updatedAt"].isoformat(),
        "tracking_company": tracking[0]["company"] if tracking else None,
        "tracking_numbers": [one["number"] for one in tracking],
        "location_id": number(row["locationId"]),
    }


def product(state: State, row: Row) -> Row:
    return {
        "id": number(row["id"]),
        "admin_graphql_api_id": row["id"],
        "title": row["title"],
        "handle": row["handle"],
        "vendor": row["vendor"],
        "product_type": row["productType"],
        "status": row["status"].lower(),
        "tags": ", ".join(row["tags"]),
        "updated_at": row["updatedAt"].isoformat(),
        "variants": [_variant(state, state.variants[gid]) for gid in row["variantIds"]],
    }


def _variant(state: State, row: Row) -> Row:
    return {
        "id": number(row["id"]),
        "admin_graphql_api_id": row["id"],
        "price": row["price"],
        "sku": state.items[row["itemId"]]["sku"],
        "inventory_item_id": number(row["itemId"]),
    }


def gone(gid: str) -> Row:
    """products/delete tells the number and nothing else."""
    return {"id": number(gid)}


def level(item_id: str, place: str, row: Row) -> Row:
    return {
        "inventory_item_id": number(item_id),
        "location_id": number(place),
        "available": row["available"],
        "updated_at": row["updatedAt"].isoformat(),
        "admin_graphql_api_id": level_id(item_id, place),
    }


def location(row: Row) -> Row:
    return {
        "id": number(row["id"]),
        "admin_graphql_api_id": row["id"],
        "name": row["name"],
        "active": row["isActive"],
    }


def bulk(row: Row) -> Row:
    return {
        "admin_graphql_api_id": row["id"],
        "type": row["type"].lower(),
        "status": row["status"].lower(),
        "error_code": row["errorCode"].lower() if row["errorCode"] else None,
        "created_at": row["createdAt"].isoformat(),
        "completed_at": _time(row["completedAt"]),
    }


def _time(value: Any) -> str | None:
    return value.isoformat() if value else None
