"""`python -m simulators.shopify`: a simulated Shopify shop on a port, until SIGTERM."""

import argparse
import json
import signal
import sys
import threading

from simulators.shopify.settings import LOCATION_LIMITS, ShopSettings
from simulators.shopify.simulator import Simulator, serve


def main() -> None:
    default = ShopSettings()
    parser = argparse.ArgumentParser(prog="simulate shopify", description=__doc__)
    parser.add_argument("--port", type=int, default=8090, help="0 takes a free one")
    parser.add_argument("--plan", choices=sorted(LOCATION_LIMITS), default=default.plan)
    parser.add_argument("--currency", default=default.currency)
    parser.add_argument("--domain", default=default.domain)
    parser.add_argument("--token", default=default.token)
    parser.add_argument("--client-id", default=default.client_id)
    parser.add_argument("--client-secret", default=default.client_secret)
    parser.add_argument("--scopes", default=",".join(default.scopes), help="comma between them")
    parser.add_argument("--json", action="store_true", help="introduce itself as one JSON line")
    given = parser.parse_args()
    settings = ShopSettings(
        plan=given.plan,
        currency=given.currency,
        domain=given.domain,
        token=given.token,
        client_id=given.client_id,
        client_secret=given.client_secret,
        scopes=tuple(scope.strip() for scope in given.scopes.split(",") if scope.strip()),
    )
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    with serve(Simulator(settings), given.port) as address:
        introduction = {
            "address": address,
            "shop": settings.domain,
            "token": settings.token,
            "client_id": settings.client_id,
            "client_secret": settings.client_secret,
        }
        lines = [f"{name:14}{value}" for name, value in introduction.items()]
        sys.stdout.write((json.dumps(introduction) if given.json else "\n".join(lines)) + "\n")
        sys.stdout.flush()
        stop.wait()


if __name__ == "__main__":
    main()
