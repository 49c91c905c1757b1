"""What every page of a doctor's visit shows, whoever looks at it."""

from typing import Any

from longshore.storage.queries.checks import Check, orders_waiting
from longshore.web.shared.check_words import causes_of, steps_of, title_of


def check_context(check: Check, marketplace_id: int) -> dict[str, Any]:
    """The visit, its steps, its one cause, and what waits because of it."""
    cause, notes = causes_of(check)
    return {
        "check": check,
        "title": title_of(check),
        "steps": steps_of(check),
        "cause": cause,
        "notes": notes,
        "waits": orders_waiting(marketplace_id, check.vendor_id) if cause else None,
    }
