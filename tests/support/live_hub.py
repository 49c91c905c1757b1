"""A whole hub as somebody has it at home, web server and worker as `longshore up` starts them,
beside simulated shops; spoken to by browser, command line and the shops' own doors only.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from longshore.cli.demo.processes import Processes, Running
from longshore.cli.ports import free_port
from simulators.market.shops import Row, StorefrontShop, VendorShop
from support.https_front import https_front

LINK = re.compile(r"https?://\S+")
OFTEN = {
    "LONGSHORE_DELTA_INTERVAL_S": "5",
    "LONGSHORE_SWEEP_INTERVAL_S": "60",
    "LONGSHORE_STOREFRONT_POLL_INTERVAL_S": "5",
    "LONGSHORE_OPEN_ORDERS_INTERVAL_S": "5",
}


@dataclass(frozen=True)
class Shop:
    """A simulated WooCommerce: `door` is its desk and its owner's hands."""

    door: VendorShop
    said: Row

    @property
    def address(self) -> str:
        return self.door.address

    def from_hub(self) -> list[Row]:
        return [one for one in self.door.orders() if ", LS-" in one["customer_note"]]


@dataclass(frozen=True)
class LiveHub:
    """Where everything is, and what somebody at its terminal can do."""

    site: str
    front: StorefrontShop
    front_said: Row
    shops: dict[str, Shop]
    folder: Path
    env: dict[str, str]

    def command(self, *arguments: str, **env: str) -> str:
        """What `longshore <arguments>` prints. A failure shows what it said."""
        done = subprocess.run(
            [sys.executable, "-m", "longshore.cli", *arguments],
            env={**self.env, **env},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout + done.stderr

    def owner_link(self, email: str) -> str:
        """The path of the one-time link that the terminal prints."""
        found = LINK.findall(self.command("owner", email, "--url", self.site))
        return urlsplit(found[-1]).path

    def listed(self) -> dict[str, Row]:
        """What buyers can see, by title."""
        return {row["title"]: row for row in self.front.state()["products"] if row["publishedOn"]}


@contextmanager
def open_hub(folder: Path, *vendors: str, https: bool = False) -> Iterator[LiveHub]:
    """A shop of WooCommerce for each name. Everything ends on leaving, the last one first. `https`:
    the hub stands behind a front, as on the internet, and shops trust it.
    """
    port = free_port()
    site, trust = f"http://127.0.0.1:{port}", tuple[str, ...]()
    with ExitStack() as stack:
        if https:
            site, authority = stack.enter_context(https_front(folder, port))
            trust = ("--webhook-ca", str(authority))
        processes = stack.enter_context(Processes(folder / "logs"))
        shops = {}
        for seed, name in enumerate(vendors, 2):
            small = ("--products", "12", "--variable", "3", "--seed", str(seed), "--name", name)
            quick = ("--port", "0", "--cron-every-s", "1", "--tracking-plugin", "official")
            said = processes.start_shop(name, "simulators.woocommerce", *small, *quick, *trust)
            shops[name] = Shop(_door(said), said.said)
        front = processes.start_shop("shopify", "simulators.shopify", "--port", "0")
        kept = {name: value for name, value in os.environ.items() if "LONGSHORE" not in name}
        env = kept | OFTEN | {
            "LONGSHORE_DATA": str(folder / "data"),
            "LONGSHORE_PUBLIC_URL": site,
            "LONGSHORE_ALLOW_NETS": "127.0.0.0/8",
            "LONGSHORE_LOG_FORMAT": "json",
        }  # fmt: skip
        hub = LiveHub(site, StorefrontShop(front.address), front.said, shops, folder, env)
        arguments = ("longshore.cli", "up", "--port", str(port), "--workers", "1")
        with _only(env):
            processes.start("hub", *arguments)
        yield hub


def _door(shop: Running) -> VendorShop:
    return VendorShop(shop.name, shop.address, str(shop.said["version"]))


@contextmanager
def _only(env: dict[str, str]) -> Iterator[None]:
    """Children get this environment and nothing of the test run's own."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(env)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
