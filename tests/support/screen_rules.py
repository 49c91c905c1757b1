"""Rules, a held change and a run of writes, as pages show them."""

from decimal import Decimal

from longshore.storage.models import (
    Brake,
    HeldChange,
    ImportRule,
    Listing,
    ListingChange,
    ListingPolicy,
    Marketplace,
    MarkupRule,
    NameRule,
    Store,
    SyncRun,
)
from support.screen_rows import ago


def make_rules(marketplace: Marketplace, *, policy: bool = True) -> dict[str, int]:
    """One of each kind, by the names of the pages' addresses."""
    own = {"marketplace": marketplace, "position": 1}
    if policy:
        ListingPolicy.objects.create(marketplace=marketplace, owners={"title": "vendor"})
    return {
        "import_id": ImportRule.objects.create(
            **own, subject="category", comparison="is", value="Gift cards"
        ).pk,
        "name_id": NameRule.objects.create(**own, kind="category", source="Mugs", target="Cups").pk,
        "markup_id": MarkupRule.objects.create(
            **own, name="Ten percent", amount=Decimal(10), ending=Decimal("0.99")
        ).pk,
    }


def make_held(store: Store, listing: Listing) -> int:
    brake = Brake.objects.create(
        marketplace=store.marketplace, store=store, kind="prices", count=1, total=40,
        lane="poll", opened_at=ago(minutes=12),
    )  # fmt: skip
    hold(brake, listing)
    return brake.pk


def hold(brake: Brake, listing: Listing) -> None:
    line = listing.variants.first()
    assert line is not None
    HeldChange.objects.create(
        marketplace=brake.marketplace, brake=brake, store=brake.store, kind=brake.kind,
        product_id=listing.product.product_id, variant=line.variant,
        was={"regular_price": "21.00", "sale_price": None},
        says={"regular_price": "2.10", "sale_price": None},
        requested_at=ago(minutes=12),
    )  # fmt: skip


def make_run(listing: Listing) -> int:
    run = SyncRun.objects.create(
        marketplace=listing.marketplace, counts={"changed": 1}, started_at=ago(minutes=31),
        finished_at=ago(minutes=30),
    )  # fmt: skip
    write(run, listing)
    return run.pk


def write(run: SyncRun, listing: Listing) -> None:
    ListingChange.objects.create(
        marketplace=run.marketplace, run=run, listing=listing, step="content", outcome="done",
        before={"product": {"title": listing.product.name}, "variants": {}},
        after={"product": {"title": "Stoneware mug, large"}, "variants": {}},
        at=ago(minutes=30),
    )  # fmt: skip
