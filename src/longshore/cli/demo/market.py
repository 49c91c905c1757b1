"""The demo's marketplace: set up as a person would, by the hub's own use cases, and waited for."""

import os
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from longshore.cli.database import hub
from longshore.cli.demo.stage import FIRST, Stage
from longshore.cli.output import err, say
from longshore.cli.up import PARENT, prepare
from longshore.ports.errors import NeedsOperator

PATIENCE_S = 300.0
LOOK_EVERY_S = 0.5
Login = tuple[str, str, str]
"""(role, e-mail address, password)"""
Count = Callable[[], tuple[int, int]]
"""(done, of how many)"""


@dataclass(slots=True)
class Market:
    """One marketplace with its vendors in the running hub."""

    stage: Stage
    marketplace_id: int = 0
    store_ids: list[int] = field(default_factory=list)
    logins: list[Login] = field(default_factory=list)

    def fill(self) -> None:
        """Connects everything and waits until all catalogs are imported and reviewed."""
        from longshore import wiring

        self._connect_storefront()
        for shop in self.stage.shops:
            vendor = wiring.add_vendor(self.marketplace_id, shop.name)
            if shop.name != FIRST:  # the first vendor's products are approved by hand
                wiring.change_vendor(vendor, auto_approve=True)
            key, secret = str(shop.said["key"]), str(shop.said["secret"])
            self.store_ids.append(wiring.connect_store(vendor, shop.address, key, secret))
            self._account("vendor", vendor, f"vendor{len(self.store_ids)}@demo.example")
        say("Connected. Nothing was written to the shops.")
        self._wait("Importing products", self._imported)
        self._wait("Looking through them", self._reviewed)

    def put_on_sale(self) -> None:
        """Approves what has no problems, waits for Shopify, and goes live."""
        from longshore import wiring

        approved = wiring.approve_listings(self.marketplace_id, self._in_review(), None)
        say(
            f"Approved {len(approved.done)} products by hand;"
            f" {len(approved.waiting)} wait with their problems."
        )
        self._wait("Publishing on Shopify", self._published)
        self._wait("Bringing stock to Shopify", self._settled)
        wiring.go_live(self.marketplace_id)
        say("Live: new orders go to their vendors by themselves.")
        self._wait("Asking the shops for webhooks", self._hooked)

    @property
    def imported(self) -> int:
        from longshore.storage.models import VendorProduct

        rows = VendorProduct.objects.filter(marketplace_id=self.marketplace_id, left_out="")
        return rows.count()

    def _connect_storefront(self) -> None:
        from longshore import wiring
        from longshore.ports.ledger.connections import StorefrontKeys
        from longshore.storage.models import Marketplace

        self.marketplace_id = Marketplace.objects.create(
            name="Harbor Market", timezone="Europe/Prague"
        ).pk
        self._account("owner", None, "owner@demo.example")
        said = self.stage.storefront.said
        wiring.connect_storefront(
            self.marketplace_id,
            StorefrontKeys(
                str(said["shop"]),
                str(said["client_id"]),
                str(said["client_secret"]),
                api_base=self.stage.storefront.address,
            ),
        )

    def _account(self, role: str, vendor_id: int | None, email: str) -> None:
        """An account with a password to print, made by the same one-time link as everybody's."""
        from longshore.web.shared import invitations

        if vendor_id is None:
            link = invitations.invite_owner(email)
        else:
            link = invitations.invite_vendor(self.marketplace_id, vendor_id, email)
        password = secrets.token_urlsafe(9)
        token = urlsplit(link).path.rstrip("/").rpartition("/")[2]
        invitations.accept(token, password=password)
        self.logins.append((role, email, password))

    def _imported(self) -> tuple[int, int]:
        from longshore.storage.models import Scan

        scans = Scan.objects.filter(store_id__in=self.store_ids, kind="full")
        seen = sum(scan.products_seen + scan.variants_seen for scan in scans)
        total = sum((scan.products_total or 1) + (scan.variants_total or 0) for scan in scans)
        done = len(scans) == len(self.store_ids) and all(scan.phase == "done" for scan in scans)
        return (seen, max(seen, 1)) if done else (seen, max(total, seen + 1))

    def _reviewed(self) -> tuple[int, int]:
        from longshore.storage.models import VendorProduct

        rows = VendorProduct.objects.filter(marketplace_id=self.marketplace_id)
        total = rows.count()
        return total - rows.filter(review_due=True).count(), total

    def _in_review(self) -> Sequence[int]:
        from longshore.storage.models import Listing

        rows = Listing.objects.filter(marketplace_id=self.marketplace_id, state="review")
        return list(rows.values_list("pk", flat=True))

    def _published(self) -> tuple[int, int]:
        from longshore.storage.models import Listing

        rows = Listing.objects.filter(
            marketplace_id=self.marketplace_id, state__in=["approved", "published"]
        )
        return rows.filter(dirty=False).count(), rows.count()

    def _settled(self) -> tuple[int, int]:
        from longshore.storage.models import ListingVariant

        rows = ListingVariant.objects.filter(marketplace_id=self.marketplace_id)
        rows = rows.exclude(inventory_item_gid="")
        return rows.filter(stock_dirty=False).count(), rows.count()

    def _hooked(self) -> tuple[int, int]:
        from longshore.storage.models import Store, Storefront

        stores = Store.objects.filter(pk__in=self.store_ids)
        able = [one for one in stores if "no_webhooks" not in one.profile.get("limits", ())]
        shops = Storefront.objects.filter(marketplace_id=self.marketplace_id)
        hooked = sum(1 for one in able if one.webhooks_active)
        return hooked + shops.exclude(webhooks_active=[]).count(), len(able) + 1

    def _wait(self, what: str, count: Count) -> None:
        """Shows how far it is until everything is done. Raises NeedsOperator when it takes for
        ever, naming the logs.
        """
        deadline = time.monotonic() + PATIENCE_S
        columns = (TextColumn(f"{what:32}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=err) as bar:
            task = bar.add_task(what, total=None)
            while True:
                done, total = count()
                bar.update(task, completed=done, total=total)
                if done >= total:
                    return
                if time.monotonic() > deadline:
                    logs = self.stage.folder / "logs"
                    raise NeedsOperator(
                        f"{what}: {done} of {total} after {PATIENCE_S:.0f} s. {_last_lines(logs)}"
                    )
                time.sleep(LOOK_EVERY_S)


@contextmanager
def open_market(stage: Stage) -> Iterator[Market]:
    """The hub runs inside, web server and workers as `longshore up` starts them; it goes on
    running as long as the stage stands.
    """
    with hub():
        say("Starting the hub: database, web server, two workers")
        prepare()
        port = stage.site.rpartition(":")[2]
        stage.processes.start(
            "hub",
            *("longshore.cli", "up", "--port", port, "--workers", "2"),
            env=supervised(),
        )
        yield Market(stage)


def supervised() -> dict[str, str]:
    """The hub ends with the demo, even when that is killed."""
    return {PARENT: str(os.getpid())}


def _last_lines(logs: Path) -> str:
    file = logs / "hub.log"
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines() if file.exists() else []
    return "The hub's last words: " + " / ".join(lines[-3:])
