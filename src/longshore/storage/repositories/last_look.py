"""A last look before goods are on sale: a draft is a status of the marketplace's own, which whoever
makes the product active on Shopify takes away as well (`domain.ownership.find_edits`).
"""

from collections.abc import Sequence

from django.db import connection
from django.db.models import QuerySet

from longshore.storage.models import Listing, ListingState
from longshore.storage.repositories.outcomes import review_again

_DRAFT = """
UPDATE storage_listing SET own = own || '{"status": {"value": "DRAFT", "by": "hub"}}'
WHERE id = ANY(%s) AND NOT linked AND link_gid = ''
"""
_LIVE = """
UPDATE storage_listing SET own = own - 'status'
WHERE id = ANY(%s) AND own->'status'->>'value' = 'DRAFT' AND own->'status'->>'by' = 'hub'
RETURNING id, product_id
"""
_SHOWN = """
UPDATE storage_listing SET own = own || '{"on_sale": {"value": true, "by": "hub"}}'
WHERE id = ANY(%s) AND linked AND known->>'on_sale' = 'false'
"""


def say_when_approved(listing_ids: Sequence[int], *, as_draft: bool) -> None:
    """What approving them says beside their state. What was on Shopify before us is never made a
    draft; where we took it off it is shown again, which is otherwise not ours to say.
    """
    if not listing_ids:
        return
    with connection.cursor() as cursor:
        for statement in (_DRAFT if as_draft else _LIVE, _SHOWN):
            cursor.execute(statement, [list(listing_ids)])


def take_live(rows: "QuerySet[Listing]") -> list[int]:
    """Drafts that are on Shopify already go on sale; returns which of these listings were some."""
    on = rows.filter(state__in=(ListingState.APPROVED, ListingState.PUBLISHED))
    with connection.cursor() as cursor:
        cursor.execute(_LIVE, [list(on.values_list("pk", flat=True))])
        found = cursor.fetchall()
    review_again([product_id for _, product_id in found])
    return sorted(listing_id for listing_id, _ in found)
