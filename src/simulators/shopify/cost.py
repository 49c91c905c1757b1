"""What a call costs and whether the bucket still holds that much."""

import math
from typing import Any

from graphql import DocumentNode, FieldNode, FragmentSpreadNode, InlineFragmentNode, OperationType

from simulators.shopify.clock import Clock

MOST = 1000
MUTATION = 10


class Bucket:
    """A leaky bucket of points."""

    def __init__(self, clock: Clock, maximum: float, restore_rate: float) -> None:
        self._clock = clock
        self.maximum = maximum
        self.restore_rate = restore_rate
        self.available = maximum
        self._at = clock.seconds()

    def take(self, points: float) -> bool:
        now = self._clock.seconds()
        refilled = self.available + (now - self._at) * self.restore_rate
        self.available, self._at = min(self.maximum, refilled), now
        if points > self.available:
            return False
        self.available -= points
        return True

    def give_back(self, points: float) -> None:
        self.available = min(self.maximum, self.available + points)

    def status(self) -> dict[str, float]:
        return {
            "maximumAvailable": self.maximum,
            "currentlyAvailable": math.floor(self.available),
            "restoreRate": self.restore_rate,
        }


def requested(document: DocumentNode, variables: dict[str, Any]) -> int:
    """The cost taken in advance, by the page sizes asked for (the formula is an assumption that
    fits published figures: 2 + max(1, floor(2 ln first)) x (1 + children)).
    """
    operation: Any = document.definitions[0]
    if operation.operation is OperationType.MUTATION:
        # A mutation's payload costs nothing at its first level, its connections do.
        inner = sum(_children(field, variables) for field in operation.selection_set.selections)
        return MUTATION + int(inner / 4)
    return max(1, sum(_cost(field, variables) for field in operation.selection_set.selections))


def _cost(node: Any, variables: dict[str, Any]) -> int:
    if isinstance(node, InlineFragmentNode | FragmentSpreadNode):
        return _children(node, variables)
    field: FieldNode = node
    if field.selection_set is None:
        return 0
    name = field.name.value
    if name in {"pageInfo", "nodes", "edges", "node", "shopMoney", "userErrors"}:
        return _children(field, variables)
    first = _first(field, variables)
    if first is None:
        return 1 + _children(field, variables)
    return 2 + max(1, math.floor(2 * math.log(max(first, 1)))) * (1 + _children(field, variables))


def _children(node: Any, variables: dict[str, Any]) -> int:
    selections = node.selection_set.selections if node.selection_set else ()
    return sum(_cost(one, variables) for one in selections)


def _first(field: FieldNode, variables: dict[str, Any]) -> int | None:
    for argument in field.arguments:
        if argument.name.value in {"first", "last"}:
            value: Any = argument.value
            if hasattr(value, "value"):
                return int(value.value)
            return int(variables.get(value.name.value) or 1)
    return None
