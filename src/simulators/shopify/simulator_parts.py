"""The parts of one simulated shop, held together."""

from collections import deque
from dataclasses import dataclass, field

from simulators.shopify.auth import Tokens
from simulators.shopify.bulk import BulkRuns
from simulators.shopify.executor import Executor
from simulators.shopify.faults import Faults
from simulators.shopify.rows import Row
from simulators.shopify.state import State
from simulators.shopify.webhooks import Webhooks

REMEMBERED_REQUESTS = 100_000


@dataclass
class Parts:
    state: State
    webhooks: Webhooks
    tokens: Tokens
    executor: Executor
    bulk: BulkRuns
    log: "deque[Row]" = field(default_factory=lambda: deque[Row](maxlen=REMEMBERED_REQUESTS))

    @property
    def faults(self) -> Faults:
        return self.state.faults
