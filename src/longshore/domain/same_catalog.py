"""What is true about identity: whether a shop still is the one whose products we know.

A restored copy, a test site or another shop at the same address would take stock and orders that
are not meant for it; ids alone prove nothing, since every WooCommerce counts from one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

ENOUGH = 20
SAMPLE = 60
"""Products asked for: deletions meanwhile must not keep a large shop from proving itself."""

_SAME_MOMENT = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What stays with a product for life: when it was made; and what mostly stays: slug, SKU."""

    created_at: datetime | None
    slug: str
    sku: str

    def matches(self, other: "Fingerprint") -> bool:
        """Both made at the same moment, and the same slug or SKU."""
        if self.created_at is None or other.created_at is None:
            return False
        if abs(self.created_at - other.created_at) > _SAME_MOMENT:
            return False
        slug, sku = self.slug.casefold(), self.sku.casefold()
        return bool(slug and slug == other.slug.casefold()) or bool(
            sku and sku == other.sku.casefold()
        )


@dataclass(frozen=True, slots=True)
class CatalogProof:
    """`asked` products we knew, `found` of them there now, `matched` of those the same."""

    asked: int
    found: int
    matched: int

    @property
    def same(self) -> bool:
        """Enough matched (all, where we knew fewer), and hardly any id means another product now:
        a catalog that shares only its oldest products is a copy that went its own way.
        """
        enough = self.matched >= min(ENOUGH, self.asked)
        return enough and (self.found - self.matched) * 10 <= self.found


def compare(known: Mapping[int, Fingerprint], now: Mapping[int, Fingerprint]) -> CatalogProof:
    """`known` is what we remember by product id, `now` what the shop says of the same ids."""
    found = [product_id for product_id in known if product_id in now]
    matched = sum(known[one].matches(now[one]) for one in found)
    return CatalogProof(asked=len(known), found=len(found), matched=matched)
