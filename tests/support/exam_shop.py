"""A WooCommerce shop to be examined, real or simulated, and what its vendor does in it by hand."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from ipaddress import ip_network
from pathlib import Path
from typing import Any, TypeVar

from longshore.domain.catalog import ProductType, VendorProduct, VendorVariant
from longshore.domain.money import Money
from longshore.domain.orders import Address, StoreOrder, StoreOrderDraft, StoreOrderLineDraft
from longshore.ports.stores import ConnectionProfile, ScanSlice
from longshore.ports.turns import ENDLESS
from longshore.stores.http import GuardedClient
from longshore.stores.woocommerce import StoreAccess, WooCommerceStore
from longshore.stores.woocommerce.client import Refused
from longshore.stores.woocommerce.reading import Reader
from simulators.woocommerce import ShopSettings, Simulator
from simulators.woocommerce.versions import version_of

Item = TypeVar("Item")
WHOLE = ENDLESS
"""The walks of an exam are one slice."""


@dataclass
class ExamShop:
    """`store` is ours, looked at once; `made` are the ids of orders to be removed again."""

    name: str
    url: str
    key: str
    secret: str
    client: GuardedClient
    pause_s: float = 0.1
    made: list[int] = field(default_factory=list)
    simulator: Simulator | None = None
    """None where the shop is a real one."""
    _profile: ConnectionProfile | None = None
    _store: WooCommerceStore | None = None
    _products: tuple[VendorProduct, ...] | None = None

    @property
    def store(self) -> WooCommerceStore:
        if self._store is None:
            self._store = self.open()
        return self._store

    def open(self, *, looked_at: bool = True) -> WooCommerceStore:
        profile = self.profile if looked_at else None
        return self.open_with(self.key, self.secret, profile)

    def open_with(
        self, key: str, secret: str, profile: ConnectionProfile | None = None
    ) -> WooCommerceStore:
        access = StoreAccess(self.url, key, secret, profile)
        return WooCommerceStore(access, self.client, pause_s=self.pause_s)

    @property
    def profile(self) -> ConnectionProfile:
        if self._profile is None:
            self._profile = self.open(looked_at=False).read_profile()
        return self._profile

    @property
    def products(self) -> tuple[VendorProduct, ...]:
        """The whole catalog, read once."""
        if self._products is None:
            self._products = whole(self.store.scan_products(None, WHOLE)).items
        return self._products

    @property
    def reader(self) -> Reader:
        return self.store._known

    def tracked(self) -> VendorVariant:
        """A simple product that is counted, with some to sell."""
        for product in self.products:
            if product.kind is ProductType.SIMPLE and product.status == "publish":
                (variant,) = product.variants or ()
                stock = variant.stock
                if stock.tracked and (stock.quantity or 0) >= 3 and variant.regular_price:
                    return variant
        raise AssertionError(f"{self.name} has no counted simple product with 3 to sell")

    def variation(self) -> VendorVariant:
        """A variation that can be ordered."""
        parents = [p for p in self.products if p.kind is ProductType.VARIABLE]
        for product in self.store.read_products([p.product_id for p in parents[:20]]).items:
            for variant in product.variants or ():
                if variant.regular_price and variant.public and not variant.pooled:
                    return variant
        raise AssertionError(f"{self.name} has no variation with a price")

    def stock_of(self, variant: VendorVariant) -> int | None:
        (product,) = self.store.read_products([variant.product_id]).items
        found = [v for v in product.variants or () if v.variation_id == variant.variation_id]
        return found[0].stock.quantity

    def set_stock(self, product_id: int, quantity: int) -> None:
        """The vendor types a number into the stock field of a simple product."""
        dialect = self.reader.dialect
        body = dict(dialect.stock_body(quantity))
        if dialect.envelopes.product:
            body = {dialect.envelopes.product: body}
        self.reader.api.write("PUT", f"{dialect.root}/products/{product_id}", body)

    def complete(self, order_id: int) -> None:
        dialect = self.reader.dialect
        body: dict = {"status": "completed"}
        if dialect.envelopes.order:
            body = {dialect.envelopes.order: body}
        self.reader.api.write("PUT", f"{dialect.root}/orders/{order_id}", body)

    def draft(self, reference: str, *lines: tuple[VendorVariant, int]) -> StoreOrderDraft:
        """A paid order of these goods, one unit of money apiece more than nothing."""
        currency = self.profile.currency or "EUR"
        return StoreOrderDraft(
            reference=reference,
            currency=currency,
            lines=tuple(
                StoreOrderLineDraft(
                    variant.product_id,
                    variant.variation_id,
                    units,
                    Money(Decimal("7.50"), currency),
                )
                for variant, units in lines
            ),
            shipping_address=Address(
                "Ada", "Exam", line1="Street 1", city="Town", postcode="10115", country="DE"
            ),
            shipping_title="",
            shipping_price=Money(Decimal(0), currency),
            note=f"Exam #1, {reference}",
        )

    def order(self, draft: StoreOrderDraft) -> StoreOrder:
        made = self.store.create_order(draft)
        self.made.append(made.order_id)
        return made

    def remove_orders(self) -> None:
        """Takes the exam's orders out of the shop again, with what they took from its stock."""
        dialect = self.reader.dialect
        for number in self.made:
            try:
                self.reader.api.write(
                    "DELETE", f"{dialect.root}/orders/{number}", params={"force": "true"}
                )
            except Refused as refused:
                if refused.status != 404:
                    raise
        self.made.clear()


def whole(parts: Iterable[ScanSlice[Item]]) -> ScanSlice[Item]:
    """The parts of a slice as one."""
    found = list(parts)
    return replace(
        found[-1],
        items=tuple(item for part in found for item in part.items),
        unreadable=tuple(one for part in found for one in part.unreadable),
    )


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def real_shop() -> Iterator[ExamShop]:
    """The shop that the environment names: LONGSHORE_EXAM_URL, _KEY, _SECRET, and where needed
    _CA (a bundle) and _NETS (private networks it may be in).
    """
    env = os.environ
    nets = [ip_network(one) for one in env.get("LONGSHORE_EXAM_NETS", "").split(",") if one]
    authority = env.get("LONGSHORE_EXAM_CA")
    with GuardedClient(allow_nets=nets, ca_bundle=Path(authority) if authority else None) as client:
        shop = ExamShop(
            "the real shop",
            env["LONGSHORE_EXAM_URL"],
            env["LONGSHORE_EXAM_KEY"],
            env["LONGSHORE_EXAM_SECRET"],
            client,
        )
        yield shop


@contextmanager
def simulated_shop(version: str, door: str, **more: Any) -> Iterator[ExamShop]:
    """A simulated shop of that version, joined without a socket. `door`: https, http, plain for
    plain permalinks, or old: a WordPress before 4.4, so that there is nothing but the old API.
    `more`: what else is set up in it.
    """
    release = version_of(version)
    if door == "old":
        release = replace(release, wordpress="4.3.34", namespaces=(), apis=())
    settings = ShopSettings(
        home="http://shop.test" if door == "http" else "https://shop.test",
        version=release,
        pretty_permalinks=door != "plain",
        products=80,
        variable=12,
        **more,
    )
    simulator = Simulator(settings)
    with GuardedClient(transport=simulator.transport()) as client:
        name = f"WooCommerce {version} ({door})"
        yield ExamShop(
            name,
            simulator.address,
            simulator.key,
            simulator.secret,
            client,
            0.0,
            simulator=simulator,
        )
