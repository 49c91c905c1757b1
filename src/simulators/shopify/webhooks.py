"""Webhooks: subscriptions, and deliveries with true signatures, retries and mischief on request."""

import base64
import hashlib
import hmac
import json
import threading
import urllib.error
import urllib.request
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from simulators.shopify.schema import VERSION
from simulators.shopify.state import Row, State, UserErrors

TIMEOUT_S = 5


class Webhooks:
    """Sends deliveries from threads of its own. `withhold[topic]` of the next ones are not sent at
    all, `duplicate[topic]` are sent twice.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._threads = ThreadPoolExecutor(4, thread_name_prefix="webhook")
        self._stop = threading.Event()
        self.withhold: Counter[str] = Counter()
        self.duplicate: Counter[str] = Counter()
        self.log: list[Row] = []

    def close(self) -> None:
        self._stop.set()
        self._threads.shutdown(cancel_futures=True)

    def subscribe(self, topic: str, given: Row) -> Row:
        uri = str(given.get("uri") or given.get("callbackUrl") or "")
        if not uri.startswith(("https://", "http://127.0.0.1")):
            raise UserErrors((["webhookSubscription", "callbackUrl"], "Address is invalid", None))
        for row in self._state.subscriptions.values():
            if row["topic"] == topic and row["uri"] == uri:
                raise UserErrors(
                    (["webhookSubscription", "callbackUrl"],
                     "Address for this topic has already been taken", None)
                )  # fmt: skip
        row = self._state.add(
            self._state.subscriptions,
            "WebhookSubscription",
            {"topic": topic, "uri": uri, "includeFields": given.get("includeFields") or [],
             "failures": 0},
        )  # fmt: skip
        return {"webhookSubscription": row}

    def unsubscribe(self, gid: str) -> Row:
        if self._state.subscriptions.pop(gid, None) is None:
            raise UserErrors((["id"], "Webhook subscription does not exist", None))
        return {"deletedWebhookSubscriptionId": gid}

    def fire(self, topic: str, payload: Row) -> None:
        """Sends the event to every subscription of the topic."""
        event_id = str(uuid.uuid4())
        for row in list(self._state.subscriptions.values()):
            if row["topic"] != topic:
                continue
            if self.withhold[topic] > 0:
                self.withhold[topic] -= 1
                self.log.append({"topic": topic, "uri": row["uri"], "status": "withheld"})
                continue
            times = 2 if self.duplicate[topic] > 0 else 1
            self.duplicate[topic] -= times - 1
            for _ in range(times):
                self._threads.submit(self._deliver, row, event_id, payload)

    def _deliver(self, row: Row, event_id: str, payload: Row) -> None:
        """Up to nine attempts; then the subscription is deleted, as Shopify does."""
        body, headers = self._message(row, event_id, payload)
        pauses = (*self._state.settings.webhook_retry_s, None)
        for pause in pauses:
            status = _post(row["uri"], body, headers)
            self.log.append({"topic": row["topic"], "uri": row["uri"], "status": status})
            if isinstance(status, int) and 200 <= status < 300:  # noqa: PLR2004 - HTTP's own
                return
            if pause is None or self._stop.wait(pause):
                break
        if not self._stop.is_set():
            self._state.subscriptions.pop(row["id"], None)

    def _message(self, row: Row, event_id: str, payload: Row) -> tuple[bytes, dict[str, str]]:
        fields = row["includeFields"]
        shown = {k: v for k, v in payload.items() if not fields or k in fields}
        body = json.dumps(shown).encode()
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


def _topic(name: str) -> str:
    """ORDERS_CREATE -> orders/create, FULFILLMENT_ORDERS_MOVED -> fulfillment_orders/moved."""
    for noun in ("FULFILLMENT_ORDERS", "INVENTORY_LEVELS", "BULK_OPERATIONS"):
        if name.startswith(f"{noun}_"):
            return f"{noun}/{name[len(noun) + 1 :]}".lower()
    noun, _, verb = name.partition("_")
    return f"{noun}/{verb}".lower()


def _post(uri: str, body: bytes, headers: dict[str, str]) -> Any:
    request = urllib.request.Request(uri, body, headers, method="POST")  # noqa: S310 - checked on subscribing
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError as error:
        return type(error).__name__
