"""`longshore bench pages`: every page of a large marketplace on the real server, one request after
the other; a page's time is what its reader waits for, the network of this machine included.
"""

import time
from dataclasses import dataclass

from longshore.cli.bench import load
from longshore.cli.bench.hub import child, empty_hub, wait_for
from longshore.cli.bench.report import Report, median, percentile
from longshore.cli.ports import free_port

TIMES = 40
WARM = 5
SLOWEST_MS = 100.0


@dataclass(frozen=True, slots=True)
class Visit:
    """A page as the bench asks for it; `vendor`: by the vendor's person."""

    name: str
    url: str
    vendor: bool = False


def measure(scale: float) -> Report:
    report = Report("pages")
    with empty_hub():
        from django.core.management import call_command
        from django.utils import timezone

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
            for visit in visits():
                _visit(report, port, visit, sessions[visit.vendor])
    return report


def _visit(report: Report, port: int, visit: Visit, session: str) -> None:
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


TABS = {
    "orders": ("tab", ("needing", "to_ship", "waiting", "shipped", "canceled", "all")),
    "products": ("state", ("problem", "changed", "published", "unpublished", "all")),
    "stock": ("show", ("to_write", "sold_out", "failed")),
    "vendors": ("tab", ("needing", "live")),
}


def visits() -> list[Visit]:
    """Every page that can be large, with its filters and searches."""
    from longshore.storage.models import Listing, ListingVariant, StorefrontOrder, Vendor

    order = StorefrontOrder.objects.filter(routing="routed").latest("id")
    line = ListingVariant.objects.order_by("id").first()
    listing = Listing.objects.filter(state="review").order_by("id").first()
    vendor = Vendor.objects.order_by("id").first()
    assert line and listing and vendor  # noqa: PT018, S101 - the seed made them
    sku = line.variant.sku
    lists = {
        "home": "/",
        "orders": "/orders/",
        "products": "/products/",
        "stock": "/stock/",
        "vendors": "/vendors/",
        "left_out": "/products/left-out/",
        "settings": "/settings/",
        "order": f"/orders/{order.pk}/",
        "product": f"/products/{listing.pk}/",
        "stock_line": f"/stock/{line.pk}/",
        "vendor": f"/vendors/{vendor.pk}/",
        "vendor_settings": f"/vendors/{vendor.pk}/settings/",
        "go_live": "/go-live/",
        "find_sku": f"/find/?q={sku[:-2]}",
        "find_tracking": "/orders/?q=TRK0000000900",
        "find_buyer": "/find/?q=Example77",
        "find_word": "/find/?q=mug",
        "find_nothing": "/find/?q=nothing-like-it",
    }
    found = [Visit(name, url) for name, url in lists.items()]
    for page, (name, values) in TABS.items():
        found += [Visit(f"{page}_{one}", f"/{page}/?{name}={one}") for one in values]
    for page in TABS:
        found.append(Visit(f"{page}_searched", f"/{page}/?q={sku}"))
        found.append(Visit(f"{page}_of_vendor", f"/{page}/?vendor={vendor.pk}"))
    return [*found, Visit("portal", "/my/", vendor=True)]


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
