"""What vendors decide about their own products: offered here, or kept in their own shop."""

from collections.abc import Sequence

from django.db import transaction

from longshore.ports.errors import Rejected
from longshore.storage import work
from longshore.storage.models import VendorProduct


@transaction.atomic
def keep_back(
    marketplace_id: int, vendor_id: int, product_ids: Sequence[int], *, back: bool
) -> tuple[str, ...]:
    """The names of the products that changed; their listings are reviewed anew, which takes them
    off Shopify or puts them back. Raises Rejected where none of them is this vendor's.
    """
    mine = VendorProduct.objects.select_for_update().filter(
        marketplace_id=marketplace_id, store__vendor_id=vendor_id, pk__in=product_ids
    )
    rows = list(mine.order_by("pk").values_list("pk", "name", "store_id", "kept_back"))
    if not rows:
        raise Rejected("There is no such product.")
    found = [(pk, name, store) for pk, name, store, kept in rows if kept != back]
    VendorProduct.objects.filter(pk__in=[pk for pk, _name, _store in found]).update(
        kept_back=back, review_due=True
    )
    for store_id in sorted({store for _pk, _name, store in found}):
        work.review_listings(store_id)
    return tuple(name for _pk, name, _store in found)
