"""`longshore bench connection`: how soon the doctor has a verdict, and whether signing every
request costs anything beside sending the key.
"""

import json
import time
from dataclasses import dataclass, replace
from ipaddress import ip_network
from pathlib import Path

from longshore.cli.bench.hub import child
from longshore.cli.bench.report import Report, median
from longshore.ports.doctor import Diagnosis, Order, Step
from longshore.ports.stores import ConnectionProfile, Signing
from longshore.ports.turns import ENDLESS
from longshore.stores.http import GuardedClient
from longshore.stores.woocommerce import Doctor, StoreAccess, WooCommerceStore

ROUNDS = 5
READINGS = 15
"""Of the whole catalog each way: one takes a third of a second, where chance weighs as much as
what is looked for.
"""
PRODUCTS = 4_000
MOST_FOR_VERDICT, MOST_IN_ALL = 14, 20
LOOPBACK = (ip_network("127.0.0.0/8"),)


@dataclass(frozen=True, slots=True)
class _Shop:
    address: str
    key: str
    secret: str
    authority: Path

    def client(self) -> GuardedClient:
        return GuardedClient(allow_nets=LOOPBACK, ca_bundle=self.authority)


@dataclass(slots=True)
class _Steps:
    """When the doctor knew whether the key has its rights: the verdict; facts follow."""

    client: GuardedClient
    seconds: float = 0.0
    requests: int = 0

    def add(self, step: Step) -> None:
        if step.name == "rights":
            self.seconds, self.requests = step.seconds, self.client.requests_made


def measure(scale: float) -> Report:
    report = Report("connection")
    products = max(200, int(PRODUCTS * scale))
    command = ("-m", "simulators.woocommerce", "--port", "0", "--json", "--https")
    with child(*command, "--products", str(products), "--variable", "0") as process:
        if process.stdout is None:
            raise RuntimeError("The simulator has no output.")
        said = json.loads(process.stdout.readline())
        shop = _Shop(said["address"], said["key"], said["secret"], Path(said["authority"]))
        found = _verdicts(report, shop)
        if found.profile is None:
            raise RuntimeError(f"The doctor does not get in: {found.verdict}")
        _signing(report, shop, found.profile)
    return report


def _verdicts(report: Report, shop: _Shop) -> Diagnosis:
    """With the pauses that a vendor's shop is given."""
    seconds: list[float] = []
    until_verdict: list[float] = []
    asked: list[int] = []
    for _ in range(ROUNDS):
        with shop.client() as client:
            steps = _Steps(client)
            found = Doctor(client).examine(Order(shop.address, shop.key, shop.secret), steps.add)
        seconds.append(found.seconds)
        until_verdict.append(steps.seconds)
        asked.append(steps.requests)
    report.figures |= {"seconds_in_all": median(seconds), "requests_in_all": found.requests}
    report.goal("verdict_s", "<=", 10.0, median(until_verdict))
    report.goal("requests_for_verdict", "<=", MOST_FOR_VERDICT, max(asked))
    report.goal("requests_in_all", "<=", MOST_IN_ALL, found.requests)
    return found


def _signing(report: Report, shop: _Shop, profile: ConnectionProfile) -> None:
    """The whole catalog read with either way of signing in, in turns."""
    ratios: list[float] = []
    took: dict[Signing, list[float]] = {Signing.BASIC: [], Signing.OAUTH: []}
    with shop.client() as client:
        for way in took:
            _read(shop, client, replace(profile, signing=way))  # warm
        for _ in range(READINGS):
            for way, seconds in took.items():
                seconds.append(_read(shop, client, replace(profile, signing=way)))
            ratios.append(took[Signing.OAUTH][-1] / took[Signing.BASIC][-1])
    report.figures |= {
        "basic_s": median(took[Signing.BASIC]),
        "oauth_s": median(took[Signing.OAUTH]),
    }
    report.goal("oauth_to_basic", "<=", 1.10, median(ratios))


def _read(shop: _Shop, client: GuardedClient, profile: ConnectionProfile) -> float:
    access = StoreAccess(shop.address, shop.key, shop.secret, profile)
    store = WooCommerceStore(access, client)
    began = time.monotonic()
    for _part in store.scan_products(None, ENDLESS):
        pass
    return time.monotonic() - began
