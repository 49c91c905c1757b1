"""Product operations in the background: made at once, done later, their errors told there."""

from collections.abc import Callable

from simulators.shopify.rows import Row, UserErrors
from simulators.shopify.state import State


def begin(state: State, kind: str, work: Callable[[], Row], product: str = "") -> Row:
    """An operation that runs `work` later and keeps what became of it."""
    row = state.add(
        state.operations,
        kind,
        {"status": "CREATED", "productId": product, "deletedProductId": None, "userErrors": []},
    )

    def start() -> None:
        with state.lock:
            row["status"] = "ACTIVE"
        state.later.after(state.settings.operation_s / 2, finish)

    def finish() -> None:
        with state.lock:
            try:
                done = work()
                made: Row = done.get("product") or {}
                row["productId"] = made.get("id", "")
                row["deletedProductId"] = done.get("deletedProductId")
            except UserErrors as errors:
                row["userErrors"] = [
                    {"field": field, "message": message, "code": code}
                    for field, message, code in errors.entries
                ]
            row["status"] = "COMPLETE"
            state.flush()

    state.later.after(state.settings.operation_s / 2, start)
    return row
