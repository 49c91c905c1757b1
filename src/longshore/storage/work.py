"""The jobs there are, as requests anyone may make: each is queued at most once at a time.

A request made inside a transaction is queued with it, or not at all. A store's jobs share its lock
(we are guests in the vendor's shop); a storefront has one lock for each lane, since its pace is
kept by the shared call budget.
"""

from collections.abc import Callable, Iterable, Sequence

from longshore.storage.job_queue import (
    CATALOG,
    ORDERS,
    STOCK,
    SWEEP,
    defer,
    hold_waiting,
    store_lock,
)

SOON = None
COMPARE_AFTER_S = 20.0
Request = Callable[[int], bool]
"""One of the functions below."""


def _for_store(name: str, store_id: int, priority: int, in_s: float | None) -> bool:
    return defer(
        name,
        lock=store_lock(store_id),
        queueing_lock=f"{name}:{store_id}" if in_s is None else f"{name}:{store_id}:later",
        priority=priority,
        schedule_in_s=in_s,
        store_id=store_id,
    )


def _for_storefront(
    name: str, lane: str, marketplace_id: int, priority: int, in_s: float | None
) -> bool:
    return defer(
        name,
        lock=f"storefront:{marketplace_id}:{lane}",
        queueing_lock=f"{name}:{marketplace_id}"
        if in_s is None
        else f"{name}:{marketplace_id}:later",
        priority=priority,
        schedule_in_s=in_s,
        marketplace_id=marketplace_id,
    )


def ask_missing(requests: Iterable[tuple[Request, int]]) -> None:
    """Makes those requests whose job does not wait already; one look for all of them. In the
    caller's transaction.
    """
    wanted = {f"{ask.__name__}:{owner}": (ask, owner) for ask, owner in requests}
    held = hold_waiting(sorted(wanted))
    for lock in sorted(wanted.keys() - held):
        ask, owner = wanted[lock]
        ask(owner)


def ask_many(request: Request, owners: Sequence[int]) -> int:
    """Makes the same request for many; returns how many jobs were added. In the caller's
    transaction.
    """
    held = hold_waiting([f"{request.__name__}:{owner}" for owner in owners]) if owners else ()
    return sum(request(one) for one in owners if f"{request.__name__}:{one}" not in held)


def import_catalog(store_id: int, in_s: float | None = SOON) -> bool:
    """Goes on with the store's open full scan (see `repositories.walks`)."""
    return _for_store("import_catalog", store_id, CATALOG, in_s)


def review_listings(store_id: int, in_s: float | None = SOON) -> bool:
    """Reviews the listings of changed products. Calls no shop, so it has a lock of its own."""
    return defer(
        "review_listings",
        lock=f"review:{store_id}",
        queueing_lock=f"review_listings:{store_id}",
        priority=CATALOG,
        schedule_in_s=in_s,
        store_id=store_id,
    )


def refresh_products(store_id: int, in_s: float | None = SOON) -> bool:
    """Reads the products that hints name."""
    return _for_store("refresh_products", store_id, STOCK, in_s)


def poll_store(store_id: int, in_s: float | None = SOON) -> bool:
    """Reads the products and orders changed since the last poll."""
    return _for_store("poll_store", store_id, STOCK, in_s)


def read_hot_stock(store_id: int, in_s: float | None = SOON) -> bool:
    """Reads the stock of the store's hot products."""
    return _for_store("read_hot_stock", store_id, STOCK, in_s)


def sweep_stock(store_id: int, in_s: float | None = SOON) -> bool:
    """Goes on with the open light walk over every product."""
    return _for_store("sweep_stock", store_id, SWEEP, in_s)


def place_purchase_orders(store_id: int, in_s: float | None = SOON) -> bool:
    """Sends the store's waiting purchase orders and settles uncertain ones."""
    return _for_store("place_purchase_orders", store_id, ORDERS, in_s)


def send_trial_orders(store_id: int, in_s: float | None = SOON) -> bool:
    """Takes the store's trial order as far as it goes now; a person waits for it."""
    return _for_store("send_trial_orders", store_id, ORDERS, in_s)


def pull_shipments(store_id: int, in_s: float | None = SOON) -> bool:
    """Reads the store's orders that hints name and those still open."""
    return _for_store("pull_shipments", store_id, ORDERS, in_s)


def heal_store(store_id: int, in_s: float | None = SOON) -> bool:
    """Repairs our webhooks in the store."""
    return _for_store("heal_store", store_id, SWEEP, in_s)


def examine_store(store_id: int, in_s: float | None = SOON) -> bool:
    """Sends the doctor to a connected store; before its other work, which depends on it."""
    return _for_store("examine_store", store_id, ORDERS, in_s)


def send_reminder(part_id: int) -> bool:
    """Mails the vendor of a part of an order that it is open; a person asked for it."""
    return defer(
        "send_reminder",
        lock=f"reminder:{part_id}",
        queueing_lock=f"send_reminder:{part_id}",
        priority=STOCK,
        part_id=part_id,
    )


def send_news(part_id: int) -> bool:
    """Mails a part's vendor that the marketplace wrote about it."""
    return defer(
        "send_news",
        lock=f"news:{part_id}",
        queueing_lock=f"send_news:{part_id}",
        priority=STOCK,
        part_id=part_id,
    )


def examine_connection(examination_id: int) -> bool:
    """Sends the doctor to an address somebody typed; a person waits for it."""
    return defer(
        "examine_connection",
        lock=f"examination:{examination_id}",
        queueing_lock=f"examine_connection:{examination_id}",
        priority=ORDERS,
        examination_id=examination_id,
    )


def publish_listings(marketplace_id: int, in_s: float | None = SOON) -> bool:
    """Publishes approved listings that differ from what Shopify has."""
    return _for_storefront("publish_listings", "catalog", marketplace_id, CATALOG, in_s)


def compare_listings(marketplace_id: int, in_s: float | None = COMPARE_AFTER_S) -> bool:
    """Reads the products that hints name, as Shopify shows them. Not at once: our own writes, and
    sales, come back as changes of a product.
    """
    return _for_storefront("compare_listings", "catalog", marketplace_id, SWEEP, in_s)


def compare_storefront(marketplace_id: int, in_s: float | None = SOON) -> bool:
    """Has Shopify write down everything it shows; what people changed there is found."""
    return _for_storefront("compare_storefront", "catalog", marketplace_id, SWEEP, in_s)


def push_stock(marketplace_id: int, in_s: float | None = SOON) -> bool:
    """Writes the stock lines whose wanted numbers differ from those believed on Shopify."""
    return _for_storefront("push_stock", "stock", marketplace_id, STOCK, in_s)


def check_stock(marketplace_id: int, in_s: float | None = SOON) -> bool:
    """Reads again what Shopify shows of lines that agree; never beside `push_stock`."""
    return _for_storefront("check_stock", "stock", marketplace_id, SWEEP, in_s)


def pull_orders(marketplace_id: int, in_s: float | None = SOON) -> bool:
    """Reads Shopify's changed orders, reserves their goods and routes them."""
    return _for_storefront("pull_orders", "orders", marketplace_id, ORDERS, in_s)


def follow_orders(marketplace_id: int, share: int) -> bool:
    """Reads one share of the orders that hints name, beside `pull_orders`."""
    return defer(
        "follow_orders",
        lock=f"storefront:{marketplace_id}:orders:{share}",
        queueing_lock=f"follow_orders:{marketplace_id}:{share}",
        priority=ORDERS,
        marketplace_id=marketplace_id,
        share=share,
    )


def fulfill_shipments(marketplace_id: int, in_s: float | None = SOON) -> bool:
    """Tells Shopify of shipments it has not heard of, and of corrected numbers."""
    return _for_storefront("fulfill_shipments", "shipments", marketplace_id, ORDERS, in_s)


def heal_storefront(marketplace_id: int, in_s: float | None = SOON) -> bool:
    """Reads the storefront's facts anew and repairs its webhooks."""
    return _for_storefront("heal_storefront", "catalog", marketplace_id, SWEEP, in_s)
