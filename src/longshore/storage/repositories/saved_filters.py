"""Lists as people like to see them again."""

from longshore.ports.errors import Rejected
from longshore.storage.models import SavedFilter

MOST = 20


def save_filter(marketplace_id: int, user_id: int, page: str, name: str, query: str) -> None:
    """Keeps it under its name; the same name is replaced. Raises Rejected."""
    name = name.strip()[:60]
    if not name:
        raise Rejected("Give the filter a name.")
    mine = SavedFilter.objects.filter(marketplace_id=marketplace_id, user_id=user_id, page=page)
    if mine.exclude(name=name).count() >= MOST:
        raise Rejected(f"At most {MOST} filters a page. Remove one first.")
    SavedFilter.objects.update_or_create(
        marketplace_id=marketplace_id,
        user_id=user_id,
        page=page,
        name=name,
        defaults={"query": query[:500]},
    )


def drop_filter(marketplace_id: int, user_id: int, filter_id: int) -> bool:
    """Whether the person had it."""
    mine = SavedFilter.objects.filter(marketplace_id=marketplace_id, user_id=user_id)
    return mine.filter(pk=filter_id).delete()[0] > 0
