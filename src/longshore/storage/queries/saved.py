"""The lists that a person kept."""

from dataclasses import dataclass

from longshore.storage.models import SavedFilter


@dataclass(frozen=True, slots=True)
class Kept:
    id: int
    name: str
    query: str


def kept_filters(marketplace_id: int, user_id: int, page: str) -> tuple[Kept, ...]:
    rows = SavedFilter.objects.filter(marketplace_id=marketplace_id, user_id=user_id, page=page)
    return tuple(Kept(row.pk, row.name, row.query) for row in rows.order_by("name"))
