"""Fields that a marketplace taught us by clicking on them, and those it may click on: an order's
own meta, as far as it is short text and nobody's settings.
"""

from longshore.domain.tracking import TaughtKeys, Tracking
from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.plugins import shapes
from longshore.stores.woocommerce.wire import Json

MOST_SHOWN = 40
LONGEST_SHOWN = 120
_OURS = ("_longshore", "longshore_")


def trackings(order: Json, keys: TaughtKeys) -> tuple[Tracking, ...]:
    if not keys.number:
        return ()
    carrier = wire.text(shapes.meta(order, keys.carrier)) if keys.carrier else ""
    url = shapes.link(shapes.meta(order, keys.link)) if keys.link else ""
    numbers = shapes.numbers(shapes.meta(order, keys.number))
    if len(numbers) == 1:
        return (Tracking("taught", numbers[0], carrier, url),)
    return tuple(Tracking(f"taught:{number}", number, carrier, "") for number in numbers)


def fields(order: Json) -> tuple[tuple[str, str], ...]:
    """(key, value) of what may be clicked on."""
    found: dict[str, str] = {}
    for meta in wire.items(order.get("meta_data")):
        key = wire.readable(wire.text(meta.get("key")))
        value = wire.readable(wire.text(meta.get("value")))
        if key and value and len(value) <= LONGEST_SHOWN and not key.startswith(_OURS):
            found[key] = value
    return tuple(found.items())[:MOST_SHOWN]
