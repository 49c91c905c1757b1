"""Sends webhooks: the ping of a new one, and what waits for the cron."""

import ssl
import urllib.error
import urllib.request
from pathlib import Path

from simulators.woocommerce.faults.faults import Faults
from simulators.woocommerce.legacy.webhooks import delivered
from simulators.woocommerce.settings import MAY_MANAGE
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.webhooks import Pending, Sender, Webhook
from simulators.woocommerce.wire.common import php_json
from simulators.woocommerce.wire.render import Renderer
from simulators.woocommerce.wire.webhooks import agent, delivery_body, delivery_headers

TIMEOUT_S = 10
NOT_ALLOWED = {
    "code": "woocommerce_rest_cannot_view",
    "message": "Sorry, you cannot view this resource.",
    "data": {"status": 403},
}


class Deliveries:
    """`send` may be replaced in tests. Requests are made without holding the shop's lock."""

    def __init__(self, shop: Shop, renderer: Renderer, faults: Faults) -> None:
        self._shop = shop
        self._renderer = renderer
        self._faults = faults
        self.send: Sender = http_sender(shop.settings.webhook_ca)

    def ping(self, row: Webhook) -> None:
        """Unsigned and a form, while the request that made the webhook waits."""
        if self._faults.value("unsigned_ping") == "off":
            return
        headers = {
            "User-Agent": agent(self._shop),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        status = self.send(row.delivery_url, headers, f"webhook_id={row.id}".encode())
        if status and self._shop.settings.version.late_fields:
            with self._shop.lock:
                row.modified = self._shop.clock.second()

    def run(self) -> int:
        """Sends what waits; returns how many deliveries were made."""
        with self._shop.lock:
            waiting = self._shop.webhooks.take_waiting()
        if self._faults.value("shuffle") is not None:
            waiting.reverse()
        return sum(self._deliver(pending) for pending in waiting)

    def _deliver(self, pending: Pending) -> int:
        """What waits is sent even where its webhook was paused or disabled in the meantime."""
        shop = self._shop
        with shop.lock:
            row = shop.webhooks.rows.get(pending.webhook_id)
            if row is None:
                return 0
            headers, body = self._message(row, pending.subject)
        if self._faults.bite("drop", row.topic) is not None:
            return 0
        times = 2 if self._faults.bite("dup", row.topic) is not None else 1
        most = self._faults.value("auto_disable")
        borne = shop.settings.version.webhook_failures if most is None else int(most)
        for _ in range(times):
            status = self.send(row.delivery_url, headers, body)
            best = 302 if shop.settings.version.redirect_is_delivered else 299
            with shop.lock:
                shop.webhooks.answered(row, pending.subject, status, borne, best)
        return times

    def _message(self, row: Webhook, subject: int) -> tuple[dict[str, str], bytes]:
        root = f"{self._shop.home}/wp-json/{row.namespace}"
        demoted = row.owner is not None and row.owner.role not in MAY_MANAGE
        if demoted or self._faults.value("owner_deleted") is not None:
            body = php_json(NOT_ALLOWED)
        elif row.legacy:
            body = php_json(delivered(self._shop, row, subject))
        else:
            body = delivery_body(self._renderer, self._shop, root, row, subject)
        headers = delivery_headers(self._shop, row, body)
        if self._faults.value("same_delivery_id") is not None:
            headers["X-WC-Webhook-Delivery-ID"] = f"{0:032x}"
        return headers, body


class _Stay(urllib.request.HTTPRedirectHandler):
    """WordPress does not follow when it delivers."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


def http_sender(authority: Path | None) -> Sender:
    """Posts; 0 when there is no answer."""
    context = ssl.create_default_context(cafile=authority) if authority else None
    handlers: list[urllib.request.BaseHandler] = [_Stay(), urllib.request.ProxyHandler({})]
    if context is not None:
        handlers.append(urllib.request.HTTPSHandler(context=context))
    opener = urllib.request.build_opener(*handlers)

    def send(address: str, headers: dict[str, str], body: bytes) -> int:
        request = urllib.request.Request(address, body, headers, method="POST")  # noqa: S310 - checked
        try:
            with opener.open(request, timeout=TIMEOUT_S) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            error.close()
            return error.code
        except (OSError, ValueError):
            return 0

    return send
