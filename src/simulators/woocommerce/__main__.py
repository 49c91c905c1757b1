"""`python -m simulators.woocommerce`: a simulated WooCommerce shop on a port, until SIGTERM."""

import argparse
import json
import os
import signal
import sys
import tempfile
import threading
from pathlib import Path

from simulators.woocommerce.faults.table import KINDS
from simulators.woocommerce.server import serve
from simulators.woocommerce.settings import ShopSettings
from simulators.woocommerce.simulator import Simulator
from simulators.woocommerce.versions import TODAY, Version, version_of


def main() -> None:
    parser = _parser()
    given = parser.parse_args()
    if given.faults:
        for kind in KINDS.values():
            sys.stdout.write(f"{kind.name:24}{kind.line} [{kind.row}]\n")
        return
    simulator = Simulator(_settings(given))
    try:
        for text in given.fault:
            simulator.faults.add_text(text)
    except (ValueError, LookupError, StopIteration) as problem:
        parser.error(str(problem))
    certificate, key, authority = given.certificate, given.key_file, None
    if given.https and certificate is None:
        certificate, key, authority = _own_certificate(given.host)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    server = serve(simulator, given.port, given.host, certificate=certificate, key=key)
    with server as address:
        introduction = {
            "address": address,
            "home": simulator.address,
            "key": simulator.key,
            "secret": simulator.secret,
            "version": simulator.settings.version.woocommerce,
        }
        if authority is not None:
            introduction["authority"] = str(authority)
        lines = [f"{name:14}{value}" for name, value in introduction.items()]
        sys.stdout.write((json.dumps(introduction) if given.json else "\n".join(lines)) + "\n")
        sys.stdout.flush()
        stop.wait()
    os._exit(0)  # threads that wait for a client or for a webhook's receiver are not waited for


def _parser() -> argparse.ArgumentParser:
    default = ShopSettings()
    parser = argparse.ArgumentParser(prog="simulate woocommerce", description=__doc__)
    parser.add_argument("--port", type=int, default=8081, help="0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--products", type=int, default=0, help="generated; 0: the recorded ones")
    parser.add_argument("--variable", type=int, default=0, help="so many of them are variable")
    parser.add_argument("--seed", type=int, default=default.seed)
    parser.add_argument("--data", type=Path, help="another catalog, as a JSON file")
    parser.add_argument("--name", default=default.name)
    parser.add_argument("--version", type=_version, default=TODAY, help="any from 2.1.0 on")
    parser.add_argument("--https", action="store_true", help="with a certificate of its own")
    parser.add_argument("--certificate", type=Path, help="PEM file; means https")
    parser.add_argument("--key-file", type=Path, help="PEM file")
    parser.add_argument("--home", default="", help="the site address, where it is another")
    parser.add_argument("--latency-ms", type=int, default=0)
    parser.add_argument("--currency", default=default.currency)
    parser.add_argument("--timezone", default=default.timezone)
    parser.add_argument("--country", default=default.country)
    parser.add_argument("--cron-every-s", type=float, default=5.0, help="0: only by /_sim/cron")
    parser.add_argument("--webhook-ca", type=Path, help="the authority trusted when delivering")
    parser.add_argument("--tracking-plugin", default="", help="official or ast")
    parser.add_argument("--feature", action="append", default=[], help="of newer versions")
    parser.add_argument("--classic", action="store_true", help="orders as posts, not HPOS")
    parser.add_argument("--plain-permalinks", action="store_true")
    parser.add_argument(
        "--legacy-api",
        action=argparse.BooleanOptionalAction,
        help="switches the old API on or off; a new shop of that version decides",
    )
    parser.add_argument("--key", default="", help="consumer key; made up when empty")
    parser.add_argument("--secret", default="")
    parser.add_argument("--fault", action="append", default=[], metavar="NAME[=VALUE]")
    parser.add_argument("--faults", action="store_true", help="list the names of faults and end")
    parser.add_argument("--no-controls", action="store_true", help="do not serve /_sim/")
    parser.add_argument("--json", action="store_true", help="introduce itself as one JSON line")
    return parser


def _version(text: str) -> Version:
    try:
        return version_of(text)
    except ValueError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from None


def _settings(given: argparse.Namespace) -> ShopSettings:
    return ShopSettings(
        home=given.home,
        name=given.name,
        version=given.version,
        currency=given.currency,
        timezone=given.timezone,
        country=given.country,
        products=given.products,
        variable=given.variable,
        seed=given.seed,
        data=given.data,
        latency_ms=given.latency_ms,
        cron_every_s=given.cron_every_s or None,
        webhook_ca=given.webhook_ca,
        tracking_plugin=given.tracking_plugin,
        hpos=not given.classic,
        legacy_api=given.legacy_api,
        features=given.feature,
        pretty_permalinks=not given.plain_permalinks,
        key=given.key,
        secret=given.secret,
        controls=not given.no_controls,
    )


def _own_certificate(host: str) -> tuple[Path, Path, Path]:
    """A certificate, its key, and the authority to trust, as files that are left for the client."""
    import trustme

    folder = Path(tempfile.mkdtemp(prefix="simulated-shop-"))
    authority = trustme.CA(organization_name="Simulated shop")
    made = authority.issue_cert(host, "localhost")
    paths = folder / "shop.pem", folder / "shop.key", folder / "authority.pem"
    for blob in made.cert_chain_pems:
        blob.write_to_path(str(paths[0]), append=True)
    made.private_key_pem.write_to_path(str(paths[1]))
    authority.cert_pem.write_to_path(str(paths[2]))
    return paths


if __name__ == "__main__":
    main()
