"""The controls under /_sim/: a vendor and their staff, played from outside, and what they see.

GET  /_sim/requests[?since=n]   what was asked: [{"method", "path", "query", "status", "ms", "at"}]
GET  /_sim/state[?products=1]   keys, settings, orders, webhooks, deliveries; with products the rows
GET  /_sim/desk/products        what the staff sees, in the words of today's API whatever the
                                version; also desk/variations?product=n and desk/orders, which
                                have notes, refunded and restocked units beside
GET  /_sim/faults               the table of names, and the faults that are set
GET  /_sim/emails               what the shop mailed
POST /_sim/requests/clear       {}
POST /_sim/sell                 {"product_id", "variation_id"?, "quantity"?}
POST /_sim/set_stock            {"product_id", "quantity", "status"?}: a direct database write
POST /_sim/products/add         fields of a product, as the shop keeps them
POST /_sim/products/edit        {"product_id", ...}
POST /_sim/products/delete      {"product_id", "force"?}
POST /_sim/orders/complete      {"order_id", "tracking"?: {"number", "provider", "link"?}, "lines"?}
POST /_sim/orders/fulfill       {"order_id", "tracking", "lines"?}: by WooCommerce's own feature
POST /_sim/orders/cancel        {"order_id"}
POST /_sim/orders/refund        {"order_id", "lines"?: {line id: units}, "restock"?}
POST /_sim/orders/trash         {"order_id", "force"?}
POST /_sim/orders/status        {"order_id", "status"}, of any name
POST /_sim/orders/note          {"order_id", "text", "for_customer"?}
POST /_sim/cron                 {}: scheduled sales, webhooks
POST /_sim/clock                {"forward_s"}
POST /_sim/keys/add             {"permissions"?, "role"?}
POST /_sim/keys/revoke          {"key"}
POST /_sim/keys/change          {"key", "permissions"?, "role"?}
POST /_sim/faults               {"kind", "value"?, "times"?, "match"?, "after"?}; {} clears all,
                                {"clear": kind} some
POST /_sim/settings             settings that may change while the shop runs
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import msgspec

from simulators.woocommerce.desk import desk_orders, desk_products, desk_variations
from simulators.woocommerce.faults.table import KINDS
from simulators.woocommerce.jsonish import Json, as_object
from simulators.woocommerce.settings import ROLES, ApiKey
from simulators.woocommerce.wire.orders import order_json, refund_json

if TYPE_CHECKING:
    from simulators.woocommerce.simulator import Simulator

CHANGEABLE = frozenset(
    {
        "latency_ms",
        "manage_stock",
        "pretty_permalinks",
        "rewrite",
        "hpos",
        "tracking_plugin",
        "home",
    }
)
PERMISSIONS = ("read", "write", "read_write")


class Unknown(Exception):  # noqa: N818 - an answer, not a mistake
    """There is no such control, or it was called wrongly."""


class Controls:
    def __init__(self, simulator: "Simulator") -> None:
        self._sim = simulator
        self._posts: dict[str, Callable[[Json], Any]] = {
            "requests/clear": self._clear,
            "sell": self._sell,
            "set_stock": self._set_stock,
            "products/add": lambda given: _row(self._shop.add_product(**given)),
            "products/edit": self._edit,
            "products/delete": self._delete,
            "orders/complete": self._complete,
            "orders/fulfill": self._fulfill,
            "orders/cancel": lambda given: self._order(self._shop.cancel_order(_id(given))),
            "orders/refund": self._refund,
            "orders/trash": self._trash,
            "orders/status": self._status,
            "orders/note": self._note,
            "cron": lambda _: {"deliveries": self._sim.cron()},
            "clock": self._clock,
            "keys/add": self._add_key,
            "keys/revoke": self._revoke,
            "keys/change": self._change_key,
            "faults": self._faults,
            "settings": self._settings,
        }

    @property
    def _shop(self) -> Any:
        return self._sim.shop

    def get(self, path: str, query: str) -> Any:
        asked = {name: values[-1] for name, values in parse_qs(query).items()}
        if path == "requests":
            entries = self._sim.log.entries()[int(asked.get("since", 0)) :]
            return [entry.shown() for entry in entries]
        if path == "faults":
            kinds = {kind.name: {"line": kind.line, "row": kind.row} for kind in KINDS.values()}
            return {"kinds": kinds, "set": [asdict(fault) for fault in self._sim.faults.all()]}
        with self._sim.shop.lock:
            if path == "emails":
                return list(self._sim.shop.emails)
            if path == "state":
                return self._state(rows=bool(asked.get("products")))
            if path.startswith("desk/"):
                return self._desk(path.removeprefix("desk/"), asked)
        raise Unknown(path)

    def post(self, path: str, given: Json) -> Any:
        """What the control did. Raises Unknown, KeyError, ValueError, TypeError."""
        control = self._posts.get(path)
        if control is None:
            raise Unknown(path)
        if path == "cron":
            return control(given)
        with self._sim.shop.lock:
            return control(given)

    def _state(self, *, rows: bool) -> Json:
        shop = self._sim.shop
        catalog = shop.catalog
        found: Json = {
            "address": shop.home,
            "now": shop.clock.now(),
            "keys": [_key(key) for key in shop.keys],
            "products": len(catalog.product_ids),
            "variations": len(catalog.variation_ids),
            "orders": [self._order(order) for order in shop.orders.values()],
            "webhooks": [
                {
                    "id": row.id,
                    "topic": row.topic,
                    "delivery_url": row.delivery_url,
                    "status": row.status,
                    "failures": row.failures,
                }
                for row in shop.webhooks.rows.values()
            ],
            "waiting": len(shop.webhooks.waiting),
            "deliveries": [asdict(delivery) for delivery in shop.webhooks.sent],
        }
        if rows:
            found["rows"] = [_row(row) for row in (*catalog.products(), *catalog.variations())]
        return found

    def _desk(self, what: str, asked: dict[str, str]) -> list[Json]:
        shop = self._sim.shop
        if what == "products":
            return desk_products(shop)
        if what == "variations":
            return desk_variations(shop, int(asked["product"]))
        if what == "orders":
            return desk_orders(shop)
        raise Unknown(what)

    def _order(self, order: Any) -> Json:
        shop = self._sim.shop
        return order_json(shop, f"{shop.home}/wp-json/wc/v3", order)

    def _clear(self, _: Json) -> Json:
        self._sim.log.clear()
        return {}

    def _sell(self, given: Json) -> Json:
        variation, quantity = int(given.get("variation_id", 0)), int(given.get("quantity", 1))
        return self._order(self._shop.sell(int(given["product_id"]), variation, quantity))

    def _set_stock(self, given: Json) -> Json:
        changed = self._shop.set_stock(
            int(given["product_id"]), given["quantity"], given.get("status")
        )
        return _row(changed)

    def _edit(self, given: Json) -> Json:
        changes = {name: value for name, value in given.items() if name != "product_id"}
        return _row(self._shop.edit_product(int(given["product_id"]), **changes))

    def _delete(self, given: Json) -> Json:
        force = bool(given.get("force"))
        return _row(self._shop.delete_product(int(given["product_id"]), force=force))

    def _complete(self, given: Json) -> Json:
        lines = {int(line): int(units) for line, units in as_object(given.get("lines")).items()}
        tracking = given.get("tracking")
        return self._order(self._shop.complete_order(_id(given), tracking, lines or None))

    def _fulfill(self, given: Json) -> Json:
        lines = {int(line): int(units) for line, units in as_object(given.get("lines")).items()}
        self._shop.fulfill_order(_id(given), given["tracking"], lines or None)
        return self._order(self._shop.order(_id(given)))

    def _refund(self, given: Json) -> Json:
        shop = self._sim.shop
        lines = {int(line): int(units) for line, units in as_object(given.get("lines")).items()}
        restock = bool(given.get("restock", True))
        refund = shop.refund_order(_id(given), lines or None, restock=restock)
        return refund_json(shop, f"{shop.home}/wp-json/wc/v3", shop.order(_id(given)), refund)

    def _trash(self, given: Json) -> Json:
        return self._order(self._shop.trash_order(_id(given), force=bool(given.get("force"))))

    def _status(self, given: Json) -> Json:
        return self._order(self._shop.set_order_status(_id(given), str(given["status"])))

    def _note(self, given: Json) -> Json:
        shop = self._sim.shop
        for_customer = bool(given.get("for_customer"))
        note = shop.add_note(shop.order(_id(given)), str(given["text"]), for_customer=for_customer)
        return {"id": note.id}

    def _clock(self, given: Json) -> Json:
        self._sim.shop.clock.advance(float(given["forward_s"]))
        return {"now": self._sim.shop.clock.now()}

    def _found_key(self, given: Json) -> ApiKey:
        return next(key for key in self._sim.shop.keys if key.key == given["key"])

    def _add_key(self, given: Json) -> Json:
        permissions, role = _rights(given)
        key = self._sim.shop.add_key(permissions or "read_write", role or "administrator")
        return {**_key(key), "secret": key.secret}

    def _revoke(self, given: Json) -> Json:
        key = self._found_key(given)
        key.revoked = True
        return _key(key)

    def _change_key(self, given: Json) -> Json:
        permissions, role = _rights(given)
        key = self._found_key(given)
        key.permissions, key.role = permissions or key.permissions, role or key.role
        return _key(key)

    def _faults(self, given: Json) -> Json:
        if "kind" not in given:
            self._sim.faults.clear(str(given.get("clear", "")))
            return {}
        times = given.get("times")
        fault = self._sim.faults.add(
            str(given["kind"]),
            str(given.get("value", "")),
            times=None if times is None else int(times),
            match=str(given.get("match", "")),
            after=int(given.get("after", 0)),
        )
        return asdict(fault)

    def _settings(self, given: Json) -> Json:
        for name, value in given.items():
            if name not in CHANGEABLE:
                raise Unknown(f"setting {name}")
            setattr(self._sim.settings, name, value)
        return given


def _id(given: Json) -> int:
    return int(given["order_id"])


def _key(key: ApiKey) -> Json:
    return {
        "id": key.id,
        "key": key.key,
        "permissions": key.permissions,
        "role": key.role,
        "revoked": key.revoked,
    }


def _rights(given: Json) -> tuple[str, str]:
    permissions, role = str(given.get("permissions", "")), str(given.get("role", ""))
    if permissions not in {"", *PERMISSIONS} or role not in {"", *ROLES}:
        raise ValueError(f"{permissions} {role}")
    return permissions, role


def _row(row: Any) -> Json:
    return msgspec.to_builtins(row)
