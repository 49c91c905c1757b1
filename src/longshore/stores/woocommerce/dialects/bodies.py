"""What older generations cannot keep of an order, put where they can: into its note."""

from typing import Any

from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.wire import Json

REFERENCE_KEY = "_longshore_reference"
REFERENCE_META = "longshore_reference"
"""A public key: those that begin with an underscore are hidden from the old APIs."""
LAST_OF_BMP = 0xFFFF


def details_in_note(body: Json) -> Json:
    """What the buyer chose for single goods, for dialects that write no meta of lines."""
    found: dict[str, Any] = dict(body)
    told: list[str] = []
    lines: list[Json] = []
    for line in wire.items(body.get("line_items")):
        told += _told(wire.items(line.get("meta_data")), f"{wire.text(line.get('quantity'))} x ")
        lines.append({name: value for name, value in line.items() if name != "meta_data"})
    found["line_items"] = lines
    return noted(found, told)


def fields_in_note(body: Json, ours: str) -> Json:
    """Fields of the marketplace's own, for dialects that write no meta of orders. `ours`: the key
    of our reference, which stands in the note already.
    """
    metas = [one for one in wire.items(body.get("meta_data")) if one.get("key") != ours]
    found = {name: value for name, value in body.items() if name != "meta_data"}
    return noted(found, _told(metas, ""))


def noted(body: Json, lines: list[str]) -> Json:
    if not lines:
        return body
    return {**body, "customer_note": "\n".join([wire.text(body.get("customer_note")), *lines])}


def _told(metas: object, before: str) -> list[str]:
    return [
        f"{before}{wire.text(one.get('key'))}: {wire.text(one.get('value'))}"
        for one in wire.items(metas)
    ]


def without_emoji(value: Any) -> Any:
    """WordPress before 4.2 keeps letters of up to three bytes; what comes after a longer one is
    lost with it, which may be the street.
    """
    if isinstance(value, str):
        return "".join(one if ord(one) <= LAST_OF_BMP else "?" for one in value)
    if rows := wire.values(value):
        return [without_emoji(one) for one in rows]
    if fields := wire.mapping(value):
        return {name: without_emoji(one) for name, one in fields.items()}
    return value
