"""`python -m simulators.woocommerce.fleet`: very many simulated shops in one process, each on a
port of its own, until SIGTERM. Catalogs are generated row by row when asked for, so that a thousand
of them take little more memory than what was changed in them.
"""

import argparse
import json
import os
import resource
import signal
import sys
import threading
import time
from contextlib import ExitStack

from simulators.woocommerce.server import serve
from simulators.woocommerce.settings import ShopSettings
from simulators.woocommerce.simulator import Simulator

FILES_BESIDE = 500


def main() -> None:
    given = _parser().parse_args()
    _allow_files(given.shops * 3 + FILES_BESIDE)
    threading.stack_size(256 * 1024)  # a thread waits for connections at each shop
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    starts_at = float(int(time.time()))
    shops = [_shop(given, starts_at) for _ in range(given.shops)]
    with ExitStack() as stack:
        introduction = {
            "addresses": [stack.enter_context(serve(shop)) for shop in shops],
            "key": shops[0].key,
            "secret": shops[0].secret,
        }
        sys.stdout.write(json.dumps(introduction) + "\n")
        sys.stdout.flush()
        stop.wait()
        os._exit(0)  # threads that wait for a client are not waited for


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="fleet", description=__doc__)
    parser.add_argument("--shops", type=int, default=100)
    parser.add_argument("--products", type=int, default=1000, help="in each shop")
    parser.add_argument("--variable", type=int, default=0, help="so many of them are variable")
    parser.add_argument("--latency-ms", type=int, default=0)
    return parser


def _shop(given: argparse.Namespace, starts_at: float) -> Simulator:
    """All shops have the same goods, made in the same second."""
    simulator = Simulator(
        ShopSettings(
            products=given.products,
            variable=given.variable,
            latency_ms=given.latency_ms,
            starts_at=starts_at,
        )
    )
    simulator.shop.clock.release()
    return simulator


def _allow_files(count: int) -> None:
    """Each shop listens, and is talked to."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count if hard == resource.RLIM_INFINITY else min(count, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


if __name__ == "__main__":
    main()
