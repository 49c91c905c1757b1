"""The REST cache that newer versions have as an experiment: ETag and what goes with it."""

import hashlib
import re

from simulators.woocommerce.exchange import Exchange, Reply
from simulators.woocommerce.settings import ShopSettings

FEATURE = "rest_api_caching"
CACHED = re.compile(r"/wc/v3/products(/\d+(/variations(/\d+)?)?)?")
PRIVATE = "private, must-revalidate, max-age=3600"


def cached(settings: ShopSettings, exchange: Exchange, route: str, reply: Reply) -> Reply:
    """The answer with its ETag, or 304 where the client has it already."""
    on = FEATURE in settings.features and FEATURE in settings.version.features
    if not on or exchange.method != "GET" or not CACHED.fullmatch(route):
        return reply
    if reply.status != 200:  # noqa: PLR2004 - HTTP
        return reply
    if re.search(r"(?:^|&)_skip_cache=1(?:&|$)", exchange.query):
        reply.headers.append(("X-WC-Cache", "SKIP"))
        return reply
    tag = f'"{hashlib.md5(reply.body).hexdigest()}"'  # noqa: S324 - as the shop makes it
    kept = [pair for pair in reply.headers if pair[0] not in {"Cache-Control", "Expires"}]
    matches = exchange.headers.get("if-none-match") == tag
    state = "MATCH" if matches else "HEADERS"
    headers = [*kept, ("ETag", tag), ("Cache-Control", PRIVATE), ("X-WC-Cache", state)]
    return Reply(304, b"", headers) if matches else Reply(200, reply.body, headers)
