"""`python -m simulators.woocommerce.street`: many simulated shops in one process, each on a port of
its own, until its standard input ends. Each introduces itself in a line of JSON.
"""

import argparse
import json
import os
import sys
from contextlib import ExitStack

from simulators.woocommerce.server import serve
from simulators.woocommerce.settings import ShopSettings
from simulators.woocommerce.simulator import Simulator
from simulators.woocommerce.versions import TODAY, version_of


def main() -> None:
    parser = argparse.ArgumentParser(prog="street", description=__doc__)
    parser.add_argument("--shops", type=int, default=10)
    parser.add_argument("--versions", default=TODAY.woocommerce, help="dealt out in turn")
    parser.add_argument("--products", type=int, default=20)
    parser.add_argument("--latency-ms", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    versions = [version_of(name) for name in given.versions.split(",")]
    with ExitStack() as stack:
        for number in range(given.shops):
            settings = ShopSettings(
                name=f"Shop {given.seed + number}",
                version=versions[number % len(versions)],
                products=given.products,
                seed=given.seed + number,
                latency_ms=given.latency_ms,
            )
            simulator = Simulator(settings)
            address = stack.enter_context(serve(simulator))
            introduction = {
                "address": address,
                "key": simulator.key,
                "secret": simulator.secret,
                "version": settings.version.woocommerce,
            }
            sys.stdout.write(json.dumps(introduction) + "\n")
        sys.stdout.flush()
        sys.stdin.read()
        os._exit(0)  # threads that wait for a client are not waited for


if __name__ == "__main__":
    main()
