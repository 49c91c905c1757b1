"""A marketplace in the database beside a simulated Shopify shop, to review and publish listings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from longshore.storage.models import (
    Hint,
    Listing,
    ListingVariant,
    Marketplace,
    OpenFinding,
    Scan,
    Store,
    Storefront,
    Vendor,
    VendorProduct,
    VendorVariant,
)
from longshore.storage.repositories.listings import Listings
from longshore.storage.repositories.publication import Publication
from longshore.storage.repositories.stock_writes import StockWrites
from longshore.sync.approve_listings import approve_listings
from longshore.sync.begin_comparison import begin_comparison
from longshore.sync.follow_product_hints import follow_product_hints
from longshore.sync.publish_listings import PublishReport, publish_listings
from longshore.sync.push_stock import push_stock
from longshore.sync.review_listings import review_listings
from simulators.shopify import ShopSettings
from support.shopify_shop import Shop


@dataclass
class Shelf:
    """Two vendors' goods and one shop. Its clock is the shop's; `forward` moves both."""

    shop: Shop
    marketplace: Marketplace
    storefront: Storefront
    stores: list[Store] = field(default_factory=list)
    numbers: int = 0

    @property
    def owner(self) -> int:
        return self.marketplace.pk

    @property
    def clock(self):
        return self.shop.clock

    # --- the vendor's shop ---

    def product(self, store: int = 0, variants: int = 1, **changes: Any) -> VendorProduct:
        """A simple product, or a variable one with sizes."""
        self.numbers += 1
        number = self.numbers
        owner = self.stores[store]
        simple = variants == 1
        fields: dict[str, Any] = {
            "kind": "simple" if simple else "variable",
            "raw_type": "simple" if simple else "variable",
            "status": "publish",
            "name": f"Mug {number}",
            "description_html": f"<p>Number {number}</p>",
            "categories": ["Mugs"],
            "tags": ["blue"],
            "images": [[number, f"https://kiln.example/{number}.jpg", "A mug"]],
            "option_names": [] if simple else ["Size"],
            "read_at": self.clock.now(),
            "changed_at": self.clock.now(),
            **changes,
        }
        row = VendorProduct.objects.create(
            marketplace=self.marketplace, store=owner, product_id=number, **fields
        )
        for place in range(variants):
            self.variant(row, place, variation_id=0 if simple else number * 100 + place + 1)
        return row

    def variant(self, row: VendorProduct, place: int = 0, **changes: Any) -> VendorVariant:
        fields: dict[str, Any] = {
            "sku": f"MUG-{row.product_id}-{place}",
            "regular_price": Decimal(10),
            "tracked": True,
            "quantity": 5 + place,
            "stock_status": "instock",
            "options": [[name, f"{place + 1}"] for name in row.option_names],
            "position": place,
            "weight": Decimal("0.4"),
            **changes,
        }
        return VendorVariant.objects.create(
            marketplace=self.marketplace,
            store=row.store,
            product=row,
            product_id_in_store=row.product_id,
            stock_requested_at=self.clock.now(),
            changed_at=self.clock.now(),
            **fields,
        )

    def edit(self, row: VendorProduct, price: str | None = None, **changes: Any) -> None:
        """The vendor changed something; it was read."""
        for name, value in changes.items():
            setattr(row, name, value)
        row.review_due = True
        row.save()
        if price is not None:
            row.variants.update(regular_price=Decimal(price))

    # --- the hub ---

    def review(self) -> None:
        for store in self.stores:
            while review_listings(Listings(), self.clock, store_id=store.pk):
                pass

    def approve(self, ids: Iterable[int] | None = None):
        rows = Listing.objects.filter(marketplace=self.marketplace, state="review")
        wanted = list(ids) if ids is not None else list(rows.values_list("pk", flat=True))
        return approve_listings(
            Listings(), self.clock, marketplace_id=self.owner, listing_ids=wanted, user_id=None
        )

    def publish_once(self, budget_s: float = 1e9) -> PublishReport:
        return publish_listings(
            self.shop.storefront,
            Publication(),
            self.clock,
            marketplace_id=self.owner,
            budget_s=budget_s,
        )

    def publish(self) -> None:
        """Until nothing is under way."""
        for _ in range(30):
            report = self.publish_once()
            self.review()
            if not report.left and report.again_in_s is None and not self.dirty():
                return
            self.forward(max(report.again_in_s or 0, 1))
        raise AssertionError("publication does not end")

    def hear(self, *gids: str) -> None:
        """Webhooks named these products; they are looked at."""
        for gid in gids:
            Hint.objects.create(
                marketplace=self.marketplace,
                source=f"storefront:{self.storefront.pk}",
                kind="storefront_product",
                resource_id=gid,
                noted_at=self.clock.now(),
            )
        follow_product_hints(
            self.shop.storefront, Publication(), self.clock, marketplace_id=self.owner
        )
        self.review()

    def compare(self) -> None:
        """The whole shop is read."""
        begin_comparison(self.shop.storefront, Publication(), self.clock, marketplace_id=self.owner)
        self.forward(5)
        self.publish()

    def push_stock(self) -> None:
        push_stock(
            self.shop.storefront,
            StockWrites(),
            self.clock,
            marketplace_id=self.owner,
            catch_up=lambda: None,
            budget_s=1e9,
        )

    def put_on_sale(self, *rows: VendorProduct) -> list[Listing]:
        """Reviewed, approved and published."""
        self.review()
        self.approve()
        self.publish()
        return [Listing.objects.get(product=row) for row in rows]

    def forward(self, seconds: float) -> None:
        self.clock.time += timedelta(seconds=seconds)
        self.shop.state.clock.forward(seconds)
        self.shop.simulator.settle()

    def dirty(self) -> int:
        return Listing.objects.filter(dirty=True, marketplace=self.marketplace).count()

    # --- what there is ---

    def calls(self) -> list[str]:
        return self.shop.operations()

    def shown(self, row: VendorProduct | Listing) -> Mapping[str, Any]:
        """The product on Shopify."""
        listing = row if isinstance(row, Listing) else Listing.objects.get(product=row)
        return self.shop.state.products[listing.product_gid]

    def shown_variants(self, row: VendorProduct | Listing) -> list[Mapping[str, Any]]:
        return [self.shop.state.variants[gid] for gid in self.shown(row)["variantIds"]]

    def lines(self, row: VendorProduct) -> list[ListingVariant]:
        return list(ListingVariant.objects.filter(listing__product=row).order_by("pk"))

    def findings(self, code: str = "") -> list[OpenFinding]:
        rows = OpenFinding.objects.filter(marketplace=self.marketplace, resolved_at=None)
        return list(rows.filter(code=code) if code else rows)


def make_shelf(**settings: Any) -> Shelf:
    shop = Shop(ShopSettings(**{"bulk_lines_s": 1_000_000, "bucket": 1e9, **settings}))
    shop.state.clock.stop()
    shop.clock.time = shop.state.clock.now()
    marketplace = Marketplace.objects.create(name=f"Harbor {Marketplace.objects.count()}")
    facts = shop.storefront.read_facts()
    storefront = Storefront.objects.create(
        marketplace=marketplace,
        shop_domain=f"harbor-{marketplace.pk}.myshopify.com",
        currency=facts.currency,
        taxes_included=facts.taxes_included,
        publication_id=shop.storefront.list_publications()[0].publication_id,
        orders_read_to=shop.clock.now(),
        read_at=shop.clock.now(),
    )
    shelf = Shelf(shop, marketplace, storefront)
    for name in ("Kiln", "Loom"):
        vendor = Vendor.objects.create(marketplace=marketplace, name=name)
        store = Store.objects.create(
            marketplace=marketplace,
            vendor=vendor,
            base_url=f"https://{name.lower()}-{marketplace.pk}.example",
            currency="EUR",
            prices_include_tax=facts.taxes_included,
            profile={"country": "CZ"},
        )
        Scan.objects.create(
            marketplace=marketplace,
            store=store,
            kind="full",
            phase="done",
            proven=True,
            started_at=shop.clock.now(),
        )
        shelf.stores.append(store)
    return shelf
