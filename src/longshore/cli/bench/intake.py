"""`longshore bench intake`: webhooks kept against a view that does nothing, on the same server in
the same run; then kill -9 under load.
"""

import base64
import hashlib
import hmac
import json
import signal
import threading
import time

from longshore.cli.bench import load
from longshore.cli.bench.hub import child, empty_hub, stop, wait_for
from longshore.cli.bench.report import Report, median, percentile
from longshore.cli.ports import free_port

ROUNDS = 3
REQUESTS = 6000
CONNECTIONS = 32
STORES = 20
BODY_BYTES = 4000


def measure(scale: float) -> Report:
    report = Report("intake")
    count = max(200, int(REQUESTS * scale))
    with empty_hub() as _:
        stores = _stores()
        port = free_port()
        arguments = ("-m", "longshore.cli", "web", "--port", str(port))
        with child(*arguments) as server:
            wait_for(f"http://127.0.0.1:{port}/alive/", server)
            _throughput(report, port, stores, count)
        _killed(report, stores, count)
    return report


def _throughput(report: Report, port: int, stores: list[tuple[str, str]], count: int) -> None:
    nothing = [_get("/alive/")] * count
    load.run(port, nothing[:500], CONNECTIONS)  # warm
    load.run(port, _webhooks(stores, 500, "warm"), CONNECTIONS)
    floors: list[float] = []
    rates: list[float] = []
    times: list[float] = []
    stored = 0
    for number in range(ROUNDS):
        floor = load.run(port, nothing, CONNECTIONS)
        floors.append(len(floor.answered) / floor.wall_s)
        kept = load.run(port, _webhooks(stores, count, f"round {number}"), CONNECTIONS)
        rates.append(len(kept.answered) / kept.wall_s)
        times += kept.seconds
        stored += len(kept.answered)
    report.figures |= {
        "no_op_per_s": median(floors),
        "intake_per_s": median(rates),
        "p50_ms": percentile(times, 0.50) * 1000,
        "p99_ms": percentile(times, 0.99) * 1000,
        "answered": stored,
    }
    ratios = [rate / floor for rate, floor in zip(rates, floors, strict=True)]
    report.goal("share_of_no_op_view", ">=", 0.60, median(ratios))
    report.goal("p99_ms", "<=", 100, percentile(times, 0.99) * 1000)


def _killed(report: Report, stores: list[tuple[str, str]], count: int) -> None:
    """Kills the server in the middle; what it answered must be on disk."""
    from longshore.storage.models import Delivery

    port = free_port()
    requests = _webhooks(stores, count, "killed")
    with child("-m", "longshore.cli", "web", "--port", str(port)) as server:
        wait_for(f"http://127.0.0.1:{port}/alive/", server)
        before = Delivery.objects.count()

        def kill_under_load() -> None:
            while Delivery.objects.count() - before < count // 10:
                time.sleep(0.01)
            stop(server, signal.SIGKILL)

        killer = threading.Thread(target=kill_under_load)
        killer.start()
        result = load.run(port, requests, CONNECTIONS)
        killer.join()
    ids = {str(number + 1) for number in result.answered}
    deliveries = Delivery.objects.filter(delivery_id__startswith="killed ")
    kept = set(deliveries.values_list("resource_id", flat=True))
    report.figures["answered_before_kill"] = len(ids)
    report.goal("lost_at_kill", "==", 0, len(ids - kept))
    report.goal("killed_under_load", ">=", 1, result.cut)


def _stores() -> list[tuple[str, str]]:
    """(hook token, secret) of freshly made stores."""
    from longshore.storage.models import Marketplace, Store, Vendor

    marketplace = Marketplace.objects.create(name="Bench")
    vendor = Vendor.objects.create(marketplace=marketplace, name="Bench vendor")
    rows = [
        Store.objects.create(
            marketplace=marketplace, vendor=vendor, base_url=f"https://shop-{n}.example"
        )
        for n in range(STORES)
    ]
    return [(row.hook_token, row.webhook_secret.reveal()) for row in rows]


def _get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()


def _webhooks(stores: list[tuple[str, str]], count: int, name: str) -> list[bytes]:
    requests: list[bytes] = []
    for number in range(count):
        token, secret = stores[number % len(stores)]
        product = {"id": number + 1, "name": "Bench", "description": "x" * BODY_BYTES}
        body = json.dumps(product).encode()
        digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
        head = (
            f"POST /hooks/woocommerce/{token}/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            "X-WC-Webhook-Topic: product.updated\r\nX-WC-Webhook-Resource: product\r\n"
            "X-WC-Webhook-Event: updated\r\nX-WC-Webhook-ID: 1\r\n"
            f"X-WC-Webhook-Signature: {base64.b64encode(digest).decode()}\r\n"
            f"X-WC-Webhook-Delivery-ID: {name} {number}\r\n\r\n"
        )
        requests.append(head.encode() + body)
    return requests
