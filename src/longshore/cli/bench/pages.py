"""`longshore bench pages`: every page of a large marketplace on the real server, one request after
the other; a page's time is what its reader waits for, the network of this machine included.
"""

import time
from typing import TYPE_CHECKING

from longshore.cli.bench import load
from longshore.cli.bench.hub import child, empty_hub, wait_for
from longshore.cli.bench.report import Report, median, percentile
from longshore.cli.ports import free_port

TIMES = 40
WARM = 5
SLOWEST_MS = 100.0


if TYPE_CHECKING:  # the addresses are known only once Django is set up
    from longshore.cli.bench.page_visits import Visit


def measure(scale: float) -> Report:
    report = Report("pages")
    with empty_hub():
        from django.core.management import call_command
        from django.utils import timezone

        from longshore.cli.bench.page_visits import visits
        from longshore.cli.bench.seed import make_market

        call_command("collectstatic", interactive=False, verbosity=0)
        began = time.perf_counter()
        market = make_market(scale, timezone.now())
        report.figures["seed_s"] = time.perf_counter() - began
        _sizes(report)
        sessions = (_session(market.owner), _session(market.vendor_user))
        port = free_port()
        with child("-m", "longshore.cli", "web", "--port", str(port)) as server:
            wait_for(f"http://127.0.0.1:{port}/alive/", server)
            asked = visits(market.vendor_id)
            report.figures["pages"] = len(asked)
            for visit in asked:
                _visit(report, port, visit, sessions[visit.vendor])
    return report


def _visit(report: Report, port: int, visit: "Visit", session: str) -> None:
    request = (
        f"GET {visit.url} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n"
        f"Cookie: sessionid={session}\r\n\r\n"
    ).encode()
    load.run(port, [request] * WARM, 1)
    result = load.run(port, [request] * TIMES, 1)
    if len(result.answered) != TIMES:
        raise RuntimeError(f"{visit.url} was not answered with 200.")
    slow = percentile(result.seconds, 0.95) * 1000
    report.figures[f"{visit.name}_p50_ms"] = median(result.seconds) * 1000
    report.goal(f"{visit.name}_p95_ms", "<=", SLOWEST_MS, slow)


def _session(user: object) -> str:
    from typing import Any

    from django.test import Client

    client, person = Client(), user
    signed: Any = person
    client.force_login(signed, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies["sessionid"].value


def _sizes(report: Report) -> None:
    from longshore.storage.models import Listing, ListingVariant, StorefrontOrder, Vendor

    for name, model in (
        ("vendors", Vendor),
        ("listings", Listing),
        ("listing_variants", ListingVariant),
        ("orders", StorefrontOrder),
    ):
        report.figures[name] = model._base_manager.count()  # noqa: SLF001 - Django's own
