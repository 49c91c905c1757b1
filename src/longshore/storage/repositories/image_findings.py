"""Images that Shopify could not load, as findings of their listing."""

from collections.abc import Mapping

from longshore.domain.findings import Finding
from longshore.domain.listing import MEDIA
from longshore.domain.listing_findings import IMAGE_CODES
from longshore.storage.models import Listing

NOT_LOADED = "image_failed"
IMAGE_FINDINGS = (NOT_LOADED, *sorted(set(IMAGE_CODES.values())))


def image_findings(row: Listing, errors: Mapping[str, str]) -> list[Finding]:
    """One finding for each cure, naming the first image that needs it. `errors` are Shopify's codes
    by media id.
    """
    urls = {gid: url for url, gid in (row.known.get(MEDIA) or {}).items()}
    found: dict[str, Finding] = {}
    for media_id, code in errors.items():
        if media_id in urls:
            kind = IMAGE_CODES.get(code, NOT_LOADED)
            evidence = {"product": row.product.name, "url": urls[media_id]}
            found.setdefault(kind, Finding(kind, evidence))
    return list(found.values())
