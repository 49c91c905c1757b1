"""The demo's stage: the vendors' shops, a Shopify, and the hub, each a process of its own."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from longshore.cli.demo.certificates import Certificates, make_certificates
from longshore.cli.demo.processes import Processes, Running
from longshore.cli.output import say
from longshore.cli.ports import free_port

if TYPE_CHECKING:
    from longshore.cli.demo import Wish

NAMES = (
    *("Fern Kiln", "Salt & Loom", "Pine & Wick", "Tidewater Press"),
    *("Copper Finch", "Moss & Thread", "Harbor Oven", "Blue Anvil"),
)
"""The vendors. The shops are reached over https and over http in turn, the first over https."""
FIRST = NAMES[0]


@dataclass(frozen=True, slots=True)
class Stage:
    """What runs, and where. `authority` is the test CA of the shop over https."""

    folder: Path
    site: str
    storefront: Running
    shops: Sequence[Running]
    authority: Path
    processes: Processes

    def introduce(self, logins: Sequence[tuple[str, str, str]]) -> None:
        """Says where to look and how to sign in."""
        say(f"The site      {self.site}")
        for who, address, password in logins:
            say(f"  sign in as {who:8} {address}  {password}")
        say(f"Shopify       {self.storefront.address}  (simulated; controls under /_sim/)")
        for shop in self.shops:
            say(f"{shop.name:13} {shop.address}  (simulated; controls under /_sim/)")
        say(f"Logs          {self.folder / 'logs'}")
        say("Everything keeps running. Ctrl-C stops it.")


@contextmanager
def set_up(folder: Path, wish: "Wish") -> Iterator[Stage]:
    """Starts the shops and prepares this process and the hub for them; all end on leaving."""
    certificates = make_certificates(folder / "certificates")
    port = wish.port or free_port()
    with Processes(folder / "logs") as processes:
        say(f"Starting vendor shops of WooCommerce {', '.join(wish.vendors)}, and a Shopify")
        shops = [
            processes.start_shop(NAMES[place], *_shop(wish, place, certificates))
            for place in range(len(wish.vendors))
        ]
        storefront = processes.start_shop("shopify", "simulators.shopify", "--port", "0")
        site = f"http://127.0.0.1:{port}"
        os.environ.update(_environment(folder, site, certificates.authority))
        yield Stage(folder, site, storefront, shops, certificates.authority, processes)


def _shop(wish: "Wish", place: int, certificates: Certificates) -> list[str]:
    """The command line of one vendor's shop: the first has the recorded catalog, the others each a
    generated one of their own.
    """
    found = ["simulators.woocommerce", "--port", "0", "--cron-every-s", "1"]
    found += ["--version", wish.vendors[place]]
    if place % 2 == 0:
        found += ["--https", "--certificate", str(certificates.certificate)]
        found += ["--key-file", str(certificates.key)]
    if place:
        found += ["--seed", str(place + 1)]
        found += ["--products", str(wish.products), "--variable", str(wish.variable)]
    return found


def _environment(folder: Path, site: str, authority: Path) -> dict[str, str]:
    """The hub's settings: the shops are on this machine, and everything is looked at often."""
    os.environ.pop("LONGSHORE_DATABASE_URL", None)
    return {
        "LONGSHORE_DATA": str(folder / "data"),
        "LONGSHORE_PUBLIC_URL": site,
        "LONGSHORE_ALLOW_NETS": "127.0.0.0/8",
        "LONGSHORE_CA_BUNDLE": str(authority),
        "LONGSHORE_DELTA_INTERVAL_S": "10",
        "LONGSHORE_SWEEP_INTERVAL_S": "20",
        "LONGSHORE_STOREFRONT_POLL_INTERVAL_S": "10",
        "LONGSHORE_OPEN_ORDERS_INTERVAL_S": "10",
        "LONGSHORE_DEAD_WORKER_AFTER_S": "10",
    }
