"""Webhooks: subscriptions, and deliveries with true signatures, retries and mischief on request."""

import base64
import hashlib
import hmac
import json
import urllib.error
import urllib.request
import uuid
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulators.shopify.rows import NotModelled, Row, UserErrors, only
from simulators.shopify.schema import VERSION, topic_scopes, with_reading
from simulators.shopify.state import State

TIMEOUT_S = 5
REMEMBERED_DELIVERIES = 50_000
NOUNS = (
    "FULFILLMENT_ORDERS", "FULFILLMENT_EVENTS", "FULFILLMENT_HOLDS", "INVENTORY_LEVELS",
    "INVENTORY_ITEMS", "BULK_OPERATIONS",
)  # fmt: skip
KNOWN_INPUT = frozenset({"uri", "callbackUrl", "format", "includeFields", "name"})
EVERY = "*"
"""Stands for all topics where mischief is asked for."""
Post = Callable[[str, bytes, dict[str, str]], Any]
"""Sends a delivery; returns the HTTP status, or the name of what went wrong."""


@dataclass
class Mischief:
    """What goes wrong with the next deliveries, by topic."""

    withhold: "Counter[str]"
    duplicate: "Counter[str]"
    delay_s: dict[str, float]
    shuffle: int = 0
    """So many deliveries are gathered and then sent in the opposite order."""

    def takes(self, counter: "Counter[str]", topic: str) -> bool:
        """Uses up one of the topic's, or of all topics'."""
        for name in (topic, EVERY):
            if counter[name] > 0:
                counter[name] -= 1
                return True
        return False


class Webhooks:
    """The caller holds the state's lock, deliveries run later without it."""

    def __init__(self, state: State, post: Post | None = None) -> None:
        self._state = state
        state.flush = self.flush
        state.hooks = self
        self._post = post or _post
        self.mischief = Mischief(Counter(), Counter(), {})
        self.log: deque[Row] = deque(maxlen=REMEMBERED_DELIVERIES)
        self._gathered: list[_Delivery] = []

    # --- subscriptions ---

    def subscribe(self, topic: str, given: Row) -> Row:
        needed = topic_scopes(topic)
        if needed and not needed & with_reading(self._state.settings.scopes):
            raise UserErrors(
                (["topic"], f"You do not have permission to listen to {_topic(topic)}.", None)
            )
        uri = self._address(given, topic)
        now = self._state.clock.now()
        row = self._state.add(
            self._state.subscriptions,
            "WebhookSubscription",
            {"topic": topic, "uri": uri, "includeFields": given.get("includeFields") or [],
             "format": given.get("format") or "JSON", "filter": "", "failures": 0,
             "apiVersion": {"handle": VERSION, "supported": True, "displayName": VERSION},
             "createdAt": now, "updatedAt": now},
        )  # fmt: skip
        self._state.topics[topic] += 1
        return {"webhookSubscription": row}

    def change(self, gid: str, given: Row) -> Row:
        row = self._state.subscriptions.get(gid)
        if row is None:
            raise UserErrors((["id"], "Webhook subscription does not exist", None))
        if given.get("uri") or given.get("callbackUrl"):
            row["uri"] = self._address(given, row["topic"], besides=gid)
        if "includeFields" in given:
            row["includeFields"] = given["includeFields"] or []
        row["updatedAt"] = self._state.clock.now()
        return {"webhookSubscription": row}

    def unsubscribe(self, gid: str) -> Row:
        if not self.forget(gid):
            raise UserErrors((["id"], "Webhook subscription does not exist", None))
        return {"deletedWebhookSubscriptionId": gid}

    def forget(self, gid: str) -> bool:
        row = self._state.subscriptions.pop(gid, None)
        if row is not None:
            self._state.topics[row["topic"]] -= 1
        return row is not None

    def _address(self, given: Row, topic: str, besides: str = "") -> str:
        only(given, KNOWN_INPUT, "webhookSubscription")
        uri = str(given.get("uri") or given.get("callbackUrl") or "")
        if uri.startswith(("pubsub://", "arn:")):
            raise NotModelled(f"webhooks to {uri.partition(':')[0]}")
        if not uri.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            # Shopify takes https only; this machine is let through so that a demo needs no proxy.
            raise UserErrors((["webhookSubscription", "callbackUrl"], "Address is invalid", None))
        for row in self._state.subscriptions.values():
            if row["topic"] == topic and row["uri"] == uri and row["id"] != besides:
                raise UserErrors(
                    (["webhookSubscription", "callbackUrl"],
                     "Address for this topic has already been taken", None)
                )  # fmt: skip
        return uri

    # --- deliveries ---

    def flush(self) -> None:
        """Sends what the action that just ended had to tell; all of it bears one event id."""
        state = self._state
        if not state.events:
            return
        events = [(topic, payload()) for (topic, _), payload in state.events.items()]
        state.events.clear()
        event_id = str(uuid.uuid4())
        for topic, payload in events:
            for row in list(state.subscriptions.values()):
                if row["topic"] == topic:
                    self._plan(row, event_id, payload)

    def _plan(self, row: Row, event_id: str, payload: Row) -> None:
        topic = row["topic"]
        if self.mischief.takes(self.mischief.withhold, topic):
            self.log.append({"topic": topic, "uri": row["uri"], "status": "withheld"})
            return
        times = 2 if self.mischief.takes(self.mischief.duplicate, topic) else 1
        for _ in range(times):
            self._gather(_Delivery(self, row, *self._message(row, event_id, payload)))

    def _gather(self, delivery: "_Delivery") -> None:
        delays = self.mischief.delay_s
        pause = delays.get(delivery.topic, delays.get(EVERY, 0.0))
        if self.mischief.shuffle <= 0:
            self._state.later.after(pause, delivery.send, slow=True)
            return
        self._gathered.append(delivery)
        self.mischief.shuffle -= 1
        if self.mischief.shuffle == 0:
            self.release()

    def release(self) -> None:
        """Sends what was gathered, last first."""
        for delivery in reversed(self._gathered):
            self._state.later.after(0, delivery.send, slow=True)
        self._gathered.clear()

    def _message(self, row: Row, event_id: str, payload: Row) -> tuple[bytes, dict[str, str]]:
        fields = row["includeFields"]
        shown = {name: value for name, value in payload.items() if not fields or name in fields}
        # Written closely and with raw letters: whoever verifies a re-written body fails.
        body = json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode()
        secret = self._state.settings.client_secret.encode()
        digest = hmac.new(secret, body, hashlib.sha256).digest()
        return body, {
            "Content-Type": "application/json",
            "X-Shopify-Topic": _topic(row["topic"]),
            "X-Shopify-Hmac-Sha256": base64.b64encode(digest).decode(),
            "X-Shopify-Shop-Domain": self._state.settings.domain,
            "X-Shopify-API-Version": VERSION,
            "X-Shopify-Webhook-Id": str(uuid.uuid4()),
            "X-Shopify-Event-Id": event_id,
            "X-Shopify-Triggered-At": self._state.clock.now().isoformat(),
        }

    def attempt(self, delivery: "_Delivery") -> None:
        """One try; after the last one in vain the subscription is deleted, as Shopify does."""
        status = self._post(delivery.uri, delivery.body, delivery.headers)
        entry = {"topic": delivery.topic, "uri": delivery.uri, "status": status,
                 "attempt": delivery.attempts + 1,
                 "event_id": delivery.headers["X-Shopify-Event-Id"]}  # fmt: skip
        with self._state.lock:
            self.log.append(entry)
            if isinstance(status, int) and 200 <= status < 300:  # noqa: PLR2004 - HTTP's own
                delivery.row["failures"] = 0
                return
            delivery.row["failures"] += 1
            pauses = self._state.settings.webhook_retry_s
            if delivery.attempts < len(pauses):
                pause = pauses[delivery.attempts]
                delivery.attempts += 1
                self._state.later.after(pause, delivery.send, slow=True)
            else:
                self.forget(delivery.row["id"])


class _Delivery:
    """A payload and an address as they were when the event happened."""

    def __init__(self, webhooks: Webhooks, row: Row, body: bytes, headers: dict[str, str]) -> None:
        self._webhooks = webhooks
        self.row = row
        self.topic: str = row["topic"]
        self.uri: str = row["uri"]
        self.body = body
        self.headers = headers
        self.attempts = 0

    def send(self) -> None:
        self._webhooks.attempt(self)


def _topic(name: str) -> str:
    """ORDERS_CREATE -> orders/create, FULFILLMENT_ORDERS_MOVED -> fulfillment_orders/moved."""
    for noun in NOUNS:
        if name.startswith(f"{noun}_"):
            return f"{noun}/{name[len(noun) + 1 :]}".lower()
    noun, _, verb = name.partition("_")
    return f"{noun}/{verb}".lower()


def _post(uri: str, body: bytes, headers: dict[str, str]) -> Any:
    request = urllib.request.Request(uri, body, headers, method="POST")  # noqa: S310 - checked on subscribing
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310 - as above
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError as error:
        return type(error).__name__
