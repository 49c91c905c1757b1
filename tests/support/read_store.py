"""A store in the database whose shop is simulated: read by our use cases, with a clock that moves
when told to, and its goods on a Shopify that is only believed in.
"""

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from longshore.ports.turns import ENDLESS
from longshore.storage.models import (
    HeldChange,
    Listing,
    ListingState,
    ListingVariant,
    Marketplace,
    OpenFinding,
    Store,
    Storefront,
    Vendor,
    VendorProduct,
    VendorVariant,
)
from longshore.storage.repositories.catalog import Catalog
from longshore.storage.repositories.reading_plan import reading_of
from longshore.storage.repositories.stock import redecide
from longshore.storage.repositories.walks import begin_import, begin_sweep
from longshore.sync.import_catalog import import_catalog
from longshore.sync.poll_products import poll_products
from longshore.sync.read_hot_stock import read_hot_stock
from longshore.sync.refresh_products import refresh_products
from longshore.sync.sweep_stock import sweep_stock
from support.walking import HOME, NOON, WalkedShop, profile, walked_shop


@dataclass
class ReadStore:
    """`shop` is the simulated one, `row` ours."""

    shop: WalkedShop
    row: Store
    time: datetime = field(default=NOON)

    # --- a clock ---

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return self.time.timestamp()

    def forward(self, **units: float) -> None:
        self.time += timedelta(**units)
        self.shop.now = self.time
        self.made.clock.hold(self.time.timestamp())

    # --- what the hub does ---

    @property
    def pk(self) -> int:
        return self.row.pk

    def import_all(self) -> None:
        begin_import(self.pk, self.time)
        self.go_on_importing()

    def go_on_importing(self) -> None:
        import_catalog(self.shop.store(), Catalog(), self, store_id=self.pk, turn=ENDLESS)

    def sweep(self) -> None:
        begin_sweep(self.pk, self.time)
        self.go_on_sweeping()

    def go_on_sweeping(self) -> None:
        sweep_stock(self.shop.store(), Catalog(), self, store_id=self.pk, turn=ENDLESS)

    def poll(self) -> None:
        poll_products(self.shop.store(), Catalog(), self, store_id=self.pk, turn=ENDLESS)

    def refresh(self) -> None:
        refresh_products(self.shop.store(), Catalog(), self, store_id=self.pk, turn=ENDLESS)

    def read_hot(self) -> int:
        return read_hot_stock(self.shop.store(), Catalog(), self, store_id=self.pk)

    def put_on_sale(self) -> None:
        """As if Shopify had every variant, and showed it as wanted."""
        variants = VendorVariant.objects.filter(store=self.row).select_related("product")
        listings: dict[int, Listing] = {}
        for variant in variants:
            listing = listings.get(variant.product_id) or Listing.objects.create(
                marketplace=self.row.marketplace,
                vendor=self.row.vendor,
                product=variant.product,
                state=ListingState.PUBLISHED,
            )
            listings[variant.product_id] = listing
            ListingVariant.objects.create(
                marketplace=self.row.marketplace,
                listing=listing,
                variant=variant,
                inventory_item_gid=f"gid://shopify/InventoryItem/{variant.pk}",
                stocked_at_location="gid://shopify/Location/1",
            )
        redecide(self.row.marketplace_id, [one.pk for one in variants], self.time)

    # --- what is known ---

    @property
    def made(self) -> Any:
        """The simulated shop from the inside."""
        return self.shop.simulator.shop

    def product(self, product_id: int) -> VendorProduct:
        return VendorProduct.objects.get(store=self.row, product_id=product_id)

    def variant(self, product_id: int, variation_id: int = 0) -> VendorVariant:
        return VendorVariant.objects.get(
            store=self.row, product_id_in_store=product_id, variation_id=variation_id
        )

    def wanted(self, product_id: int) -> int | None:
        line = ListingVariant.objects.get(variant=self.variant(product_id))
        return line.wanted_quantity

    def counted(self, least: int = 1) -> list[int]:
        """Products on sale that are counted and have at least so many, in order of id."""
        rows = VendorVariant.objects.filter(
            store=self.row,
            variation_id=0,
            tracked=True,
            quantity__gte=least,
            absent_since=None,
            product__left_out="",
            regular_price__gt=0,
        )
        return list(
            rows.order_by("product_id_in_store").values_list("product_id_in_store", flat=True)
        )

    def problems(self) -> set[str]:
        rows = OpenFinding.objects.filter(marketplace=self.row.marketplace, resolved_at=None)
        return set(rows.values_list("code", flat=True))

    def held(self, kind: str) -> set[int]:
        rows = HeldChange.objects.filter(store=self.row, kind=kind)
        return set(rows.values_list("product_id", flat=True))


def read_store(
    products: int = 200, variable: int = 0, version: str = "", **changes: Any
) -> ReadStore:
    shop = walked_shop(products, variable, version, **changes)
    shop.simulator.shop.clock.hold(NOON.timestamp())
    marketplace = Marketplace.objects.create(name="Harbor")
    vendor = Vendor.objects.create(marketplace=marketplace, name="Kiln")
    Storefront.objects.create(
        marketplace=marketplace,
        shop_domain="harbor.myshopify.com",
        currency="EUR",
        taxes_included=True,
        orders_read_to=NOON,
    )
    row = Store.objects.create(
        marketplace=marketplace,
        vendor=vendor,
        base_url=HOME,
        currency="EUR",
        prices_include_tax=True,
        profile=asdict(profile(**shop.changes)),
    )
    reading_of(row.pk, NOON)
    return ReadStore(shop, row)
