"""What an API can do, read from its own index of routes and their arguments, never guessed from a
version number.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.dialects import DIALECTS, Dialect
from longshore.stores.woocommerce.wire import Json

EVERY_VARIATION = ("wc/v3/variations", "wc-analytics/variations")
"""Collections of all variations: the first since WooCommerce 10.3, the second since 4.0."""
_NEWEST_FIRST = ("wc/v3", "wc/v2", "wc/v1")
VERSION_OF = {"wc/v3": "3.5 or later", "wc/v2": "3.0 to 3.4", "wc/v1": "2.6", "v3": "2.4 or 2.5"}


@dataclass(frozen=True, slots=True)
class Capabilities:
    """`changes_by`: the filter that finds changes. `fulfillments`: orders have core ones.
    `shipment_trackings`: a plugin's route tells an order's tracking. `every_variation`: there is a
    collection of all variations.
    """

    changes_by: str = ""
    fulfillments: bool = False
    shipment_trackings: bool = False
    every_variation: bool = False


def dialect_of(namespaces: tuple[str, ...], legacy: str, wc_version: str) -> Dialect:
    """The best generation the shop offers."""
    for name in _NEWEST_FIRST:
        if name in namespaces:
            return DIALECTS[name]
    if legacy == "v3":
        return DIALECTS["v3"]
    return DIALECTS["v2 of 2.2" if wc_version.startswith("2.2") else "v2"]


def capabilities_of(dialect: Dialect, index: Json) -> Capabilities:
    """What the namespace's index says."""
    routes = wire.mapping(index.get("routes"))
    arguments = _arguments(wire.mapping(routes.get(f"/{dialect.root}/products")))
    order = f"/{dialect.root}/orders/(?P<order_id>[\\d]+)"
    changes = ""
    if "modified_after" in arguments:
        changes = "modified_after"
    elif "modified" in wire.values(wire.mapping(arguments.get("orderby")).get("enum")):
        changes = "orderby_modified"
    return Capabilities(
        changes,
        f"{order}/fulfillments" in routes,
        f"{order}/shipment-trackings" in routes,
        f"/{EVERY_VARIATION[0]}" in routes,
    )


def _arguments(route: Json) -> Json:
    """The arguments of a route's GET."""
    for endpoint in wire.items(route.get("endpoints")):
        if "GET" in wire.values(endpoint.get("methods")):
            return wire.mapping(endpoint.get("args"))
    return {}


def number(version: str) -> tuple[int, int]:
    """Major and minor of a version, (0, 0) when it is not known."""
    parts = [int(part) for part in version.split(".")[:2] if part.isdecimal()]
    return (parts[0], parts[1]) if len(parts) == 2 else (0, 0)  # noqa: PLR2004 - major and minor


def patch(version: str) -> int:
    """The third number of a version, 0 when there is none."""
    parts = version.split(".")
    return int(parts[2]) if len(parts) > 2 and parts[2].isdecimal() else 0  # noqa: PLR2004 - the third


def sees_stock(version: str, changes_by: str) -> bool:
    """Whether a change of stock moves the date of modification: from 3.4 on (measured on 2.2, 2.4,
    2.6, 3.0, 3.5, 4.0). An unknown version is trusted only where the API itself is newer.
    """
    if changes_by in {"modified_after", "orderby_modified"}:
        return True
    return bool(changes_by) and number(version) >= (3, 4)


def restocks(dialect: Dialect, version: str) -> bool:
    """Whether canceling puts stock back: from 3.5 on (same measurements)."""
    return dialect.name == "wc/v3" or number(version) >= (3, 5)


def settings(rows: object) -> Mapping[str, str]:
    """A settings group's answer as name -> value."""
    return {
        wire.text(row.get("id")): wire.text(row.get("value"))
        for row in wire.items(rows)
        if not isinstance(row.get("value"), list | dict)
    }
