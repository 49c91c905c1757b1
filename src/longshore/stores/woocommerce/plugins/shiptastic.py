"""Germanized and Shiptastic: the order itself tells its `shipments`, with goods and state. Read in
woocommerce-germanized-shipments 069844e42f and shiptastic-for-woocommerce 011de45234: src/Api,
src/Rest/ShipmentsController. Only what is sent or delivered was shipped; returns are skipped.
"""

from longshore.domain.tracking import Tracking
from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.plugins import shapes
from longshore.stores.woocommerce.wire import Json

FIELD = "shipments"
SHIPPED = frozenset({"shipped", "delivered"})


def trackings(order: Json) -> tuple[Tracking, ...]:
    found: list[Tracking] = []
    for row in shapes.entries(order.get(FIELD)):
        number = shapes.number(row.get("tracking_id"))
        shipped = wire.text(row.get("status")).removeprefix("gzd-") in SHIPPED
        if wire.text(row.get("type")) == "return" or not (number or shipped):
            continue
        goods = shapes.quantities(
            shapes.entries(row.get("items")), ("order_item_id",), ("quantity",)
        )
        found.append(
            Tracking(
                key=f"shiptastic:{wire.text(row.get('id')) or number}",
                number=number,
                carrier=wire.text(row.get("shipping_provider")).replace("_", " ").strip(),
                url=shapes.link(row.get("tracking_url")),
                shipped_at=shapes.moment(row.get("date_sent_gmt") or row.get("date_sent")),
                lines=goods,
                label=not shipped,
            )
        )
    return tuple(found)
