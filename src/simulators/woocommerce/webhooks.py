"""Webhooks of the shop: what waits for the cron, and how it is sent. The wire builds the bodies."""

import base64
import hashlib
import hmac
import itertools
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from simulators.woocommerce.clock import Clock
from simulators.woocommerce.settings import ApiKey

HOOKS: dict[str, tuple[str, ...]] = {
    "order.created": ("woocommerce_new_order",),
    "order.updated": ("woocommerce_update_order", "woocommerce_order_refunded"),
    "order.deleted": ("wp_trash_post", "woocommerce_trash_order"),
    "order.restored": ("untrashed_post", "woocommerce_untrash_order"),
    "product.created": (
        "woocommerce_process_product_meta",
        "woocommerce_new_product",
        "woocommerce_new_product_variation",
    ),
    "product.updated": (
        "woocommerce_process_product_meta",
        "woocommerce_update_product",
        "woocommerce_update_product_variation",
    ),
    "product.deleted": ("wp_trash_post",),
    "product.restored": ("untrashed_post",),
    "customer.created": (
        "user_register",
        "woocommerce_created_customer",
        "woocommerce_new_customer",
    ),
    "customer.updated": ("profile_update", "woocommerce_update_customer"),
    "customer.deleted": ("delete_user",),
    "coupon.created": ("woocommerce_process_shop_coupon_meta", "woocommerce_new_coupon"),
    "coupon.updated": ("woocommerce_process_shop_coupon_meta", "woocommerce_update_coupon"),
    "coupon.deleted": ("wp_trash_post",),
    "coupon.restored": ("untrashed_post",),
}
ACTION = "action."


@dataclass(slots=True, eq=False)
class Webhook:
    """`failures`: deliveries in a row that failed, which switching it on again does not reset.
    It delivers in the form of the API it was made by: `namespace`, or `legacy`: the old one.
    """

    id: int
    name: str
    topic: str
    delivery_url: str
    secret: str
    created: int
    status: str = "active"
    modified: int | None = None
    failures: int = 0
    owner: ApiKey | None = None
    legacy: bool = False
    namespace: str = "wc/v3"

    @property
    def hooks(self) -> list[str]:
        if self.topic.startswith(ACTION):
            return [self.topic.removeprefix(ACTION)]
        return list(HOOKS.get(self.topic, ()))


@dataclass(frozen=True, slots=True)
class Pending:
    """A delivery that waits for the cron. Its body is built only when it is sent."""

    webhook_id: int
    subject: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery as sent, and its answer: a status, or 0 for none at all."""

    webhook_id: int
    topic: str
    subject: int
    at: float
    status: int


@dataclass(slots=True)
class Webhooks:
    clock: Clock
    rows: dict[int, Webhook] = field(default_factory=dict[int, Webhook])
    waiting: dict[Pending, None] = field(default_factory=dict[Pending, None])
    sent: "deque[Delivery]" = field(default_factory=lambda: deque[Delivery](maxlen=10_000))
    ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def happened(self, topic: str, subject: int) -> None:
        """Queues one delivery to each active webhook of the topic; five quick changes of one
        subject are one delivery.
        """
        for row in self.rows.values():
            if row.status == "active" and row.topic == topic:
                self.waiting[Pending(row.id, subject)] = None

    def acted(self, hook: str, subject: int) -> None:
        self.happened(f"{ACTION}{hook}", subject)

    def take_waiting(self) -> list[Pending]:
        found = list(self.waiting)
        self.waiting.clear()
        return found

    def answered(
        self, row: Webhook, subject: int, status: int, most_failures: int, best: int = 302
    ) -> None:
        """What is answered up to `best` is delivered: a redirect too since 3.5 (not followed). With
        `most_failures` failed in a row and one more, the next failure disables: the seventh.
        """
        now = self.clock.now()
        self.sent.append(Delivery(row.id, row.topic, subject, now, status))
        row.modified = int(now)
        if 200 <= status <= best:  # noqa: PLR2004 - HTTP
            row.failures = 0
        elif row.failures > most_failures:
            row.status = "disabled"
        else:
            row.failures += 1


Sender = Callable[[str, dict[str, str], bytes], int]
"""(address, headers, body) -> status, 0 when there was no answer."""


def signature(secret: str, body: bytes) -> str:
    """X-WC-Webhook-Signature: base64 of HMAC-SHA256 over the raw body."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
