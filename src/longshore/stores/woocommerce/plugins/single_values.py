"""Numbers in single values under names that many shops and small plugins use: those of old
ShipStation (`_tracking_number`, `_tracking_provider`, `_date_shipped`: its API handler
0b09c5add7) and of home-made fields met in public code.
"""

from longshore.domain.tracking import Tracking
from longshore.stores.woocommerce import wire
from longshore.stores.woocommerce.plugins import shapes
from longshore.stores.woocommerce.wire import Json

NUMBERS = (
    "_tracking_number",
    "tracking_number",
    "_tracking_code",
    "tracking_code",
    "_1b_tracking_number",
)
CARRIERS = ("_tracking_provider", "tracking_provider", "_tracking_carrier", "_1a_carrier")
LINKS = ("_tracking_url", "tracking_url", "_tracking_link", "_1c_tracking_link")


def trackings(order: Json) -> tuple[Tracking, ...]:
    carrier = wire.text(shapes.meta(order, *CARRIERS))
    url = shapes.link(shapes.meta(order, *LINKS))
    at = shapes.moment(shapes.meta(order, "_date_shipped"))
    numbers = shapes.numbers(shapes.meta(order, *NUMBERS))
    if len(numbers) == 1:
        return (Tracking("single", numbers[0], carrier, url, at),)
    return tuple(Tracking(f"single:{number}", number, carrier, "", at) for number in numbers)
