"""The parts of one simulated shop, held together."""

from collections import deque
from dataclasses import dataclass, field

from simulators.shopify.auth import Tokens
from simulators.shopify.executor import Executor
from simulators.shopify.faults import Faults
from simulators.shopify.state import Row, State
from simulators.shopify.webhooks import Webhooks


@dataclass
class Parts:
    state: State
    webhooks: Webhooks
    tokens: Tokens
    executor: Executor
    faults: Faults
    log: "deque[Row]" = field(default_factory=lambda: deque[Row](maxlen=100_000))
