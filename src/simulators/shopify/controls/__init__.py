"""The controls under /_sim/: buyers, the shop's staff and bad luck, played from outside as JSON.

What there is stands in buyers.py, staff.py, mischief.py and views.py, and, with its arguments, in
docs/howto/simulated-shopify.md. A control is told its arguments and returns what it made.
"""

from collections.abc import Callable
from typing import Any

from simulators.shopify.controls import buyers, mischief, staff, views
from simulators.shopify.controls.views import plain
from simulators.shopify.rows import Row, UserErrors
from simulators.shopify.shop.checkout import SoldOut
from simulators.shopify.simulator_parts import Parts


class Unknown(Exception):  # noqa: N818 - an answer, not a mistake
    """There is no such control, or it was called wrongly."""


WRONG = (Unknown, KeyError, ValueError, TypeError, StopIteration, UserErrors)
"""What a control raises that was asked for something that is not there."""
Control = Callable[[Parts, Row], Any]
CONTROLS: dict[str, Control] = {**buyers.CONTROLS, **staff.CONTROLS, **mischief.CONTROLS}
VIEWS = views.VIEWS


def get(parts: Parts, path: str, given: dict[str, str]) -> Any:
    view = VIEWS.get(path)
    if view is None:
        raise Unknown(path)
    with parts.state.lock:
        return plain(view(parts, given))


def post(parts: Parts, path: str, given: Row) -> Any:
    """What the control did. Raises Unknown, SoldOut."""
    control = CONTROLS.get(path)
    if control is None:
        raise Unknown(path)
    with parts.state.lock:
        try:
            answer = plain(control(parts, given))
        finally:
            parts.webhooks.flush()
    if path in mischief.MOVES_TIME and parts.state.clock.is_stopped:
        parts.state.later.settle()
    return answer


__all__ = ["CONTROLS", "VIEWS", "WRONG", "SoldOut", "Unknown", "get", "post"]
